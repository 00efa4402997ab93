"""What is searched of an object: its title and searchable fields, a slot for each, and a record's document.

A slot is three characters made of the field's identity, so it needs no table and survives renames. Only what
is stored is in documents; `computed` are the searched fields that are not, which only the rows can tell.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING, Any, cast

from engine.fields.many import Many
from engine.fields.phone import Phone
from engine.fields.rich_text import RichText, plain
from engine.matching.phones import digits
from engine.search.tokens import read, spelled_tokens, title_tokens, word_tokens
from engine.search.wanted import SLOT, Slot
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.fields.contract import FieldType
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType

MOST_TOKENS = 2000
"""Tokens of one document."""

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_KINDS = frozenset({Kind.TEXT, Kind.PICKLIST, Kind.NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchedField:
    """A field with its slot."""

    field: Field
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Searched:
    """The searched fields of an object: those with a slot, and those that are computed."""

    object: ObjectType
    fields: tuple[SearchedField, ...]
    computed: tuple[Field, ...]

    def slots(self, policy: Policy) -> tuple[Slot, ...]:
        """The slots that a reader may look into."""
        return tuple(each.slot for each in self.fields if policy.readable(each.field))

    def indexed(self, policy: Policy) -> bool:
        """Whether documents hold all that a reader may look into."""
        return not self.object.query and not any(policy.readable(field) for field in self.computed)

    def document(self, values: Mapping[str, Any]) -> str:
        """The tokens of a record, each once, parted by blanks; `values` are by field name."""
        found: dict[str, None] = {}
        for each in self.fields:
            value = values.get(each.field.name)
            if value is not None:
                found |= dict.fromkeys(_tokens(each, value))
        return " ".join(list(found)[:MOST_TOKENS])


def searched(release: Release, target: ObjectType) -> Searched:
    """What is searched of an object, from the Release."""
    return release.statements.get(("searched", target.id), lambda: searched_of(target))


def searched_of(target: ObjectType) -> Searched:
    """What is searched of an object."""
    fields = [each for each in target.fields.values() if _is_searched(each)]
    stored = [each for each in fields if each.sort.stored and not target.query]
    slots = _slots(stored)
    return Searched(
        object=target,
        fields=tuple(SearchedField(field=each, slot=slots[each.id]) for each in stored),
        computed=tuple(each for each in fields if each not in stored),
    )


@singledispatch
def texts(sort: FieldType, value: Any) -> Iterator[str]:
    """The texts of a field's value that are searched."""
    shown = sort.seen(value) if sort.seen else value
    yield format(shown, "f") if isinstance(shown, Decimal) else str(shown)


@texts.register(RichText)
def _(sort: RichText, value: Any) -> Iterator[str]:  # noqa: ARG001  (its type chose this function)
    yield plain(value)


@texts.register(Phone)
def _(sort: Phone, value: Any) -> Iterator[str]:
    yield value
    yield "".join(filter(str.isdigit, value))  # however it was grouped
    yield digits(sort.form(value))  # with the country's code, which few write


@texts.register(Many)
def _(sort: Many, value: Any) -> Iterator[str]:
    for each in value:
        yield from texts(sort.of, each)


def _tokens(each: SearchedField, value: Any) -> Iterator[str]:
    for text in texts(cast("FieldType", each.field.sort), value):
        found, slot = read(text), each.slot.text
        yield from [slot + token for token in word_tokens(found)]
        if each.slot.title:
            yield from [slot + token for token in title_tokens(found)]
            yield from spelled_tokens(found)


def _is_searched(field: Field) -> bool:
    kind = cast("FieldType", field.sort)
    kept = (kind.element or kind).type.kind in _KINDS
    return kept and not field.retired and (field.searchable or field is field.object.title)


def _slots(fields: list[Field]) -> dict[str, Slot]:
    """A slot for each field by its id. Of two that would share one, the later id takes another."""
    taken: dict[str, str] = {}
    for field in sorted(fields, key=lambda each: each.id):
        tries = (_digits(f"{field.id}{number or ''}") for number in range(len(_LETTERS) ** SLOT))
        taken[next(text for text in tries if text not in taken)] = field.id
    titles = {field.id for field in fields if field is field.object.title}
    return {identity: Slot(text=text, title=identity in titles) for text, identity in taken.items()}


def _digits(text: str) -> str:
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
    digits = ""
    for _ in range(SLOT):
        number, rest = divmod(number, len(_LETTERS))
        digits += _LETTERS[rest]
    return digits
