"""How one function is written on one database; a declaration's `sql` maps back-end names to these.

A condition needs more than its value: `holds` is SQL that is true exactly when the value is the wanted one,
and `fails` is SQL that is true exactly when the value is an error. Null and errors are both NULL as values,
so whatever swallows a null (IF, ISBLANK, &) asks `fails` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from formula.functions import Gap
from formula.sql.backend import Backend
from formula.sql.fragment import Sql, listed, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from formula.expr import Call, Expr, Reference
    from formula.sql.backend import RelatedRows, SqlColumn
    from formula.sql.term import Term


class Unwritable(Exception):  # noqa: N818  (what it is, not that it is an error)
    """An expression has no form on a database: `reason` is a sentence for the person who wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Translator(Protocol):
    """What a form may ask about the parts of its call."""

    @property
    def backend(self) -> Backend:
        """The database that is written for."""

    def term(self, expr: Expr) -> Term:
        """The value; NULL for blank and for an error."""

    def holds(self, expr: Expr, *, wanted: bool = True) -> Sql:
        """A condition that is true exactly when the Boolean `expr` is `wanted`; else false or NULL."""

    def lacks(self, expr: Expr) -> Sql:
        """A condition, never NULL, that is true exactly when `expr` is false or null, but no error."""

    def fails(self, expr: Expr) -> Sql | None:
        """A condition, never NULL, that is true exactly when `expr` is an error; None: it never is."""

    def related(self, link: Expr) -> RelatedRows:
        """The records behind a link, for one query within the query."""

    def within(self, column: Callable[[Reference], SqlColumn]) -> Translator:
        """A translator of what is read of other records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`value` writes a call. Without `holds` a condition is read off the value, without `fails` a call
    fails exactly where an argument does. `lacks` is a shorter spelling for a call that cannot fail."""

    value: Callable[[Translator, Call], Term]
    holds: Callable[[Translator, Call, bool], Sql] | None = None
    lacks: Callable[[Translator, Call], Sql] | None = None
    fails: Callable[[Translator, Call], Sql | None] | None = None

    def condition(self, translator: Translator, call: Call, wanted: bool) -> Sql:
        """SQL that is true exactly when the call is `wanted`."""
        if self.holds is not None:
            return self.holds(translator, call, wanted)
        return sql("{0}" if wanted else "(NOT {0})", self.value(translator, call).sql)

    def failure(self, translator: Translator, call: Call) -> Sql | None:
        """SQL that is true exactly when the call is an error, or None."""
        return any_fails(translator, call) if self.fails is None else self.fails(translator, call)


def both(form: Form) -> Mapping[str, Form | Gap]:
    """One form for either database."""
    return per_database(sqlite=form, postgresql=form)


def per_database(*, sqlite: Form | Gap, postgresql: Form | Gap) -> Mapping[str, Form | Gap]:
    """A form for each."""
    return MappingProxyType({Backend.SQLITE: sqlite, Backend.POSTGRESQL: postgresql})


def on_postgresql(form: Form | Gap) -> Mapping[str, Form | Gap]:
    """A form for PostgreSQL; SQLite calls the Python function."""
    return MappingProxyType({Backend.POSTGRESQL: form})


def any_fails(translator: Translator, call: Call) -> Sql | None:
    """Whether an argument is an error, of a function that looks at all of them."""
    return either(*(translator.fails(argument) for argument in call.arguments))


def comes_to_nothing(translator: Translator, call: Call) -> Sql | None:
    """Whether a function is an error that gives null for nothing but null arguments and errors."""
    terms = [translator.term(argument).sql for argument in call.arguments]
    value = sql("{0} IS NULL", translator.term(call).sql)
    own = listed(" AND ", [*(sql("{0} IS NOT NULL", term) for term in terms), value])
    return either(any_fails(translator, call), sql("({0})", own))


def either(*conditions: Sql | None) -> Sql | None:
    """The conditions joined by OR; None stands for one that is never true."""
    real = [condition for condition in conditions if condition is not None]
    if len(real) < 2:
        return real[0] if real else None
    return sql("({0})", listed(" OR ", real))


def unless(failure: Sql | None, value: Sql) -> Sql:
    """The value, but NULL where something fails."""
    return value if failure is None else sql("(CASE WHEN {0} THEN NULL ELSE {1} END)", failure, value)


_NO_BEFORE = Gap(reason="The record before the change is not in the database any more.")
NEEDS_BEFORE = per_database(sqlite=_NO_BEFORE, postgresql=_NO_BEFORE)
_NO_ORIGIN = Gap(reason="What a record was copied from is known only while it is created.")
_NO_TABLES = Gap(reason="Validation rules run when a record is saved, and not in a query.")
NEEDS_TABLES = per_database(sqlite=_NO_TABLES, postgresql=_NO_TABLES)
NEEDS_ORIGIN = per_database(sqlite=_NO_ORIGIN, postgresql=_NO_ORIGIN)
