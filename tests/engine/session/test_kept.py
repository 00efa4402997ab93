"""Claims about what formulas take from the company's records: exchange rates and business calendars.

Each is asked in the database (a computed field, a condition) and in the save (a default, a rule).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine import codes
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Catalog

PLATFORM = Path(__file__).parents[3] / "apps/platform/objects"
KEPT = ("currency_rate", "business_calendar", "business_calendar_day")
ORDER = """
object: order
label: Order
plural: Orders
title: name
fields:
  name: {type: text, label: Name}
  currency: {type: text, label: Currency, max: 3}
  price: {type: currency, label: Price, scale: 2}
  fee: {type: number, label: Fee, scale: 4, default: '=CURRENCYRATE("EUR")'}
  dollars: {type: formula, label: Dollars, returns: number, scale: 2, formula: 'CONVERT(price, "USD")'}
  rate: {type: formula, label: Rate, returns: number, scale: 6, formula: CURRENCYRATE(currency)}
  from: {type: date, label: From}
  until: {type: date, label: Until, default: "=ADDWORKDAYS(from, 3)"}
  days: {type: formula, label: Days, returns: integer, formula: "WORKDAYS(from, until)"}
  north: {type: formula, label: North, returns: date, formula: "ADDWORKDAYS(from, 1, $calendar.north)"}
rules:
  dear:
    when: CONVERT(price, "EUR") > 1000
    message: Too dear.
    at: price
  long:
    when: WORKDAYS(from, until) > 10
    message: Too long.
    at: until
