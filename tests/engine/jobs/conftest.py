"""The company of the session tests, on each kind of database, for jobs."""

from collections.abc import Iterator

import pytest

from metadata.catalog import Catalog
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url


@pytest.fixture(scope="session")
def company_catalog() -> Catalog:
    """The model of the test company."""
    return compiled()


@pytest.fixture
def company(database_url: str, company_catalog: Catalog) -> Iterator[Company]:
    """A company with people, and nothing else."""
    database = open_url(database_url)
    yield opened(database, company_catalog)
    database.close()
