"""Claims about explanations: the reasons, the grants that are named, who may ask, and that they are true."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import codes
from engine.access import Action, Origin
from engine.explanation.explain import Explanation, explain, explained
from engine.explanation.lever import Lever
from engine.explanation.viewers import viewers
from engine.mutation import Delete, Update
from engine.problem import Problem
from engine.session import Session
from metadata.catalog import Catalog
from tests.engine.session.company import PEOPLE, Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.sharing import MORE, person, standing

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "explain.yaml").read_text(encoding="utf-8"))
ADMIN = """
permission_set: s_admin
label: Admin
objects:
  account: {create: false, read: {where: 'name != "private"'}, fields: {"*": read, secret: none}}
  user: {create: false, read: all, fields: {"*": read}}
rights: [setup]
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Compiled once."""
    return compiled({**MORE, "permissions/admin.yaml": ADMIN})


@pytest.fixture
def company(database_url: str, catalog: Catalog) -> Iterator[Company]:
    """The departments and a group have codes; cy is in the group; there is a pool."""
    database = open_url(database_url)
    company = opened(database, catalog)
    door = company.session()
    for name in ("sales", "north", "finance"):
        company.update(door, "department", company.ids[name], code=name)
    company.create(door, "group", name="crew", code="crew")
    company.create(door, "group_member", group=company.ids["crew"], user=company.ids["cy"])
    company.create(door, "pool", name="pool")
    yield company
    database.close()


def account(company: Company, owner: str | None = "ann", **values: Any) -> str:
    """An account of somebody's."""
    values = {"name": "one", **values, "owner": owner and company.ids[owner]}
    if "pool" in values:
        values["pool"] = company.ids[values["pool"]]
    return company.create(company.session(), "account", **values)


def why(company: Company, who: str, action: str, record: str | None, field: str = "") -> Explanation:
    """What the system is told of somebody."""
    target = company.release.catalog.object("account")
    asked = target.fields[field] if field else None
    return explain(company.session(), company.ids[who], Action(action), target, record, asked)


def names(levers: tuple[Lever, ...]) -> list[str]:
    """Levers as the cases write them."""
    return sorted(f"{lever.origin}:{lever.name}".rstrip(":") for lever in levers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["claim"])
def test_a_verdict_with_its_reasons(company: Company, case: dict[str, Any]) -> None:
    person(company, case["who"], *case["sets"])
    record = None if case.get("nothing") else account(company, **case.get("account", {}))
    if case.get("binned"):
        company.delete(company.session(), "account", str(record))
    told = why(company, case["who"], case["action"], record, case.get("field", ""))
    assert told.allowed is case["allowed"]
    assert [str(each) for each in told.obstacles] == case.get("obstacles", [])
    assert [name for name in names(told.would_change) if "s_admin" not in name] == case["change"]
    assert names(told.together) == case.get("together", [])
    if "holding" in case:
        assert sorted(str(each.words) for each in told.grounds if each.holds) == case["holding"]
    if "grounds" in case:
        held = {str(each.words): each.holds for each in told.grounds}
        assert case["grounds"].items() <= held.items()
    if "right" in case:
        assert told.field is not None
        assert told.field.right == case["right"]


def test_a_formula_field_is_closed_by_what_it_is_made_of(company: Company) -> None:
    person(company, "ann", "s_blind")
    deal = company.release.catalog.object("deal")
    told = explain(company.session(), company.ids["ann"], Action.READ, deal, None, deal.fields["margin"])
    assert not told.allowed
    assert told.field is not None
    assert [field.name for field in told.field.hidden] == ["cost"]


def test_a_part_is_explained_by_its_whole(company: Company) -> None:
    part = company.release.catalog.object("part")
    person(company, "dee", "s_own")
    record = company.create(company.session(), "part", name="part", account=account(company))
    told = explain(company.session(), company.ids["dee"], Action.READ, part, record)
    assert not told.allowed
    assert "share:record_share" in names(told.would_change)
    assert all("as for its account" in each.source.reason for each in told.grounds)


def refusal(session: Session, company: Company, who: str, record: str | None) -> str:
    """The code with which an explanation is refused."""
    target = company.release.catalog.object("account")
    with pytest.raises(Problem) as caught:
        explain(session, company.ids[who], Action.READ, target, record)
    return caught.value.code.id


