"""Claims about batches saved together: a parent with its lines, all or nothing, and every mistake told."""

import pytest

from engine import codes
from engine.mutation import Create, Delete, Mutation, Update
from engine.problem import Problem
from engine.session import Session
from tests.engine.session.company import Company


def batch(company: Company, name: str, *changes: Create | Update | Delete) -> Mutation:
    """A batch of an object by name."""
    return Mutation(object=company.release.catalog.object(name), changes=changes, entry="test")


def refused(session: Session, *mutations: Mutation) -> Problem:
    """What the session says to batches that it refuses."""
    with pytest.raises(Problem) as caught:
        session.apply_all(mutations)
    return caught.value


def places(problem: Problem) -> list[tuple[int | None, int | None, str | None, str]]:
    """Where the details of a problem lie, and their codes."""
    return [(detail.mutation, detail.row, detail.field, detail.code) for detail in problem.details]


def test_a_later_batch_refers_to_what_an_earlier_one_creates(company: Company) -> None:
    bob, deal = company.session("bob", "s_own"), company.make_id()
    made, lines = bob.apply_all(
        [
            batch(company, "deal", Create(id=deal, values={"name": "d"})),
            batch(company, "line", *(Create(values={"name": n, "deal": deal}) for n in "xy")),
        ]
    )
    assert [record and record.values["deal"] for record in lines.records] == [deal, deal]
    assert made.change_set == lines.change_set
    changes = bob.history(company.release.catalog.object("deal"), deal)
    assert [change.change_set.id for change in changes] == [made.change_set]


def test_all_is_told_at_its_batch_row_and_field(company: Company) -> None:
    bob, deal = company.session("bob", "s_own"), company.make_id()
    problem = refused(
        bob,
        batch(company, "deal", Create(id=deal, values={"name": "", "amount": "much"})),
        batch(
            company, "line", Create(values={"deal": deal}), Create(values={"deal": deal, "name": "x" * 300})
        ),
        batch(company, "account", Create(values={"name": "fine"})),
    )
    assert problem.code is codes.INVALID
    assert set(places(problem)) == {
        (0, 0, "amount", codes.NOT_A_NUMBER.id),
        (0, 0, "name", codes.REQUIRED.id),
        (1, 1, "name", codes.TOO_LONG.id),
    }
    assert company.names(company.session(), "account") == []


def test_nothing_is_stored_where_a_later_batch_is_refused(company: Company) -> None:
    bob, deal = company.session("bob", "s_own"), company.make_id()
    problem = refused(
        bob,
        batch(company, "deal", Create(id=deal, values={"name": "d"})),
        batch(company, "line", Create(values={"deal": company.make_id()})),
    )
    assert places(problem) == [(1, 0, "deal", codes.LINK_MISSING.id)]
    assert company.names(company.session(), "deal") == []


def test_one_refused_batch_keeps_its_own_problem(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="d")
    company.update(door, "deal", deal, name="e")
    problem = refused(
        door,
        batch(company, "deal", Update(id=deal, version=1, values={"name": "f"})),
        batch(company, "line", Create(values={"deal": deal})),
    )
    assert (problem.code, problem.status, problem.data["mutation"]) == (codes.STALE_VERSION, 409, 0)
    assert problem.data["theirs"]
    assert problem.json()["errors"] == [
        {"mutation": 0, "code": problem.code.id, "message": problem.message, "hint": problem.hint}
    ]
