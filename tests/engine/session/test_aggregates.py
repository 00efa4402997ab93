"""Claims about figures over records."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.codes import BAD_QUERY, FORBIDDEN, UNKNOWN_FIELD
from engine.mutation import Create
from engine.problem import Problem
from engine.query import Aggregate, Bucket, Function, Measure, Unit
from engine.session import Session
from tests.engine.session.company import Company

ROWS = (
    ("open", "10.10", "2026-01-01", "ann"), ("open", "20.20", "2026-01-31", "bob"),
    ("won", "0.01", "2026-02-01", "bob"), ("won", None, "2026-04-05", "cy"), ("lost", "5", None, "dee"),
)  # fmt: skip


@pytest.fixture
def deals(company: Company) -> Company:
    """The company with five deals."""
    rows = (
        {"name": "d", "stage": stage, "amount": amount, "closes": closes, "reason": "r",
         "owner": company.ids[who],
         "cost": 1,
         "seen": closes and f"{closes}T20:00:00Z"}
        for stage, amount, closes, who in ROWS
    )  # fmt: skip
    company.apply(company.session(), "deal", *(Create(values=row) for row in rows))
    return company


def figures(
    company: Company, session: Session, *group: str | Bucket, where: str = "", **measures: str
) -> Any:
    """Aggregate deals by path names."""
    catalog, deal = company.release.catalog, company.release.catalog.object("deal")
    return session.aggregate(
        Aggregate(
            object=deal,
            group=tuple(catalog.path(deal, each) if isinstance(each, str) else each for each in group),
            measures=(
                Measure(function=Function.COUNT),
                *(Measure(function=Function(f), path=catalog.path(deal, p)) for f, p in measures.items()),
            ),
            where=session.condition(deal, where) if where else None,
        )
    )


def test_figures_by_group_are_exact(deals: Company) -> None:
    found = figures(
        deals,
        deals.session(),
        "stage",
        sum="amount",
        avg="amount",
        min="amount",
        max="amount",
        distinct="amount",
    )
    assert found == (
        ("lost", 1, Decimal(5), Decimal(5), Decimal(5), Decimal(5), 1),
        ("open", 2, Decimal("30.30"), Decimal("15.15"), Decimal("10.10"), Decimal("20.20"), 2),
        ("won", 2, Decimal("0.01"), Decimal("0.01"), Decimal("0.01"), Decimal("0.01"), 1),
    )


def test_a_third_is_rounded_half_up_to_32_places(deals: Company) -> None:
    ((_, average),) = figures(deals, deals.session(), where='stage <> "won"', avg="amount")
    assert average == Decimal("11.76666666666666666666666666666667")


def test_a_sum_beyond_64_bits_is_exact(company: Company) -> None:
    rows = ({"name": "d", "amount": "9999999999999999.99"} for _ in range(12))
    company.apply(company.session(), "deal", *(Create(values=row) for row in rows))
    assert figures(company, company.session(), sum="amount") == ((12, Decimal("119999999999999999.88")),)


def test_without_records_there_is_one_line_of_nothing(company: Company) -> None:
    assert figures(company, company.session(), sum="amount") == ((0, None),)


def test_only_what_the_reader_may_see_is_counted(deals: Company) -> None:
    assert figures(deals, deals.session("bob", "s_below"), "owner.name") == (("bob", 2), ("cy", 1))
    assert figures(deals, deals.session("dee", "s_own"), where="amount > 100") == ((0,),)


@pytest.mark.parametrize(
    ("unit", "days"),
    [
        (Unit.DAY, ["2026-01-01", "2026-01-31", "2026-02-01", "2026-04-05", None]),
        (Unit.WEEK, ["2025-12-29", "2026-01-26", "2026-03-30", None]),
        (Unit.MONTH, ["2026-01-01", "2026-02-01", "2026-04-01", None]),
        (Unit.QUARTER, ["2026-01-01", "2026-04-01", None]),
        (Unit.YEAR, ["2026-01-01", None]),
    ],
)
def test_dates_fall_into_buckets(deals: Company, unit: Unit, days: list[str | None]) -> None:
    deal = deals.release.catalog.object("deal")
    bucket = Bucket(path=deals.release.catalog.path(deal, "closes"), unit=unit)
    found = [row[0] for row in figures(deals, deals.session(), bucket)]
    assert found == [day and date.fromisoformat(day) for day in days]


def test_instants_fall_into_the_readers_days(deals: Company) -> None:
    from dataclasses import replace

    deal = deals.release.catalog.object("deal")
    bucket = Bucket(path=deals.release.catalog.path(deal, "seen"), unit=Unit.DAY)
    session = deals.session("ann", "s_all")
    session.actor = replace(session.actor, zone=ZoneInfo("Asia/Shanghai"))
    found = [row[0] for row in figures(deals, session, bucket, where="NOT(ISBLANK(seen))")]
    assert found == [date(2026, 1, 2), date(2026, 2, 1), date(2026, 2, 2), date(2026, 4, 6)]


@pytest.mark.parametrize(
    ("group", "measure"), [("stage", {"sum": "cost"}), ("cost", {}), ("margin", {}), ("account.secret", {})]
)
def test_hidden_fields_are_neither_grouped_nor_summed(
    deals: Company, group: str, measure: dict[str, str]
) -> None:
    with pytest.raises(Problem) as refused:
        figures(deals, deals.session("bob", "s_blind"), group, **measure)
    assert refused.value.code is UNKNOWN_FIELD


def test_what_is_no_number_is_not_summed(deals: Company) -> None:
    with pytest.raises(Problem) as refused:
        figures(deals, deals.session(), sum="name")
    assert refused.value.code is BAD_QUERY
    with pytest.raises(Problem) as closed:
        figures(deals, deals.session("bob"))
    assert closed.value.code is FORBIDDEN
