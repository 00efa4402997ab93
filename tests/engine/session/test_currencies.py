"""Claims about amounts in the currencies of their records, and what they are worth to the company."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.mutation import Create, Update
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

RATE = Path(__file__).parents[3].joinpath("apps/platform/objects/currency_rate.yaml").read_text("utf-8")
ORDER = """
object: order
label: Order
plural: Orders
title: name
fields:
  name: {type: text, label: Name}
  currency: {type: text, label: Currency, max: 3}
  price: {type: currency, label: Price, scale: 2}
  costs: {type: currency, label: Costs, scale: 0}
  half: {type: formula, label: Half, returns: currency, formula: price / 2}
  worth: {type: formula, label: Worth, returns: currency, formula: price.company / 2}
"""


@pytest.fixture
def shop(database_url: str) -> Iterator[Company]:
    """A company in China that knows rates for euros, and dollars only from next year on."""
    files = {"objects/currency_rate.yaml": RATE, "objects/order.yaml": ORDER}
    database = open_url(database_url)
    company = opened(database, compiled(files), currency="CNY", time_zone="Asia/Shanghai")
    for code, start, rate in (
        ("EUR", "2025-01-01", "7"), ("EUR", "2026-01-01", "7.8"), ("EUR", "2026-06-01", "9"),
        ("USD", "2027-01-01", "7.1"),
    ):  # fmt: skip
        company.create(company.session(), "currency_rate", code=code, valid_from=start, rate=rate)
    yield company
    database.close()


def _worth(company: Company, record: str) -> tuple[Decimal | None, Decimal | None]:
    door = company.session()
    query = company.query(door, "order", "price.company", "costs.company", where=f'id = "{record}"')
    (found,) = door.query(query).records
    return found.values["price.company"], found.values["costs.company"]


def test_an_amount_is_worth_the_newest_rate_that_is_valid(shop: Company) -> None:
    made = shop.create(shop.session(), "order", currency="EUR", price="100.01", costs="3")
    assert _worth(shop, made) == (Decimal("780.08"), Decimal(23))


@pytest.mark.parametrize("currency", [None, "CNY"])
def test_the_company_s_own_currency_needs_no_rate_and_no_statement(
    shop: Company, currency: str | None
) -> None:
    shop.create(shop.session(), "order", price=1)
    counted = Counted(shop)
    made = shop.create(shop.session(), "order", currency=currency, price="5.50")
    own = counted.sent()
    assert _worth(shop, made) == (Decimal("5.50"), None)
    counted.sent()
    shop.create(shop.session(), "order", currency="EUR", price="5.50")
    assert counted.sent() == own + 1


def test_rates_of_a_batch_are_read_in_one_statement(shop: Company) -> None:
    door, counted = shop.session(), Counted(shop)

    def sent(size: int) -> int:
        counted.sent()
        values = [{"price": n, "currency": ("EUR", "CNY")[n % 2]} for n in range(size)]
        shop.apply(door, "order", *(Create(values=each) for each in values))
        return counted.sent()

    assert sent(2) == sent(40)


def test_a_missing_rate_refuses_at_the_currency_and_says_the_mend(shop: Company) -> None:
    with pytest.raises(Problem) as refused:
        shop.create(shop.session(), "order", currency="USD", price=1, costs=2)
    (detail,) = refused.value.details
    assert (detail.field, detail.code) == ("currency", "P125")
    assert "USD to CNY" in detail.message
    assert "currency rate" in detail.hint
    shop.create(shop.session(), "order", currency="USD")  # nothing is worth anything here


def test_one_row_without_a_rate_is_refused_alone_in_a_partial_batch(shop: Company) -> None:
    rows = [Create(values={"currency": code, "price": 1}) for code in ("EUR", "USD", None)]
    result = shop.apply(shop.session(), "order", *rows, partial=True)
    assert [problem is None for problem in result.problems] == [True, False, True]


def test_the_worth_follows_the_amount_and_the_currency_and_nothing_else(shop: Company) -> None:
    door = shop.session()
    made = shop.create(door, "order", currency="EUR", price=10)
    shop.later(days=120)  # the rate is 9 by now
    shop.update(door, "order", made, name="a")
    assert _worth(shop, made) == (Decimal("78.00"), None)
    shop.update(door, "order", made, price=20)
    assert _worth(shop, made) == (Decimal("180.00"), None)
    shop.update(door, "order", made, currency="CNY")
    assert _worth(shop, made) == (Decimal("20.00"), None)
    shop.update(door, "order", made, price=None)
    assert _worth(shop, made) == (None, None)


def test_the_rate_entered_last_for_a_day_counts(shop: Company) -> None:
    shop.later(minutes=1)
    shop.create(shop.session(), "currency_rate", code="EUR", valid_from="2026-01-01", rate="8")
    assert _worth(shop, shop.create(shop.session(), "order", currency="EUR", price=1))[0] == 8


def test_a_deleted_rate_does_not_count(shop: Company) -> None:
    door, target = shop.session(), shop.release.catalog.object("currency_rate")
    rates = door.query(shop.query(door, "currency_rate", where="rate > 7.5 && rate < 8")).records
    for rate in rates:
        shop.delete(door, target.name, rate.id)
    assert _worth(shop, shop.create(door, "order", currency="EUR", price=1))[0] == 7


def test_an_amount_too_large_for_the_company_is_refused(shop: Company) -> None:
    with pytest.raises(Problem):
        shop.create(shop.session(), "order", currency="EUR", price="9999999999999999.99")


def _figures(company: Company, function: str, path: str, *group: str) -> tuple[tuple[object, ...], ...]:
    target = company.release.catalog.object("order")
    paths = tuple(company.release.catalog.path(target, name) for name in (path, *group))
    measures = (Measure(function=Function(function), path=paths[0]),)
    return company.session().aggregate(Aggregate(object=target, group=paths[1:], measures=measures))


def test_figures_are_in_the_company_s_currency_or_split(shop: Company) -> None:
    for currency, price in (("EUR", 10), ("CNY", 100), (None, 1), ("EUR", 5)):
        shop.create(shop.session(), "order", currency=currency, price=price)
    assert _figures(shop, "sum", "price") == ((Decimal(218),),)
    assert _figures(shop, "max", "price") == ((Decimal(100),),)
    assert _figures(shop, "count", "price") == ((4,),)
    assert _figures(shop, "sum", "price", "currency") == (("CNY", 100), ("EUR", 15), (None, 1))
    assert _figures(shop, "sum", "worth") == ((Decimal(109),),)


def test_a_computed_amount_in_own_currencies_is_split_or_refused(shop: Company) -> None:
    shop.create(shop.session(), "order", currency="EUR", price=10)
    with pytest.raises(Problem, match="own currency"):
        _figures(shop, "sum", "half")
    assert _figures(shop, "sum", "half", "currency") == (("EUR", 5),)


def test_an_object_without_currencies_is_added_as_it_is(shop: Company) -> None:
    shop.create(shop.session(), "deal", name="a", amount=3, cost=1)
    target = shop.release.catalog.object("deal")
    margin = shop.release.catalog.path(target, "margin")
    asked = Aggregate(object=target, measures=(Measure(function=Function.SUM, path=margin),))
    assert shop.session().aggregate(asked) == ((Decimal(2),),)


def test_an_update_by_version_keeps_the_worth_of_what_it_does_not_name(shop: Company) -> None:
    made = shop.create(shop.session(), "order", currency="EUR", price=10, costs=5)
    shop.apply(shop.session(), "order", Update(id=made, version=1, values={"costs": "6"}))
    assert _worth(shop, made) == (Decimal("78.00"), Decimal(47))
