"""Claims about amounts that follow the rates until the day that freezes theirs has passed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.changes.undo import undo
from engine.mutation import Create
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from engine.revaluation import Revalued, due, revalue
from engine.session import Session
from tests.engine.session.company import START, Company, compiled, opened
from tests.engine.session.conftest import open_url

RATE = Path(__file__).parents[3].joinpath("apps/platform/objects/currency_rate.yaml").read_text("utf-8")
OFFER = """
object: offer
label: Offer
plural: Offers
title: name
money: {rate_date: closes}
fields:
  name: {type: text, label: Name}
  currency: {type: text, label: Currency, max: 3}
  price: {type: currency, label: Price, scale: 3}
  closes: {type: date, label: Closes}
rules:
  closed: {when: 'name = "closed" && NOT(ISNEW())', message: It is closed.}
"""
TODAY = START.date()


@pytest.fixture
def shop(database_url: str) -> Iterator[Company]:
    """A company in China; a euro is worth 7 since last year."""
    database = open_url(database_url)
    catalog = compiled({"objects/currency_rate.yaml": RATE, "objects/offer.yaml": OFFER})
    company = opened(database, catalog, currency="CNY", time_zone="Asia/Shanghai")
    _rate(company, "EUR", date(2025, 1, 1), "7")
    yield company
    database.close()


def _rate(company: Company, code: str, start: date, rate: str) -> None:
    company.create(company.session(), "currency_rate", code=code, valid_from=start, rate=rate)


def _offer(company: Company, price: str = "10", closes: date | None = None, **more: str) -> str:
    values = {"currency": "EUR", **more}
    return company.create(company.session(), "offer", price=price, closes=closes, **values)


def _worth(company: Company, record: str) -> Any:
    path = company.release.catalog.path(company.release.catalog.object("offer"), "price.company")
    return company.session().get(path.field.object, record, (path,)).values["price.company"]


def _next_day(company: Company) -> Revalued:
    company.later(days=1)
    return revalue(company.session())


def _changes(done: Revalued) -> int:
    return sum(done.records.values())


def test_an_amount_follows_until_its_day_and_is_frozen_from_then_on(shop: Company) -> None:
    soon, never, past = (_offer(shop, closes=day) for day in (TODAY + timedelta(2), None, TODAY))
    for day, rate in ((1, "8"), (2, "9"), (3, "10")):
        _rate(shop, "EUR", TODAY + timedelta(day), rate)
    seen = [[_worth(shop, each) for each in (soon, never, past)]]
    for _ in range(3):
        _next_day(shop)
        seen.append([_worth(shop, each) for each in (soon, never, past)])
    assert seen == [[70, 70, 70], [80, 80, 70], [90, 90, 70], [90, 100, 70]]


def test_nights_on_which_no_worker_ran_are_made_up_for(shop: Company) -> None:
    made = _offer(shop, closes=TODAY + timedelta(2))
    for day, rate in ((2, "9"), (3, "10")):
        _rate(shop, "EUR", TODAY + timedelta(day), rate)
    shop.later(days=5)
    revalue(shop.session())
    assert _worth(shop, made) == 90


def test_a_rate_entered_late_counts_until_the_day_has_passed(shop: Company) -> None:
    made = _offer(shop, closes=TODAY)
    revalue(shop.session())
    _rate(shop, "EUR", TODAY, "8")
    assert (_changes(_next_day(shop)), _worth(shop, made)) == (1, 80)
    shop.later(minutes=1)
    _rate(shop, "EUR", TODAY, "9")
    assert (_changes(_next_day(shop)), _worth(shop, made)) == (0, 80)


def test_a_changed_amount_takes_the_rate_of_its_day(shop: Company) -> None:
    made = _offer(shop, closes=TODAY)
    _rate(shop, "EUR", TODAY + timedelta(1), "8")
    _next_day(shop)
    shop.update(shop.session(), "offer", made, price="20")
    assert _worth(shop, made) == 140
    shop.update(shop.session(), "offer", made, closes=TODAY + timedelta(1))
    assert _worth(shop, made) == 160


def test_it_is_one_change_set_that_starts_no_flow_and_asks_no_rule_and_no_version(shop: Company) -> None:
    made = [_offer(shop, name="closed") for _ in range(3)]
    target = shop.release.catalog.object("offer")
    _rate(shop, "EUR", TODAY + timedelta(1), "8")
    before = shop.session().get(target, made[0])
    done = _next_day(shop)
    assert (done.records, done.refused) == ({target: 3}, 0)
    after = shop.session().get(target, made[0])
    assert {name for name, value in after.values.items() if value != before.values[name]} <= {"price.company"}
    (newest, _) = shop.session().history(target, made[0])
    assert (newest.kind, newest.version) == ("derived", 1)
    assert newest.change_set.id == done.change_set
    with shop.database.read() as connection:
        ((automation, entry),) = connection.rows(
            "SELECT automation, entry FROM s_change_set WHERE entry = 'rates'"
        )
    assert (bool(automation), entry) == (False, "rates")


def test_the_journal_tells_what_an_amount_was_worth(shop: Company) -> None:
    made = _offer(shop)
    _rate(shop, "EUR", TODAY + timedelta(1), "8")
    _next_day(shop)
    (newest, first) = shop.session().history(shop.release.catalog.object("offer"), made)
    assert [(each.field.name, each.part, each.old, each.new) for each in newest.fields] == [
        ("price", "company", 70, 80)
    ]
    assert ("price", "company", None, 70) in [(e.field.name, e.part, e.old, e.new) for e in first.fields]


def test_a_revaluation_hinders_no_undo_of_what_was_before(shop: Company) -> None:
    result = shop.apply(shop.session(), "offer", Create(values={"currency": "EUR", "price": "10"}))
    _rate(shop, "EUR", TODAY + timedelta(1), "8")
    _next_day(shop)
    undone = undo(shop.session(), result.change_set)
    assert (undone.refused, [target.name for target, _ in undone.records]) == (0, ["offer"])


def test_one_that_was_broken_off_goes_on_in_its_change_set(
    shop: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [_offer(shop) for _ in range(5)]
    _rate(shop, "EUR", TODAY + timedelta(1), "8")
    shop.later(days=1)
    session = shop.session()
    monkeypatch.setattr("engine.changes.undertaking.CHUNK", 2)
    applied, apply = [0], Session.apply

    def break_off(self: Session, *args: object) -> object:
        applied[0] += 1
        if applied[0] == 2:
            raise KeyboardInterrupt
        return apply(self, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Session, "apply", break_off)
        with pytest.raises(KeyboardInterrupt):
            revalue(session)
    assert due(session)
    assert _changes(revalue(session)) == 3
    assert not due(session)
    assert {_worth(shop, each) for each in made} == {Decimal(80)}
    with shop.database.read() as connection:
        ((sets,),) = connection.rows("SELECT COUNT(*) FROM s_change_set WHERE entry = 'rates'")
    assert sets == 1


def test_what_has_no_rate_any_more_stays_and_is_counted(shop: Company) -> None:
    made = _offer(shop)
    (rate,) = shop.session().query(shop.query(shop.session(), "currency_rate")).records
    shop.delete(shop.session(), "currency_rate", rate.id)
    assert (_next_day(shop).refused, _worth(shop, made)) == (1, 70)


def test_a_record_from_the_bin_is_worth_what_it_would_be(shop: Company) -> None:
    open_, frozen = _offer(shop), _offer(shop, closes=TODAY - timedelta(1))
    for record in (open_, frozen):
        shop.delete(shop.session(), "offer", record)
    _rate(shop, "EUR", TODAY - timedelta(2), "7.5")
    _rate(shop, "EUR", TODAY + timedelta(1), "8")
    _next_day(shop)
    for record in (open_, frozen):
        shop.restore(shop.session(), "offer", record)
    assert [_worth(shop, record) for record in (open_, frozen)] == [80, 70]


@pytest.mark.parametrize(
    ("code", "good", "bad"), [("JPY", "100", "100.5"), ("EUR", "1.25", "1.255"), ("KWD", "1.255", None)]
)
def test_an_amount_has_the_decimals_of_its_currency(
    shop: Company, code: str, good: str, bad: str | None
) -> None:
    if code != "EUR":
        _rate(shop, code, date(2025, 1, 1), "0.05")
    _offer(shop, good, currency=code)
    if bad is not None:
        with pytest.raises(Problem) as refused:
            _offer(shop, bad, currency=code)
        assert [detail.field for detail in refused.value.details] == ["price"]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_whatever_happens_worth_is_the_rounded_product_and_the_frozen_stays(shop: Company, seed: int) -> None:
    """A model beside the company: after each night every open offer has the worth of that day, every frozen
    one what it had, and the company's sum is the sum of all."""
    random, rates, model = (
        Random(seed),
        {date(2025, 1, 1): Decimal(7)},
        dict[str, tuple[Decimal, date]](),
    )
    frozen: dict[str, Decimal] = {}
    target = shop.release.catalog.object("offer")
    measure = Measure(function=Function.SUM, path=shop.release.catalog.path(target, "price"))
    for night in range(6 if seed == 1 else 60):
        today = TODAY + timedelta(night)
        for _ in range(3):
            price, closes = (
                Decimal(random.randrange(1, 10**6)).scaleb(-2),
                today + timedelta(random.randrange(-3, 4)),
            )
            model[_offer(shop, str(price), closes)] = price, closes
        start = today + timedelta(random.randrange(3))
        if start not in rates:
            rates[start] = Decimal(random.randrange(10**7, 10**9)).scaleb(-8)
            _rate(shop, "EUR", start, str(rates[start]))
        _next_day(shop)
        today += timedelta(1)
        for record, (price, closes) in model.items():
            day = min(closes, today)
            valid = rates[max(start for start in rates if start <= day)]
            right = (price * valid).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
            assert _worth(shop, record) == frozen.get(record, right)
            if closes < today:
                frozen.setdefault(record, right)
        ((total,),) = shop.session().aggregate(Aggregate(object=target, measures=(measure,)))
        assert total == sum(_worth(shop, record) for record in model)
