"""How many records of an object a reader may see, as far as it matters to how they are found: few or many.

Few are gathered by the indexes that her rule has; of many, a walk along the index of an order soon meets a
page. Either way finds the same records, so an estimate may be old: it is made again after some minutes, and
goes with the Release. Small tables are not worth the question. Called by whoever reads lists, and by search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import isqrt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action, Union
from engine.joins import Joins
from engine.statement import compile_statement, compile_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

    from engine.database import Connection, Dialect
    from engine.policy import Policy
    from engine.reading import Reader
    from engine.release import Release
    from engine.statement import Statement
    from metadata.catalog import ObjectType

LASTS = timedelta(minutes=5)
MOST_KEPT = 10_000
"""Figures that are kept at once; then all are made anew."""

BIG = 1_000
"""Rows from which on a table is worth an estimate."""

STEEPNESS = 100
"""To fill a page a walk visits rows in proportion to rows / seen; a gathering visits as many as are seen, and
a visit costs about the same. They are even where the square of what is seen is so many times the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A table has about so many `rows`; a reader may see `seen` of them, counted to `most` and no further."""

    rows: int
    seen: int
    most: int

    @property
    def few(self) -> bool:
        """Whether gathering all that she may see costs less than a walk until a page is full."""
        return self.seen <= self.most


class Estimates:
    """Figures that were counted lately. Belongs to one Release; safe to share between threads.

    `big` is from how many rows on a table is worth an estimate, `steepness` where few end: see above.
    """

    __slots__ = ("_kept", "big", "steepness")

    def __init__(self, big: int = BIG, steepness: int = STEEPNESS) -> None:
        self.big = big
        self.steepness = steepness
        self._kept: dict[Hashable, tuple[int, datetime]] = {}

    def figure(self, key: Hashable, now: datetime, count: Callable[[], int]) -> int:
        """What is kept under `key`, or what `count` says, which is kept from then on."""
        found = self._kept.get(key)
        if found is not None and now < found[1]:
            return found[0]
        if len(self._kept) >= MOST_KEPT:
            self._kept = {}
        counted = count()
        self._kept[key] = (counted, now + LASTS)
        return counted


def sees_few(reader: Reader, connection: Connection, target: ObjectType) -> bool:
    """Whether the records that the reader may see are best gathered by the indexes of her rule.

    False where she sees all or none, and for small tables. Asks the database when it was not asked lately:
    the size of the table (one statement for all readers), then the count of what she sees (one for each).
    """
    found = estimate(reader, connection, target)
    return found is not None and found.few


def estimate(reader: Reader, connection: Connection, target: ObjectType) -> Estimate | None:
    """The estimate for a reader, or None where it would say nothing: see `sees_few`."""
    release, decision = reader.release, reader.policy.decide(target, Action.READ)
    if not isinstance(decision, Union) or target.query:
        return None
    kept = estimates(release)
    rows = kept.figure(target.id, reader.now, lambda: _size(release, target, connection))
    if rows < kept.big:
        return None
    most = isqrt(kept.steepness * rows)

    def count() -> int:
        found = _counting(release, reader.policy, target, decision).row(
            connection, {**reader.given, "row_limit": most + 1}
        )
        return int(found[0]) if found else 0

    key = (reader.policy.key, reader.actor.id, target.id)
    return Estimate(rows=rows, seen=kept.figure(key, reader.now, count), most=most)


def estimates(release: Release) -> Estimates:
    """Those of a Release."""
    return release.statements.get(("estimates",), Estimates)


def _size(release: Release, target: ObjectType, connection: Connection) -> int:
    """About how many rows the table has, from what the database knows without counting."""
    statement = release.statements.get(("size", target.id), lambda: _sizing(release, target))
    found = statement.row(connection)
    return int(found[0] or 0) if found else 0


def _sizing(release: Release, target: ObjectType) -> Statement:
    """SQLite numbers rows as they come, and they stay. PostgreSQL's own figure is -1 until it first counted;
    the file's length speaks for it then.
    """
    table, dialect = _quoted(release.tables[target.id].table, release.dialect), release.dialect
    if dialect.sqlite:
        return compile_text(f"SELECT max(rowid) FROM {table}", dialect)  # noqa: S608
    known = "CASE WHEN reltuples < 0 THEN pg_relation_size(oid) / 400 ELSE reltuples END"
    literal = table.replace("'", "''").replace(":", "\\:")
    return compile_text(f"SELECT {known} FROM pg_class WHERE oid = to_regclass('{literal}')", dialect)  # noqa: S608


def _quoted(table: sa.Table, dialect: Dialect) -> str:
    return dialect.sa_dialect.identifier_preparer.quote(table.name)


def _counting(release: Release, policy: Policy, target: ObjectType, decision: Union) -> Statement:
    """Counts up to `row_limit` rows of all branches, also deleted ones and those that restrictions take away,
    so that indexes alone may answer.
    """
    shape = ("seen", target.id, policy.key)

    def build() -> Statement:
        joins = Joins(release, policy, target)
        rule = joins.row_rule(replace(decision, restrictions=()))
        limit = sa.bindparam("row_limit", type_=sa.INTEGER())
        some: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(joins.source).where(rule).limit(limit)
        )
        return compile_statement(sa.select(sa.func.count()).select_from(some.subquery()), release.dialect)

    return release.statements.get(shape, build)
