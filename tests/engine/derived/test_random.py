"""Laws: whatever is written to whatever model, what is stored is what would be computed from scratch."""

import os
from random import Random

import pytest

from engine.database import Database
from engine.derived.repair import check
from tests.engine.derived.generate import Writer, model
from tests.engine.session.company import Company, compiled, opened

SEED = int(os.environ.get("STRATA_SEED", "7"))


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
