"""A company on each kind of database; its Catalog is compiled once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import postgres, sqlite
from engine.database import Database
from metadata.catalog import Catalog
from tests.engine.session.company import Company, compiled, opened


def open_url(url: str) -> Database:
    """Open the database of a URL as `tests/conftest.py` hands them out."""
    if url.startswith("sqlite:///"):
        return sqlite.open_database(Path(url.removeprefix("sqlite:///")))
    return postgres.open_database(url, "t_test")


@pytest.fixture(scope="session")
def company_catalog() -> Catalog:
    """The model of the test company."""
    return compiled()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    database = open_url(database_url)
    yield database
    database.close()


@pytest.fixture
def company(database_url: str, company_catalog: Catalog) -> Iterator[Company]:
    """A company with people, and nothing else."""
    database = open_url(database_url)
    yield opened(database, company_catalog)
    database.close()
