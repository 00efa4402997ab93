"""What VLOOKUP finds for a batch: one statement for each pair of fields, whatever the number of records.

With the system's eyes, as all that rules look at. Of several records with one value the one made first
counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.actor import SYSTEM_SET
from engine.joins import Joins
from engine.output import output, selected
from engine.policy import policy_of
from engine.save.facts import column_text, unique_text
from engine.statement import Statement, among_texts, compile_statement, text_list
from formula.expr import Call, Reference, fold
from formula.lookup import VLOOKUP
from formula.program import FormulaError, Program, compile_expr
from metadata.catalog import FieldPath, Global

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.release import Release
    from engine.save.work import Work
    from formula.expr import Expr, Formula
    from formula.program import Env
    from metadata.catalog import Field

Tables = dict[tuple[str, str], dict[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lookup:
    """One VLOOKUP: the names of its fields, the field looked in, and what computes the value looked for."""

    key: tuple[str, str]
    field: Field
    value: Program
    statement: Statement


def lookups(release: Release, formulas: Iterable[Formula]) -> tuple[Lookup, ...]:
    """Those of some formulas, each behind those that its value needs."""
    calls: list[Call] = []

    def leave(node: Expr, _parts: tuple[None, ...]) -> None:
        if isinstance(node, Call) and node.function.name == VLOOKUP:
            calls.append(node)

    for formula in formulas:
        fold(formula.expr, leave)
    return tuple(_lookup(release, call) for call in calls)


def fill(
    work: Work, asked: Sequence[Lookup], rows: Sequence[tuple[dict[str, Any], Env]], tables: Tables
) -> None:
    """Put into `tables`, which the environments share, what the rows look for."""
    dialect = work.release.dialect
    for each in asked:
        known = tables.setdefault(each.key, {})
        wanted = {unique_text(each.field, value, dialect): value for value in _wanted(each, rows)}
        if not wanted:
            continue
        params = {**work.reader.given, "values": text_list(sorted(wanted), dialect)}
        for text, found in each.statement.rows(work.connection, params):
            known.setdefault(wanted[text], found)


def _wanted(each: Lookup, rows: Sequence[tuple[dict[str, Any], Env]]) -> Iterator[Any]:
    """What is looked for; a value that is an error is told by the rule itself."""
    for values, env in rows:
        try:
            value = each.value(values, env)
        except FormulaError:
            continue
        if value is not None:
            yield value


def _lookup(release: Release, call: Call) -> Lookup:
    wanted, field, value = call.arguments
    given, key = _path(wanted), _path(field)
    joins = Joins(release, policy_of(release, (SYSTEM_SET,)), key.root)
    found, looked_in = output(joins, given), joins.stored(key)
    assert looked_in is not None, f"{key.name} is not stored"
    text = column_text(key.field, looked_in, release.dialect)
    made, deleted = (
        output(joins, FieldPath(field=key.root.fields[name])).element for name in ("id", "deleted_at")
    )
    rows = selected([text, found.element], joins).where(
        among_texts(text, "values", release.dialect), deleted.is_(None)
    )
    return Lookup(
        key=(cast("Reference", wanted).name, cast("Reference", field).name),
        field=key.field,
        value=compile_expr(value),
        statement=compile_statement(rows.order_by(made), release.dialect, [None, found.decode]),
    )


def _path(name: Expr) -> FieldPath:
    assert isinstance(name, Reference)
    assert isinstance(name.key, Global)
    assert name.key.path is not None
    return name.key.path
