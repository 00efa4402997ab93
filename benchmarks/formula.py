"""The formula language against its bar: evaluation, checking, and nesting.

    python -m benchmarks.formula

Evaluation runs beside `simpleeval`, the tree walker, on the same expression and row, both with Decimals; the
bar is 20 times its speed with its tree kept. Parsing and checking 300 characters must take under 1 ms;
parsing, checking and compiling a thousand formulas of the lengths that companies write under 2.5 s; nesting
a hundred deep must work. Each figure is CPU time, the least of some rounds.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import log
from time import process_time
from timeit import Timer
from typing import TYPE_CHECKING

import sqlalchemy as sa
from simpleeval import SimpleEval  # type: ignore[import-untyped]

from benchmarks.table import figure, render
from formula.language import Language, language
from formula.program import Env, compile_python
from formula.scope import Context, Names
from formula.source import Source
from formula.sql import Backend, SqlColumn, condition_sql
from formula.types import BOOLEAN, DATE, TEXT, Kind, Type, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from formula.expr import Formula, Reference

ROUNDS = 5
BAR = "IF(AND(amount > 1000, ISBLANK(reason)), ROUND(amount * 0.15, 2), 0)"
LONG = (
    'IF(AND(stage = "won", NOT(ISBLANK(reason)), amount > 1000), ROUND(amount * 0.15 + quantity / 3, 2), '
    'CASE(stage, "new", 0.1, "lost", 0, 0.5) * amount) + IF(BEGINS(reason, "late"), MAX(quantity, 10), '
    "YEAR(close_date) - YEAR(TODAY())) + IF(won || close_date < TODAY() + 30, LEN(reason), MOD(quantity, 7))"
)
SCOPE = Names(
    types={
        "amount": number(18, 2),
        "quantity": number(18, 0),
        "reason": TEXT,
        "won": BOOLEAN,
        "close_date": DATE,
        "stage": Type(kind=Kind.PICKLIST, options=("new", "won", "lost")),
    }
)
MEDIAN, THOUSAND = 120, 1_000
PARTS = (
    "amount * 0.15 + {0} > quantity / 3",
    "NOT(ISBLANK(reason)) && LEN(reason) > {0}",
    'CASE(stage, "new", {0}, "lost", 0, 5) < amount',
    "IF(won, amount, {0}) >= ROUND(quantity * 1.5, 2)",
    "close_date < TODAY() + {0}",
    'BEGINS(reason, "late {0}")',
    "YEAR(close_date) = {0}",
    '(ISPICKVAL(stage, "won") || MAX(amount, {0}) > 10)',
)
"""What conditions of companies are made of."""
ENV = Env(now=datetime(2026, 3, 11, tzinfo=UTC))
ROW = {"amount": Decimal("1200.50"), "reason": None}


def main(arguments: list[str]) -> None:  # noqa: ARG001  (every benchmark takes some)
    """Print the table."""
    tongue = language()
    ours = _evaluation(_checked(tongue, BAR))
    walked, parsed = _walked(parse_first=True), _walked(parse_first=False)
    checking = _checking(tongue, LONG) / 1000 * 300 / len(LONG)
    rows = [
        ("evaluate the bar's formula, µs", figure(ours), ""),
        ("simpleeval, its tree kept, µs", figure(walked), ""),
        ("simpleeval, from the text, µs", figure(parsed), ""),
        ("times simpleeval with its tree kept", figure(walked / ours), "20"),
        ("times simpleeval from the text", figure(parsed / ours), ""),
        ("parse and check 300 characters, ms", figure(checking), "1"),
        ("compile a thousand formulas, s", figure(_thousand(tongue)), "2.5"),
        ("translate a condition to SQL, µs", figure(_translation(tongue)), ""),
        ("a hundred levels deep gives", _deep(tongue), "0"),
    ]
    print(render("Formulas", ("", "measured", "bar"), rows))


def _checked(tongue: Language, text: str) -> Formula:
    return tongue.check(Source(path="benchmark", text=text), SCOPE, Context.RULE)


def _least(action: Callable[[], object], times: int) -> float:
    """Microseconds of CPU of one run in the best of the rounds, whatever else the machine does."""
    return min(Timer(action, timer=process_time).repeat(ROUNDS, times)) / times * 1e6


def _evaluation(formula: Formula) -> float:
    program = compile_python(formula)
    assert program.value(ROW, ENV) == Decimal("180.08")
    return _least(lambda: program.value(ROW, ENV), 100_000)


def _walked(*, parse_first: bool) -> float:
    functions = {
        "IF": lambda test, first, second: first if test else second,
        "AND": lambda *tests: all(tests),
        "ROUND": lambda number, places: number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP),
        "ISBLANK": lambda value: value is None,
    }
    walked = BAR.replace("0.15", "rate")  # its own numbers would be floats
    walker = SimpleEval(functions=functions, names={**ROW, "rate": Decimal("0.15")})
    tree = walker.parse(walked) if parse_first else None
    return _least(lambda: walker.eval(walked, previously_parsed=tree), 2_000)


def _checking(tongue: Language, text: str) -> float:
    return _least(lambda: _checked(tongue, text), 100)


def _thousand(tongue: Language) -> float:
    """Seconds to parse, check and compile a thousand texts, none of them twice."""
    texts = [*_texts(random.Random(7))]
    assert len(set(texts)) == THOUSAND

    def compiled() -> None:
        for text in texts:
            compile_python(_checked(tongue, text))

    return min(Timer(compiled, timer=process_time).repeat(2, 1))


def _texts(chance: random.Random) -> Iterator[str]:
    """Texts with lengths like those of companies: half below 120 characters, the longest 3,900."""
    for count in range(THOUSAND):
        wanted = 3_900 if count == 0 else min(3_800, chance.lognormvariate(log(MEDIAN), 1.0))
        text = f"amount > {count}"
        while len(text) < wanted - 40:
            text = (
                f"{text} {chance.choice(('&&', '||'))} {chance.choice(PARTS).format(chance.randrange(9999))}"
            )
        yield text


def _translation(tongue: Language) -> float:
    expr = _checked(tongue, "amount > 1000 && ISBLANK(reason)").expr

    def column(reference: Reference) -> SqlColumn:
        return SqlColumn(element=sa.column(reference.name), type=reference.type)

    return _least(lambda: condition_sql(expr, Backend.SQLITE, column), 1_000)


def _deep(tongue: Language) -> str:
    text = "IF(amount > 9999, 1, " * 100 + "0" + ")" * 100
    return str(compile_python(_checked(tongue, text)).value(ROW, ENV))


if __name__ == "__main__":
    main(sys.argv[1:])
