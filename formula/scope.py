"""What a formula may name, and where it stands.

A Scope resolves names; metadata makes one per object, flows one per step. A Context says which needs
(the clock, the user, the record before the change) the place of the formula can serve.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Protocol

from formula.expr import INSIDE, Reference
from formula.types import NULL

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from formula.types import Type


class Scope(Protocol):
    """The names that a formula can use."""

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        """The reference for a path in lower case, `("account", "owner", "name")`, or None."""

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        """The single names that may follow `prefix`; `()` asks for the first ones. For hints only."""

    def related(self, parts: tuple[str, ...]) -> Related | None:
        """The records whose link `parts`, `("order", "contact")`, leads to the record at hand, or None."""

    def links(self) -> Iterable[str]:
        """The links that lead to the record at hand, as `related` takes them. For hints only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The key of a name that is read of related records: theirs, and that of the link to them."""

    link: Hashable
    key: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Records that link to the one at hand; `scope` has their names, known from the outside as `Within`."""

    link: Reference
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The names of related records, kept apart from those of the record at hand: `order.contact:amount`.

    What begins with `$` means the same within.
    """

    link: Reference
    own: Scope

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        found = self.own.resolve(parts)
        return found if found is None or parts[0].startswith("$") else self._within(found)

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        return self.own.names(prefix)

    def related(self, parts: tuple[str, ...]) -> Related | None:
        found = self.own.related(parts)
        if found is None:
            return None
        return Related(link=self._within(found.link), scope=replace(self, own=found.scope))

    def links(self) -> Iterable[str]:
        return self.own.links()

    def _within(self, found: Reference) -> Reference:
        name = f"{self.link.name}{INSIDE}{found.name}"
        return replace(found, name=name, key=Inside(link=self.link.key, key=found.key))


def related(link: Reference, own: Scope) -> Related:
    """The records behind a link, from the scope of their object."""
    return Related(link=link, scope=Within(link=link, own=own))


class Need(StrEnum):
    """Something beyond the record's own values that a function or global takes from its place."""

    BEFORE = "the record before the change"
    ORIGIN = "the save that creates the record"
    CLOCK = "the clock"
    USER = "the current user"
    ORGANISATION = "the organisation"
    RATES = "today's exchange rates"
    CALENDAR = "the business calendar"
    TABLES = "a validation rule"
    RELATED = "a condition that the database answers"


GLOBALS: Mapping[str, Need] = {
    "$old": Need.BEFORE, "$user": Need.USER, "$org": Need.ORGANISATION, "$rates": Need.RATES,
    "$calendar": Need.CALENDAR,
}  # fmt: skip
"""The needs of names that begin with `$`; others need nothing but a Scope that knows them."""

_ACTING = frozenset({Need.CLOCK, Need.USER, Need.ORGANISATION, Need.RATES, Need.CALENDAR})
_CHANGING = _ACTING | {Need.BEFORE}
_SAVING = _CHANGING | {Need.ORIGIN}


class Context(Enum):
    """The places of formulas, each with its title in messages and the needs it serves."""

    FORMULA_FIELD = ("a formula field", _ACTING)
    STORED_FIELD = ("a stored formula field", frozenset({Need.ORGANISATION}))
    DEFAULT = ("a default value", _ACTING | {Need.ORIGIN})
    UPDATE = ("a field update", _SAVING)
    RULE = ("a validation rule", _SAVING | {Need.TABLES})
    FILTER = ("a filter", _ACTING | {Need.RELATED})
    SHARING = ("a sharing condition", _ACTING | {Need.RELATED})
    FLOW = ("a flow", _CHANGING)
    FORM = ("a form condition", _SAVING)
    REPORT = ("a report formula", _ACTING)

    def __init__(self, title: str, serves: frozenset[Need]) -> None:
        self.title = title
        self.serves = serves


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A Scope over a plain mapping of dotted lower-case names to types.

    `others` are the names of related records, by the links that lead here.
    """

    types: Mapping[str, Type]
    others: Mapping[str, Names] = field(default_factory=dict)

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        name = ".".join(parts)
        found = self.types.get(name)
        return None if found is None else Reference(name=name, type=found, key=name)

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        depth = len(prefix)
        paths = (tuple(name.split(".")) for name in self.types)
        return sorted({path[depth] for path in paths if len(path) > depth and path[:depth] == prefix})

    def related(self, parts: tuple[str, ...]) -> Related | None:
        name = ".".join(parts)
        found = self.others.get(name)
        return (
            None if found is None else related(Reference(name=name, type=NULL, key=name, records=True), found)
        )

    def links(self) -> Iterable[str]:
        return self.others
