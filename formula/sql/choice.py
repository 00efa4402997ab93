"""IF, IFS, CASE, IFERROR and the substitutes for blanks: SQL evaluates nothing but what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.expr import Call, Literal
from formula.sql.comparison import blank, compare
from formula.sql.form import Form, any_fails, either, unless
from formula.sql.fragment import Sql, listed, sql
from formula.sql.logic import chosen
from formula.sql.membership import empty
from formula.sql.numbers import common
from formula.sql.term import Term, truth
from formula.types import NULL, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formula.expr import Expr
    from formula.sql.form import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Conditions, each with whether it fails, in the order of trial; a result each, and one for the rest.

    `failure`: that of what is looked at before any condition.
    """

    conditions: tuple[tuple[Sql, Sql | None], ...]
    results: tuple[Expr, ...]
    failure: Sql | None = None

    def write(self, results: Sequence[Sql], failed: str = "NULL") -> Sql:
        """A CASE over these results, which stand for the branches' own."""
        whens = [] if self.failure is None else [sql(f" WHEN {{0}} THEN {failed}", self.failure)]
        for (condition, failure), result in zip(self.conditions, results, strict=False):
            whens.append(sql(" WHEN {0} THEN {1}", condition, result))
            if failure is not None:
                whens.append(sql(f" WHEN {{0}} THEN {failed}", failure))
        return sql("(CASE{0} ELSE {1} END)", listed("", whens), results[-1])


Reading = "Callable[[Translator, Call], Choice]"


def if_choice(translator: Translator, call: Call) -> Choice:
    """IF; one in the place of another's last argument joins it, so that a long chain stays shallow."""
    conditions, results = [], []
    rest: Expr = call
    while isinstance(rest, Call) and rest.function.name == "IF":
        condition, result, rest = rest.arguments
        conditions.append((translator.holds(condition), translator.fails(condition)))
        results.append(result)
    return Choice(conditions=tuple(conditions), results=(*results, rest))


def ifs_choice(translator: Translator, call: Call) -> Choice:
    """IFS: pairs of condition and result, and perhaps a last argument for the rest."""
    count = len(call.arguments) // 2 * 2
    rest = call.arguments[count] if count < len(call.arguments) else Literal(value=None, type=NULL)
    conditions = ((translator.holds(test), translator.fails(test)) for test in call.arguments[:count:2])
    return Choice(conditions=tuple(conditions), results=(*call.arguments[1:count:2], rest))


def case_choice(translator: Translator, call: Call) -> Choice:
    """CASE: a value is compared with each label; null equals none, and so looks at none."""
    value, *pairs, rest = call.arguments
    key = translator.term(value)
    conditions = []
    for label in pairs[::2]:
        equal = _equals(key, translator.term(label), translator)
        failure = translator.fails(label)
        looked = None if failure is None else sql("({0} AND {1})", blank(key, wanted=False), failure)
        conditions.append((equal, looked))
    return Choice(conditions=tuple(conditions), results=(*pairs[1::2], rest), failure=translator.fails(value))


def form(read: Callable[[Translator, Call], Choice]) -> Form:
    """The form of a function whose call reads as a Choice."""

    def value(translator: Translator, call: Call) -> Term:
        choice = read(translator, call)
        terms = common([translator.term(result) for result in choice.results], call.type, translator.backend)
        limits = [term.limit for term in terms if term.limit is not None]
        written = choice.write([term.sql for term in terms])
        return Term(sql=written, type=terms[0].type, limit=max(limits) if len(limits) == len(terms) else None)

    def holds(translator: Translator, call: Call, wanted: bool) -> Sql:
        choice = read(translator, call)
        return choice.write([translator.holds(result, wanted=wanted) for result in choice.results])

    def fails(translator: Translator, call: Call) -> Sql | None:
        choice = read(translator, call)
        failures = [translator.fails(result) for result in choice.results]
        if either(choice.failure, *failures, *(failure for _, failure in choice.conditions)) is None:
            return None
        true, false = (truth(translator.backend, value=value) for value in (True, False))
        return choice.write([failure or (false,) for failure in failures], failed=true)

    return Form(value=value, holds=holds, fails=fails)


