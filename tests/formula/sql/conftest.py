"""The nasty rows in both databases, once per test process, and the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formula.language import Language, language
from tests.formula.sql.rows import Bench, postgresql_bench, sqlite_bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Server


@pytest.fixture(scope="session")
def tongue() -> Language:
    """The language with every function."""
    return language()


@pytest.fixture(scope="session")
def benches(postgres_server: Server) -> Iterator[tuple[Bench, Bench]]:
    """SQLite and PostgreSQL with the same rows."""
    with (
        sqlite_bench() as sqlite,
        postgres_server.database() as url,
        postgresql_bench(url) as postgresql,
    ):
        yield sqlite, postgresql
