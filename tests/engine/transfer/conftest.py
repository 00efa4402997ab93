"""The company of the session tests, on each kind of database, and a way to import into it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from engine.export import exported
from engine.jobs.desk import find_job, store_of
from engine.jobs.pieces import read_file
from engine.jobs.turn import Shop, take_turn
from engine.problem import Problem
from engine.transfer.importing import ERRORS, ImportKind, start_import
from engine.transfer.mapping import ImportMapping, read_mapping
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.jobs.job import Job
    from engine.session import Session
    from metadata.catalog import Catalog


@dataclass
class Imports:
    """Imports into a company as one of its people, done at once."""

    company: Company
    session: Session

    def shop(self, pause: Callable[[], bool] = lambda: False) -> Shop:
        """A worker that can import."""

        def fail(error: Exception) -> Problem:
            if isinstance(error, Problem):
                return error
            raise error

        kind = ImportKind()
        return Shop(
            database=self.company.database, store=store_of(self.company.release), kinds={kind.name: kind},
            clock=self.company.clock, session=lambda _: self.session, pause=pause, problem_of=fail,
        )  # fmt: skip

    def queued(self, mapping: ImportMapping, *rows: tuple[str, ...], dry_run: bool = False) -> str:
        """The id of an import of these rows, the first of which are the heads."""
        return start_import(self.session, mapping, "file.csv", lines(*rows), dry_run=dry_run).id

    def __call__(self, mapping: ImportMapping, *rows: tuple[str, ...], dry_run: bool = False) -> Job:
        """The job of an import, ended."""
        id_ = self.queued(mapping, *rows, dry_run=dry_run)
        take_turn(self.shop(), "w", id_)
        return find_job(self.session, id_)

    def errors(self, job: Job) -> list[list[str]]:
        """The rows of the error file."""
        content = b"".join(read_file(self.session, job.id, ERRORS)).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(content)))

    def values_of_all(self, name: str, *fields: str) -> list[tuple[Any, ...]]:
        """What all records of an object hold, however many they are."""
        asked = self.company.query(self.company.session(), name, *fields)
        pages = exported(self.company.session(), asked, self.company.make_id(), self.company.now)
        return [tuple(record.values[each] for each in fields) for page in pages for record in page]

    def values(self, name: str, *fields: str) -> list[tuple[Any, ...]]:
        """What the records of an object hold, in the order of their names."""
        asked = self.company.query(self.company.session(), name, *fields, order=["name"], limit=1000)
        found = self.company.session().query(asked).records
        return [tuple(record.values[each] for each in fields) for record in found]


def lines(*rows: tuple[str, ...]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def mapping(object_: str, *columns: str | dict[str, Any], **more: Any) -> ImportMapping:
    """A mapping of one part; a column that is a text fills the field of its name."""
    part = {name: more.pop(name) for name in ("mode", "key", "links", "constants") if name in more}
    listed = [{"column": each, "field": each} if isinstance(each, str) else each for each in columns]
    return read_mapping({"objects": [{"object": object_, "columns": listed, **part}], **more})


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


@pytest.fixture
def imports(company: Company) -> Imports:
    """Imports as the system."""
    return Imports(company=company, session=company.session())
