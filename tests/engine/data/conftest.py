"""An open, empty tenant database of each kind, with the engine's system tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import postgres, sqlite
from engine.database import Database
from engine.system import upgrade
from engine.system_steps import ENGINE

SCHEMA = "t_test"


def open_url(url: str, *, create: bool = True) -> Database:
    """Open the database of a URL as `tests/conftest.py` hands them out."""
    if url.startswith("sqlite:///"):
        return sqlite.open_database(Path(url.removeprefix("sqlite:///")), create=create)
    return postgres.open_database(url, SCHEMA, create=create)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with system tables and nothing else."""
    opened = open_url(database_url)
    upgrade(opened, (ENGINE,))
    yield opened
    opened.close()


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """The same on PostgreSQL alone, for what only PostgreSQL does."""
    opened = open_url(postgres_url)
    upgrade(opened, (ENGINE,))
    yield opened
    opened.close()
