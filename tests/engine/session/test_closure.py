"""The closure of the organisation: after any moves, deletions and restorations it says what the links say."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from engine.mutation import Create, Delete, Restore, Update
from engine.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.mutation import Change
    from tests.engine.session.company import Company

LINKS = {"user": "manager", "department": "parent"}
Pairs = set[tuple[str, str, int]]


def _kept(company: Company, what: str) -> Pairs:
    """The pairs that the database has: above, below and how far."""
    with company.database.read() as connection:
        rows = connection.rows(f"SELECT above, below, depth FROM s_{what}_closure")
    return {(_text(above), _text(below), depth) for above, below, depth in rows}


def _links(company: Company, what: str) -> dict[str, str | None]:
    """Who is above whom, in the recycle bin too."""
    with company.database.read() as connection:
        rows = connection.rows(f'SELECT id, {LINKS[what]} FROM "{what}"')
    return {_text(record): up and _text(up) for record, up in rows}


def _text(kept: object) -> str:
    return kept.hex() if isinstance(kept, bytes) else str(kept).replace("-", "")


def _closed(up: Mapping[str, str | None]) -> Pairs:
    """The pairs that links amount to, by climbing from each record."""
    found: Pairs = set()
    for record in up:
        here: str | None = record
        depth = 0
        while here is not None:
            found.add((here, record, depth))
            here, depth = up.get(here), depth + 1
    return found


def _changes(company: Company, chance: random.Random, what: str, known: list[str]) -> list[Change]:
    """A batch of a few moves, new records, deletions and restorations."""
    batch: dict[str, Change] = {}
    for record in chance.sample(known, min(len(known), chance.randint(1, 3))):
        above = chance.choice([None, *known])
        batch[record] = chance.choice(
            (
                Update(id=record, values={LINKS[what]: above}),
                Update(id=record, values={LINKS[what]: above}),
                Delete(id=record),
                Restore(id=record),
            )
        )
    if chance.random() < 0.4:
        record = company.make_id()
        known.append(record)
        batch[record] = Create(id=record, values={"name": "x", LINKS[what]: chance.choice(known[:-1])})
    return list(batch.values())


@pytest.mark.parametrize("what", LINKS)
@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_moves_the_closure_is_that_of_the_links(company: Company, what: str, seed: int) -> None:
    chance, door = random.Random(seed), company.session()
    known = [company.create(door, what, name=f"{what} {n}") for n in range(9)]
    for _ in range(40):
        company.later(seconds=1)
        company.apply(door, what, *_changes(company, chance, what, known), partial=True)
        assert _kept(company, what) == _closed(_links(company, what))


def test_moves_at_once_close_no_ring_and_leave_the_closure_whole(company: Company) -> None:
    """Two threads move departments against each other; whoever comes second is refused."""
    door = company.session()
    places = [company.create(door, "department", name=f"d{n}") for n in range(6)]

    def move(seed: int) -> int:
        chance, session, refused = random.Random(seed), company.session(), 0
        for _ in range(15):
            lower, upper = chance.sample(places, 2)
            try:
                company.apply(session, "department", Update(id=lower, values={"parent": upper}))
            except Problem:
                refused += 1
        return refused

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(move, (1, 2)))
    up = _links(company, "department")
    assert _kept(company, "department") == _closed(up)


def test_a_move_touches_only_the_pairs_of_what_moves(company: Company) -> None:
    door = company.session()
    places = [company.create(door, "department", name=f"d{n}") for n in range(8)]
    for lower, upper in zip(places[1:5], places, strict=False):
        company.apply(door, "department", Update(id=lower, values={"parent": upper}))
    before = _pages(company)
    company.apply(door, "department", Update(id=places[4], values={"parent": places[7], "name": "moved"}))
    company.apply(door, "department", Update(id=places[6], values={"name": "renamed"}))
    assert {_text(below) for *_, below in before ^ _pages(company)} == {_text(places[4])}


def _pages(company: Company) -> set[tuple[object, ...]]:
    """The pairs with the place of each in its table, which a pair that is written anew leaves."""
    place = "rowid" if company.database.dialect.sqlite else "ctid"
    with company.database.read() as connection:
        return set(connection.rows(f"SELECT {place}, above, below FROM s_department_closure"))
