"""Which share of a column's cells a field could take: one function per field type, chosen by the type's
class.

1.0: all of them; None: nothing can be said (any text is a text). Pure; `guess` weighs it against the head.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from engine.fields.any_lookup import AnyLookup
from engine.fields.boolean import Boolean
from engine.fields.composite import Composite
from engine.fields.contract import FieldType
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.email import Email
from engine.fields.lookup import Lookup
from engine.fields.many import Many
from engine.fields.numeric import Numeric
from engine.fields.phone import Phone
from engine.fields.picklist import Picklist
from engine.fields.url import Url
from engine.problem import Refusal
from engine.transfer.heads import canonical, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.transfer.content import Look
    from metadata.catalog import Field

BETWEEN = (";", "；", "|", "、")
"""What stands between the values of a list in one cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A column's look, the field it is held against, and by object the canonical titles that records have."""

    look: Look
    field: Field
    titles: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)

    def share(self, known: frozenset[str]) -> float:
        """Of the different cells, those that are one of `known`."""
        cells = self.look.cells
        return sum(canonical(cell) in known for cell in cells) / len(cells) if cells else 0.0


def fit(seen: Seen) -> float | None:
    """The share of the different cells that the field could take; None where that says nothing."""
    if not seen.look.cells:
        return None
    sort = seen.field.sort
    assert isinstance(sort, FieldType)
    return _fit(sort, seen)


@singledispatch
def _fit(sort: FieldType, seen: Seen) -> float | None:  # noqa: ARG001  (dispatched on)
    return None


@_fit.register(Numeric)
def _(sort: Numeric, seen: Seen) -> float | None:  # noqa: ARG001
    return seen.look.numbers


@_fit.register(Date)
@_fit.register(DateTime)
def _(sort: FieldType, seen: Seen) -> float | None:  # noqa: ARG001
    return seen.look.days


@_fit.register(Email)
def _(sort: Email, seen: Seen) -> float | None:  # noqa: ARG001
    return seen.look.mails


@_fit.register(Phone)
def _(sort: Phone, seen: Seen) -> float | None:  # noqa: ARG001
    return seen.look.phones


@_fit.register(Url)
def _(sort: Url, seen: Seen) -> float | None:  # noqa: ARG001
    return seen.look.links


@_fit.register(Picklist)
def _(sort: Picklist, seen: Seen) -> float | None:  # noqa: ARG001
    return seen.share(option_words(seen.field))


@_fit.register(Lookup)
@_fit.register(AnyLookup)
def _(sort: FieldType, seen: Seen) -> float | None:  # noqa: ARG001
    target = seen.field.target
    known = seen.titles.get(target.name) if target is not None else None
    return None if known is None else seen.share(known)


@_fit.register(Boolean)
def _(sort: Boolean, seen: Seen) -> float | None:
    return sum(_takes(sort, cell) for cell in seen.look.cells) / len(seen.look.cells)


@_fit.register(Many)
@_fit.register(Composite)
def _(sort: FieldType, seen: Seen) -> float | None:  # noqa: ARG001
    return None


def option_words(field: Field) -> frozenset[str]:
    """The canonical codes and labels, in all languages, of the options that are not retired."""
    options = [option for option in field.options if not option.retired]
    return words(text for option in options for text in (option.code, *option.label.texts.values()))


def _takes(sort: FieldType, cell: str) -> bool:
    try:
        sort.convert(cell)
    except Refusal:
        return False
    return True
