"""Claims about the SQL that formulas become, on the texts of `cases.yaml` and beyond."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.sql.util import ClauseAdapter

from formula.number import add
from formula.scope import Context, Names
from formula.source import Source
from formula.sql import (
    Backend,
    SqlColumn,
    Unwritable,
    average_sql,
    condition_sql,
    constant_sql,
    decode,
    sum_sql,
    to_sql,
)
from formula.types import NUMBER, Kind, Type, number
from tests.formula.sql.rows import Bench, checked, opened, python_matches, python_values
from tests.formula.sql.values import COLUMNS, ROWS

if TYPE_CHECKING:
    from formula.language import Language

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
WRITTEN = [case for case in CASES if "name" not in case]
DRY = {backend: opened(backend) for backend in Backend}


def _written(tongue: Language, text: str, bench: Bench) -> str:
    formula = checked(tongue, text)
    element: sa.ColumnElement[Any]
    if formula.type.kind is Kind.BOOLEAN:
        element = condition_sql(formula.expr, bench.backend, bench.column)
    else:
        element = to_sql(formula.expr, bench.backend, bench.column).element
    statement = str(sa.select(element.label("x")).compile(dialect=bench.dialect))
    return statement.removeprefix("SELECT ").split(" AS x \nFROM")[0].replace("rows.", "").replace(" \n", " ")


@pytest.mark.parametrize("backend", Backend)
@pytest.mark.parametrize(
    "case", [case for case in CASES if "sqlite" in case], ids=lambda case: case["formula"]
)
def test_a_formula_is_written_as_the_table_says(
    tongue: Language, case: dict[str, str], backend: Backend
) -> None:
    assert _written(tongue, case["formula"], DRY[backend]) == case[backend]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["formula"])
def test_the_table_s_formulas_give_one_answer(
    tongue: Language, benches: tuple[Bench, Bench], case: dict[str, str]
) -> None:
    formula = checked(tongue, case["formula"])
    for bench in benches:
        assert bench.values(formula) == python_values(formula)


@pytest.mark.parametrize(
    "text",
    [
        *("made + 0.00000000046875", "made - 0.00000000046875", "seen + 0.00000000015625"),  # half µs
        *("at - 12345678901234567890123456789012345", "at + 12345678901234567890123456789012345"),
        *("made - 1.0000000000000000000000000000015625", "day - 0.9999999999999999999999999999999999999"),
    ],
)
def test_moving_in_time_rounds_once_and_alike(
    tongue: Language, benches: tuple[Bench, Bench], text: str
) -> None:
    formula = checked(tongue, text)
    for bench in benches:
        assert bench.values(formula) == python_values(formula)


def test_negating_a_condition_selects_the_other_rows_blanks_and_errors_included(
    tongue: Language, benches: tuple[Bench, Bench]
) -> None:
    formula = checked(tongue, "amount / quantity > 1")
    for bench in benches:
        holds, lacks = bench.matches(formula)
        assert holds == python_matches(formula)
        assert lacks == set(range(len(ROWS))) - holds


@pytest.mark.parametrize("backend", Backend)
def test_a_condition_follows_its_table_under_an_alias_negated_or_not(
    tongue: Language, backend: Backend
) -> None:
    bench = DRY[backend]
    condition = condition_sql(checked(tongue, 'stage = "won"').expr, backend, bench.column)
    other = bench.table.alias("other")
    adapted = ClauseAdapter(other).traverse(condition)
    assert "other.stage" in str(adapted.compile(dialect=bench.dialect))
    assert "rows.stage" not in str(sa.not_(adapted).compile(dialect=bench.dialect))


@pytest.mark.parametrize("backend", Backend)
def test_a_formula_in_a_formula_is_written_in_its_place(tongue: Language, backend: Backend) -> None:
    bench = DRY[backend]
    inner = to_sql(checked(tongue, "amount + 1").expr, backend, bench.column)
    scope = Names(types={"inner": number(19, 2)})
    outer = tongue.check(Source(path="test", text="inner * 2"), scope, Context.FORMULA_FIELD)
    found = to_sql(outer.expr, backend, lambda _: inner)
    assert "rows.amount" in str(found.element.compile(dialect=bench.dialect))


@pytest.mark.parametrize("backend", Backend)
def test_constants_are_named_parameters_and_percent_signs_survive(tongue: Language, backend: Backend) -> None:
    bench = DRY[backend]
    found = to_sql(checked(tongue, 'name & "100 %s :x"').expr, backend, bench.column)
    compiled = sa.select(found.element).compile(dialect=bench.dialect)
    assert list(compiled.params.values()) == ["100 %s :x"]
    assert "100" not in str(compiled)


def test_a_hundred_levels_are_written_for_postgresql_and_refused_for_sqlite(tongue: Language) -> None:
    deep = "UPPER(" * 100 + "name" + ")" * 100
    formula = checked(tongue, deep)
    to_sql(formula.expr, Backend.POSTGRESQL, DRY[Backend.POSTGRESQL].column)
    with pytest.raises(Unwritable, match="too deep for SQLite"):
        to_sql(formula.expr, Backend.SQLITE, DRY[Backend.SQLITE].column)


def test_a_chain_of_a_hundred_ifs_stays_shallow(tongue: Language, benches: tuple[Bench, Bench]) -> None:
    text = "".join(f'IF(quantity = {n}, "is {n}", ' for n in range(100)) + '"other"' + ")" * 100
    formula = checked(tongue, text)
    for bench in benches:
        assert bench.values(formula) == python_values(formula)


@pytest.mark.parametrize(
    "text", ["amount", "rate", "quantity", "amount / 3", "amount * quantity", "null * 1"]
)
def test_sums_and_averages_are_exact(tongue: Language, benches: tuple[Bench, Bench], text: str) -> None:
    formula = checked(tongue, text)
    with localcontext(prec=400):
        total = sum((value for value in python_values(formula) if value is not None), Decimal(0))
    found = []
    for bench in benches:
        column = to_sql(formula.expr, bench.backend, bench.column)
        read = decode(SqlColumn(element=column.element, type=NUMBER), bench.backend)
        measures = (sum_sql(column, bench.backend), average_sql(column, bench.backend))
        (row,) = bench.run(sa.select(*(measure.element for measure in measures)).select_from(bench.source))
        found.append([read(raw) if read and raw is not None else raw for raw in row])
    assert found[0] == found[1]
    assert found[0][0] == (None if text == "null * 1" else add(total, Decimal(0)))


@pytest.mark.parametrize("type_", [NUMBER, number(5, 2)])
def test_constants_of_one_type_share_a_column(benches: tuple[Bench, Bench], type_: Type) -> None:
    wanted = [Decimal("0.25"), Decimal("3"), None, Decimal("0.1")]
    for bench in benches:
        columns = [constant_sql(value, type_, bench.backend) for value in wanted]
        (row,) = bench.run(sa.select(*(column.element for column in columns)))
        read = decode(columns[0], bench.backend)
        assert [read(raw) if read and raw is not None else raw for raw in row] == wanted


def test_every_column_kind_comes_back_as_it_was_stored(
    tongue: Language, benches: tuple[Bench, Bench]
) -> None:
    for name in COLUMNS:
        formula = checked(tongue, name)
        for bench in benches:
            assert bench.values(formula) == [row[name] for row in ROWS]
