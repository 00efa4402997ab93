"""The tables behind lists: a row for each value of a field that holds several.

`<table>__<column>` has the record, the position (ascending, gaps mean nothing), the value, and its sort key
where the element's type keeps one. Pure: describes the table and writes the questions about one list within a
statement. Who may ask them is for the planner.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.codec import id_form
from engine.constraint import ForeignKey, TableIndex, foreign_key, index, short_name
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.database import Dialect
    from engine.fields.contract import Codec, FieldType, Stored
    from metadata.catalog import Field, ObjectType

Element = sa.ColumnElement[Any]
Seen = "Callable[[sa.FromClause], Element]"

_ONE: Element = sa.literal_column("1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListTable:
    """The table of one list field; `element` is its values' type, `value` and `sort` how they are kept."""

    field: Field
    element: FieldType
    table: sa.Table
    value: Stored
    sort: Stored | None
    indexes: tuple[TableIndex, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def coded(self) -> bool:
        """Whether the driver gives ids as bytes, which JSON cannot hold."""
        return self.element.type.kind is Kind.ID and self.value.decode is not None


def list_name(field: Field) -> str:
    """What the table of a list field is called: the first names of object and field."""
    return short_name(f"{field.object.table}__{field.column}")


def build_list(target: ObjectType, field: Field, dialect: Dialect, metadata: sa.MetaData) -> ListTable:
    """The table of a list field of an object."""
    element = cast("FieldType", field.sort).element
    assert element is not None
    kept = {stored.role: stored for stored in element.columns(dialect)}
    value, sort = kept["value"], kept.get("sort")
    name = list_name(field)
    columns = [
        sa.Column("record", id_form(dialect).type, primary_key=True, nullable=False),
        sa.Column("position", sa.INTEGER(), primary_key=True, nullable=False),
        sa.Column("value", value.type, nullable=False),
        *([sa.Column("sort", sort.type)] if sort else []),
    ]
    keys = [foreign_key(name, "record", target.table, cascade=True)]
    if field.members is not None and not field.members.retired:
        keys.append(foreign_key(name, "value", field.members.table))
    return ListTable(
        field=field,
        element=element,
        table=sa.Table(name, metadata, *columns),
        value=value,
        sort=sort,
        indexes=(index(name, ("value", "record")),),
        foreign_keys=tuple(keys),
    )


def gathered(
    kept: ListTable, owner: Element, dialect: Dialect, seen: Callable[[sa.FromClause], Element] | None = None
) -> tuple[Element, Codec]:
    """The whole list of the record `owner` as one column, and how it becomes a tuple; NULL where it is blank.

    `seen` makes something else of each value; without it they are themselves.
    """
    rows = kept.table.alias()
    each = rows.c.value if seen is None else seen(rows)
    if dialect.sqlite and seen is None and kept.coded:
        each = sa.func.hex(each)
    mine = rows.c.record == owner
    decode = kept.value.decode if seen is None else None
    if not dialect.sqlite:
        listed = sa.select(sa.func.array_agg(each).aggregate_order_by(rows.c.position)).where(mine)
        return listed.select_from(rows).correlate_except(rows).scalar_subquery(), _tuple(decode)
    ordered = sa.select(each.label("each")).select_from(rows).where(mine).order_by(rows.c.position)
    inner = ordered.correlate_except(rows).subquery()
    whole = sa.select(sa.func.nullif(sa.func.json_group_array(inner.c.each), "[]"))
    return whole.scalar_subquery(), _parsed(_from_hex(decode) if kept.coded and decode else decode)


def first(kept: ListTable, owner: Element, seen: Callable[[sa.FromClause], Element]) -> Element:
    """What `seen` makes of the first value; NULL where the list is blank."""
    rows = kept.table.alias()
    ordered = sa.select(seen(rows)).where(rows.c.record == owner).order_by(rows.c.position).limit(_ONE)
    return ordered.select_from(rows).correlate_except(rows).scalar_subquery()


def some(
    kept: ListTable, owner: Element, rule: Callable[[sa.FromClause], sa.ColumnElement[bool]]
) -> sa.ColumnElement[bool]:
    """Whether some value of the list fulfils a rule."""
    rows = kept.table.alias()
    found: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).select_from(rows).where(rows.c.record == owner, rule(rows))
    )
    return found.correlate_except(rows).exists()


def _tuple(decode: Codec | None) -> Codec:
    return tuple if decode is None else lambda raw: tuple(map(decode, raw))


def _parsed(decode: Codec | None) -> Codec:
    return lambda raw: _tuple(decode)(json.loads(raw))


def _from_hex(decode: Codec) -> Codec:
    return lambda raw: decode(bytes.fromhex(raw))
