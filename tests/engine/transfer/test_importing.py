"""Imports: rows become records once and only once, what is wrong is told cell by cell, all of it can be
undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.changes.undo import undo
from engine.jobs.desk import cancel_job, find_job
from engine.jobs.job import JobState
from engine.jobs.turn import take_turn
from engine.problem import Problem
from engine.transfer import importing
from engine.transfer.mapping import read_mapping
from tests.engine.transfer.conftest import Imports, lines, mapping

if TYPE_CHECKING:
    from engine.jobs.job import Job
    from tests.engine.session.company import Company

ACCOUNTS = mapping("account", "name", "code", key=["code"])
DEALS = mapping("deal", "name", {"column": "client", "field": "account"}, "stage", "amount", key=["name"])


def counts(job: Job) -> tuple[int, ...]:
    """Created, updated, unchanged, failed."""
    assert job.problem is None, job.problem
    return tuple(job.result[name] for name in ("created", "updated", "unchanged", "failed"))


def test_rows_become_records_and_the_same_file_again_changes_nothing(imports: Imports) -> None:
    rows = (("name", "code"), ("Acme", "a1"), ("Bell", "b2"), ("", ""), ("Cork", ""))
    assert counts(imports(ACCOUNTS, *rows)) == (3, 0, 0, 0)
    assert imports.values("account", "name", "code") == [("Acme", "a1"), ("Bell", "b2"), ("Cork", None)]
    again = imports(ACCOUNTS, *rows[:3])
    assert (counts(again), again.result["change_set"]) == ((0, 0, 2, 0), None)
    changed = imports(ACCOUNTS, ("name", "code"), ("Acme Ltd", "a1"), ("Bell", "b2"), ("Dale", "d4"))
    assert counts(changed) == (1, 1, 1, 0)


def test_a_field_that_is_not_mapped_and_a_blank_cell_stay_as_they_are(imports: Imports) -> None:
    imports(mapping("account", "name", "code", "secret"), ("name", "code", "secret"), ("Acme", "a1", "hush"))
    imports(ACCOUNTS, ("name", "code"), ("Acme 2", "a1"))
    assert imports.values("account", "name", "secret") == [("Acme 2", "hush")]
    whole = ("account", "name", "code", "secret")
    blank = (("name", "code", "secret"), ("", "a1", ""))
    assert counts(imports(mapping(*whole, key=["code"]), *blank)) == (0, 0, 1, 0)
    assert counts(imports(mapping(*whole, key=["code"], blanks="clear"), *blank[:1], ("X", "a1", ""))) == (
        0,
        1,
        0,
        0,
    )
    assert imports.values("account", "name", "secret") == [("X", None)]


def test_links_are_found_by_title_unique_field_and_id(imports: Imports, company: Company) -> None:
    imports(ACCOUNTS, ("name", "code"), ("Acme", "a1"), ("Bell", "b2"), ("Twin", "t1"), ("Twin", "t2"))
    acme, bell = (row[0] for row in imports.values("account", "id")[:2])
    job = imports(
        DEALS, ("name", "client", "stage", "amount"),
        ("d1", "Acme", "", ""), ("d2", " acme ", "", ""), ("d3", "b2", "", ""), ("d4", bell.upper(), "", ""),
        ("d5", "Twin", "", ""), ("d6", "Nobody", "", ""),
    )  # fmt: skip
    assert counts(job) == (4, 0, 0, 2)
    assert [row[1] for row in imports.values("deal", "name", "account")] == [acme, acme, bell, bell]
    assert [(issue["row"], issue["column"], issue["code"]) for issue in job.result["issues"]] == [
        (6, "client", "P344"),
        (7, "client", "P343"),
    ]


def test_values_are_read_as_people_write_them(imports: Imports) -> None:
    german = mapping("deal", "name", "stage", "amount", "closes", language="de")
    job = imports(german, ("name", "stage", "amount", "closes"), ("d1", "Won", "1.234,50 €", "31.12.2026"))
    assert counts(job) == (1, 0, 0, 0)
    (value,) = imports.values("deal", "stage", "amount", "closes")
    assert (value[0], str(value[1]), value[2].isoformat()) == ("won", "1234.50", "2026-12-31")


def test_what_is_wrong_is_told_cell_by_cell_and_the_mended_file_goes_in(imports: Imports) -> None:
    rows = (
        ("name", "client", "stage", "amount", "extra"),
        ("", "", "open", "1", "=1+1"), ("d2", "", "lost", "x", ""),
        ("d3", "", "lost", "5", ""), ("d4", "", "open", "7", ""),
    )  # fmt: skip
    job = imports(DEALS, *rows)
    assert counts(job) == (1, 0, 0, 3)
    told = [(issue["row"], issue["column"]) for issue in job.result["issues"]]
    assert told == [(2, "name"), (3, "amount"), (4, None)], job.result["issues"]
    heads, *failed = imports.errors(job)
    assert heads == [*rows[0], "Errors"]
    assert [row[:5] for row in failed] == [["", "", "open", "1", "'=1+1"], list(rows[2]), list(rows[3])]
    assert "Say why the deal was lost." in failed[2][5]
    mended = [tuple(row) for row in failed]
    mended[0] = ("d1", *mended[0][1:])
    mended[1] = ("d2", "", "open", "3", "", "")
    mended[2] = ("d3", "", "open", "5", "", "")
    assert counts(imports(DEALS, tuple(heads), *mended)) == (3, 0, 0, 0)
    assert len(imports.values("deal", "name")) == 4


def test_a_dry_run_tells_the_same_and_writes_nothing(imports: Imports, company: Company) -> None:
    both = mapping("user", "name", {"column": "boss", "field": "manager"}, key=["name"])
    rows = (("name", "boss"), ("eve", "fay"), ("fay", "ann"), ("gus", "nobody"), ("eve", "fay"))
    before = imports.values("user", "name", "manager", "version")
    dry = imports(both, *rows, dry_run=True)
    assert imports.values("user", "name", "manager", "version") == before
    assert (counts(dry), dry.result["change_set"]) == ((2, 0, 0, 1), None)
    real = imports(both, *rows)
    assert counts(real) == counts(dry)
    assert [i["row"] for i in real.result["issues"]] == [i["row"] for i in dry.result["issues"]] == [4]
    with company.database.read() as connection:
        sets = connection.rows("SELECT count(*) FROM s_change_set WHERE entry = 'import'")
    assert sets[0][0] == 1


@pytest.mark.parametrize("chunk", [2, 500])
def test_a_row_may_name_one_that_comes_later(
    imports: Imports, company: Company, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(importing, "CHUNK", chunk)
    people = mapping("user", "name", {"column": "boss", "field": "manager"}, key=["name"])
    rows = (("p1", "p2"), ("p2", "p3"), ("p3", "p4"), ("p4", "p5"), ("p5", "ann"), ("p6", "p7"))
    for dry_run in (True, False):
        job = imports(people, ("name", "boss"), *rows, dry_run=dry_run)
        assert counts(job) == (5, 0, 0, 1)
        assert job.done == 6
    found = dict(imports.values("user", "name", "manager"))
    ids = dict(imports.values("user", "name", "id"))
    assert [found[name] for name in ("p1", "p2", "p3", "p4", "p5")] == [
        ids[name] for name in ("p2", "p3", "p4", "p5", "ann")
    ]


def test_one_file_holds_records_of_several_objects(imports: Imports) -> None:
    both = read_mapping(
        {
            "objects": [
                {"object": "account", "key": ["name"], "columns": [{"column": "company", "field": "name"}]},
                {"object": "deal", "key": ["name"], "links": {"account": "account"},
                 "columns": [{"column": "deal", "field": "name"}, {"column": "amount", "field": "amount"}]},
            ]
        }
    )  # fmt: skip
    rows = (("company", "deal", "amount"), ("Acme", "d1", "1"), ("Acme", "d2", "2"), ("Bell", "", ""))
    job = imports(both, *rows)
    assert counts(job) == (4, 0, 0, 0)
    accounts = dict(imports.values("account", "name", "id"))
    assert imports.values("deal", "name", "account") == [("d1", accounts["Acme"]), ("d2", accounts["Acme"])]
    assert sum(counts(imports(both, *rows))[:2]) == 0


def test_a_key_may_be_several_fields_and_rows_with_one_key_are_one_record(imports: Imports) -> None:
    imports(ACCOUNTS, ("name", "code"), ("Acme", "a1"), ("Bell", "b2"))
    pair = mapping(
        "deal", "name", {"column": "client", "field": "account"}, "amount", key=["name", "account"]
    )
    rows = (("name", "client", "amount"), ("d", "Acme", "1"), ("d", "Bell", "2"), ("d", "Acme", "3"))
    assert counts(imports(pair, *rows)) == (2, 1, 0, 0)
    assert sorted(int(row[0]) for row in imports.values("deal", "amount")) == [2, 3]
    imports(mapping("deal", "name"), ("name",), ("d",))
    doubled = imports(mapping("deal", "name", "amount", key=["name"]), ("name", "amount"), ("d", "9"))
    assert [issue["code"] for issue in doubled.result["issues"]] == ["P347"]


def test_an_import_may_only_create_or_only_update(imports: Imports) -> None:
    imports(ACCOUNTS, ("name", "code"), ("Acme", "a1"))
    rows = (("name", "code"), ("New", "a1"), ("Bell", "b2"))
    only_new = imports(mapping("account", "name", "code", key=["code"], mode="create"), *rows)
    assert [issue["code"] for issue in only_new.result["issues"]] == ["P346"]
    only_old = imports(mapping("account", "name", "code", key=["code"], mode="update"), *rows, ("Cork", "c3"))
    assert [issue["code"] for issue in only_old.result["issues"]] == ["P345"]
    assert [row[0] for row in imports.values("account", "name")] == ["Bell", "New"]


def test_undo_takes_the_whole_import_back(imports: Imports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 3)
    imports(ACCOUNTS, ("name", "code"), ("Acme", "a1"))
    job = imports(ACCOUNTS, ("name", "code"), ("Acme 2", "a1"), *((f"N{n}", f"n{n}") for n in range(8)))
    assert counts(job) == (8, 1, 0, 0)
    done = undo(imports.session, job.result["change_set"])
    assert done.refused == 0
    assert imports.values("account", "name", "code") == [("Acme", "a1")]


def test_a_pause_and_a_cancellation_leave_whole_chunks(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    id_ = imports.queued(ACCOUNTS, ("name", "code"), *((f"N{n}", f"n{n}") for n in range(6)))
    asked = iter(range(100))
    take_turn(imports.shop(lambda: next(asked) == 4), "w", id_)
    paused = find_job(imports.session, id_)
    assert (paused.state, paused.done, paused.total) == (JobState.QUEUED, 4, 6)
    cancel_job(imports.session, id_)
    take_turn(imports.shop(), "w", id_)
    cancelled = find_job(imports.session, id_)
    assert (cancelled.state, cancelled.result["created"]) == (JobState.CANCELLED, 4)
    assert len(imports.values("account", "name")) == 4
    undo(imports.session, cancelled.result["change_set"])
    assert imports.values("account", "name") == []


def test_nobody_imports_what_she_may_not_write(company: Company) -> None:
    reader = Imports(company=company, session=company.session("ann", "s_reader"))
    with pytest.raises(Problem) as refused:
        reader.queued(ACCOUNTS, ("name", "code"), ("Acme", "a1"))
    assert refused.value.code.id == "P342"
    blind = Imports(company=company, session=company.session("ann", "s_blind"))
    with pytest.raises(Problem) as refused:
        blind.queued(mapping("account", "name", "secret"), ("name", "secret"), ("Acme", "x"))
    assert [detail.field for detail in refused.value.details] == ["objects.0.columns"]
    assert "secret" in refused.value.details[0].message


def test_nobody_finds_or_changes_what_she_may_not_see(company: Company) -> None:
    ann = Imports(company=company, session=company.session("ann", "s_own"))
    bob = Imports(company=company, session=company.session("bob", "s_own"))
    ann(ACCOUNTS, ("name", "code"), ("Acme", "a1"))
    linked = bob(DEALS, ("name", "client", "stage", "amount"), ("d", "Acme", "", ""))
    assert [issue["code"] for issue in linked.result["issues"]] == ["P343"]
    taken = bob(ACCOUNTS, ("name", "code"), ("Mine", "a1"))
    assert counts(taken) == (0, 0, 0, 1)
    one = ann(ACCOUNTS, ("name", "code"), ("Acme 2", "a1"))
    assert [issue["code"] for issue in one.result["issues"]] == ["P202"], "she lacks the right mass_edit"


def test_a_mapping_that_does_not_fit_is_refused_with_all_its_mistakes(imports: Imports) -> None:
    wrong = mapping(
        "deal", "nmae", {"column": "name", "field": "margin"},
        {"column": "name", "field": "account", "by": "x"},
        {"column": "name", "field": "ghost"}, key=["closes"], links={"partner": "lead"},
    )  # fmt: skip
    with pytest.raises(Problem) as refused:
        imports.queued(wrong, ("name", "client"), ("d", "Acme"))
    assert sorted(detail.field or "" for detail in refused.value.details) == [
        *["objects.0.columns"] * 4, "objects.0.key", "objects.0.links",
    ]  # fmt: skip


def test_what_is_wrong_with_the_file_fails_the_job_clearly(imports: Imports) -> None:
    content = lines(("name", "code"), ("Acme", "a1")) + b'"' + b"x" * 200_000
    job = importing.start_import(imports.session, ACCOUNTS, "f.csv", content)
    take_turn(imports.shop(), "w", job.id)
    failed = find_job(imports.session, job.id)
    assert failed.problem is not None
    assert (failed.state, failed.problem["code"]) == (JobState.FAILED, "P340")
