"""Claims about objects that are the answer to a query: read like any other, written by nobody."""

from datetime import date
from decimal import Decimal

import pytest

from engine import codes
from engine.access import Action
from engine.database import Database
from engine.ids import canonical_id
from engine.mutation import Create, Delete, Update
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from engine.session import Session
from formula.issue import Rejected
from metadata.codes import QUERY
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.test_statements import Counted

OPEN = """
object: open_deal
label: Open deal
plural: Open deals
title: name
query: {from: deal, where: 'stage <> "lost"'}
fields:
  name: {type: text, label: Name, value: name, searchable: true}
  shout: {type: text, label: Shout, value: 'UPPER(name) & "!"'}
  account: {type: lookup, label: Account, to: account, value: account}
  city: {type: text, label: Account's name, value: account.name}
  stage: {type: picklist, label: Stage, value: stage, options: {open: {label: Open}, won: {label: Won}}}
  expected: {type: number, label: Expected, scale: 2, value: amount * stage.probability}
  amount: {type: currency, label: Amount, scale: 2, value: amount}
  closes: {type: date, label: Closes, value: closes}
  big: {type: boolean, label: Big, value: amount > 100}
  double: {type: formula, label: Double, returns: number, scale: 2, formula: expected * 2}
"""
BY_ACCOUNT = """
object: account_sum
label: Sum
plural: Sums
title: name
query: {from: deal, where: 'stage <> "lost"', group: [account, account.name]}
fields:
  account: {type: lookup, label: Account, to: account, value: account}
  name: {type: text, label: Name, value: account.name}
  deals: {type: integer, label: Deals, function: count}
  named: {type: integer, label: With amount, function: count, value: amount}
  total: {type: number, label: Total, scale: 2, function: sum, value: amount * 2}
  mean: {type: number, label: Mean, scale: 3, function: avg, value: amount}
  first: {type: date, label: First, function: min, value: closes}
  last: {type: text, label: Last, function: max, value: name}
"""
TOTAL = """
object: total
label: Total
plural: Totals
query: {from: deal}
fields:
  deals: {type: integer, label: Deals, function: count}
  most: {type: number, label: Most, scale: 2, function: max, value: amount}
"""
GRANTS = """
permission_set: s_queries
label: Queries
objects:
  open_deal: {create: true, read: own, update: all, delete: all, fields: {"*": edit, shout: none}}
  account_sum: {read: own, fields: {"*": read}}
  account: {create: false, read: own, update: none, delete: none, fields: {"*": read}}
"""
FILES = {
    "objects/open_deal.yaml": OPEN,
    "objects/account_sum.yaml": BY_ACCOUNT,
    "objects/total.yaml": TOTAL,
    "permissions/queries.yaml": GRANTS,
}
QUERIES = compiled(FILES)


@pytest.fixture
def answers(database: Database) -> Company:
    """Deals of bob's and dee's over two accounts, and one lost."""
    company = opened(database, QUERIES)
    door, ids = company.session(), company.ids
    acme = company.create(door, "account", name="Acme", owner=ids["dee"])
    zeta = company.create(door, "account", name="Zeta", owner=ids["bob"])
    for name, account, amount, stage, owner in (
        ("a1", acme, "100.10", "open", "bob"),
        ("a2", acme, "300.05", "won", "dee"),
        ("a3", acme, None, "open", "bob"),
        ("z1", zeta, "50.00", "open", "bob"),
        ("z2", zeta, "70.00", "lost", "bob"),
        ("n1", None, "7.00", "open", "dee"),
    ):
        company.create(
            door, "deal", name=name, account=account, amount=amount, stage=stage, owner=ids[owner],
            reason="x", closes=f"2026-05-{10 + len(ids) % 10}",
        )  # fmt: skip
    return company


def rows(
    company: Company, session: Session, what: str, *fields: str, **more: object
) -> list[tuple[object, ...]]:
    """The values of the records that a session sees."""
    found = session.query(company.query(session, what, *fields, **more)).records  # type: ignore[arg-type]
    return [tuple(record.values[field] for field in fields) for record in found]