def test_about_others_only_who_sets_up_the_model_may_ask(company: Company) -> None:
    record = account(company)
    ann, bob = person(company, "ann", "s_own"), person(company, "bob", "s_own")
    target = company.release.catalog.object("account")
    assert explain(ann, company.ids["ann"], Action.READ, target, record).allowed
    assert refusal(ann, company, "bob", record) == codes.FORBIDDEN.id
    assert refusal(bob, company, "bob", record) == codes.NOT_FOUND.id


def test_of_a_record_that_she_may_not_see_the_asker_learns_nothing(company: Company) -> None:
    admin = person(company, "dee", "s_admin")
    person(company, "ann", "s_own")
    hidden, there_is_none = account(company, name="private"), company.make_id()
    assert refusal(admin, company, "ann", hidden) == codes.NOT_FOUND.id
    assert refusal(admin, company, "ann", there_is_none) == codes.NOT_FOUND.id


@pytest.mark.parametrize("secret", ["top", "low"])
def test_of_a_field_hidden_from_the_asker_no_condition_tells(company: Company, secret: str) -> None:
    admin = person(company, "dee", "s_admin")
    person(company, "bob", "s_own")
    target = company.release.catalog.object("account")
    told = explain(admin, company.ids["bob"], Action.READ, target, account(company, secret=secret))
    assert [each.holds for each in told.restrictions] == [None]
    assert "permission_set:s_all" not in names(told.would_change)


def test_what_makes_no_sense_is_refused(company: Company) -> None:
    record = account(company)
    person(company, "ann", "s_own")
    for action, field in (("create", ""), ("delete", "name")):
        with pytest.raises(Problem) as caught:
            why(company, "ann", action, record, field)
        assert caught.value.code == codes.BAD_QUERY


class _TakenBackError(Exception):
    """Ends a transaction without keeping what was done in it."""


def may(session: Session, company: Company, action: str, record: str) -> bool:
    """Whether the door lets somebody do it; nothing of it is kept."""
    target = company.release.catalog.object("account")
    change = Delete(id=record) if action == "delete" else Update(id=record, values={"active": True})
    try:
        if action == "read":
            session.get(target, record, ())
            return True
        with session.transaction():
            company.apply(session, "account", change)
            raise _TakenBackError
    except Problem as problem:
        # What others refer to is not deleted, and that is no matter of access.
        return problem.status not in (403, 404)
    except _TakenBackError:
        return True


def changed(
    session: Session, company: Company, lever: Lever, record: str, owner: str | None
) -> Session | None:
    """The same person once the grant is given or taken away; None for what only a publication changes."""
    actor, door, her = session.actor, company.session(), session.actor.id
    match lever.origin:
        case Origin.PERMISSION_SET:
            sets = tuple(sorted(set(actor.permission_sets) ^ {lever.name}))
            actor = replace(actor, permission_sets=sets)
        case Origin.SHARING_RULE:
            rules = tuple(sorted(set(actor.sharing_rules) ^ {lever.name}))
            actor = replace(actor, sharing_rules=rules)
        case Origin.SHARE if not lever.removes:
            company.create(
                door, "record_share", record=f"account/{record}", user=her, access=str(lever.access)
            )
        case Origin.TEAM if not lever.removes:
            company.create(door, "teammate", account=record, user=her, access=str(lever.access))
        case Origin.DELEGATION if not lever.removes and owner:
            company.create(
                door, "delegation", absent=company.ids[owner], deputy=her, access=str(lever.access)
            )
            actor = replace(actor, deputy=standing(company, actor.name).deputy)
        case _:
            return None
    return Session(
        database=company.database,
        release=company.release,
        actor=actor,
        clock=company.clock,
        ids=company.make_id,
    )


SETS = [
    "s_own",
    "s_below",
    "s_department",
    "s_departments",
    "s_all",
    "s_reader",
    "s_team",
    "s_coded",
    "s_blind",
]
ACCOUNTS: list[dict[str, str | None]] = [
    *({"owner": owner, "secret": secret} for owner in (*PEOPLE, None) for secret in (None, "top")),
    {"owner": "ann", "code": "friend"},
    {"owner": "dee", "code": "key", "secret": "top"},
]
SAMPLES = 50
WRITTEN = 6
"""So many grants are given as records; the others need no writing."""


