"""Claims about record numbers: taken from series, never twice, on both databases and from several threads."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
from tests.engine.session.company import FILES, LANGUAGE, START, Company, compiled, opened
from tests.engine.session.test_statements import Counted

NUMBER = 'number: {pattern: "INV-{YYYY}{MM}-{000}", gap_free: true}\n'
INVOICE = f"""
object: invoice
label: Invoice
plural: Invoices
title: number
{NUMBER}"""
INVOICE += """
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


def test_a_series_of_either_kind_costs_one_statement_whatever_the_batch(numbered: Company) -> None:
    counted = Counted(numbered)
    bob = numbered.session("bob", "s_own")
    numbers(numbered, bob, Create(values={}))  # makes the sequence
    counted.sent()
    sent = []
    for size in (1, 40):
        numbered.apply(bob, "account", *(Create(values={"name": "a"}) for _ in range(size)))
        plain = counted.sent()
        numbered.apply(bob, "invoice", *(Create(values={"name": "a"}) for _ in range(size)))
        sent.append(counted.sent() - plain)
    assert sent == ([1, 1] if numbered.database.dialect.sqlite else [2, 2])


def test_sixteen_writers_at_once_get_every_number_once_though_some_are_taken_back(numbered: Company) -> None:
    target, actor = numbered.release.catalog.object("invoice"), numbered.actor("bob", "s_own")

    def write(worker: int) -> list[object]:
        ids = seeded_ids(lambda: START, 100 + worker)
        session = Session(
            database=numbered.database, release=numbered.release, actor=actor, clock=numbered.clock, ids=ids
        )
        made = []
        for turn in range(4):
            rows = tuple(Create(values={"name": "x", "amount": -n * (turn % 2)}) for n in range(3))
            mutation = Mutation(object=target, changes=rows, entry="test", partial=True)
            with suppress(ZeroDivisionError), session.transaction():
                result = session.apply(mutation)
                _ = 1 / (turn % 4)  # the first of four is taken back when its numbers are given
                made += [record.values["number"] for record in result.records if record]
        return made

    with ThreadPoolExecutor(max_workers=16) as pool:
        found = [number for part in pool.map(write, range(16)) for number in part]
    assert sorted(map(str, found)) == [f"INV-202603-{n:03}" for n in range(1, 16 * 5 + 1)]


def test_records_that_were_there_are_numbered_in_the_order_of_their_making(database: Database) -> None:
    plain = INVOICE.replace(NUMBER, "").replace("title: number", "title: name")
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


def _switched(company: Company, *, gap_free: bool) -> None:
    document = INVOICE if gap_free else INVOICE.replace("gap_free: true", "gap_free: false")
    catalog = compiled({"objects/invoice.yaml": document})
    company.release = prepare(catalog, 1, company.database.dialect, LANGUAGE)


def test_a_series_goes_on_where_it_was_when_gaps_are_allowed_and_when_they_are_not(numbered: Company) -> None:
    made = []
    for gap_free in (True, False, True, True, False):
        _switched(numbered, gap_free=gap_free)
        made += numbers(numbered, numbered.session(), Create(values={}), Create(values={}))
    assert made == [f"INV-202603-{n:03}" for n in range(1, 11)]


def test_numbers_with_gaps_are_never_the_same_and_their_writers_do_not_wait(numbered: Company) -> None:
    _switched(numbered, gap_free=False)
    numbers(numbered, numbered.session(), Create(values={}))
    first, second = numbered.session(), numbered.session()
    if numbered.database.dialect.sqlite:
        return  # one writer at a time, whatever is written
    with first.transaction():
        held = numbers(numbered, first, Create(values={}))
        assert numbers(numbered, second, Create(values={})) == ["INV-202603-003"]
    assert held == ["INV-202603-002"]


DEPARTMENTAL = INVOICE.replace('"INV-{YYYY}{MM}-{000}"', '"{DEPT}-{YYYY}-{00}"')
CODED = FILES["objects/department.yaml"] + "  code: {type: text, label: Code}\n"


def _departments(company: Company) -> None:
    for name, code in (("north", "N{1}"), ("finance", "FIN")):
        company.update(company.session(), "department", company.ids[name], code=code)


def test_each_department_counts_for_itself(database: Database) -> None:
    catalog = compiled({"objects/invoice.yaml": DEPARTMENTAL, "objects/department.yaml": CODED})
    company = opened(database, catalog)
    _departments(company)
    owners = [company.ids[name] for name in ("bob", "dee", "cy", "ann")]
    made = numbers(company, company.session(), *(Create(values={"owner": owner}) for owner in owners))
    assert made == ["N1-2026-01", "FIN-2026-01", "N1-2026-02", "0-2026-01"]
    assert numbers(company, company.session(), Create(values={})) == ["0-2026-02"]
    (kept,) = (
        company.session()
        .query(company.query(company.session(), "invoice", "id", where='number = "FIN-2026-01"'))
        .records
    )
    handed = company.update(company.session(), "invoice", kept.id, owner=company.ids["bob"])
    assert handed.values["number"] == "FIN-2026-01", "a number is kept"


def test_records_that_were_there_are_numbered_by_their_departments(database: Database) -> None:
    plain = INVOICE.replace(NUMBER, "").replace("title: number", "title: name")
    company = opened(database, compiled({"objects/invoice.yaml": plain, "objects/department.yaml": CODED}))
    _departments(company)
    for name in ("bob", "dee", "cy", "ann"):
        company.later(hours=1)
        company.create(company.session(), "invoice", owner=company.ids[name])
    catalog = compiled({"objects/invoice.yaml": DEPARTMENTAL, "objects/department.yaml": CODED})
    release = prepare(catalog, 1, database.dialect, LANGUAGE)
    perform(steps(company.release.tables, release.tables), database)
    company.release = release
    asked = company.query(company.session(), "invoice", "number", order=["created_at"])
    assert [record.values["number"] for record in company.session().query(asked).records] == [
        "N1-2026-01", "FIN-2026-01", "N1-2026-02", "0-2026-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        "{DEPT}{0}",
        "{0}{DEPT}",
        "INV",
        "{0}{0}",
        "{0",
        "a}{0}",
        "{{0}",
        "{yyyy}{0}",
        "{0000000000000000000}",
        "{}{0}",
    ],
)
def test_a_pattern_needs_one_counter_and_known_placeholders(pattern: str) -> None:
    broken = INVOICE.replace('"INV-{YYYY}{MM}-{000}"', f'"{pattern}"')
    with pytest.raises(Rejected) as rejected:
        compiled({"objects/invoice.yaml": broken})
    assert {issue.code for issue in rejected.value.issues} == {BAD_OPTION}


def test_a_document_may_call_the_number_otherwise_with_the_same_pattern() -> None:
    pattern = 'pattern: "INV-{YYYY}{MM}-{000}", gap_free: true'
    own = f'  number: {{type: auto_number, label: "Invoice no.", {pattern}}}\n'
    field = compiled({"objects/invoice.yaml": INVOICE + own}).object("invoice").fields["number"]
    assert (field.label.text("en"), field.unique, field.searchable) == ("Invoice no.", True, True)
    with pytest.raises(Rejected):
        compiled({"objects/invoice.yaml": INVOICE + own.replace("{000}", "{00}")})
