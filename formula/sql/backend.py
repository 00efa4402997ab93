"""The two databases, and a value of a formula as either of them holds it.

| kind | SQLite | PostgreSQL |
|---|---|---|
| Text, Picklist, MultiPicklist | text; NULL and '' are both blank | text, compared with collation "C" |
| Id | blob of 16 bytes | uuid |
| Number | integer scaled by `type.scale`; without a scale the bytes of `decimals` | numeric |
| Boolean | 0 or 1 | boolean |
| Date | text, YYYY-MM-DD | date |
| DateTime | integer, microseconds since 1970 UTC | timestamptz |
| Time | integer, microseconds since midnight | time |

A list (MultiPicklist) is no column but the rows of a table, see `Rows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from formula.expr import Reference
    from formula.types import Type


class Backend(StrEnum):
    """A database that formulas run on; the member's value is its SQLAlchemy dialect's name."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """A list as rows: `table` has a row for each value, with the columns `record` and `value`.

    The list is that of the record whose id is `owner`, an element of the statement around.
    """

    table: sa.Table
    owner: sa.ColumnElement[Any]


class RelatedRows(Protocol):
    """The records that link to the one at hand, for one query within the query."""

    def column(self, reference: Reference) -> SqlColumn:
        """What a name stands for that is read of them."""

    def select(
        self, element: sa.ColumnElement[Any], where: sa.ColumnElement[bool] | None
    ) -> sa.ScalarSelect[Any]:
        """The query for `element` over those that may be read and fulfil `where`; asked last, and once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlColumn:
    """An element and the type of its values; `type.scale` says how a Number is held on SQLite.

    A list has `rows`, and no value of its own: its element is the `owner`. So has a link to `related`
    records, which are made anew for each query within the query. `failure` is the condition, never NULL, that
    the value of another formula is an error; None: it never is.
    """

    element: sa.ColumnElement[Any]
    type: Type
    rows: Rows | None = None
    related: Callable[[], RelatedRows] | None = None
    failure: sa.ColumnElement[bool] | None = None
