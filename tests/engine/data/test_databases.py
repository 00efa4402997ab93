"""The promises of `engine/database.py`, kept by both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import postgres, sqlite
from engine.bulk import bulk_insert, bulk_update
from engine.codec import datetime_form, id_form, number_form, text_form
from engine.database import Conflict, Database, DatabaseError, ReferenceBroken, UniqueClash
from engine.problem import Problem
from engine.release import StatementCache
from engine.statement import among_ids, among_texts, compile_statement, compile_text, id_list, text_list
from tests.engine.data.conftest import open_url

IDS = [f"0190a0b0-0000-7000-8000-{n:012}" for n in range(5)]


def notes(database: Database) -> sa.Table:
    """A small table that is made in the database."""
    dialect = database.dialect
    with database.write() as connection:
        connection.run(
            "CREATE TABLE note (id {id} PRIMARY KEY, body {text} UNIQUE, above {id} REFERENCES note (id) "
            "DEFERRABLE INITIALLY DEFERRED)".format(
                id="BLOB" if dialect.sqlite else "UUID", text="TEXT" if dialect.sqlite else 'TEXT COLLATE "C"'
            )
        )
    return sa.Table(
        "note",
        sa.MetaData(),
        sa.Column("id", id_form(dialect).type),
        sa.Column("body", text_form(dialect).type),
        sa.Column("above", id_form(dialect).type),
    )


def row(
    database: Database, number: int, body: str | None = None, above: int | None = None
) -> dict[str, object]:
    """A note in the database's form."""
    encode = id_form(database.dialect).encode or str
    return {
        "id": encode(IDS[number]),
        "body": body or f"note {number}",
        "above": None if above is None else encode(IDS[above]),
    }


def fill(database: Database, table: sa.Table, count: int = 5) -> None:
    """Notes 0, 1, 2…"""
    with database.write() as connection:
        rows = [row(database, number) for number in range(count)]
        bulk_insert(table, ["id", "body", "above"], database.dialect).run(connection, rows)


def bodies(database: Database) -> list[str]:
    """All notes in order."""
    with database.read() as connection:
        return [body for (body,) in connection.rows("SELECT body FROM note ORDER BY id")]


