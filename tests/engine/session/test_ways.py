"""Lists of large tables: gathered for who sees few, walked for who sees many; the same pages either way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from engine.estimate import LASTS, MOST_KEPT, Estimates, estimate, estimates
from engine.mutation import Create, Delete
from engine.paging import Way
from engine.planner import read_plan
from engine.query import Aggregate, Function, Measure
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from engine.database import Params
    from engine.query import Page, Query
    from engine.session import Session
    from tests.engine.session.company import Company

ASKED: tuple[tuple[list[str], str | None], ...] = (
    (["name"], None),
    (["-amount"], 'stage = "open"'),
    (["account", "-closes"], "amount > 40 || ISBLANK(amount)"),
    (["-partner.name"], 'account.name = "a1"'),
    ([], None),
)
READERS = (
    ("ann", "s_departments"),
    ("bob", "s_below"),
    ("bob", "s_department"),
    ("cy", "s_own"),
    ("dee", "s_all"),
)


@pytest.fixture
def deals(company: Company) -> Company:
    """Ninety deals of four owners, with ties and blanks in what they are sorted by; some are deleted."""
    chance, system = random.Random(5), company.session()
    accounts = [company.create(system, "account", name=f"a{n}", owner=company.ids["bob"]) for n in range(4)]
    rows = [
        Create(
            values={
                "name": f"deal {chance.randrange(40)}",
                "owner": company.ids[chance.choice(("ann", "bob", "cy", "dee"))],
                "account": chance.choice((None, *accounts)),
                "partner": chance.choice((None, *accounts)),
                "amount": chance.choice((None, 10, 50, 90)),
                "closes": chance.choice((None, "2026-04-01", "2026-05-01")),
            }
        )
        for _ in range(90)
    ]
    made = company.apply(system, "deal", *rows)
    gone = [record.id for record in made.records if record is not None][::9]
    company.apply(system, "deal", *(Delete(id=each) for each in gone))
    return company


def _ruled(company: Company, way: Way) -> None:
    """From now on lists find their rows this way."""
    kept = estimates(company.release)
    kept.big = 10**9 if way is Way.PLAIN else 0
    kept.steepness = 10**9 if way is Way.GATHER else 0


def _pages(company: Company, session: Session, query: Query, *ways: Way) -> list[object]:
    """All pages there, each found in the next of `ways`, and back again."""
    pages: list[Page] = []
    for way in cycle(ways):
        _ruled(company, way)
        pages.append(session.query(replace(query, after=pages[-1].next if pages else None)))
        if pages[-1].next is None:
            break
    pages += [session.query(replace(query, before=each.previous)) for each in pages if each.previous]
    return [([(r.id, r.values) for r in page.records], page.count) for page in pages]


@pytest.mark.parametrize(("who", "scope"), READERS)
def test_pages_are_the_same_in_every_way_and_cursors_lead_from_one_to_another(
    deals: Company, who: str, scope: str
) -> None:
    session = deals.session(who, scope)
    for order, where in ASKED:
        query = deals.query(
            session, "deal", "name", "account.name", order=order, where=where, limit=12, count=True
        )
        plain = _pages(deals, session, query, Way.PLAIN)
        for ways in ((Way.GATHER,), (Way.WALK,), (Way.GATHER, Way.WALK)):
            assert _pages(deals, session, query, *ways) == plain, (order, where, ways)


@pytest.mark.parametrize(("who", "scope"), READERS)
def test_figures_are_the_same_in_every_way(deals: Company, who: str, scope: str) -> None:
    session, target = deals.session(who, scope), deals.release.catalog.object("deal")
    amount = Measure(function=Function.SUM, path=deals.release.catalog.path(target, "amount"))
    asked = Aggregate(
        object=target,
        group=(deals.release.catalog.path(target, "account.name"),),
        measures=(Measure(function=Function.COUNT), amount),
    )
    answers = []
    for way in Way:
        _ruled(deals, way)
        answers.append(session.aggregate(asked))
    assert answers[0]
    assert answers == [answers[0]] * len(Way)


def test_who_sees_few_of_a_large_table_has_them_gathered_and_who_sees_many_a_walk(deals: Company) -> None:
    kept = estimates(deals.release)
    kept.big = 0
    with deals.database.read() as connection:
        reader = deals.session("cy", "s_own").reader()
        found = estimate(reader, connection, deals.release.catalog.object("deal"))
    assert found is not None
    kept.steepness = (found.seen + 2) ** 2 // found.rows
    ways = [_way(deals, who, scope) for who, scope in READERS]
    assert ways == [Way.WALK, Way.WALK, Way.WALK, Way.GATHER, Way.PLAIN]
    kept.big = 10**9
    assert _way(deals, "cy", "s_own") is Way.PLAIN


def _way(company: Company, who: str, scope: str) -> Way:
    session = company.session(who, scope)
    reader = session.reader()
    with company.database.read() as connection:
        return reader.way(connection, company.query(session, "deal", "name"))


def test_an_estimate_costs_two_statements_once_in_a_while_and_none_in_between(deals: Company) -> None:
    counted = Counted(deals)
    _ruled(deals, Way.GATHER)
    cy, bob = deals.session("cy", "s_own"), deals.session("bob", "s_below")

    def sent(session: Session) -> int:
        counted.sent()
        session.query(deals.query(session, "deal", "name", order=["name"]))
        return counted.sent()

    assert [sent(cy), sent(cy), sent(bob), sent(bob)] == [3, 1, 2, 1]
    deals.now += LASTS
    assert [sent(cy), sent(cy)] == [3, 1]


def test_what_is_kept_is_bounded() -> None:
    kept, now = Estimates(), datetime(2026, 3, 4, tzinfo=UTC)
    for n in range(MOST_KEPT + 1):
        kept.figure(n, now, lambda: 1)
    assert [kept.figure(n, now, lambda: 2) for n in (0, MOST_KEPT)] == [2, 1]
    assert kept.figure(MOST_KEPT, now + LASTS - timedelta(seconds=1), lambda: 2) == 1
    assert kept.figure(MOST_KEPT, now + LASTS, lambda: 2) == 2


def test_a_walk_follows_the_order_and_a_gathering_the_rule(deals: Company) -> None:
    """Whatever indexes there are, and whatever statistics."""
    session = deals.session("bob", "s_below")
    query = deals.query(session, "deal", "account.name", order=["name"])
    plans = {}
    for way in (Way.GATHER, Way.WALK):
        statement = read_plan(deals.release, session.policy, query, None, way).statement
        reader = session.reader()
        plans[way] = _explained(
            deals, statement.text, statement.params({**reader.params(query), "row_limit": 5})
        )
    owner, order = '"ix_deal.owner"', '"ix_deal.name__sort.id"'
    assert owner.strip('"') in plans[Way.GATHER]
    assert order.strip('"') in plans[Way.WALK]
    assert owner.strip('"') not in plans[Way.WALK]


def _explained(company: Company, text: str, params: Params) -> str:
    """What the database means to do; PostgreSQL as for a table that is large."""
    if company.database.dialect.sqlite:
        with company.database.read() as connection:
            return "\n".join(str(row[3]) for row in connection.rows(f"EXPLAIN QUERY PLAN {text}", params))
    with company.database.write() as connection:
        connection.run("SET LOCAL enable_seqscan = off")
        connection.run("SET LOCAL enable_sort = off")
        return "\n".join(str(row[0]) for row in connection.rows(f"EXPLAIN {text}", params))
