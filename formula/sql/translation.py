"""The walk over an expression: each node to a Term, each condition to SQL that is true when it is.

Functions are written by the Forms in their declarations; on SQLite a function without one is called in
Python (`registered`). One Translation lives as long as one call of `to_sql` or `condition_sql`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, assert_never

from formula.expr import Call, Literal, Reference
from formula.functions import Gap, Lenient, Strict
from formula.sql import registered
from formula.sql.backend import Backend, SqlColumn
from formula.sql.form import Form, Unwritable, any_fails
from formula.sql.fragment import Sql, sql
from formula.sql.nesting import MOST, entries
from formula.sql.term import Term, flag, literal, reference, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from formula.expr import Expr

MOST_PARTS = 20_000
"""Texts, columns and parameters of one formula in a statement; beyond it databases crawl or refuse."""
DEEPEST = 120
"""Levels of calls; SQLite refuses a thousand levels, and each of these may write a few."""


class Translation:
    """Translates the parts of one expression for one database."""

    def __init__(self, backend: Backend, column: Callable[[Reference], SqlColumn]) -> None:
        self._backend = backend
        self._column = column
        self._depth = 0

    @property
    def backend(self) -> Backend:
        """The database that is written for."""
        return self._backend

    def term(self, expr: Expr) -> Term:
        """The value; NULL for blank and for an error."""
        match expr:
            case Literal():
                return literal(expr, self._backend)
            case Reference():
                return reference(self._column(expr), self._backend)
            case Call():
                with self._inside(expr) as form:
                    term = form.value(self, expr)
                _refuse_long(term.sql)
                return term
            case _:
                assert_never(expr)

    def holds(self, expr: Expr, *, wanted: bool = True) -> Sql:
        """A condition that is true exactly when the Boolean `expr` is `wanted`; else false or NULL."""
        match expr:
            case Literal(value=value):
                return (truth(self._backend, value=value is wanted),)
            case Reference():
                return flag(self._column(expr), self._backend, wanted=wanted)
            case Call():
                with self._inside(expr) as form:
                    condition = form.condition(self, expr, wanted)
                _refuse_long(condition)
                return condition
            case _:
                assert_never(expr)

    def lacks(self, expr: Expr) -> Sql:
        """A condition, never NULL, that is true exactly when `expr` is false or null, but no error."""
        if isinstance(expr, Call):
            with self._inside(expr) as form:
                if form.lacks is not None and self.fails(expr) is None:
                    return form.lacks(self, expr)
        missing = sql("(({0}) IS NOT TRUE)", self.holds(expr))
        failure = self.fails(expr)
        return missing if failure is None else sql("({0} AND NOT {1})", missing, failure)

    def fails(self, expr: Expr) -> Sql | None:
        """A condition, never NULL, that is true exactly when `expr` is an error; None: it never is."""
        if not isinstance(expr, Call):
            return None
        with self._inside(expr) as form:
            failure = any_fails(self, expr) if form.fails is None else form.fails(self, expr)
        _refuse_long(failure or ())
        return failure

    @contextmanager
    def _inside(self, call: Call) -> Iterator[Form]:
        """The form of a call, while its parts are written."""
        if self._depth == DEEPEST:
            raise Unwritable(f"It nests more than {DEEPEST} levels deep, too deep for a database.")
        self._depth += 1
        yield self._form(call)
        self._depth -= 1

    def _form(self, call: Call) -> Form:
        function = call.function
        match function.sql.get(self._backend):
            case Form() as form:
                return form
            case Gap(reason=reason):
                raise Unwritable(reason)
            case _:
                if self._backend is Backend.SQLITE and isinstance(function.python, Strict | Lenient):
                    return registered.FORM
                raise Unwritable(f"{function.name} has no form in SQL on {self._backend}.")


def readable(written: Sql, backend: Backend) -> Sql:
    """The run itself, or Unwritable if the database's parser could not read it."""
    if backend is Backend.SQLITE and entries(written) > MOST:
        raise Unwritable("It nests too deep for SQLite; split it, or store a part of it.")
    return written


def _refuse_long(written: Sql) -> None:
    if len(written) > MOST_PARTS:
        raise Unwritable("It becomes too long in SQL; split it, or store a part of it.")
