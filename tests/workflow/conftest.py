"""An office on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.session.conftest import open_url
from tests.workflow.office import FOLLOW_UP, office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.session.company import Company

    Opened = Callable[..., Company]


@pytest.fixture
def opened_office(database_url: str) -> Iterator[Opened]:
    """Opens the office with the flows given as documents by name."""
    database = open_url(database_url)
    yield lambda **flows: office(database, flows or {"follow_up": FOLLOW_UP})
    database.close()
