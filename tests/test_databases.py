"""Claims about the databases that tests are lent."""

import sqlite3

import psycopg

from tests.postgres import Server


def test_each_test_gets_an_empty_database_of_each_kind(database_url: str) -> None:
    if database_url.startswith("sqlite:///"):
        connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        connection.close()
        return
    with psycopg.connect(database_url) as link:
        query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        assert link.execute(query).fetchone() == (0,)


def test_what_one_test_writes_to_postgresql_no_other_sees(postgres_server: Server) -> None:
    with postgres_server.database() as first, postgres_server.database() as second:
        with psycopg.connect(first) as link:
            link.execute("CREATE TABLE written (id int)")
        with psycopg.connect(second) as link:
            assert link.execute("SELECT to_regclass('written')").fetchone() == (None,)


def test_postgresql_knows_letters_beyond_ascii(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as link:
        assert link.execute("SELECT lower('ÀÉ客户')").fetchone() == ("àé客户",)
