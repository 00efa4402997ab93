"""The normalisers that a document may name, and the compared form of any field's value.

A field's form is a stored part of its value – `phone.e164`, `name.normal` – made by the field's type; lists
have none stored, and the forms of their values are made when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never

from engine.matching.companies import company_form
from engine.matching.folding import fold, settled
from engine.matching.persons import person_form
from engine.matching.regions import region_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.fields.contract import FieldType

Normaliser: TypeAlias = Literal["text", "company", "person", "region"]
NORMALISERS: tuple[Normaliser, ...] = ("text", "company", "person", "region")

NORMAL = "normal"
"""What the part with the compared form is called, where it has no better name."""


def normaliser(name: Normaliser) -> Callable[[str], str]:
    """What makes the compared form of a text."""
    match name:
        case "text":
            return text_form
        case "company":
            return company_form
        case "person":
            return person_form
        case "region":
            return region_form
        case _:
            assert_never(name)


def text_form(text: str) -> str:
    """Return a text folded, with one blank where there were several."""
    return settled(lambda each: " ".join(fold(each).split()), text)


def compared(sort: FieldType, value: Any) -> Iterator[str]:
    """The forms in which a field's value is compared: one, or one for each value of a list; none of blank."""
    if value is None:
        return
    if sort.element is not None:
        for each in value:
            yield from compared(sort.element, each)
        return
    form = sort.derived[sort.normal](value) if sort.normal else written(sort, value)
    if form:
        yield form


def written(sort: FieldType, value: Any) -> str:
    """A value as a text, as it stands."""
    return str(sort.seen(value) if sort.seen else value)
