"""The walk over an expression: each node to a Term, each condition to SQL that is true when it is.

Functions are written by the Forms in their declarations; on SQLite a function without one is called in
Python (`registered`). One Translation lives as long as one call of `to_sql` or `condition_sql`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from formula.expr import Call, Literal, Reference
from formula.functions import Gap, Lenient, Strict
from formula.sql import registered
from formula.sql.backend import Backend, SqlColumn
from formula.sql.form import Form, Unwritable
from formula.sql.fragment import Fragment, Sql, sql
from formula.sql.nesting import MOST, entries
from formula.sql.term import Term, flag, literal, reference, truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Expr
    from formula.sql.backend import RelatedRows

T = TypeVar("T")
MOST_PARTS = 5_000
"""Texts, columns and parameters of one formula in a statement; beyond it databases crawl or refuse."""
DEEPEST = 120
"""Levels of calls; SQLite refuses a thousand levels, and each of these may write a few."""


class Translation:
    """Translates the parts of one expression for one database."""

    def __init__(self, backend: Backend, column: Callable[[Reference], SqlColumn]) -> None:
        self._backend = backend
        self._column = column
        self._depth = 0
        # By what was asked of which node; the node is kept so that its id stays its own.
        self._written: dict[tuple[str, int], tuple[Expr, Any]] = {}
        self._columns: dict[str, SqlColumn] = {}

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
                return reference(self._of(expr), self._backend)
            case Call():
                return self._once("term", expr, lambda form: form.value(self, expr))
            case _:
                assert_never(expr)

    def holds(self, expr: Expr, *, wanted: bool = True) -> Sql:
        """A condition that is true exactly when the Boolean `expr` is `wanted`; else false or NULL."""
        match expr:
            case Literal(value=value):
                return (truth(self._backend, value=value is wanted),)
            case Reference():
                return flag(self._of(expr), self._backend, wanted=wanted)
            case Call():
                return self._once(f"holds {wanted}", expr, lambda form: form.condition(self, expr, wanted))
            case _:
                assert_never(expr)

    def lacks(self, expr: Expr) -> Sql:
        """A condition, never NULL, that is true exactly when `expr` is false or null, but no error."""
        failure = self.fails(expr)
        if isinstance(expr, Call) and failure is None and (shorter := self._form(expr).lacks) is not None:
            return self._once("lacks", expr, lambda _: shorter(self, expr))
        missing = sql("(({0}) IS NOT TRUE)", self.holds(expr))
        return missing if failure is None else sql("({0} AND NOT {1})", missing, failure)

    def fails(self, expr: Expr) -> Sql | None:
        """A condition, never NULL, that is true exactly when `expr` is an error; None: it never is."""
        if isinstance(expr, Reference):
            failure = self._of(expr).failure
            return None if failure is None else failure.parts if isinstance(failure, Fragment) else (failure,)
        if not isinstance(expr, Call):
            return None
        return self._once("fails", expr, lambda form: form.failure(self, expr))

    def related(self, link: Expr) -> RelatedRows:
        """The records behind a link, for one query within the query."""
        made = self._of(link).related if isinstance(link, Reference) else None
        if made is None:
            raise Unwritable("It looks at related records, which are not at hand here.")
        return made()

    def within(self, column: Callable[[Reference], SqlColumn]) -> Translation:
        """A translation of what is read of other records."""
        return Translation(self._backend, column)

    def _of(self, name: Reference) -> SqlColumn:
        if name.name not in self._columns:
            self._columns[name.name] = self._column(name)
        return self._columns[name.name]

    def _once(self, asked: str, call: Call, write: Callable[[Form], T]) -> T:
        """What a call's form writes, kept for the next who asks; its parts are written on the way."""
        key = (asked, id(call))
        if key not in self._written:
            if self._depth == DEEPEST:
                raise Unwritable(f"It nests more than {DEEPEST} levels deep, too deep for a database.")
            self._depth += 1
            written = write(self._form(call))
            self._depth -= 1
            _refuse_long(written.sql if isinstance(written, Term) else written)
            self._written[key] = (call, written)
        found: T = self._written[key][1]
        return found

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


def _refuse_long(written: object) -> None:
    if isinstance(written, tuple) and len(written) > MOST_PARTS:
        raise Unwritable("It becomes too long in SQL; split it, or store a part of it.")