def test_a_query_shows_what_its_formulas_say_of_each_record_of_the_source(answers: Company) -> None:
    door = answers.session()
    fields = ("name", "shout", "city", "stage", "expected", "big", "double")
    assert rows(answers, door, "open_deal", *fields, order=["-name"]) == [
        ("z1", "Z1!", "Zeta", "open", Decimal("5.00"), False, Decimal("10.00")),
        ("n1", "N1!", None, "open", Decimal("0.70"), False, Decimal("1.40")),
        ("a3", "A3!", "Acme", "open", None, False, None),
        ("a2", "A2!", "Acme", "won", Decimal("300.05"), True, Decimal("600.10")),
        ("a1", "A1!", "Acme", "open", Decimal("10.01"), True, Decimal("20.02")),
    ]  # fmt: skip


def test_its_records_have_the_ids_and_the_owners_of_the_source(answers: Company) -> None:
    door, target = answers.session(), answers.release.catalog.object("open_deal")
    record = door.get(target, answers.ids["a1"])
    assert (record.id, record.values["owner"], record.version) == (answers.ids["a1"], answers.ids["bob"], 1)
    assert record.values["account.title"] == "Acme"
    assert (record.values["closes"], record.values["deleted_at"]) == (date(2026, 5, 19), None)
    with pytest.raises(Problem) as lost:
        door.get(target, answers.ids["z2"])
    assert lost.value.status == 404


def test_filters_order_pages_words_and_figures_work_on_it(answers: Company) -> None:
    door = answers.session()
    assert answers.names(door, "open_deal", where='expected > 1 && city = "Acme"') == ["a1", "a2"]
    assert answers.names(door, "open_deal", where='account.name = "Zeta" || ISBLANK(account)') == ["n1", "z1"]
    assert answers.names(door, "open_deal", find="Z1") == ["z1"]
    for order in ("expected", "-city", "account", "stage", "closes", "name", "shout", "big"):
        page = door.query(answers.query(door, "open_deal", "name", order=[order], limit=2, count=True))
        names = [record.values["name"] for record in page.records]
        while page.next:
            page = door.query(
                answers.query(door, "open_deal", "name", order=[order], limit=2, after=page.next)
            )
            names += [record.values["name"] for record in page.records]
        assert names == answers.names(door, "open_deal", order=[order]), order
        assert sorted(map(str, names)) == ["a1", "a2", "a3", "n1", "z1"]
    target = answers.release.catalog.object("open_deal")
    path = answers.release.catalog.path
    asked = Aggregate(
        object=target,
        group=(path(target, "city"),),
        measures=(
            Measure(function=Function.COUNT),
            Measure(function=Function.SUM, path=path(target, "expected")),
        ),
    )
    assert door.aggregate(asked) == (
        ("Acme", 3, Decimal("310.06")), ("Zeta", 1, Decimal("5.00")), (None, 1, Decimal("0.70")),
    )  # fmt: skip
    assert door.tally((target.fields["account"],), answers.ids["Acme"]) == (3,)


def test_a_group_is_one_record_with_figures_and_a_lasting_id(answers: Company) -> None:
    door = answers.session()
    fields = ("name", "deals", "named", "total", "mean", "first", "last")
    found = rows(answers, door, "account_sum", *fields, order=["name"])
    assert found == [
        ("Acme", 3, 2, Decimal("800.30"), Decimal("200.075"), date(2026, 5, 10), "a3"),
        ("Zeta", 1, 1, Decimal("100.00"), Decimal("50.000"), date(2026, 5, 12), "z1"),
        (None, 1, 1, Decimal("14.00"), Decimal("7.000"), date(2026, 5, 14), "n1"),
    ]
    records = door.query(answers.query(door, "account_sum", "name", "account", order=["-total"])).records
    assert [record.values["account.title"] for record in records] == ["Acme", "Zeta", None]
    assert len({record.id for record in records}) == 3
    assert all(canonical_id(record.id) == record.id for record in records)
    answers.update(door, "deal", answers.ids["a1"], amount=1)
    target = answers.release.catalog.object("account_sum")
    assert door.get(target, records[0].id).values["total"] == Decimal("602.10")
    assert rows(answers, door, "account_sum", "name", where="deals > 1") == [("Acme",)]
    assert door.query(answers.query(door, "account_sum", "name", count=True, limit=1)).count.number == 3  # type: ignore[union-attr]


