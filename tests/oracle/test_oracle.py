"""Whatever the organisation, the grants and the records: every door answers what the oracle says.

`make test` asks about one world on each database, `make soak` about as many as it takes for 100,000 different
(who, action, record, field). `STRATA_SEED` is the first of their seeds.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.oracle.all_doors import INSIDE, OUTSIDE
from tests.oracle.company import founded
from tests.oracle.generate import world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.oracle.company import Company
    from tests.oracle.doors import Door, Key, Sample
    from tests.runtime.site import Site

SEED = int(os.environ.get("STRATA_SEED", "1"))
WANTED = 100_000
TOLD = 25
"""Differences told of a run."""


@dataclass(kw_only=True)
class Run:
    """What was sampled, by door, and where a door and the oracle differ."""

    seed: int = 0
    samples: set[tuple[int, Key]] = field(default_factory=set)
    doors: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    allowed: int = 0

    def take(self, name: str, sample: Sample) -> None:
        """Count a sample."""
        self.doors[name] += 1
        self.samples.add((self.seed, sample.key))
        self.allowed += sample.wanted not in (False, 403, 404, "(refused)", "refused", "missing", "(hidden)")
        if not sample.right:
            self.wrong.append(f"seed {self.seed}: {sample}")

    def __str__(self) -> str:
        by_door = ", ".join(f"{name} {number:,}" for name, number in self.doors.most_common())
        return f"{len(self.samples):,} samples in {self.doors.total():,} answers: {by_door}"


def _ask(run: Run, company: Company, people: Sequence[str], doors: Sequence[Door]) -> None:
    for who in people:
        for door in doors:
            for sample in door.samples(company, who):
                run.take(door.name, sample)


def _world(run: Run, site: Site, seed: int, *, people: int, outside: int, share: float) -> None:
    """Ask all people of a world inside, and the first ones through the server as well."""
    run.seed = seed
    company = founded(site, f"w{seed}", world(seed, people), share)
    with company.stack:
        staff = sorted(company.world.people, key=lambda who: _sight(company, who))
        _ask(run, company, staff, INSIDE)
        _ask(run, company, staff[:outside], OUTSIDE)


def _sight(company: Company, who: str) -> int:
    """How far somebody is from seeing half of the records: who sees all or none shows little."""
    rows = list(company.world.rows.values())
    return abs(len(rows) - 2 * sum(company.judge.may(who, "read", row) for row in rows))


def _judged(run: Run) -> None:
    assert not run.wrong, "\n".join([*run.wrong[:TOLD], f"{len(run.wrong)} differences"])
    total = run.doors.total()
    assert total / 20 < run.allowed < total * 19 / 20, "neither all nor nothing is allowed"


def test_every_door_answers_what_the_oracle_says(site: Site) -> None:
    run = Run()
    _world(run, site, 1, people=3, outside=1, share=0.04)
    assert set(run.doors) == {door.name for door in (*INSIDE, *OUTSIDE)}
    _judged(run)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_every_door_answers_what_the_oracle_says_a_hundred_thousand_times(site: Site) -> None:
    run = Run()
    for seed in _seeds(run):
        _world(run, site, seed, people=9, outside=3, share=0.15)
    sys.stderr.write(f"{site.settings.database or 'SQLite'}, from seed {SEED}: {run}\n")
    _judged(run)


def _seeds(run: Run) -> Iterator[int]:
    for seed in count(SEED * 1000):
        if len(run.samples) >= WANTED or run.wrong:
            return
        yield seed
