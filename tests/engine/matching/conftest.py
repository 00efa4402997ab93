"""An empty database of each kind."""

from collections.abc import Iterator

import pytest

from engine.database import Database
from tests.engine.session.conftest import open_url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    database = open_url(database_url)
    yield database
    database.close()