def test_without_a_group_there_is_one_record_even_of_nothing(answers: Company) -> None:
    door = answers.session()
    assert rows(answers, door, "total", "deals", "most") == [(6, Decimal("300.05"))]
    for name in ("a1", "a2", "a3", "z1", "z2", "n1"):
        answers.delete(door, "deal", answers.ids[name])
    assert rows(answers, door, "total", "deals", "most") == [(0, None)]
    assert rows(answers, door, "account_sum", "name") == []


def test_its_own_grants_say_who_reads_what_of_it(answers: Company) -> None:
    bob = answers.session("bob", "s_queries")
    assert answers.names(bob, "open_deal") == ["a1", "a3", "z1"]
    # The maker's formula shows the name; the reader's own path ends at an account that she may not see.
    assert rows(answers, bob, "open_deal", "name", "city", "account.name", order=["name"]) == [
        ("a1", "Acme", None), ("a3", "Acme", None), ("z1", "Zeta", "Zeta"),
    ]  # fmt: skip
    with pytest.raises(Problem):
        rows(answers, bob, "open_deal", "shout")
    assert rows(answers, bob, "account_sum", "name") == []
    with pytest.raises(Problem) as closed:
        rows(answers, bob, "deal", "name")
    assert closed.value.status == 403


@pytest.mark.parametrize("what", ["open_deal", "account_sum"])
def test_nobody_writes_it(answers: Company, what: str) -> None:
    record = answers.ids["a1"]
    for session in (answers.session(), answers.session("bob", "s_queries")):
        for change in (Create(values={}), Update(id=record, values={"name": "x"}), Delete(id=record)):
            with pytest.raises(Problem) as refused:
                answers.apply(session, what, change)
            assert (refused.value.code, refused.value.status) == (codes.NOT_STORED, 403)
        view = session.describe(what)
        assert view.actions == {Action.READ}
        assert not any(each.editable for each in view.fields)


def test_a_page_of_it_is_one_statement(answers: Company) -> None:
    counted, door = Counted(answers), answers.session()
    for what in ("open_deal", "account_sum"):
        door.query(answers.query(door, what, "name", "account", order=["name"]))
        assert counted.sent() == 1


def test_deleting_what_it_shows_and_links_to_goes_on_as_ever(answers: Company) -> None:
    door = answers.session()
    answers.delete(door, "deal", answers.ids["z2"])
    answers.delete(door, "deal", answers.ids["z1"])
    answers.delete(door, "account", answers.ids["Zeta"])
    assert answers.names(door, "open_deal", deleted=True) == []


def test_a_sum_of_amounts_in_different_currencies_is_refused() -> None:
    priced = """
object: offer
label: Offer
plural: Offers
fields:
  currency: {type: text, label: Currency}
  amount: {type: currency, label: Amount}
"""
    total = """
object: offers
label: Offers
plural: Offers
query: {from: offer, group: []}
fields:
  all: {type: number, label: All, function: sum, value: AMOUNT}
"""
    files = {"objects/offer.yaml": priced, "objects/offers.yaml": total.replace("AMOUNT", "amount")}
    with pytest.raises(Rejected) as rejected:
        compiled(files)
    assert [issue.code for issue in rejected.value.issues] == [QUERY]
    allowed = compiled({**files, "objects/offers.yaml": total.replace("AMOUNT", "amount.company")})
    assert "offers" in allowed.objects
