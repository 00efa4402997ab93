"""Claims about record numbers: taken from series, never twice, on both databases and from several threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import codes
from engine.database import Database
from engine.ids import seeded_ids
from engine.migration import perform, steps
from engine.mutation import Create, Mutation
from engine.problem import Problem
from engine.release import prepare
from engine.session import Session
from formula.issue import Rejected
from metadata.codes import BAD_OPTION
from tests.engine.session.company import LANGUAGE, START, Company, compiled, opened
from tests.engine.session.test_statements import Counted

INVOICE = """
object: invoice
label: Invoice
plural: Invoices
title: number
number: "INV-{YYYY}{MM}-{000}"
fields:
  name: {type: text, label: Name}
  receipt: {type: auto_number, label: Receipt, pattern: "R{0}"}
  amount: {type: integer, label: Amount, min: 0}
"""
NUMBERED = compiled({"objects/invoice.yaml": INVOICE})


@pytest.fixture
def numbered(database: Database) -> Company:
    """A company that writes invoices, and lives in Shanghai."""
    return opened(database, NUMBERED, time_zone="Asia/Shanghai")


def numbers(company: Company, session: Session, *changes: Any, **more: Any) -> list[object]:
    """The numbers of the records that a batch of invoices answers with."""
    records = company.apply(session, "invoice", *changes, **more).records
    return [record and record.values["number"] for record in records]


def test_new_records_are_numbered_in_the_order_of_their_batch(numbered: Company) -> None:
    bob = numbered.session("bob", "s_own")
    made = numbers(numbered, bob, *(Create(values={"name": n}) for n in "abc"))
    assert made == ["INV-202603-001", "INV-202603-002", "INV-202603-003"]
    record = numbered.apply(bob, "invoice", Create(values={})).records[0]
    assert record is not None
    assert (record.values["number"], record.values["receipt"]) == ("INV-202603-004", "R4")


def test_a_series_starts_anew_with_the_month_of_the_company(numbered: Company) -> None:
    bob = numbered.session("bob", "s_own")
    numbers(numbered, bob, Create(values={}))
    numbered.now = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    record = numbered.apply(bob, "invoice", Create(values={})).records[0]
    assert record is not None
    assert (record.values["number"], record.values["receipt"]) == ("INV-202604-001", "R2")


def test_nobody_writes_a_number(numbered: Company) -> None:
    door = numbered.session()
    with pytest.raises(Problem) as refused:
        numbers(numbered, door, Create(values={"number": "INV-1"}))
    assert [detail.code for detail in refused.value.details] == [codes.NUMBERED.id]
    invoice = numbered.create(door, "invoice", name="a")
    with pytest.raises(Problem):
        numbered.update(door, "invoice", invoice, number=None)
    assert numbered.update(door, "invoice", invoice, name="b").values["number"] == "INV-202603-001"
    view = {field.field.name: field.editable for field in door.describe("invoice").fields}
    assert (view["number"], view["receipt"], view["name"]) == (False, False, True)


def test_a_number_is_in_the_journal_and_can_be_found_filtered_and_sorted_by(numbered: Company) -> None:
    bob = numbered.session("bob", "s_own")
    ids = [numbered.create(bob, "invoice", name=n) for n in "ab"]
    (made,) = bob.history(numbered.release.catalog.object("invoice"), ids[1])
    assert "INV-202603-002" in [changed.new for changed in made.fields]
    assert numbered.names(bob, "invoice", where='number = "INV-202603-002"') == ["b"]
    assert numbered.names(bob, "invoice", find="inv-202603-002", order=["-number"]) == ["b"]


def test_refused_rows_take_no_number_and_deleted_ones_keep_theirs(numbered: Company) -> None:
    bob = numbered.session("bob", "s_own")
    rows = (Create(values={"amount": n}) for n in (1, -1, 2))
    assert numbers(numbered, bob, *rows, partial=True) == ["INV-202603-001", None, "INV-202603-002"]
    gone = numbered.create(bob, "invoice", name="gone")
    numbered.delete(bob, "invoice", gone)
    assert numbers(numbered, bob, Create(values={})) == ["INV-202603-004"]
    back = numbered.restore(bob, "invoice", gone).records[0]
    assert back is not None
    assert back.values["number"] == "INV-202603-003"


def test_a_series_costs_one_statement_whatever_the_batch(numbered: Company) -> None:
    counted = Counted(numbered)
    bob = numbered.session("bob", "s_own")
    sent = []
    for size in (1, 40):
        numbered.apply(bob, "account", *(Create(values={"name": "a"}) for _ in range(size)))
        plain = counted.sent()
        numbered.apply(bob, "invoice", *(Create(values={"name": "a"}) for _ in range(size)))
        sent.append(counted.sent() - plain)
    assert sent == [1, 1]


def test_many_writers_at_once_never_get_the_same_number(numbered: Company) -> None:
    target, actor = numbered.release.catalog.object("invoice"), numbered.actor("bob", "s_own")

    def write(worker: int) -> list[object]:
        ids = seeded_ids(lambda: START, 100 + worker)
        session = Session(
            database=numbered.database, release=numbered.release, actor=actor, clock=numbered.clock, ids=ids
        )
        made = []
        for _ in range(10):
            rows = tuple(Create(values={"name": "x"}) for _ in range(3))
            result = session.apply(Mutation(object=target, changes=rows, entry="test"))
            made += [record.values["number"] for record in result.records if record]
        return made

    with ThreadPoolExecutor(max_workers=4) as pool:
        found = [number for part in pool.map(write, range(4)) for number in part]
    assert sorted(map(str, found)) == [f"INV-202603-{n:03}" for n in range(1, 121)]


def test_records_that_were_there_are_numbered_in_the_order_of_their_making(database: Database) -> None:
    plain = INVOICE.replace('number: "INV-{YYYY}{MM}-{000}"\n', "").replace("title: number", "title: name")
    company = opened(database, compiled({"objects/invoice.yaml": plain}), time_zone="Asia/Shanghai")
    door = company.session()
    for month, name in ((5, "c"), (3, "a"), (4, "b")):
        company.now = datetime(2026, month, 2, tzinfo=UTC)
        company.create(door, "invoice", name=name)
    company.create(door, "invoice", name="b2")
    company.delete(door, "invoice", company.ids["b2"])
    release = prepare(NUMBERED, 1, database.dialect, LANGUAGE)
    wanted = steps(company.release.tables, release.tables)
    perform(wanted, database)
    assert perform(wanted, database) == 0
    company.release = release
    made = company.query(company.session(), "invoice", "name", "number", order=["number"])
    assert [tuple(record.values.values()) for record in company.session().query(made).records] == [
        ("a", "INV-202603-001"), ("b", "INV-202604-001"), ("c", "INV-202605-001"),
    ]  # fmt: skip
    assert numbers(company, company.session(), Create(values={})) == ["INV-202604-003"]
    company.restore(company.session(), "invoice", company.ids["b2"])
    assert company.names(company.session(), "invoice", where='number = "INV-202604-002"') == ["b2"]


@pytest.mark.parametrize(
    "pattern", ["INV", "{0}{0}", "{0", "a}{0}", "{{0}", "{yyyy}{0}", "{0000000000000000000}", "{}{0}"]
)
def test_a_pattern_needs_one_counter_and_known_placeholders(pattern: str) -> None:
    broken = INVOICE.replace('"INV-{YYYY}{MM}-{000}"', f'"{pattern}"')
    with pytest.raises(Rejected) as rejected:
        compiled({"objects/invoice.yaml": broken})
    assert {issue.code for issue in rejected.value.issues} == {BAD_OPTION}


def test_a_document_may_call_the_number_otherwise_with_the_same_pattern() -> None:
    own = '  number: {type: auto_number, label: "Invoice no.", pattern: "INV-{YYYY}{MM}-{000}"}\n'
    field = compiled({"objects/invoice.yaml": INVOICE + own}).object("invoice").fields["number"]
    assert (field.label.text("en"), field.unique, field.searchable) == ("Invoice no.", True, True)
    with pytest.raises(Rejected):
        compiled({"objects/invoice.yaml": INVOICE + own.replace("{000}", "{00}")})
