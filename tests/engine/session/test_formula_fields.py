"""Claims about computed fields in lists, conditions, orders, groups and figures, on either database."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest

from engine.mutation import Create
from engine.planner import read_plan
from engine.query import Aggregate, Function, Measure
from formula.number import add, divide
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.record import Record
    from tests.postgres import Server

OFFER = """
object: offer
label: Offer
plural: Offers
title: name
fields:
  name: {type: text, label: Name}
  code: {type: integer, label: Code}
  account: {type: lookup, label: Account, to: account, on_delete: set_null}
  price: {type: number, label: Price, precision: 18, scale: 2}
  rate: {type: number, label: Rate, precision: 18, scale: 8}
  halved: {type: boolean, label: Halved}
  day: {type: date, label: Day}
  seen: {type: datetime, label: Seen}
  net: {type: formula, label: Net, returns: number, scale: 2, formula: price - code}
  ratio: {type: formula, label: Ratio, returns: number, scale: 2, formula: price / code}
  huge: {type: formula, label: Huge, returns: number, scale: 2, formula: price * 1000000000000}
  mixed: {type: formula, label: Mixed, returns: number, scale: 2, formula: 'IF(halved, 1.5, rate)'}
  cubed: {type: formula, label: Cubed, returns: number, scale: 2, formula: ratio * ratio * ratio}
  place: {type: formula, label: Place, returns: text, formula: 'account.name & "/" & name'}
  both: {type: formula, label: Both, returns: text, formula: 'account.name & account.code'}
  dear: {type: formula, label: Dear, returns: boolean, formula: net > 10}
  later: {type: formula, label: Later, returns: date, formula: 'ADDMONTHS(day, 1)'}
  soon: {type: formula, label: Soon, returns: datetime, formula: seen + 0.5}
"""
OFFERS = compiled({"objects/offer.yaml": OFFER})
COMPUTED = ("net", "ratio", "huge", "mixed", "cubed", "place", "both", "dear", "later", "soon")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def offers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: Server
) -> Iterator[Company]:
    """A company for all of these tests, which only read, on either kind of database."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('offers') / 't.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(postgres_server.database())
        database = stack.enter_context(closing(open_url(url)))
        yield filled(opened(database, OFFERS))


def filled(company: Company) -> Company:
    """Thirty offers, some of which lack one thing or another."""
    door = company.session()
    accounts = [
        company.create(door, "account", name=name, code=f"c{name}") for name in ("Zoë", "ann", "中文")
    ]
    rows: list[dict[str, Any]] = [
        {
            "name": None if n % 7 == 3 else f"{'Ba'[n % 2]}{n}",
            "code": None if n % 9 == 5 else n % 5 - 2,
            "account": None if n % 4 == 3 else accounts[n % 4 % 3],
            "price": None if n % 6 == 4 else Decimal(n * 37 % 19) + Decimal("0.05"),
            "rate": Decimal("1.50000000") if n % 3 else Decimal("-0.00000001"),
            "halved": n % 4 == 1,
            "day": None if n % 5 == 1 else f"2026-0{n % 3 + 1}-28",
            "seen": None if n % 5 == 2 else f"2026-03-2{n % 9}T20:00:00Z",
        }
        for n in range(30)
    ]
    company.apply(door, "offer", *(Create(values=row) for row in rows))
    return company


def read(company: Company, *order: str, where: str = "") -> list[Record]:
    """All pages of seven offers, one after another."""
    session = company.session()
    query = company.query(session, "offer", "id", *COMPUTED, order=order, where=where, limit=7)
    page = session.query(query)
    found = list(page.records)
    while page.next is not None:
        page = session.query(replace(query, after=page.next))
        found += page.records
    return found


def backwards(company: Company, *order: str) -> list[Record]:
    """The same, from the last page to the first."""
    session = company.session()
    query = company.query(session, "offer", "id", *COMPUTED, order=order, limit=7)
    page = session.query(query)
    while page.next is not None:
        page = session.query(replace(query, after=page.next))
    found = list(page.records)
    while page.previous is not None:
        page = session.query(replace(query, before=page.previous))
        found = [*page.records, *found]
    return found


def figures(company: Company, *group: str, **measures: str) -> tuple[tuple[Any, ...], ...]:
    """Aggregate all offers."""
    catalog, offer = company.release.catalog, company.release.catalog.object("offer")
    asked = Aggregate(
        object=offer,
        group=tuple(catalog.path(offer, each) for each in group),
        measures=tuple(
            Measure(function=Function(f), path=catalog.path(offer, path)) for f, path in measures.items()
        ),
    )
    return company.session().aggregate(asked)


