"""AND, OR, NOT in two-valued SQL; the same text serves both databases.

AND and OR take null as false and look at their arguments from left to right: what is not looked at cannot
fail. NOT of null is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.sql.form import Form, either
from formula.sql.fragment import listed, sql
from formula.sql.term import Term, truth
from formula.types import BOOLEAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formula.expr import Call, Expr
    from formula.sql.form import Translator
    from formula.sql.fragment import Sql

    Test = Callable[[Expr], Sql]


def chosen(translator: Translator, call: Call) -> Term:
    """The value of a condition which is never null: true, false, or NULL where it fails."""
    true, false = (truth(translator.backend, value=value) for value in (True, False))
    holds, failure = translator.holds(call), translator.fails(call)
    if failure is None:
        return Term(sql=sql(f"(CASE WHEN {{0}} THEN {true} ELSE {false} END)", holds), type=BOOLEAN)
    template = f"(CASE WHEN {{0}} THEN {true} WHEN {{1}} THEN NULL ELSE {false} END)"
    return Term(sql=sql(template, holds, failure), type=BOOLEAN)


def _every(test: Test, arguments: Sequence[Expr]) -> Sql:
    return _joined(" AND ", [test(argument) for argument in arguments])


def _some(translator: Translator, test: Test, passes: Test, arguments: Sequence[Expr]) -> Sql:
    """One argument meets the test; those before it pass, which goes without saying unless they may fail."""
    found = [test(arguments[-1])]
    for argument in reversed(arguments[:-1]):
        if translator.fails(argument) is not None:
            found = [sql("({0} AND {1})", passes(argument), _joined(" OR ", found))]
        found.insert(0, test(argument))
    return _joined(" OR ", found)


def _fails_in_turn(translator: Translator, passes: Test, arguments: Sequence[Expr]) -> Sql | None:
    """One argument fails, and those before it pass."""
    found: Sql | None = None
    for argument in reversed(arguments):
        if found is not None:
            found = sql("(({0}) IS TRUE AND {1})", passes(argument), found)
        found = either(translator.fails(argument), found)
    return found


def _joined(word: str, conditions: Sequence[Sql]) -> Sql:
    return conditions[0] if len(conditions) == 1 else sql("({0})", listed(word, conditions))


def _and_holds(translator: Translator, call: Call, wanted: bool) -> Sql:
    return _every(translator.holds, call.arguments) if wanted else _and_lacks(translator, call)


def _and_lacks(translator: Translator, call: Call) -> Sql:
    return _some(translator, translator.lacks, translator.holds, call.arguments)


def _or_holds(translator: Translator, call: Call, wanted: bool) -> Sql:
    if not wanted:
        return _or_lacks(translator, call)
    return _some(translator, translator.holds, translator.lacks, call.arguments)


def _or_lacks(translator: Translator, call: Call) -> Sql:
    return _every(translator.lacks, call.arguments)


def _not_value(translator: Translator, call: Call) -> Term:
    return translator.term(call.arguments[0]).write("(NOT {0})")


AND = Form(
    value=chosen,
    holds=_and_holds,
    lacks=_and_lacks,
    fails=lambda translator, call: _fails_in_turn(translator, translator.holds, call.arguments),
)
OR = Form(
    value=chosen,
    holds=_or_holds,
    lacks=_or_lacks,
    fails=lambda translator, call: _fails_in_turn(translator, translator.lacks, call.arguments),
)
NOT = Form(
    value=_not_value,
    holds=lambda translator, call, wanted: translator.holds(call.arguments[0], wanted=not wanted),
)
