"""Claims about what a change would alter: it is what comes true, for the model and for somebody's sets."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.explanation.shift import Change, Shifts, everybody, shifts
from engine.physical import read_physical
from engine.release import prepare
from engine.session import Session
from metadata.catalog import Catalog
from tests.engine.session.company import LANGUAGE, PEOPLE, Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.sharing import MORE, person, standing

WIDER = MORE | {
    "permissions/own.yaml": """
permission_set: s_own
label: s_own
objects:
  account: {create: true, read: [own, department], update: own, fields: {"*": edit, code: none}}
""",
    "permissions/owned.yaml": MORE["permissions/owned.yaml"].replace(
        "department: finance", "department: sales"
    ),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Compiled once."""
    return compiled(MORE)


@pytest.fixture
def company(database_url: str, catalog: Catalog) -> Iterator[Company]:
    """Accounts of everybody; dee sees all of them, the others their own."""
    database = open_url(database_url)
    company = opened(database, catalog)
    door = company.session()
    for name in ("sales", "north", "finance"):
        company.update(door, "department", company.ids[name], code=name)
    for n, owner in enumerate((*PEOPLE, "bob", None)):
        company.create(door, "account", name=f"a{n}", owner=owner and company.ids[owner])
    for who in PEOPLE:
        person(company, who, "s_all" if who == "dee" else "s_own")
    yield company
    database.close()


def told(company: Company, new: Catalog | None = None, **sets: tuple[str, ...]) -> Shifts:
    """What another model, or other sets of somebody, would alter."""
    old = company.release
    release = prepare(new, 2, old.dialect, LANGUAGE) if new else old
    given = company.session().reader().given
    with company.database.read() as connection:
        people = everybody(connection, old, release)
        names = {id_: name for name, id_ in company.ids.items()}
        after = [
            replace(each, after=replace(each.after, permission_sets=sets[names[each.id]]))
            if names[each.id] in sets
            else each
            for each in people
        ]
        return shifts(
            Change(
                old=old, new=release, people=tuple(after), connection=connection,
                physical=read_physical(connection), given=given, seconds=lambda: 0.0, until=1.0,
            )
        )  # fmt: skip


def seen(company: Company, who: str) -> set[object]:
    """The accounts that somebody finds."""
    session = Session(
        database=company.database, release=company.release, actor=standing(company, who), clock=company.clock,
        ids=company.make_id,
    )  # fmt: skip
    return set(company.names(session, "account"))


def test_what_a_plan_says_people_gain_and_lose_comes_true(company: Company) -> None:
    new = compiled(WIDER)
    found = next(
        each for each in told(company, new).records if (each.object, each.action) == ("account", "read")
    )
    before = {who: seen(company, who) for who in PEOPLE}
    company.release = prepare(new, 2, company.release.dialect, LANGUAGE)
    more = {who: seen(company, who) - before[who] for who in PEOPLE}
    less = {who: before[who] - seen(company, who) for who in PEOPLE}
    assert (found.gaining, found.gained) == (sum(map(bool, more.values())), sum(map(len, more.values())))
    assert (found.losing, found.lost) == (sum(map(bool, less.values())), sum(map(len, less.values())))
    assert found.gaining > 0
    assert found.counted == found.people


def test_fields_that_become_hidden_are_told(company: Company) -> None:
    (field,) = (each for each in told(company, compiled(WIDER)).fields if each.object == "account")
    assert (field.field, field.shown, field.hidden) == ("code", 0, 3)


def test_another_set_for_somebody_is_told(company: Company) -> None:
    found = {(each.object, str(each.action)): each for each in told(company, cy=("s_all",)).records}
    shift = found["account", "read"]
    assert (shift.people, shift.gaining, shift.gained, shift.losing) == (1, 1, 5, 0)


def test_the_same_model_alters_nothing(company: Company) -> None:
    assert told(company, compiled(MORE)) == Shifts(records=(), fields=())


def test_when_time_is_over_it_says_how_many_were_looked_at(company: Company) -> None:
    old, given = company.release, company.session().reader().given
    ticks = iter(range(100))
    with company.database.read() as connection:
        release = prepare(compiled(WIDER), 2, old.dialect, LANGUAGE)
        found = shifts(
            Change(
                old=old, new=release, people=everybody(connection, old, release), connection=connection,
                physical=read_physical(connection), given=given, until=1.0,
                seconds=lambda: float(next(ticks)),
            )
        )  # fmt: skip
    assert [(each.people, each.counted) for each in found.records if each.counted] == [(3, 2)]