def test_what_a_transaction_wrote_is_there_after_it(database: Database) -> None:
    fill(database, notes(database), 2)
    assert bodies(database) == ["note 0", "note 1"]


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    table = notes(database)
    insert = bulk_insert(table, ["id", "body", "above"], database.dialect)

    def write_and_fail() -> None:
        with database.write() as connection:
            insert.run(connection, [row(database, 0)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert bodies(database) == []
    fill(database, table, 1)
    assert bodies(database) == ["note 0"]


def test_a_reader_sees_nothing_of_a_transaction_that_is_open(database: Database) -> None:
    table = notes(database)
    with database.write() as connection:
        bulk_insert(table, ["id", "body", "above"], database.dialect).run(connection, [row(database, 0)])
        assert bodies(database) == []
    assert bodies(database) == ["note 0"]


def test_equal_values_where_one_is_allowed_name_the_constraint(database: Database) -> None:
    table = notes(database)
    insert = bulk_insert(table, ["id", "body", "above"], database.dialect)
    with pytest.raises(UniqueClash) as clash, database.write() as connection:
        insert.run(connection, [row(database, 0, "same"), row(database, 1, "same")])
    assert clash.value.constraint in {"note.body", "note_body_key"}
    assert bodies(database) == []


def test_links_are_checked_when_the_transaction_commits_and_not_before(database: Database) -> None:
    table = notes(database)
    insert = bulk_insert(table, ["id", "body", "above"], database.dialect)
    with database.write() as connection:
        insert.run(connection, [row(database, 0, above=1)])
        insert.run(connection, [row(database, 1)])
    with pytest.raises(ReferenceBroken), database.write() as connection:
        insert.run(connection, [row(database, 2, above=3)])
    assert bodies(database) == ["note 0", "note 1"]


def test_every_statement_of_a_loan_is_counted_and_a_batch_is_one(database: Database) -> None:
    table = notes(database)
    with database.write() as connection:
        insert = bulk_insert(table, ["id", "body", "above"], database.dialect)
        insert.run(connection, [row(database, number) for number in range(5)])
        insert.run(connection, [])
        connection.row("SELECT count(*) FROM note")
        assert connection.statements == 3  # BEGIN, INSERT, SELECT
    assert connection.statements == 4
    with database.read() as reader:
        reader.rows("SELECT 1")
        assert reader.statements == 1


def test_a_bulk_update_sets_each_row_to_its_own_values(database: Database) -> None:
    table = notes(database)
    fill(database, table)
    update = bulk_update(table, ["body", "above"], database.dialect)
    with database.write() as connection:
        update.run(connection, [row(database, 1, "one", above=0), row(database, 3, "three 👋")])
        update.run(connection, [row(database, 4, "four")])
    assert bodies(database) == ["note 0", "one", "note 2", "three 👋", "four"]


@pytest.mark.parametrize("wanted", [[], [0], [1, 3], [0, 1, 2, 3, 4]])
def test_a_list_of_ids_is_one_parameter_of_an_unchanging_text(database: Database, wanted: list[int]) -> None:
    table = notes(database)
    fill(database, table)
    dialect = database.dialect
    by_id = sa.select(table.c.id).where(among_ids(table.c.id, "ids", dialect)).order_by(table.c.id)
    statement = compile_statement(by_id, dialect, [id_form(dialect).decode])
    assert statement.names == {"ids"}
    with database.read() as connection:
        found = statement.rows(connection, {"ids": id_list((IDS[n] for n in wanted), dialect)})
    assert [identity for (identity,) in found] == [IDS[n] for n in wanted]


def test_a_list_of_texts_is_one_parameter(database: Database) -> None:
    table = notes(database)
    fill(database, table)
    dialect = database.dialect
    by_body = (
        sa.select(table.c.body).where(among_texts(table.c.body, "bodies", dialect)).order_by(table.c.body)
    )
    with database.read() as connection:
        wanted = text_list(["note 2", "' OR 1=1", "note 0", "注"], dialect)
        found = compile_statement(by_body, dialect).rows(connection, {"bodies": wanted})
    assert [body for (body,) in found] == ["note 0", "note 2"]


def test_constants_travel_with_the_statement_and_never_in_its_text(database: Database) -> None:
    table = notes(database)
    fill(database, table)
    wanted = sa.select(table.c.body).where(table.c.body == "note 1", table.c.body != sa.bindparam("other"))
    statement = compile_statement(wanted, database.dialect)
    assert "note 1" not in statement.text
    assert statement.names == {"other"}
    with database.read() as connection:
        assert statement.row(connection, {"other": "x"}) == ("note 1",)
        assert statement.row(connection, {"other": "note 1"}) is None


def test_statements_by_hand_name_parameters_alike_on_both_and_may_hold_a_percent_sign(
    database: Database,
) -> None:
    fill(database, notes(database))
    statement = compile_text("SELECT body FROM note WHERE body LIKE '%' || :end", database.dialect)
    with database.read() as connection:
        assert statement.rows(connection, {"end": "4"}) == [("note 4",)]


def test_text_compares_by_code_point(database: Database) -> None:
    table = notes(database)
    with database.write() as connection:
        rows = [row(database, n, body) for n, body in enumerate(["b", "B", "ä", "a", "中"])]
        bulk_insert(table, ["id", "body", "above"], database.dialect).run(connection, rows)
        found = connection.rows("SELECT body FROM note ORDER BY body")
    assert [body for (body,) in found] == ["B", "a", "b", "ä", "中"]


def test_ten_threads_write_one_after_the_other_and_lose_nothing(database: Database) -> None:
    table = notes(database)
    fill(database, table, 1)
    append = compile_text("UPDATE note SET body = body || 'x'", database.dialect)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                with database.write() as connection:
                    append.run(connection)
        except BaseException as error:  # noqa: BLE001  (reported below)
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    assert bodies(database) == ["note 0" + "x" * 50]


def test_a_statement_that_is_wrong_is_our_error_and_leaves_the_connection_usable(database: Database) -> None:
    with database.read() as connection:
        with pytest.raises(DatabaseError):
            connection.rows("SELECT * FROM nowhere")
        assert connection.row("SELECT 1") == (1,)


def test_a_closed_database_lends_nothing(database_url: str) -> None:
    database = open_url(database_url)
    database.close()
    database.close()
    with pytest.raises(DatabaseError), database.read():
        pass


def test_a_database_that_is_not_there_is_one_clear_sentence(tmp_path: Path, postgres_url: str) -> None:
    with pytest.raises(Problem, match=r"There is no database at .*gone\.db\.") as missing:
        sqlite.open_database(tmp_path / "gone.db", create=False)
    assert missing.value.code.id == "P301"
    with pytest.raises(Problem, match="There is no folder"):
        sqlite.open_database(tmp_path / "nowhere" / "t.db")
    with pytest.raises(Problem, match="has no schema “t_gone”"):
        postgres.open_database(postgres_url, "t_gone", create=False)


def test_what_is_no_database_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("this is a letter to my grandmother, and no database" * 100)
    with pytest.raises(Problem, match=r"cannot be used: file is not a database\.") as refused:
        sqlite.open_database(tmp_path / "t.db")
    assert refused.value.code.id == "P302"
    with pytest.raises(Problem, match="PostgreSQL cannot be used"):
        postgres.open_database(f"postgresql:///x?host={tmp_path}", "t")


def test_a_reader_of_sqlite_cannot_write(tmp_path: Path) -> None:
    database = sqlite.open_database(tmp_path / "t.db")
    with database.read() as connection, pytest.raises(DatabaseError, match="readonly"):
        connection.run("CREATE TABLE t (a)")
    database.close()


def test_a_second_process_waits_for_the_write_lock_and_then_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    first, second = (sqlite.open_database(tmp_path / "t.db") for _ in range(2))
    with first.write(), pytest.raises(Conflict), second.write():
        pass
    with second.write() as connection:
        connection.run("CREATE TABLE t (a)")
    first.close()
    second.close()


def test_a_question_that_was_the_victim_of_a_deadlock_is_put_again(postgres_url: str) -> None:
    """Two tables are altered in one order while somebody asks about both in the other."""
    database = postgres.open_database(postgres_url, "t")
    with database.write() as connection:
        connection.run("CREATE TABLE one (a INT)")
        connection.run("CREATE TABLE two (b INT)")
    with ThreadPoolExecutor() as pool, database.read() as reader:
        with database.write() as altering:
            altering.run("LOCK TABLE two")
            altering.run("SET LOCAL deadlock_timeout TO '10s'")
            asked = pool.submit(reader.rows, "SELECT count(*) FROM one, two")
            while not altering.row("SELECT 1 FROM pg_locks WHERE NOT granted"):
                pass
            altering.run("LOCK TABLE one")
        assert asked.result(timeout=5) == [(0,)]
        assert reader.statements == 2
    database.close()


def test_two_schemas_of_one_postgresql_never_meet(postgres_url: str) -> None:
    first, second = (postgres.open_database(postgres_url, schema) for schema in ("t_one", 'T "two"'))
    with first.write() as connection:
        connection.run("CREATE TABLE note (body TEXT)")
    with second.read() as reader:
        assert reader.row("SELECT to_regclass('note')") == (None,)
    first.close()
    second.close()


def test_numbers_and_instants_have_exact_forms(database: Database) -> None:
    assert datetime_form(database.dialect).type.compile(database.dialect.sa_dialect) in {
        "INTEGER",
        "TIMESTAMP WITH TIME ZONE",
    }
    assert number_form(database.dialect, 2).type.compile(database.dialect.sa_dialect) in {
        "INTEGER",
        "NUMERIC(19, 2)",
    }


def test_the_cache_makes_an_entry_once_and_keeps_the_latest_used() -> None:
    cache, made = StatementCache(limit=2), []

    def make(name: str) -> str:
        made.append(name)
        return name

    for name in ["a", "b", "a", "c", "a", "b"]:
        assert cache.get(name, lambda name=name: make(name)) == name  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_the_cache_keeps_no_failure() -> None:
    cache = StatementCache()
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0)
    assert cache.get("a", lambda: 2) == 2
