"""Which index a list lacks: a big table that is filtered or sorted by what no index leads to.

Looks at what conditions compare and what the list sorts by, and at the indexes of the model, among them
those of links, unique fields and titles, which are there by themselves. What no `indexes:` line could serve
– a sort by the title of another record, by the place of an option – is no advice. Called when a model is
planned and when a person saves a view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.physical import read_physical
from engine.statement import compile_statement
from formula.expr import Call, Literal, Reference
from metadata.catalog import FieldPath, Global

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.database import Connection
    from engine.release import Release
    from engine.tables import KeptField
    from formula.expr import Expr
    from metadata.catalog import ObjectType, Order

BIG = 20_000
"""Rows from which on a table is big: below, the database reads it whole in a few milliseconds."""

_EQUAL = frozenset({"=", "ISPICKVAL"})
_RANGE = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An object of `rows` rows (at most `BIG` and one) lacks an index of these fields."""

    object: str
    fields: tuple[str, ...]
    rows: int

    @property
    def line(self) -> str:
        """What to write into the document of the object."""
        return f"indexes: [[{', '.join(self.fields)}]]"

    def describe(self, view: str) -> str:
        """One line of a plan about a view."""
        return (
            f"view {self.object}.{view} filters or sorts more than {BIG:,} records without an index; "
            f"add to {self.object}: {self.line}"
        )


def advice(
    release: Release, connection: Connection, target: ObjectType, where: Expr | None, order: Sequence[Order]
) -> Advice | None:
    """The index that a list of an object lacks, or None: it has one, needs none, or the table is small."""
    fields = lacking(release, target, where, order)
    if not fields or (rows := _rows(connection, target)) <= BIG:
        return None
    return Advice(object=target.name, fields=fields, rows=rows)


def lacking(
    release: Release, target: ObjectType, where: Expr | None, order: Sequence[Order]
) -> tuple[str, ...]:
    """The fields of an index that would lead to the list's rows; none where there is one, or none can."""
    if target.query or target.id not in release.tables:
        return ()
    table = release.tables[target.id]
    equal, ranged = _compared(where, _EQUAL, table.kept), _compared(where, _RANGE, table.kept)
    sort = _sorted(release, order, table.kept)
    leading = {index.columns[0] for index in table.indexes}
    led = [field.value.column.name for field in (*equal, *ranged)]
    if sort is not None:
        led.append((sort.sort or sort.value).column.name)
    if any(name in leading for name in led):
        return ()
    # A text sorts by a column of its own, to which an index of the field does not lead; and for a stretch of
    # values alone, in another order, the databases rather walk the order.
    last = sort if sort is not None and sort.sort is None else next(iter(ranged if equal else ()), None)
    wanted = dict.fromkeys((*equal, *((last,) if last is not None else ())))
    return tuple(field.field.name for field in wanted)


def _compared(
    where: Expr | None, functions: frozenset[str], kept: Mapping[str, KeptField]
) -> list[KeptField]:
    """The stored fields of the object that a condition compares with what is the same for all rows."""
    found: dict[str, KeptField] = {}
    for call in _parts(where):
        if call.function.name not in functions:
            continue
        for one, other in (call.arguments, call.arguments[::-1]):
            path = one.key if isinstance(one, Reference) else None
            if isinstance(path, FieldPath) and not path.links and not path.part and _fixed(other):
                field = kept.get(path.field.name)
                if field is not None:
                    found[path.field.name] = field
    return list(found.values())


def _parts(where: Expr | None) -> Iterator[Call]:
    """The calls that must all hold."""
    if isinstance(where, Call):
        if where.function.name in ("&&", "AND"):
            for part in where.arguments:
                yield from _parts(part)
        elif len(where.arguments) == 2:
            yield where


def _fixed(expr: Expr) -> bool:
    match expr:
        case Literal():
            return True
        case Reference(key=key):
            return isinstance(key, Global) and key.root == "$user"
        case Call(arguments=arguments):
            return all(_fixed(part) for part in arguments)


def _sorted(release: Release, order: Sequence[Order], kept: Mapping[str, KeptField]) -> KeptField | None:
    """The stored field that a list sorts by first, if its own value is what it sorts by.

    PostgreSQL walks an index backwards with the blanks first, and lists have them last.
    """
    first = next(iter(order), None)
    if first is None or first.path.links or first.path.part:
        return None
    if first.descending and not release.dialect.sqlite:
        return None
    field = kept.get(first.path.field.name)
    if field is None or first.path.field.target is not None or first.path.field.options:
        return None
    return field


def _rows(connection: Connection, target: ObjectType) -> int:
    """How many rows the table has, counted up to one more than is big."""
    if target.table not in read_physical(connection).columns:
        return 0
    some = sa.select(sa.literal_column("1")).select_from(sa.table(target.table)).limit(BIG + 1).subquery()
    counted = sa.select(sa.func.count()).select_from(some)
    found = compile_statement(counted, connection.dialect).row(connection)
    return int(found[0]) if found else 0
