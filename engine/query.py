"""What is asked: a list of records, or figures over them. No SQL and no permission in here.

Entries build a `Query` or an `Aggregate`; the planner turns it, with a Decision, into a plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.finding import Finding
    from engine.record import Record
    from formula.expr import Expr
    from metadata.catalog import FieldPath, ObjectType, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A page of records of one object.

    `where` is an expression of type Boolean over the object (see `Session.condition`). `after` and `before`
    are cursors of an earlier `Page`. `count` asks for the number of matches, `deleted` for the recycle bin,
    `find` for records whose title or searchable text has the given words; `finding` is what the index told
    of them, which the reader fills in. With a `group` each record holds its value under `GROUP`; with `marks`
    – conditions like `where` – whether each is true, under `mark_name`.
    """

    object: ObjectType
    fields: tuple[FieldPath, ...] = ()
    where: Expr | None = None
    order: tuple[Order, ...] = ()
    limit: int = 50
    after: str | None = None
    before: str | None = None
    count: bool = False
    deleted: bool = False
    find: str | None = None
    finding: Finding | None = None
    group: Group | None = None
    marks: tuple[Expr, ...] = ()


GROUP = "$group"
"""The name of a record's group among its values; `$group.title` is what people see of a link."""


def mark_name(place: int) -> str:
    """The name among a record's values of the mark at `place`, from 0."""
    return f"$mark_{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many records match; `exact` is False when counting stopped at the budget ("10,000+")."""

    number: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of the answer with the cursors of its neighbours (None at the ends)."""

    records: tuple[Record, ...]
    next: str | None
    previous: str | None
    count: Count | None


class Unit(StrEnum):
    """The width of a date bucket; a week starts on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Group a date or datetime by the first day of its unit, in the actor's zone."""

    path: FieldPath
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Records with the same value stand together, whatever the order of the list; blanks come last."""

    by: FieldPath | Bucket
    descending: bool = False

    @property
    def path(self) -> FieldPath:
        """The field whose value it is."""
        return self.by.path if isinstance(self.by, Bucket) else self.by

    @property
    def name(self) -> str:
        """What tells it from other groups of the same list."""
        return f"{self.path.name} {self.by.unit if isinstance(self.by, Bucket) else ''} {self.descending}"


class Function(StrEnum):
    """What a measure computes over the rows of a group; blanks are left out."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure per group; `path` is None only for COUNT, which then counts records."""

    function: Function
    path: FieldPath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOrder:
    """Order groups by a column of the answer: its place, first the groups, then the measures; blanks last."""

    place: int
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """Figures per group over the records that match `where`; no group means one line over all.

    `having` is a condition over the measures (see `engine.having`), `limit` the most groups to answer. With
    `ranked` the groups come as those of a list do (`Group`), by what the first of them sorts by.
    """

    object: ObjectType
    group: tuple[FieldPath | Bucket, ...] = ()
    measures: tuple[Measure, ...] = ()
    where: Expr | None = None
    having: Expr | None = None
    order: tuple[GroupOrder, ...] = ()
    limit: int | None = None
    find: str | None = None
    finding: Finding | None = None
    ranked: Group | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """The different values of one or several paths among the records that match `where`, a page of them.

    `after` and `before` are cursors of an earlier page.
    """

    object: ObjectType
    fields: tuple[FieldPath, ...]
    where: Expr | None = None
    limit: int = 50
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A slice of different values, each a tuple, with the cursors of its neighbours (None at the ends)."""

    rows: tuple[tuple[object, ...], ...]
    next: str | None
    previous: str | None