"""


@pytest.fixture(scope="module")
def trading_catalog() -> Catalog:
    """The company's metadata with the platform's rates and calendars."""
    files = {f"objects/{name}.yaml": PLATFORM.joinpath(f"{name}.yaml").read_text("utf-8") for name in KEPT}
    return compiled({**files, "objects/order.yaml": ORDER})


@pytest.fixture
def shop(database_url: str, trading_catalog: Catalog) -> Iterator[Company]:
    """A company in China that knows rates for euros and dollars."""
    database = open_url(database_url)
    company = opened(database, trading_catalog, currency="CNY", time_zone="Asia/Shanghai")
    for code, start, rate in (
        ("EUR", "2025-01-01", "7"), ("EUR", "2026-01-01", "8"), ("USD", "2026-01-01", "6.4"),
        ("USD", "2026-03-05", "10"),
    ):  # fmt: skip
        company.create(company.session(), "currency_rate", code=code, valid_from=start, rate=rate)
    yield company
    database.close()


def _calendar(company: Company, code: str, *days: tuple[str, str], **week: bool) -> str:
    door = company.session()
    made = company.create(door, "business_calendar", name=code, code=code, **week)
    for day, kind in days:
        company.create(door, "business_calendar_day", name=day, calendar=made, day=day, kind=kind)
    return made


def _read(company: Company, record: str, *fields: str) -> tuple[object, ...]:
    door = company.session()
    (found,) = door.query(company.query(door, "order", *fields, where=f'id = "{record}"')).records
    return tuple(found.values[field] for field in fields)


def test_an_amount_is_converted_by_today_s_rates(shop: Company) -> None:
    made = shop.create(shop.session(), "order", currency="EUR", price="100.00")
    assert _read(shop, made, "dollars", "rate") == (Decimal("125.00"), Decimal("0.125000"))
    own = shop.create(shop.session(), "order", currency="USD", price="33.33")
    assert _read(shop, own, "dollars", "rate") == (Decimal("33.33"), Decimal("0.156250"))
    home = shop.create(shop.session(), "order", price="64.00")
    assert _read(shop, home, "dollars", "rate") == (Decimal("10.00"), Decimal(1))
    shop.later(days=1)  # the rate of tomorrow
    assert _read(shop, home, "dollars") == (Decimal("6.40"),)


def test_a_rate_that_is_edited_counts_at_once_in_the_database_and_in_the_save(shop: Company) -> None:
    first = shop.create(shop.session(), "order", price="64.00")
    assert _read(shop, first, "fee") == (Decimal("0.1250"),)
    shop.later(minutes=1)
    for code, rate in (("EUR", "4"), ("USD", "3.2")):
        shop.create(shop.session(), "currency_rate", code=code, valid_from="2026-03-04", rate=rate)
    second = shop.create(shop.session(), "order", price="64.00")
    assert _read(shop, second, "fee", "dollars") == (Decimal("0.2500"), Decimal("20.00"))
    assert _read(shop, first, "dollars") == (Decimal("20.00"),)


def test_conditions_and_rules_convert_too(shop: Company) -> None:
    door = shop.session()
    for name, currency, price in (("a", "EUR", 100), ("b", "USD", 100), ("c", "CNY", 6399)):
        shop.create(door, "order", name=name, currency=currency, price=price)
    assert shop.names(door, "order", where='CONVERT(price, "USD") > 100') == ["a", "c"]
    assert shop.names(door, "order", where="price / CURRENCYRATE(currency) > 6000") == ["c"]
    with pytest.raises(Problem) as refused:
        shop.create(door, "order", currency="CNY", price="8001")
    assert [(each.field, each.code) for each in refused.value.details] == [("price", codes.RULE_BROKEN.id)]


def test_without_a_rate_there_is_no_value_and_a_rule_says_so(shop: Company) -> None:
    door = shop.session()
    made = shop.create(door, "order", price=1)
    for rate in door.query(shop.query(door, "currency_rate", "code")).records:
        shop.delete(door, "currency_rate", rate.id)
    assert _read(shop, made, "dollars", "rate") == (None, Decimal(1))
    with pytest.raises(Problem) as refused:
        shop.update(door, "order", made, price=2)
    assert "no exchange rate of EUR" in refused.value.details[0].message


def test_a_condition_that_compares_different_currencies_is_refused_with_the_mend(shop: Company) -> None:
    door = shop.session()
    with pytest.raises(Problem) as refused:
        shop.names(door, "order", where='name = "a" && price > 1000')
    (detail,) = refused.value.details
    assert (detail.field, detail.column) == ("where", 15)
    assert "price.company" in str(detail.hint)
    assert shop.names(door, "order", where="price > 0 || price.company > 1000") == []


def test_days_of_work_follow_the_calendar_and_each_edit_of_it(shop: Company) -> None:
    door = shop.session()
    made = shop.create(door, "order", **{"from": "2026-02-13"})
    assert _read(shop, made, "until", "days") == (date(2026, 2, 18), Decimal(4))
    off = [(f"2026-02-{day}", "holiday") for day in range(15, 24)]
    china = _calendar(shop, "default", *off, ("2026-02-14", "workday"), ("2026-02-28", "workday"))
    assert _read(shop, made, "days") == (Decimal(2),)
    again = shop.create(door, "order", **{"from": "2026-02-13"})
    assert _read(shop, again, "until", "days") == (date(2026, 2, 25), Decimal(4))
    assert shop.names(
        door, "order", where="WORKDAYS(from, until) = 4 && ADDWORKDAYS(from, 1) = from + 1"
    ) == [None]
    shop.update(door, "business_calendar", china, wednesday=False)
    assert _read(shop, again, "days") == (Decimal(3),)
    shop.delete(door, "business_calendar", china)
    assert _read(shop, again, "days") == (Decimal(9),)


def test_another_calendar_is_named_by_its_code(shop: Company) -> None:
    door = shop.session()
    made = shop.create(door, "order", **{"from": "2026-03-06"})  # a Friday
    assert _read(shop, made, "north") == (None,)
    _calendar(shop, "north", ("2026-03-09", "holiday"), saturday=False, sunday=True)
    assert _read(shop, made, "north") == (date(2026, 3, 8),)


def test_a_day_stands_once_in_a_calendar(shop: Company) -> None:
    with pytest.raises(Problem) as refused:
        _calendar(shop, "default", ("2026-03-09", "holiday"), ("2026-03-09", "workday"))
    assert refused.value.details[0].code == codes.NOT_UNIQUE.id


def test_only_formulas_that_ask_for_it_cost_a_statement(shop: Company) -> None:
    counted = Counted(shop)

    def sent(what: str, **values: object) -> int:
        shop.create(shop.session(), what, **values)
        counted.sent()
        shop.create(shop.session(), what, **values)
        return counted.sent()

    assert sent("deal", name="d") + 2 == sent("order", price=1)
