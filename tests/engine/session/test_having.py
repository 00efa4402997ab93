"""Claims about which groups are answered and in which order, and about different values page by page."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import codes
from engine.distinct import distinct
from engine.having import having
from engine.mutation import Create
from engine.problem import Problem
from engine.query import Aggregate, Distinct, Function, GroupOrder, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.session import Session
    from tests.engine.session.company import Company

DEALS = (
    ("open", "10.10", 1, "ann"), ("open", "20.20", 2, "bob"), ("open", None, 3, "bob"),
    ("won", "0.01", 4, "bob"), ("won", "99.99", 5, "cy"), ("lost", "5", 6, "dee"),
)  # fmt: skip
COUNT = Measure(function=Function.COUNT)
CONDITIONS: tuple[tuple[str, list[str]], ...] = (
    ("count > 1", ["open", "won"]),
    ("count() >= 3", ["open"]),
    ("sum(amount) > 30.29", ["open", "won"]),
    ("SUM( amount ) = 30.3 || avg(amount) = 5", ["lost", "open"]),
    ("avg.amount = 15.15", ["open"]),
    ("avg(amount) * 2 = sum(amount) && count = 2", ["won"]),
    ("sum(amount) / count > 10 && sum(amount) / count < 11", ["open"]),
    ("MAX(count, 2) = 2 && NOT(ISBLANK(sum(amount)))", ["lost", "won"]),
    ("count > TODAY() - TODAY()", ["lost", "open", "won"]),
    ("count > 1000000000000000000", []),
)
ORDERS = (
    ((GroupOrder(place=2, descending=True),), ["won", "open", "lost"]),
    ((GroupOrder(place=3),), ["lost", "open", "won"]),
    ((GroupOrder(place=1), GroupOrder(place=0, descending=True)), ["lost", "won", "open"]),
    ((GroupOrder(place=0, descending=True),), ["won", "open", "lost"]),
)
FAULTY = (
    ("count > 1 && sum(cost) > 1", 14, "sum(amount)"),
    ("sum(amuont) > 1", 1, "did you mean sum(amount)?"),
    ("count > 'x'", 9, ""),
    ("count", 1, ""),
    ("stage = 'won'", 1, ""),
    ("SUM(count, 1) > 1", 1, ""),
    ("count >", 7, ""),
)


@pytest.fixture
def deals(company: Company) -> Company:
    """The company with six deals in three stages."""
    rows = [
        {"name": f"d{cost}", "stage": stage, "amount": amount, "cost": cost, "reason": "r",
         "owner": company.ids[who]}
        for stage, amount, cost, who in DEALS
    ]  # fmt: skip
    company.apply(company.session(), "deal", *(Create(values=row) for row in rows))
    return company


def by_stage(company: Company, session: Session, text: str = "", **more: Any) -> list[tuple[object, ...]]:
    """Stages with their number and, as asked, sum and mean of amounts."""
    catalog, deal = company.release.catalog, company.release.catalog.object("deal")
    amount = catalog.path(deal, "amount")
    measures = (COUNT, *(Measure(function=each, path=amount) for each in (Function.SUM, Function.AVG)))
    asked = Aggregate(object=deal, group=(catalog.path(deal, "stage"),), measures=measures, **more)
    if text:
        asked = replace(asked, having=having(company.release, measures, text))
    return list(session.aggregate(asked))


def test_groups_fulfil_the_condition(deals: Company) -> None:
    for text, stages in CONDITIONS:
        assert [row[0] for row in by_stage(deals, deals.session(), text)] == stages, text


def test_groups_are_those_of_the_reader(deals: Company) -> None:
    assert by_stage(deals, deals.session("bob", "s_own"), "count = 1") == [
        ("won", 1, Decimal("0.01"), Decimal("0.01"))
    ]


def test_groups_come_in_the_asked_order(deals: Company) -> None:
    for order, stages in ORDERS:
        found = by_stage(deals, deals.session(), order=order)
        assert [row[0] for row in found] == stages
        assert found[stages.index("won")][2:] == (100, 50)
        assert [row[0] for row in by_stage(deals, deals.session(), order=order, limit=2)] == stages[:2]


def test_a_sum_beyond_64_bits_is_compared_exactly(deals: Company) -> None:
    door = deals.session()
    most = "9999999999999999.99"
    rows = [{"name": "x", "amount": most, "stage": "open"} for _ in range(10)]
    deals.apply(door, "deal", *(Create(values=row) for row in rows))
    assert [row[0] for row in by_stage(deals, door, "sum(amount) > 100000000000000000")] == ["open"]


def test_a_faulty_condition_is_placed(deals: Company) -> None:
    measures = (COUNT, Measure(function=Function.SUM, path=_path(deals, "amount")))
    for text, column, word in FAULTY:
        with pytest.raises(Problem) as refused:
            having(deals.release, measures, text)
        (detail,) = refused.value.details
        assert (detail.field, detail.column) == ("having", column), text
        assert word in detail.hint


def test_bounds_of_groups_are_refused(deals: Company) -> None:
    for limit in (0, 10_001):
        with pytest.raises(Problem) as refused:
            by_stage(deals, deals.session(), limit=limit)
        assert refused.value.code is codes.BAD_QUERY


def _path(company: Company, name: str) -> Any:
    return company.release.catalog.path(company.release.catalog.object("deal"), name)


def _values(company: Company, session: Session, *names: str, **more: Any) -> list[tuple[object, ...]]:
    deal = company.release.catalog.object("deal")
    return list(distinct(session, _asked(company, deal, *names, **more)).rows)


def _asked(company: Company, target: Any, *names: str, **more: Any) -> Distinct:
    return Distinct(
        object=target, fields=tuple(company.release.catalog.path(target, n) for n in names), **more
    )


def test_different_values_come_once_in_the_order_of_lists(deals: Company) -> None:
    door = deals.session()
    assert _values(deals, door, "stage") == [("open",), ("won",), ("lost",)]
    assert _values(deals, door, "owner.name") == [("ann",), ("bob",), ("cy",), ("dee",)]
    assert _values(deals, deals.session("bob", "s_own"), "stage") == [("open",), ("won",)]
    where = door.condition(deals.release.catalog.object("deal"), "amount > 50 || ISBLANK(amount)")
    assert _values(deals, door, "amount", "stage", where=where) == [(Decimal("99.99"), "won"), (None, "open")]


def test_hidden_fields_have_no_values(deals: Company) -> None:
    with pytest.raises(Problem) as refused:
        _values(deals, deals.session("cy", "s_blind"), "stage", "cost")
    assert refused.value.code is codes.UNKNOWN_FIELD


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.tuples(st.sampled_from([None, "1", "2", "10"]), st.sampled_from(["a", "B", "ä", None])), max_size=9
    ),
    limit=st.integers(1, 4),
)
def test_pages_of_values_join_to_all_of_them_both_ways(
    company: Company, rows: list[tuple[str | None, str | None]], limit: int
) -> None:
    door, tag = company.session(), company.make_id()
    made = [Create(values={"name": tag, "amount": a, "reason": r}) for a, r in rows]
    if made:
        company.apply(door, "deal", *made)
    deal = company.release.catalog.object("deal")
    where = door.condition(deal, f'name = "{tag}"')
    asked = _asked(company, deal, "amount", "reason", where=where, limit=limit)
    forth = list(_walk(door, asked))
    flat = [row for page in forth for row in page]
    assert sorted(flat, key=repr) == sorted({(a and Decimal(a), r) for a, r in rows}, key=repr)
    assert flat == list(distinct(door, replace(asked, limit=100)).rows)


def _walk(door: Session, asked: Distinct) -> Iterator[tuple[tuple[object, ...], ...]]:
    """The pages to the end, and on the way that from each one leads back to the one before."""
    page = distinct(door, asked)
    assert page.previous is None
    while True:
        yield page.rows
        if page.next is None:
            return
        following = distinct(door, replace(asked, after=page.next))
        assert following.previous is not None
        assert distinct(door, replace(asked, before=following.previous)).rows == page.rows
        page = following


def test_a_cursor_of_values_opens_for_the_same_question_of_the_same_person(deals: Company) -> None:
    deal, door = deals.release.catalog.object("deal"), deals.session("ann", "s_all")
    asked = _asked(deals, deal, "stage", limit=1)
    cursor = distinct(door, asked).next
    assert distinct(door, replace(asked, after=cursor)).rows == (("won",),)
    for session, other in (
        (deals.session("bob", "s_all"), replace(asked, after=cursor)),
        (door, replace(asked, after=f"x{cursor}")),
        (door, replace(_asked(deals, deal, "name"), after=cursor)),
        (door, replace(asked, where=door.condition(deal, "amount > 1"), after=cursor)),
    ):
        with pytest.raises(Problem) as refused:
            distinct(session, other)
        assert refused.value.code is codes.BAD_CURSOR