def _equals(key: Term, label: Term, translator: Translator) -> Sql:
    """Whether both are there and equal."""
    return compare("=", key, label, translator.backend, nulls_equal=False)


def _default_value(translator: Translator, call: Call) -> Term:
    terms = common([translator.term(part) for part in call.arguments], call.type, translator.backend)
    limits = [term.limit for term in terms if term.limit is not None]
    written = sql("COALESCE({0}, {1})", terms[0].sql, terms[1].sql)
    written = unless(translator.fails(call.arguments[0]), written)
    return Term(sql=written, type=terms[0].type, limit=max(limits) if len(limits) == len(terms) else None)


def _default_fails(translator: Translator, call: Call) -> Sql | None:
    value, substitute = call.arguments
    failure = translator.fails(substitute)
    if failure is not None:
        failure = sql("({0} AND {1})", blank(translator.term(value)), failure)
    return either(translator.fails(value), failure)


def _null_value(translator: Translator, call: Call) -> Term:
    if call.type.kind is not Kind.TEXT:
        return _default_value(translator, call)
    value, substitute = call.arguments
    kept = translator.term(value)
    failure = translator.fails(substitute)
    return kept if failure is None else Term(sql=unless(failure, kept.sql), type=kept.type)


def _null_value_fails(translator: Translator, call: Call) -> Sql | None:
    if call.type.kind is not Kind.TEXT:
        return _default_fails(translator, call)
    return any_fails(translator, call)


def _rescued(translator: Translator, call: Call) -> Term:
    value, substitute = call.arguments
    failure = translator.fails(value)
    if failure is None:
        return translator.term(value)
    terms = common([translator.term(substitute), translator.term(value)], call.type, translator.backend)
    limits = [term.limit for term in terms if term.limit is not None]
    written = sql("(CASE WHEN {0} THEN {1} ELSE {2} END)", failure, terms[0].sql, terms[1].sql)
    return Term(sql=written, type=terms[0].type, limit=max(limits) if len(limits) == len(terms) else None)


def _rescue_fails(translator: Translator, call: Call) -> Sql | None:
    value, substitute = (translator.fails(part) for part in call.arguments)
    return None if value is None or substitute is None else sql("({0} AND {1})", value, substitute)


def _blank_holds(translator: Translator, call: Call, wanted: bool) -> Sql:
    term = translator.term(call.arguments[0])
    found = blank(term, wanted=wanted) if term.rows is None else empty(term.rows, wanted=wanted)
    failure = translator.fails(call.arguments[0])
    return found if failure is None else sql("({0} AND NOT {1})", found, failure)


def _null_holds(translator: Translator, call: Call, wanted: bool) -> Sql:
    if call.arguments[0].type.kind is not Kind.TEXT:
        return _blank_holds(translator, call, wanted)
    failure = translator.fails(call.arguments[0])
    if wanted or failure is None:
        return ("(1 = 0)" if wanted else "(1 = 1)",)
    return sql("(NOT {0})", failure)


IF = form(if_choice)
IFS = form(ifs_choice)
CASE = form(case_choice)
BLANKVALUE = Form(value=_default_value, fails=_default_fails)
NULLVALUE = Form(value=_null_value, fails=_null_value_fails)
IFERROR = Form(value=_rescued, fails=_rescue_fails)
ISBLANK = Form(
    value=chosen,
    holds=_blank_holds,
    lacks=lambda translator, call: _blank_holds(translator, call, False),
)
ISNULL = Form(
    value=chosen,
    holds=_null_holds,
    lacks=lambda translator, call: _null_holds(translator, call, False),
)
