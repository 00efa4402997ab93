"""What a formula is made of, for `strata formula explain`: its parts with their types, and its SQL.

The SQL is that of the engine's own statements, with the system's eyes: what a list would ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import postgres, sqlite
from engine.actor import SYSTEM_SET
from engine.joins import Joins
from engine.policy import policy_of
from engine.problem import Problem
from engine.release import prepare
from engine.statement import compile_statement
from formula.expr import Call, children
from formula.printer import show
from formula.sql import Unwritable, condition_sql, to_sql
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.release import Release
    from formula.expr import Expr, Formula
    from formula.types import Type
    from metadata.catalog import ObjectType

DIALECTS = (sqlite.DIALECT, postgres.DIALECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an expression: how deep it stands, its text, its type."""

    depth: int
    text: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A formula on one database: the statement that shows it for each record with its constants, or why
    there is none.
    """

    database: str
    text: str = ""
    constants: Mapping[str, object]
    gap: str = ""


def parts(expr: Expr) -> Iterator[Part]:
    """The expression and its parts, the outermost first."""
    pending: list[tuple[Expr, int]] = [(expr, 0)]
    while pending:
        part, depth = pending.pop()
        yield Part(depth=depth, text=show(part), type=shown_type(part.type))
        pending.extend((below, depth + 1) for below in reversed(children(part)))


def functions(expr: Expr) -> tuple[str, ...]:
    """The functions and operators of an expression, each once, in alphabetical order."""
    found: set[str] = set()
    pending = [expr]
    while pending:
        part = pending.pop()
        if isinstance(part, Call):
            found.add(part.function.name)
        pending.extend(children(part))
    return tuple(sorted(found))


def written(release: Release, target: ObjectType, formula: Formula) -> tuple[Written, ...]:
    """The formula on both databases."""
    both = (
        release if release.dialect is dialect
        else prepare(release.catalog, release.number, dialect, release.language)
        for dialect in DIALECTS
    )  # fmt: skip
    return tuple(_written(each, target, formula) for each in both)


def shown_type(type_: Type) -> str:
    """A type with what is known of its digits or its target."""
    if type_.kind is Kind.NUMBER and type_.precision is not None:
        return f"{type_} of {type_.precision} digits, {type_.scale or 0} behind the point"
    return f"{type_} of {type_.target}" if type_.target else str(type_)


def _written(release: Release, target: ObjectType, formula: Formula) -> Written:
    name = release.dialect.backend.value
    joins = Joins(release, policy_of(release, (SYSTEM_SET,)), target)
    try:
        if formula.type.kind is Kind.BOOLEAN:
            condition = condition_sql(formula.expr, release.dialect.backend, joins.reference)
            statement: sa.Select[Any] = (
                sa.select(sa.literal_column("*")).select_from(joins.source).where(condition)
            )
        else:
            value = to_sql(formula.expr, release.dialect.backend, joins.reference)
            statement = sa.select(value.element).select_from(joins.source)
    except Unwritable as gap:
        return Written(database=name, constants={}, gap=gap.reason)
    except Problem as problem:
        return Written(database=name, constants={}, gap=str(problem.message))
    compiled = compile_statement(statement, release.dialect)
    return Written(database=name, text=compiled.text, constants=compiled.constants)
