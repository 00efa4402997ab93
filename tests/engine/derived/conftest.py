"""The business on each kind of database."""

from collections.abc import Iterator

import pytest

from engine.database import Database
from tests.engine.derived.ledger import LEDGER
from tests.engine.session.company import Company, opened
from tests.engine.session.conftest import open_url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    database = open_url(database_url)
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database) -> Company:
    """A business with people, and nothing else."""
    return opened(database, LEDGER)
