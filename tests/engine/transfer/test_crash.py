"""An import that is killed goes on where it was: no row is there twice, none is lost; undone, nothing of it
is left.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from engine.changes.undo import undo
from engine.jobs.desk import find_job
from engine.jobs.job import JobState
from engine.jobs.progress import LEASE
from engine.jobs.turn import take_turn
from tests.engine.transfer.conftest import Imports, mapping

if TYPE_CHECKING:
    from tests.engine.session.company import Company

ROWS = 400
KILLS = 2
WORKER = """
import sys
from datetime import datetime
from engine.transfer import importing
from tests.engine.session.company import LANGUAGE, Company, compiled
from tests.engine.session.conftest import open_url
from tests.engine.transfer.conftest import Imports
from engine.jobs.turn import take_turn
from engine.ids import seeded_ids
from engine.release import prepare

importing.CHUNK = 20
url, now, job = sys.argv[1:]
database = open_url(url)
company = Company(database=database, release=prepare(compiled(), 1, database.dialect, LANGUAGE))
company.now = datetime.fromisoformat(now)
company.make_id = seeded_ids(company.clock, 7)  # ids that nobody else makes, as the instant is another
imports = Imports(company=company, session=company.session())
print("ready", flush=True)
take_turn(imports.shop(), f"w{now}", job)
"""


@pytest.mark.parametrize(
    ("seed", "kills"), [(1, KILLS), *(pytest.param(seed, 8, marks=pytest.mark.soak) for seed in range(2, 8))]
)
def test_an_import_that_is_killed_again_and_again_is_whole(
    company: Company, imports: Imports, database_url: str, seed: int, kills: int
) -> None:
    chance = Random(seed)
    rows = [(f"N{n}", f"c{n}") for n in range(ROWS)]
    # The rows have no key: only the place that was committed with them keeps them from coming twice.
    job = imports.queued(mapping("account", "name", "code"), ("name", "code"), *rows)
    for _ in range(kills):
        company.now += LEASE * 2
        killed(database_url, company, job, chance.uniform(0.05, 0.4))
    company.now += LEASE * 2
    take_turn(imports.shop(), "last", job)
    done = find_job(imports.session, job)
    assert (done.state, done.result["created"], done.result["failed"]) == (JobState.DONE, ROWS, 0)
    assert sorted(imports.values_of_all("account", "name", "code")) == sorted(rows)
    with company.database.read() as connection:
        sets = connection.rows("SELECT count(*) FROM s_change_set WHERE entry = 'import'")
    assert sets[0][0] == 1, "all attempts wrote under one change set"


def test_an_import_that_is_undone_leaves_the_tables_as_they_were(company: Company, imports: Imports) -> None:
    before = tables(company)
    job = imports(
        mapping("account", "name", "code"), ("name", "code"), *((f"N{n}", f"c{n}") for n in range(50))
    )
    assert tables(company) != before
    assert undo(imports.session, job.result["change_set"]).refused == 0
    assert tables(company) == before


def killed(url: str, company: Company, job: str, seconds: float) -> None:
    """A worker in a process of its own takes the job up and is killed after so long."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", WORKER, url, company.now.isoformat(), job]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    process.kill()
    process.wait()
    process.stdout.close()


def tables(company: Company) -> dict[str, list[tuple[object, ...]]]:
    """What the tables of the company's objects hold; what was undone lies in the bin, and is nobody's any
    more.
    """
    names = [each.table.name for each in company.release.tables.values()]
    with company.database.read() as connection:
        return {
            name: sorted(connection.rows(f'SELECT * FROM "{name}" WHERE deleted_at IS NULL'), key=repr)
            for name in names
        }
