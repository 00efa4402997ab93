"""A Catalog and everything derived from it for one tenant: what a request runs on.

Built once and eagerly by `prepare`, so that what cannot work fails when it is published and not in a request.
It is the only cache there is; a publication swaps it whole, so nothing is ever invalidated piece by piece.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engine.codes import INVALID
from engine.problem import Problem, Refusal
from engine.published import RELEASE_NO
from engine.statement import compile_text
from engine.tables import build_tables
from engine.warming import warm
from formula.expr import Formula

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from engine.database import Connection, Dialect
    from engine.fields.contract import FieldType
    from engine.problem import Detail
    from engine.statement import Statement
    from engine.tables import ObjectTable
    from formula.language import Language
    from metadata.catalog import Catalog, ObjectType

T = TypeVar("T")

MOST_STATEMENTS = 2000
"""Shapes of requests that are kept, beside what is made for each object when the Release is prepared."""

MOST_CONDITIONS = 500
"""Condition texts that are kept as checked."""

_PER_OBJECT = 8


class StaleRelease(Exception):  # noqa: N818  (it is stale; nothing broke)
    """A newer release serves the tenant; whoever meets this reloads and tries again."""


class _Entry:
    """Something made, and when it was last asked for."""

    __slots__ = ("made", "used")

    def __init__(self, made: Any, used: int) -> None:
        self.made = made
        self.used = used


class StatementCache:
    """Plans and statements by the shape of what was asked, least recently used first out.

    Belongs to one Release. Safe to share between threads: two that miss at once both make the entry, and the
    later one stays, which costs less than a lock around the making. What is there is found without a lock and
    by one look, as every request asks a dozen times; the search for the least used one is paid by who misses.
    """

    __slots__ = ("_entries", "_limit", "_lock", "_uses")

    def __init__(self, limit: int = MOST_STATEMENTS) -> None:
        self._entries: dict[Hashable, _Entry] = {}
        self._limit = limit
        self._lock = threading.Lock()
        self._uses = count()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the entry of `key`, made by `make` if it is not there; what `make` raises is not kept."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.used = next(self._uses)
            return cast("T", entry.made)
        made = make()
        with self._lock:
            self._entries[key] = _Entry(made, next(self._uses))
            if len(self._entries) > self._limit:
                del self._entries[min(self._entries, key=lambda key: self._entries[key].used)]
        return made

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Release:
    """One published state of a tenant. `tables` and `defaults` are keyed by object id.

    `defaults` are the plain defaults as values of their fields, by field name; formulas are not among them.
    `conditions` are kept apart, because each may hold constants that nobody asks for again: however many
    there are, they push no plan out of `statements`.
    """

    number: int
    catalog: Catalog
    dialect: Dialect
    tables: Mapping[str, ObjectTable]
    defaults: Mapping[str, Mapping[str, Any]]
    language: Language
    number_now: Statement
    statements: StatementCache = field(default_factory=StatementCache)
    conditions: StatementCache = field(default_factory=lambda: StatementCache(MOST_CONDITIONS))

    def table(self, target: ObjectType) -> ObjectTable:
        """Return the table of an object."""
        return self.tables[target.id]

    def current(self, connection: Connection) -> bool:
        """Whether this is still the release that serves; the first statement of every writing transaction."""
        found = self.number_now.row(connection)
        return found is not None and int(found[0]) == self.number


def prepare(catalog: Catalog, number: int, dialect: Dialect, language: Language) -> Release:
    """Return the Release of a Catalog for a kind of database.

    Args:
        catalog: the checked model.
        number: the number under which it is or will be published.
        dialect: the kind of database of the tenant.
        language: the formula language that the Catalog was checked with; texts of requests are read with it.

    Raises:
        Problem: what the checks of metadata cannot know does not fit: defaults which their fields refuse (all
            are listed), a table too wide, a formula that follows too many lookups.
    """
    details: list[Detail] = []
    defaults = {target.id: dict(_defaults(target, details)) for target in catalog.objects.values()}
    if details:
        raise Problem(INVALID, "Some defaults do not fit their fields.", details=details)
    release = Release(
        number=number,
        catalog=catalog,
        dialect=dialect,
        tables=build_tables(catalog, dialect),
        defaults=MappingProxyType({key: MappingProxyType(values) for key, values in defaults.items()}),
        language=language,
        number_now=compile_text(f"SELECT value FROM s_meta WHERE name = '{RELEASE_NO}'", dialect),  # noqa: S608
        statements=StatementCache(MOST_STATEMENTS + _PER_OBJECT * len(catalog.objects)),
    )
    warm(release)
    return release


def _defaults(target: ObjectType, details: list[Detail]) -> Iterator[tuple[str, Any]]:
    for known in target.fields.values():
        default = known.default
        if default is None or isinstance(default, Formula):
            continue
        try:
            yield known.name, cast("FieldType", known.sort).convert(default)
        except Refusal as refusal:
            details.append(refusal.detail(f"{target.name}.{known.name}"))
