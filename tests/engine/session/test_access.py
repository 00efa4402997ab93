"""Claims about who sees what: a table of cases, and a law for companies of any shape."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.access import Action, Always, Circle, Never, Origin, Source, Union, Within, surely, union
from engine.actor import Actor, ActorKind
from engine.session import Session
from metadata.catalog import Scope
from tests.engine.session.company import PEOPLE, Company

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "access.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["claim"])
def test_who_sees_which_records(company: Company, case: dict[str, Any]) -> None:
    door = company.session()
    for row in case.get("rows", [{"owner": name} for name in [*PEOPLE, None]]):
        owner = row["owner"]
        company.create(door, "account", name=f"of {owner}", owner=owner and company.ids[owner])
    actor = company.session(case["actor"], *case["sets"])
    assert company.names(actor, "account") == sorted((f"of {name}" for name in case["sees"]), key=str.lower)


def within(scope: str) -> Within:
    return Within(scope=Scope(scope), source=Source(origin=Origin.PERMISSION_SET, name=scope))


def test_scopes_add_up_and_the_widest_wins() -> None:
    own, below, everything = (within(scope) for scope in ("own", "below", "all"))
    assert union([], otherwise="no") == Never(reason="no")
    assert union([own, below], otherwise="no") == Union(branches=(below,))
    assert union([own, everything], otherwise="no") == Always(source=everything.source)


def test_what_owner_and_department_decide_needs_no_database() -> None:
    circle = Circle(user="u", below=frozenset({"v"}), department="d")
    decision = union([within("below"), within("department")], otherwise="")
    assert [surely(decision, circle, *row) for row in (("v", "x"), ("x", "d"), ("x", "y"))] == [
        True,
        True,
        False,
    ]
    assert surely(Never(reason="no grant"), circle, "u", "d") is False


def test_a_source_is_told_in_words() -> None:
    assert within("own").source.reason == "permission set own"


def test_a_set_that_no_longer_exists_grants_nothing(company: Company) -> None:
    bob = company.session("bob", "s_gone")
    assert isinstance(bob.policy.decide(company.release.catalog.object("account"), Action.READ), Never)


trees = st.integers(1, 5).flatmap(
    lambda size: st.tuples(*(st.none() if n == 0 else st.none() | st.integers(0, n - 1) for n in range(size)))
)


def _above(tree: tuple[int | None, ...], node: int) -> set[int]:
    found = {node}
    while (up := tree[node]) is not None:
        node = up
        found.add(node)
    return found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(managers=trees, departments=trees, data=st.data())
def test_sql_and_python_read_a_decision_alike(
    company: Company,
    managers: tuple[int | None, ...],
    departments: tuple[int | None, ...],
    data: st.DataObject,
) -> None:
    """Whatever the organisation, however it was moved about: the rows listed are the rows allowed."""
    door = company.session()
    places = [company.create(door, "department", name=f"d{n}") for n in range(len(departments))]
    homes = [data.draw(st.none() | st.sampled_from(places)) for _ in managers]
    people = [company.create(door, "user", name=f"u{n}", department=home) for n, home in enumerate(homes)]
    order = data.draw(st.permutations(range(len(managers))))
    for n in order:
        up = managers[n]
        company.update(door, "user", people[n], manager=None if up is None else people[up])
    for n, above in enumerate(departments):
        company.update(door, "department", places[n], parent=None if above is None else places[above])
    rows = {company.create(door, "account", name=f"a{n}", owner=person): n for n, person in enumerate(people)}

    me = data.draw(st.sampled_from(range(len(people))))
    home = homes[me]
    circle = Circle(
        user=people[me],
        below=frozenset(people[n] for n in range(len(people)) if me in _above(managers, n)),
        department=home,
        departments=frozenset(
            place for n, place in enumerate(places) if home and places.index(home) in _above(departments, n)
        ),
    )
    for sets in data.draw(
        st.lists(st.sets(st.sampled_from(["own", "below", "department", "departments", "all"])), max_size=3)
    ):
        names = tuple(sorted(f"s_{scope}" for scope in sets)) or ("s_own",)
        actor = Actor(id=people[me], kind=ActorKind.PERSON, name="me", permission_sets=names, department=home)
        session = Session(
            database=company.database,
            release=company.release,
            actor=actor,
            clock=company.clock,
            ids=company.make_id,
        )
        decision = session.policy.decide(company.release.catalog.object("account"), Action.READ)
        seen = {record.id for record in session.query(company.query(session, "account", limit=1000)).records}
        allowed = {row for row, n in rows.items() if surely(decision, circle, people[n], homes[n])}
        assert seen & set(rows) == allowed
