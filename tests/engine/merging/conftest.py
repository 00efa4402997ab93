"""A company whose accounts are merged, with all that may hang on them; its Catalog is compiled once."""

from collections.abc import Iterator

import pytest

from metadata.catalog import Catalog
from tests.engine.merging.hanging import MODEL
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url


@pytest.fixture(scope="session")
def merging_catalog() -> Catalog:
    """The model of the company."""
    return compiled(MODEL)


@pytest.fixture
def merging(database_url: str, merging_catalog: Catalog) -> Iterator[Company]:
    """A company with people, and nothing else."""
    database = open_url(database_url)
    yield opened(database, merging_catalog)
    database.close()
