"""Where an installation of its own goes, once on each kind of database."""

from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder, and a PostgreSQL URL or "" for files in the folder."""

    folder: Path
    database: str

    @property
    def data(self) -> Path:
        """The folder of embedded databases."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Where servers write."""
        return self.folder / "servers.log"


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    """An empty place that belongs to this test alone."""
    embedded = database_url.startswith("sqlite:")
    return Place(folder=tmp_path, database="" if embedded else database_url)
