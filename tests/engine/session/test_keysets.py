"""Claims about pages: whatever a list is sorted by, blanks too, they join to the whole list both ways."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import codes
from engine.mutation import Create
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.query import Query
    from engine.session import Session

THING = """
object: thing
label: Thing
plural: Things
title: name
fields:
  name: {type: text, label: Name}
  whole: {type: integer, label: Whole}
  price: {type: currency, label: Price, scale: 2}
  share: {type: percent, label: Share, scale: 1}
  day: {type: date, label: Day}
  at: {type: datetime, label: At}
  clock: {type: time, label: Clock}
  flag: {type: boolean, label: Flag}
  kind:
    type: picklist
    label: Kind
    options: {z: {label: Z, rank: 1}, a: {label: A}}
    attributes: {rank: integer}
  tags: {type: tags, label: Tags}
  account: {type: lookup, label: Account, to: account}
  about: {type: any_lookup, label: About, to: [account, deal]}
  double: {type: formula, label: Double, returns: number, scale: 2, formula: whole * 2 / (whole - 3)}
  shout: {type: formula, label: Shout, returns: text, formula: UPPER(name)}
"""
PATHS = (
    "name", "whole", "price", "share", "day", "at", "clock", "flag", "kind", "kind.rank", "tags", "account",
    "account.name", "account.active", "about", "double", "shout", "owner", "created_at", "id",
)  # fmt: skip
VALUES: dict[str, tuple[object, ...]] = {
    "name": ("a", "B", "ä", "中", "a"),
    "whole": (-5, 0, 3, 4, 10),
    "price": ("0.01", "-3", "10"),
    "share": (12.5, 0),
    "day": ("2026-01-31", "2025-12-01"),
    "at": ("2026-01-31T23:59:59Z", "2026-01-31T23:59:58Z"),
    "clock": ("08:30", "23:00"),
    "flag": (True, False),
    "kind": ("z", "a"),
    "tags": (["x"], ["y", "x"], ["中"]),
}
ROWS = 40


@pytest.fixture
def things(database_url: str) -> Iterator[Company]:
    """Forty things with few different values, a third of them blank, of two owners."""
    company = opened(open_url(database_url), compiled({"objects/thing.yaml": THING}))
    door, chance = company.session(), Random(3)
    accounts = [company.create(door, "account", name=n, active=n == "x") for n in ("x", "Y")]
    links: dict[str, tuple[object, ...]] = {
        "account": tuple(accounts), "about": tuple(f"account/{each}" for each in accounts)
    }  # fmt: skip
    rows = [
        {name: chance.choice((None, *values, *values)) for name, values in (VALUES | links).items()}
        | {"owner": company.ids[chance.choice(("ann", "bob"))]}
        for _ in range(ROWS)
    ]
    company.apply(door, "thing", *(Create(values=row) for row in rows))
    yield company
    company.database.close()


orders = st.lists(st.tuples(st.sampled_from(PATHS), st.booleans()), max_size=3)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=orders, limit=st.integers(3, 17), who=st.sampled_from(("system", "bob")), some=st.booleans())
def test_pages_join_to_the_whole_list_both_ways(
    things: Company, order: list[tuple[str, bool]], limit: int, who: str, some: bool
) -> None:
    session = things.session() if who == "system" else things.session("bob", "s_own")
    spelled = [f"-{name}" if down else name for name, down in order]
    query = things.query(
        session, "thing", order=spelled, where="flag || whole > 0" if some else None, limit=limit
    )
    whole = _ids(session, replace(query, limit=1000))
    pages = list(_forth(session, query))
    assert [each for page in pages for each in page] == whole
    assert all(len(page) == limit for page in pages[:-1])
    assert list(_back(session, query, len(whole))) == pages[::-1]


@pytest.mark.parametrize("down", [False, True])
def test_blanks_come_last_in_either_direction(things: Company, down: bool) -> None:
    door = things.session()
    for path in PATHS:
        query = things.query(door, "thing", path, order=[f"-{path}" if down else path], limit=1000)
        blank = [record.values[path] is None for record in door.query(query).records]
        assert blank == sorted(blank), path


def _ids(session: Session, query: Query) -> list[str]:
    return [record.id for record in session.query(query).records]


def _forth(session: Session, query: Query) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        page = session.query(replace(query, after=cursor))
        assert (page.previous is None) == (cursor is None)
        if page.records:
            yield [record.id for record in page.records]
        if page.next is None:
            return
        cursor = page.next


def _back(session: Session, query: Query, rows: int) -> Iterator[list[str]]:
    """From the last page to the first, by the cursors that lead back."""
    cursors: list[str] = []
    page = session.query(query)
    while page.next is not None:
        page = session.query(replace(query, after=page.next))
        cursors.append(page.previous or "")
    if rows:
        yield [record.id for record in page.records]
    for cursor in reversed(cursors):
        page = session.query(replace(query, before=cursor))
        assert page.next is not None
        yield [record.id for record in page.records]


def test_a_cursor_opens_for_the_same_person_and_question_alone(things: Company) -> None:
    ann = things.session("ann", "s_all")
    query = things.query(ann, "thing", order=["name"], where="whole > 0", limit=2)
    cursor = ann.query(query).next
    assert cursor is not None
    assert ann.query(replace(query, after=cursor)).records
    others: list[tuple[Session, Any]] = [
        (things.session("bob", "s_all"), query),
        (things.session(), query),
        (ann, things.query(ann, "thing", order=["-name"], where="whole > 0", limit=2)),
        (ann, things.query(ann, "thing", order=["name"], where="whole > 1", limit=2)),
        (ann, things.query(ann, "thing", order=["name"], limit=2)),
        (ann, things.query(ann, "account", order=["name"], limit=2)),
    ]
    for session, asked in others:
        with pytest.raises(Problem) as refused:
            session.query(replace(asked, after=cursor))
        assert refused.value.code is codes.BAD_CURSOR
    chance = Random(5)
    for _ in range(50):
        place = chance.randrange(len(cursor))
        letter = chance.choice([c for c in "Ab0_-~é\0" if c != cursor[place]])
        _refused_or_same(ann, query, cursor[:place] + letter + cursor[place + 1 :], cursor)
    for text in ("", "x", cursor[:-4], cursor * 2, "=" * 9, "\ud800"):
        if text:
            _refused_or_same(ann, query, text, cursor)


def _refused_or_same(session: Session, query: Query, text: str, cursor: str) -> None:
    """A changed cursor is refused; but the last letter holds bits that mean nothing."""
    try:
        found = _ids(session, replace(query, after=text))
    except Problem as problem:
        assert problem.code is codes.BAD_CURSOR  # noqa: PT017
        return
    assert text[:-1] == cursor[:-1]
    assert found == _ids(session, replace(query, after=cursor))