def test_formulas_of_the_test_have_values_and_blanks(offers: Company) -> None:
    records = read(offers)
    assert len(records) == 30
    for name in COMPUTED:
        values = {record.values[name] for record in records}
        assert len(values) > 2 or name in {"mixed", "dear"}
        assert (None in values) is (name not in {"mixed", "dear", "place"}), name


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", COMPUTED)
def test_pages_over_a_formula_are_in_its_order_with_blanks_last(
    offers: Company, name: str, descending: bool
) -> None:
    """Text by code point, whatever the database's collation; equal values by id."""
    order = f"-{name}" if descending else name
    found = read(offers, order)
    by_id = sorted(read(offers), key=lambda record: record.id)
    filled = [record for record in by_id if record.values[name] is not None]
    blank = [record for record in by_id if record.values[name] is None]
    filled.sort(key=lambda record: record.values[name], reverse=descending)
    if descending:  # a reversed sort keeps equal ones as they were
        assert [r.values[name] for r in found] == [r.values[name] for r in (*filled, *blank)]
    else:
        assert [record.id for record in found] == [record.id for record in (*filled, *blank)]
    assert [record.id for record in backwards(offers, order)] == [record.id for record in found]


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("net > 10", lambda v: v["net"] is not None and v["net"] > 10),
        ("NOT(net > 10)", lambda v: v["net"] is not None and v["net"] <= 10),
        ("ISBLANK(ratio)", lambda v: v["ratio"] is None),
        ("ratio = net", lambda v: v["ratio"] is not None and v["ratio"] == v["net"]),
        ("mixed = 1.5", lambda v: v["mixed"] == Decimal("1.5")),
        ("dear", lambda v: v["dear"]),
        ("NOT(dear)", lambda v: not v["dear"]),
        ('BEGINS(place, "Zo")', lambda v: v["place"].startswith("Zo")),
        ("ISBLANK(both)", lambda v: v["both"] is None),
        ("later = DATE(2026, 3, 31)", lambda v: str(v["later"]) == "2026-03-31"),
        ("DATEVALUE(soon) > DATE(2026, 3, 25)", lambda v: v["soon"] and str(v["soon"])[:10] > "2026-03-25"),
        ("IN(mixed, 1.5, rate)", lambda v: v["mixed"] is not None),
    ],
)
def test_conditions_on_formulas_select_what_their_values_say(
    offers: Company, where: str, holds: Callable[[Mapping[str, Any]], bool]
) -> None:
    found = {record.id for record in read(offers, where=where)}
    assert found == {record.id for record in read(offers) if holds(record.values)}
    assert found or where == "ratio = net"


@pytest.mark.parametrize("name", COMPUTED)
def test_groups_by_a_formula_are_its_values(offers: Company, name: str) -> None:
    """1.50 and 1.5 are one group."""
    counts = Counter(record.values[name] for record in read(offers))
    found = [row[0] for row in figures(offers, name, count="id")]
    assert len(found) == len(set(found))
    assert dict(figures(offers, name, count="id")) == counts


@pytest.mark.parametrize("name", ["net", "ratio", "huge", "mixed", "cubed"])
def test_figures_of_a_formula_are_exact(offers: Company, name: str) -> None:
    """To 38 digits and beyond 64 bits; an average to 32 decimal places."""
    values = [record.values[name] for record in read(offers) if record.values[name] is not None]
    with localcontext(prec=300):
        total = sum(values, Decimal(0))
    kept = add(total, Decimal(0))
    ((*found,),) = figures(offers, sum=name, avg=name, min=name, max=name, count=name, distinct=name)
    assert found == [
        kept,
        divide(kept, Decimal(len(values))),
        min(values),
        max(values),
        len(values),
        len(set(values)),
    ]


def test_what_is_least_and_greatest_of_texts_is_by_code_point(offers: Company) -> None:
    values = [record.values["place"] for record in read(offers)]
    assert figures(offers, min="place", max="place") == ((min(values), max(values)),)


def test_json_shows_the_same_digits_whatever_the_database(offers: Company) -> None:
    """As the formula says them, without needless zeros."""
    shown = {f"{record.values['mixed']:f}" for record in read(offers)}
    assert shown == {"1.5", "-0.00000001"}
    cubed = {f"{record.values['cubed']:f}" for record in read(offers) if record.values["cubed"] is not None}
    assert not any(digits.endswith("0") for digits in cubed if "." in digits)


def test_formulas_of_one_statement_share_their_look_ups(offers: Company) -> None:
    """Three formulas, a column, a condition and an order over one link: one join."""
    session = offers.session()
    query = offers.query(
        session, "offer", "place", "both", "account.name",
        order=["place"], where='account.name <> "x" && place <> both',
    )  # fmt: skip
    plan = read_plan(offers.release, session.policy, query, None)
    assert str(plan.statement.text).count("JOIN") == 1
    assert len(session.query(query).records) == len(read(offers, where='account.name <> "x"'))
