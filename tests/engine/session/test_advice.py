"""Claims about advice of indexes: it names the one that the list then uses, and is silent where one leads."""

from typing import Any

import pytest

from engine.advice import advice, lacking
from engine.database import Database
from engine.mutation import Create
from engine.planner import read_plan
from metadata.catalog import Order
from tests.engine.session.company import FILES, Company, compiled, opened

ROWS = 400
CASES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # condition, order, the fields of the index that is proposed
    ('stage = "open"', "closes", ("stage", "closes")),
    ('stage = "open" && closes > DATE(2026, 1, 1)', "", ("stage", "closes")),
    ('stage = "open"', "reason", ("stage",)),
    ("closes > DATE(2026, 1, 1)", "", ()),  # walked in the order of the list
    ("closes > DATE(2026, 1, 1)", "closes", ("closes",)),
    ("", "closes", ("closes",)),
    ('reason = "x" && amount > 5', "name", ()),  # the title's index leads the way
    ("owner = $user.id", "closes", ()),  # links have theirs
    ('account = "0190f2d3-0000-7000-8000-00000000000c"', "", ()),
    ('stage = "open" || closes > DATE(2026, 1, 1)', "", ()),  # no index finds either of two
    ('NOT(stage = "open")', "", ()),
    ("", "account", ()),  # the title of another record
    ("", "stage", ()),  # the place of an option
    ("", "margin", ()),  # computed
    ("", "", ()),
)


def asked(company: Company, where: str, order: str) -> tuple[Any, Any, tuple[Order, ...]]:
    catalog, deal = company.release.catalog, company.release.catalog.object("deal")
    expr = company.session().condition(deal, where) if where else None
    return deal, expr, (Order(path=catalog.path(deal, order)),) if order else ()


@pytest.mark.parametrize(("where", "order", "wanted"), CASES)
def test_advice_names_what_is_compared_and_sorted_by_and_has_no_index(
    company: Company, where: str, order: str, wanted: tuple[str, ...]
) -> None:
    assert lacking(company.release, *asked(company, where, order)) == wanted


@pytest.mark.parametrize(("where", "order", "wanted"), [case for case in CASES if case[2]])
def test_the_index_that_is_proposed_is_the_one_that_the_list_uses(
    database: Database, where: str, order: str, wanted: tuple[str, ...]
) -> None:
    deal = f"{FILES['objects/deal.yaml']}indexes: [[{', '.join(wanted)}]]\n"
    company = opened(database, compiled({"objects/deal.yaml": deal}))
    session = company.session()
    rows = (
        {"name": f"d{n}", "stage": "open" if n % 20 == 0 else "won", "closes": f"20{n % 60 + 20:02}-01-05"}
        for n in range(ROWS)
    )
    company.apply(session, "deal", *(Create(values=row) for row in rows))
    assert lacking(company.release, *asked(company, where, order)) == ()
    query = company.query(session, "deal", "name", where=where, order=[order] if order else [])
    plan = read_plan(company.release, session.policy, query, None).statement
    given = plan.params({**session.reader().params(query), "row_limit": 51})
    assert f"ix_deal.{'.'.join(wanted)}" in explained(company, plan.text, given)


def explained(company: Company, text: str, params: Any) -> str:
    """What the database means to do; PostgreSQL as for a table that is large."""
    with company.database.write() as connection:
        if company.release.dialect.sqlite:
            return str(connection.rows(f"EXPLAIN QUERY PLAN {text}", params))
        connection.run("SET LOCAL enable_seqscan = off")
        return str(connection.rows(f"EXPLAIN {text}", params))


def test_a_small_table_needs_no_advice(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.apply(company.session(), "deal", *(Create(values={"name": f"d{n}"}) for n in range(4)))
    question = asked(company, 'stage = "open"', "closes")
    with company.database.read() as connection:
        assert advice(company.release, connection, *question) is None
        monkeypatch.setattr("engine.advice.BIG", 3)
        found = advice(company.release, connection, *question)
    assert found is not None
    assert found.describe("mine").startswith("view deal.mine filters or sorts more than 3 records")
    assert found.line == "indexes: [[stage, closes]]"
