"""Rows and logic become the formula that a person would write, and come back from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from formula import logic
from formula.condition import Operator, Word, offered
from formula.criteria import MOST_ROWS, Criteria, Faulty, Row, as_plain, compiled
from formula.language import language
from formula.operand import plain, read
from formula.period import PERIODS, period
from formula.program import compile_expr
from formula.recognition import recognised
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context
from formula.source import Source
from formula.types import BOOLEAN, Kind

if TYPE_CHECKING:
    from formula.expr import Expr, Formula
    from formula.logic import Logic
    from formula.types import Type

LANGUAGE = language()
CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("criteria.yaml").read_text(encoding="utf-8")
)
GOOD = [pytest.param(case, id=case["text"]) for case in CASES if "text" in case]
BAD = [pytest.param(case, id=f"{case['rows']} {case.get('logic', '')}") for case in CASES if "faults" in case]
ME = "01926b3a-7c00-7000-8000-000000000001"


def criteria(case: dict[str, Any]) -> Criteria:
    rows = tuple(Row(field=field, operator=operator, values=tuple(values))
                 for field, operator, *values in case["rows"])  # fmt: skip
    return Criteria(rows=rows, logic=case.get("logic", ""))


def built(made: Criteria, context: Context = Context.RULE) -> Formula:
    return compiled(LANGUAGE, made, SCOPE, context)


def written(text: str) -> Expr:
    return LANGUAGE.check(Source(path="f", text=text), SCOPE, Context.RULE, expect=BOOLEAN).expr


@pytest.mark.parametrize("case", GOOD)
def test_rows_are_the_formula_that_a_person_would_write(case: dict[str, Any]) -> None:
    assert built(criteria(case)).source.text == case["text"]


@pytest.mark.parametrize("case", GOOD)
def test_the_formula_is_read_back_as_rows(case: dict[str, Any]) -> None:
    expr = built(criteria(case)).expr
    again = recognised(expr)
    assert again is not None
    assert built(again).expr == expr


@pytest.mark.parametrize("case", BAD)
def test_each_fault_is_placed_and_hinted(case: dict[str, Any]) -> None:
    with pytest.raises(Faulty) as faulty:
        built(criteria(case), Context[case.get("context", "RULE")])
    faults = faulty.value.faults
    assert len(faults) == len(case["faults"])
    for fault, wanted in zip(faults, case["faults"], strict=True):
        place, code, words = wanted.split(" ", 2)
        assert place == (str(fault.row) if fault.row else f"@{fault.span.start + 1}")
        assert fault.code.id == code
        message, _, hint = words.partition("; ")
        assert message in fault.message
        assert hint in fault.hint


def test_more_rows_than_people_make_are_refused() -> None:
    row = Row(field="urgent", operator="equal", values=(True,))
    with pytest.raises(Faulty, match=f"more than {MOST_ROWS} rows"):
        built(Criteria(rows=(row,) * (MOST_ROWS + 1)))


@pytest.mark.parametrize("text", ["(" * 100 + "1" + ")" * 100, "NOT " * 100 + "1", "1 AND " * 300 + "1"])
def test_a_logic_text_beyond_reason_is_refused(text: str) -> None:
    row = Row(field="urgent", operator="equal", values=(True,))
    with pytest.raises(Faulty, match="F501"):
        built(Criteria(rows=(row,), logic=text))


@pytest.mark.parametrize(
    ("text", "rows", "joined"),
    [
        ('ISPICKVAL(stage, "won") && 1000 < amount', "stage equal won / amount more 1000", ""),
        ('NOT(ISPICKVAL(stage, "won"))', "stage not_equal won", ""),
        ('stage = ""', "stage blank", ""),
        ("urgent = true", "urgent equal True", ""),
        ("NOT(account.vip)", "account.vip equal False", ""),
        ("amount >= 1 && (amount <= 2 && urgent)", "amount between 1 2 / urgent equal True", ""),
        ("TODAY() >= signed_on", "signed_on at_most today", ""),
        ("DATEVALUE(called_at) > TODAY() - 1", "called_at more yesterday", ""),
        ("signed_on <= TODAY() + 30", "signed_on at_most in_30_days", ""),
        ("signed_on < DATE(YEAR(TODAY()), 1, 1)", "signed_on less this_year", ""),
        ('name = "a" || urgent || name = "b"',
         "name equal a / urgent equal True / name equal b", "1 OR 2 OR 3"),
        ('NOT(name = "a" && urgent)', "name equal a / urgent equal True", "NOT (1 AND 2)"),
        ('(urgent && name = "a") || (urgent && amount = 1)',
         "urgent equal True / name equal a / amount equal 1", "(1 AND 2) OR (1 AND 3)"),
        ("NOT(amount = 5)", "amount equal 5", "NOT 1"),
        ("true", "", ""),
    ],
)  # fmt: skip
def test_a_formula_of_a_person_is_read_as_rows(text: str, rows: str, joined: str) -> None:
    found = recognised(written(text))
    assert found is not None
    said = (f"{row.field} {row.operator} {' '.join(map(str, _plain(row)))}".strip() for row in found.rows)
    assert " / ".join(said) == rows
    assert found.logic == joined


@pytest.mark.parametrize(
    "text",
    [
        "amount > discount", "amount + 1 > 5", "amount <> 5", 'IF(urgent, name = "a", true)', "name < \"b\"",
        "LEN(name) > 5", "null", "ISBLANK(amount) || discount <> 5", "signed_on > TODAY() - amount",
        "called_at > NOW()", "NOT(" * 60 + "urgent" + ")" * 60, "$user.id = owner && 1 / 0 = 1",
        " || ".join(f"amount = {number} || urgent" for number in range(60)),
    ],
)  # fmt: skip
def test_what_rows_cannot_say_stays_text(text: str) -> None:
    assert recognised(written(text)) is None


_COUNTED = ["last_{}_days", "next_{}_days", "in_{}_days", "{}_days_ago"]


def _plain(row: Row) -> list[object]:
    return [plain(value) for value in row.values]  # type: ignore[arg-type]


def _operand(type_: Type) -> st.SearchStrategy[Any]:
    days = st.one_of(
        st.dates(date(1990, 1, 1), date(2040, 1, 1)),
        st.sampled_from(sorted(PERIODS)).map(period),
        st.builds(
            lambda name, count: period(name.format(count)), st.sampled_from(_COUNTED), st.integers(1, 400)
        ),
    )
    match type_.kind:
        case Kind.NUMBER:
            return st.decimals(-1000, 2000, places=2)
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.DATE:
            return days
        case Kind.DATETIME:
            return days | st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
        case Kind.TIME:
            return st.times().map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
        case Kind.ID:
            return st.sampled_from([Word.ME, ME])
        case Kind.MULTIPICKLIST if type_.element is not None:
            return _operand(type_.element)
        case _:
            words = st.sampled_from(type_.options) if type_.options else st.text(min_size=1, max_size=4)
            return words.filter(lambda text: "\x00" not in text)


@st.composite
def _rows(draw: st.DrawFn) -> Row:
    field = draw(st.sampled_from([name for name in SCOPE.types if not name.startswith("$")]))
    type_ = SCOPE.types[field]
    operator = draw(st.sampled_from(offered(type_, Context.FILTER)))
    if operator in (Operator.BLANK, Operator.NOT_BLANK):
        return Row(field=field, operator=operator)
    count = 2 if operator is Operator.BETWEEN else draw(st.integers(1, 3))
    values = tuple(draw(_operand(type_)) for _ in range(count))
    return Row(field=field, operator=operator, values=values)


def _trees(count: int) -> st.SearchStrategy[Logic]:
    return st.recursive(
        st.integers(1, count),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: logic.Every(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: logic.Some(tuple(parts))),
            inner.map(logic.Not),
        ),
        max_leaves=8,
    )


@st.composite
def _criteria(draw: st.DrawFn) -> Criteria:
    rows = tuple(draw(st.lists(_rows(), min_size=1, max_size=4)))
    named = logic.every(range(1, len(rows) + 1))
    tree = logic.Some((named, draw(_trees(len(rows)))))
    return Criteria(rows=rows, logic=draw(st.sampled_from(["", logic.show(tree)])))


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from([None, "a", "ab"]), "amount": st.sampled_from([None, Decimal(0), Decimal(5)]),
    "stage": st.sampled_from([None, "won", "lost"]), "urgent": st.booleans(),
    "signed_on": st.sampled_from([None, date(2026, 3, 11), date(2026, 2, 20)]),
    "called_at": st.sampled_from([None, datetime(2026, 3, 10, 20, tzinfo=UTC)]),
    "owner": st.sampled_from([None, ME]), "opens": st.sampled_from([None, time(8)]),
    "industries": st.sampled_from([None, ("energy",)]), "account.vip": st.sampled_from([None, True]),
}  # fmt: skip


@given(_criteria(), st.fixed_dictionaries(_VALUES))
@settings(max_examples=150, deadline=None)
def test_there_and_back_the_condition_is_the_same(made: Criteria, values: dict[str, Any]) -> None:
    """What is read back holds for the same records, and is from then on the same expression."""
    expr = built(made, Context.FILTER).expr
    again = recognised(expr)
    assert again is not None
    back = built(again, Context.FILTER).expr
    assert recognised(back) == again
    row = {**ROW, **values}
    assert _holds(back, row) == _holds(expr, row)
    if not made.logic:
        assert back == expr


def _holds(expr: Expr, row: dict[str, Any]) -> bool:
    return compile_expr(expr).condition(row, ENV)


@given(_rows())
@settings(deadline=None)
def test_a_row_survives_being_kept(row: Row) -> None:
    kept = as_plain(row)
    values = kept.get("values", [])
    assert isinstance(values, list)
    type_ = SCOPE.types[str(kept["field"])]
    again = tuple(read(type_, value) for value in values)
    assert [plain(value) for value in again] == values
    made = Row(field=row.field, operator=row.operator, values=again)
    assert built(Criteria(rows=(made,))).expr == built(Criteria(rows=(row,))).expr


@given(_trees(9))
def test_a_logic_text_is_read_as_it_was_written(tree: Logic) -> None:
    text = logic.show(tree)
    faults: list[str] = []
    again = logic.read(text, 9, lambda code, span, message, hint: faults.append(code.id))
    assert set(faults) <= {"F503"}
    assert again is None or logic.show(again) == text


@given(st.text(alphabet="12 (),ANDORNOTandnotx!&|", max_size=30))
def test_any_logic_is_read_or_refused_at_a_place(text: str) -> None:
    spans: list[Any] = []
    tree = logic.read(text, 2, lambda code, span, message, hint: spans.append(span))
    assert (tree is None) == bool(spans)
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


def test_a_blank_is_not_what_one_asks_for_and_so_is_other_than_it() -> None:
    row = Row(field="discount", operator="not_equal", values=(5,))
    assert _holds(built(Criteria(rows=(row,))).expr, dict(ROW))
