"""Laws: whatever is written to whatever model, what is stored is what would be computed from scratch."""

import os
from pathlib import Path
from random import Random

import pytest

from engine.database import Database
from engine.derived.repair import check
from tests.engine.derived.generate import Writer, model
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.postgres import Server

SEED = int(os.environ.get("STRATA_SEED", "7"))
WRITES = int(os.environ.get("STRATA_CASES", "1000000"))


def differing(company: Company) -> list[str]:
    """What a check finds, in words."""
    return [
        f"{each.field!r} of {each.record}: {each.stored} instead of {each.right}"
        for each in check(company.session())
    ]


@pytest.mark.parametrize("turn", range(3))
def test_what_follows_step_by_step_is_what_is_computed_at_once(database: Database, turn: int) -> None:
    random = Random(f"{SEED} {turn}")
    company = opened(database, compiled(model(random)))
    writer = Writer(company=company, session=company.session(), random=random)
    for _ in range(8):
        for _ in range(5):
            writer.write(random.choice((1, 2, 6)))
        assert differing(company) == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_million_writes_leave_what_would_be_computed_at_once(
    kind: str, tmp_path: Path, postgres_server: Server
) -> None:
    """`STRATA_CASES` writes to models of all shapes, half on each kind of database, from `STRATA_SEED` on."""
    wanted, written, seed = WRITES // 2, 0, SEED
    while written < wanted:
        with postgres_server.database() as url:
            database = open_url(f"sqlite:///{tmp_path / f'{seed}.db'}" if kind == "sqlite" else url)
            random = Random(f"{seed}")
            company = opened(database, compiled(model(random, derived=random.randrange(6, 24))))
            writer = Writer(company=company, session=company.session(), random=random)
            while writer.written < min(5000, wanted - written):
                for _ in range(20):
                    writer.write(random.choice((1, 5, 20, 40)))
                assert differing(company) == [], f"seed {seed}, after {writer.written} writes"
            written, seed = written + writer.written, seed + 1
            database.close()
