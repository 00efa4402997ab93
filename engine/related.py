"""The records that link to the one at hand, as a query within the query: what COUNT, EXISTS and SUM ask.

Those the reader may read, by the same Decision as everywhere, and none from the recycle bin; in rules
that see with the system's eyes, all that are there. Made by `Joins`, written by `formula.sql.related`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action
from formula.scope import Inside
from formula.sql import SqlColumn
from formula.types import NULL
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from engine.joins import Joins
    from formula.expr import Reference
    from metadata.catalog import Field


def related(joins: Joins, link: Field, owner: sa.ColumnElement[Any]) -> SqlColumn:
    """What a link that leads to the record with the id `owner` stands for."""
    made = joins.inside
    return SqlColumn(
        element=owner, type=NULL, related=lambda: Linking(joins=made(link.object), link=link, owner=owner)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linking:
    """The records of another object whose `link` holds `owner`; `joins` are those of the query within."""

    joins: Joins
    link: Field
    owner: sa.ColumnElement[Any]

    def column(self, reference: Reference) -> SqlColumn:
        """What a name stands for; a computed field that is an error is blank."""
        key = reference.key
        while isinstance(key, Inside):
            key = key.key
        return replace(self.joins.reference(replace(reference, key=key)), failure=None)

    def select(
        self, element: sa.ColumnElement[Any], where: sa.ColumnElement[bool] | None
    ) -> sa.ScalarSelect[Any]:
        """The query within the query."""
        rules = [
            points(self.joins, self.link, self.owner),
            *self._seen(),
            *(() if where is None else (where,)),
        ]
        return self.joins.within(element, *rules).scalar_subquery()

    def _seen(self) -> tuple[sa.ColumnElement[bool], ...]:
        deleted = self.joins.column(FieldPath(field=self.link.object.fields["deleted_at"])).element
        decision = self.joins.policy.decide(self.link.object, Action.READ)
        return deleted.is_(None), self.joins.row_rule(decision)


def points(joins: Joins, link: Field, record: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The condition that a row's link, or one of a list of links, holds the id `record`."""
    path = FieldPath(field=link)
    if link.many:
        kept, owner = joins.list_of(path)
        rows = kept.table.alias()
        holders = sa.select(rows.c.record).where(rows.c.value == record)
        return owner.in_(holders.correlate_except(rows))
    # Of a link to one of several objects the id alone: no two records bear the same one.
    return joins.column(replace(path, part="id") if link.others else path).element == record