def test_the_verdict_is_that_of_the_door_and_each_grant_named_turns_it(company: Company) -> None:
    """Whoever asks for whatever, with any sets: what is told is what happens, and would happen."""
    chance = random.Random(5)
    records = {account(company, **{"name": f"a{n}", **row}): row for n, row in enumerate(ACCOUNTS)}
    for record in chance.sample(sorted(records), 4):
        values = {"record": f"account/{record}", "department": company.ids["north"], "access": "edit"}
        company.create(company.session(), "record_share", **values)
    written = 0
    for _ in range(SAMPLES):
        who, action = chance.choice(list(PEOPLE)), chance.choice(["read", "update", "delete"])
        record, sets = chance.choice(sorted(records)), chance.sample(SETS, chance.randint(0, 2))
        session = Session(
            database=company.database,
            release=company.release,
            actor=replace(standing(company, who), permission_sets=tuple(sets)),
            clock=company.clock,
            ids=company.make_id,
        )
        target = company.release.catalog.object("account")
        told = explained(company.session(), session.actor, Action(action), target, record)
        assert told.allowed is may(session, company, action, record), (who, action, records[record], sets)
        for lever in told.would_change:
            lasting = lever.origin not in (Origin.PERMISSION_SET, Origin.SHARING_RULE)
            if lasting and (lever.removes or written >= WRITTEN):
                continue
            written += lasting
            then = changed(session, company, lever, record, records[record]["owner"])
            assert then is None or may(then, company, action, record) is not told.allowed, (lever, sets)
    assert written == WRITTEN


def test_who_sees_a_record_is_who_finds_it(company: Company) -> None:
    """With shares, a team, a pool and a deputy: the list of viewers is that of the doors."""
    chance, ids, door = random.Random(9), company.ids, company.session()
    for who, sets in zip(
        PEOPLE, (["s_team"], ["s_below", "s_coded"], ["s_own"], ["s_departments"]), strict=True
    ):
        person(company, who, *sets)
    company.create(door, "delegation", absent=ids["ann"], deputy=ids["dee"], access="edit")
    company.create(door, "pool_member", pool=ids["pool"], user=ids["cy"])
    records = [account(company, **{"name": f"a{n}", **row}) for n, row in enumerate(ACCOUNTS)]
    records.append(account(company, None, name="free", pool="pool"))
    for party in ("user", "group", "department"):
        to = {"user": "bob", "group": "crew", "department": "north"}[party]
        for record in chance.sample(records, 2):
            values = {
                "record": f"account/{record}",
                party: ids[to],
                "access": chance.choice(["read", "edit"]),
            }
            company.create(door, "record_share", **values)
    for record in chance.sample(records, 3):
        company.create(door, "teammate", account=record, user=ids["ann"], access="edit")
    target = company.release.catalog.object("account")
    anew = [
        Session(
            database=company.database,
            release=company.release,
            actor=standing(company, who),
            clock=company.clock,
            ids=company.make_id,
        )
        for who in PEOPLE
    ]
    found = 0
    for record in records:
        told = {viewer.name: viewer for viewer in viewers(door, target, record).viewers}
        for session in anew:
            may_ = {action: may(session, company, action, record) for action in ("read", "update", "delete")}
            viewer = told.get(session.actor.name)
            assert (viewer is not None) is may_["read"]
            if viewer is not None:
                found += 1
                level = "delete" if may_["delete"] else "edit" if may_["update"] else "read"
                assert viewer.level == level
                assert viewer.sources
    assert found > len(records)


def test_the_viewers_come_in_pages(company: Company) -> None:
    record, door = account(company), company.session()
    for who in PEOPLE:
        person(company, who, "s_all")
    target = company.release.catalog.object("account")
    first = viewers(door, target, record, limit=3)
    rest = viewers(door, target, record, limit=3, after=first.next)
    assert [each.name for each in (*first.viewers, *rest.viewers)] == sorted(PEOPLE)
    assert (first.total, rest.next) == (4, None)
    with pytest.raises(Problem) as caught:
        viewers(person(company, "ann"), target, record)
    assert caught.value.status == 403
