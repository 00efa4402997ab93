"""System tables: numbered steps forward, under a lock; releases; a program that is too old keeps out."""

import threading
from datetime import UTC, datetime

import pytest

from engine.database import Conflict, Database
from engine.physical import read_physical
from engine.problem import Problem
from engine.published import Published, find, history, latest, record, release_no
from engine.release import prepare
from engine.system import SystemSchema, SystemStep, meta, set_meta, upgrade
from engine.system_steps import ENGINE
from tests.engine.data.conftest import open_url
from tests.engine.data.model import LANGUAGE, O, catalog

FIRST = SystemStep(number=1, about="notes", statements=("CREATE TABLE s_note (id {id} PRIMARY KEY) {table}",))
SECOND = SystemStep(
    number=2,
    about="when",
    statements=("ALTER TABLE s_note ADD COLUMN at {at}",),
    sqlite=("ALTER TABLE s_note ADD COLUMN only_sqlite {int}",),
    postgresql=("ALTER TABLE s_note ADD COLUMN only_postgresql {int}",),
)


def test_the_steps_of_each_room_are_numbered_without_gaps() -> None:
    assert [step.number for step in ENGINE.steps] == list(range(1, ENGINE.version + 1))


def test_steps_run_once_and_new_ones_when_they_come(database: Database) -> None:
    assert upgrade(database, (ENGINE, SystemSchema(room="test", steps=(FIRST,)))) == 1
    assert upgrade(database, (ENGINE, SystemSchema(room="test", steps=(FIRST,)))) == 0
    assert upgrade(database, (SystemSchema(room="test", steps=(FIRST, SECOND)),)) == 1
    with database.read() as connection:
        assert read_physical(connection).columns["s_note"] == {"id", "at", f"only_{database.dialect.name}"}


def test_a_step_that_fails_leaves_nothing_of_it_behind(database: Database) -> None:
    broken = SystemStep(
        number=2, about="x", statements=("CREATE TABLE s_more (a {int}) {table}", "CREATE nonsense")
    )
    with pytest.raises(Exception, match="nonsense"):
        upgrade(database, (SystemSchema(room="test", steps=(FIRST, broken)),))
    with database.read() as connection:
        assert not {"s_note", "s_more"} & set(read_physical(connection).columns)
        assert meta(connection, "system_version.test") is None


def test_an_older_program_refuses_a_newer_tenant_in_one_sentence(database: Database) -> None:
    upgrade(database, (SystemSchema(room="test", steps=(FIRST, SECOND)),))
    with pytest.raises(Problem) as refused:
        upgrade(database, (SystemSchema(room="test", steps=(FIRST,)),))
    assert refused.value.code.id == "P303"
    assert refused.value.message == (
        "The tenant's test tables are at version 2, but this program knows only 1: "
        "install the newer version of Strata."
    )


def test_two_programs_that_open_a_new_tenant_at_once_do_the_work_once(database_url: str) -> None:
    done: list[int] = []
    databases = [open_url(database_url) for _ in range(2)]
    threads = [threading.Thread(target=lambda it=it: done.append(upgrade(it, (ENGINE,)))) for it in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for it in databases:
        it.close()
    assert sorted(done) == [0, ENGINE.version]


def test_entries_of_meta_are_set_and_replaced(database: Database) -> None:
    with database.write() as connection:
        assert meta(connection, "currency") is None
        set_meta(connection, "currency", "EUR")
        set_meta(connection, "currency", "CNY")
        assert meta(connection, "currency") == "CNY"


def published(number: int) -> Published:
    """A release as publishing records it."""
    return Published(
        number=number,
        digest="abc",
        layer={"objects/x_candidate.yaml": "object: x_candidate\nlabel: 候选人\n"},
        packages={"platform": "1.0"},
        at=datetime(2026, 1, 31, 9, 30, 0, 123456, tzinfo=UTC),
        by="0190a0b0-0000-7000-8000-000000000001",
        reason="Recruiting's first steps",
        changes=("+ object x_candidate: name", "~ object account: label (zh-CN) “客户” → “公司”"),
        seen=[{"document": "object account", "path": "label", "base": "客户", "version": "1.0"}],
    )


def test_a_release_comes_back_as_it_was_recorded_and_serves_from_then_on(database: Database) -> None:
    with database.write() as connection:
        assert latest(connection) is None
        record(connection, published(1))
    with database.read() as connection:
        assert release_no(connection) == 1
        assert latest(connection) == published(1) == find(connection, 1)
        assert find(connection, 2) is None
        assert history(connection) == (published(1),)
        current = prepare(catalog({"thing": O(fields={})}), 1, database.dialect, LANGUAGE)
        assert current.current(connection)
        assert not prepare(catalog({"thing": O(fields={})}), 2, database.dialect, LANGUAGE).current(
            connection
        )


def test_of_two_publications_with_one_number_the_second_is_refused(database: Database) -> None:
    with database.write() as connection:
        record(connection, published(1))
    with pytest.raises(Conflict), database.write() as connection:
        record(connection, published(1))
