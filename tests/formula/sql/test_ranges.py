"""A range of instants, days or amounts selects the rows that the exact question selects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.formula.sql.rows import Answer, checked, python_values
from tests.formula.sql.values import ENV, ROWS

if TYPE_CHECKING:
    from formula.language import Language
    from tests.formula.sql.rows import Bench

ZONES = (
    "America/St_Johns",  # put its clock back at one minute past midnight: a day ended twice
    "America/Sao_Paulo",  # put it forward at midnight
    "Pacific/Apia",  # left a day out
    "Australia/Lord_Howe",  # moves it by half an hour
    "Asia/Manila",  # was 15:56 behind, and is 8 hours ahead
)
DAYS = sorted({row["seen"].date() for row in ROWS if row["seen"]})[1:-1:2]
TEXTS = (
    "DATEVALUE(seen) = {0}", "DATEVALUE(seen) < {0}", "DATEVALUE(seen) <= {0}", "DATEVALUE(seen) > {0}",
    "{0} <= DATEVALUE(seen)", "NOT(DATEVALUE(seen) > {0})", "YEAR(DATEVALUE(seen)) = YEAR({0})",
    "YEAR(DATEVALUE(seen)) = {1}", "YEAR(DATEVALUE(seen)) > {1}", "{1} > YEAR(DATEVALUE(seen))",
    "YEAR(day) = {1}", "YEAR(day) <= {1}", "YEAR(day) < {1}", "YEAR(day) >= {1}", "NOT(YEAR(day) > {1})",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_a_range_selects_what_the_day_selects(
    tongue: Language, benches: tuple[Bench, Bench], zone: str
) -> None:
    env = replace(ENV, zone=ZoneInfo(zone))
    days = {day + timedelta(days=by) for day in DAYS for by in (0, -1)}
    texts = [
        text.format(f"DATE({d.year}, {d.month}, {d.day})", d.year) for text in TEXTS for d in sorted(days)
    ]
    formulas = [checked(tongue, text) for text in texts]
    wanted = [python_values(formula, env) for formula in formulas]
    held = [{i for i, value in enumerate(values) if value is True} for values in wanted]
    everyone = set(range(len(ROWS)))
    for bench in benches:
        for start in range(0, len(formulas), 100):
            part = slice(start, start + 100)
            found = bench.answers([bench.ask(formula) for formula in formulas[part]], env)
            assert found == [
                Answer(values=values, matches=[holds, everyone - holds])
                for values, holds in zip(wanted[part], held[part], strict=True)
            ]


@pytest.mark.parametrize(
    "text", ["YEAR(day) = 0", "YEAR(day) = 10000", "YEAR(day) = 2024.5", "YEAR(day) > 2023.5"]
)
def test_a_year_that_no_calendar_has_selects_what_python_selects(
    tongue: Language, benches: tuple[Bench, Bench], text: str
) -> None:
    formula = checked(tongue, text)
    for bench in benches:
        assert bench.values(formula) == python_values(formula)
        assert bench.matches(formula)[0] == {i for i, value in enumerate(python_values(formula)) if value}


@pytest.mark.parametrize("factor", ["0.15", "-3", "7", "0.00000001", "-1234567.89", "99999999999999999999"])
def test_an_amount_times_a_constant_selects_what_the_product_selects(
    tongue: Language, benches: tuple[Bench, Bench], factor: str
) -> None:
    """At the bound itself too: constants of which some rows' products are the very value."""
    products = [row[name] * Decimal(factor) for name in ("amount", "rate") for row in ROWS[:9] if row[name]]
    limits = [
        "0",
        "0.005",
        "-1",
        *(f"{product:f}" for product in products if len(product.as_tuple()[1]) < 28),
    ]
    texts = [
        f"{name} * ({factor}) {sign} ({limit})"
        for name in ("amount", "rate", "quantity")
        for sign in ("<", "<=", ">", ">=", "=", "<>")
        for limit in limits
    ]  # fmt: skip
    formulas = [checked(tongue, text) for text in texts]
    for bench in benches:
        found = bench.answers([bench.ask(formula) for formula in formulas])
        for formula, answer in zip(formulas, found, strict=True):
            wanted = python_values(formula)
            assert answer.values == wanted
            assert answer.matches[0] == {i for i, value in enumerate(wanted) if value}, formula.source.text
