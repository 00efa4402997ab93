"""Claims about what opens records beyond the owner's circle, and what takes them away."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine import codes
from engine.mutation import Update
from engine.problem import Problem
from engine.session import Session
from metadata.catalog import Catalog
from tests.engine.session.company import Company, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.sharing import person, sharing_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Compiled once."""
    return sharing_catalog()


@pytest.fixture
def company(database_url: str, catalog: Catalog) -> Iterator[Company]:
    """The departments and a group have codes; cy is in a group within the crew."""
    database = open_url(database_url)
    company = opened(database, catalog)
    door = company.session()
    for name in ("sales", "north", "finance"):
        company.update(door, "department", company.ids[name], code=name)
    company.create(door, "group", name="crew", code="crew")
    company.create(door, "group", name="inner")
    company.create(door, "group_member", group=company.ids["crew"], member_group=company.ids["inner"])
    company.create(door, "group_member", group=company.ids["inner"], user=company.ids["cy"])
    yield company
    database.close()


def account(company: Company, name: str, owner: str | None = "ann", **values: object) -> str:
    """An account of somebody's."""
    return company.create(
        company.session(), "account", name=name, owner=owner and company.ids[owner], **values
    )


def sees(company: Company, session: Session) -> list[object]:
    """The names of the accounts somebody sees."""
    return company.names(session, "account")


def refused(company: Company, session: Session, record: str, **values: Any) -> str:
    """The code with which a change is refused."""
    with pytest.raises(Problem) as caught:
        company.update(session, "account", record, **values)
    details = caught.value.details
    return details[0].code if details else caught.value.code.id


def test_a_team_opens_its_record_to_whoever_has_the_scope(company: Company) -> None:
    first, second = account(company, "first"), account(company, "second")
    bob = person(company, "bob", "s_team")
    assert sees(company, bob) == []
    for record, access in ((first, "edit"), (second, "read")):
        row = {"account": record, "user": company.ids["bob"], "access": access}
        company.create(company.session(), "teammate", **row)
    assert sees(company, bob) == ["first", "second"]
    assert sees(company, person(company, "cy", "s_own")) == []
    company.update(bob, "account", first, name="changed")
    assert refused(company, bob, second, name="changed") == codes.FORBIDDEN.id


def test_a_share_opens_a_record_to_a_user_a_group_or_a_department(company: Company) -> None:
    for name, party in (("a", "user"), ("b", "group"), ("c", "department")):
        record = account(company, name)
        to = {"user": "cy", "group": "crew", "department": "north"}[party]
        company.create(
            company.session(), "record_share", record=f"account/{record}", **{party: company.ids[to]}
        )
    assert sees(company, person(company, "cy", "s_own")) == ["a", "b", "c"]
    assert sees(company, person(company, "bob", "s_own")) == ["c"]
    assert sees(company, person(company, "dee", "s_own")) == []


def test_a_department_s_share_counts_for_the_departments_below(company: Company) -> None:
    record = account(company, "a", "dee")
    company.create(
        company.session(), "record_share", record=f"account/{record}", department=company.ids["sales"]
    )
    assert sees(company, person(company, "cy", "s_own")) == ["a"]


def test_a_share_ends_with_its_last_day(company: Company) -> None:
    record = account(company, "a")
    company.create(
        company.session(), "record_share",
        record=f"account/{record}", user=company.ids["cy"], until="2026-03-05", access="edit",
    )  # fmt: skip
    cy = person(company, "cy", "s_own")
    company.later(days=1)
    company.update(cy, "account", record, name="b")
    company.later(days=1)
    assert sees(company, cy) == []
    assert refused(company, cy, record, name="c") == codes.NOT_FOUND.id


def test_sharing_opens_nothing_to_whom_no_set_lets_into_the_object(company: Company) -> None:
    record = account(company, "a")
    company.create(company.session(), "record_share", record=f"account/{record}", user=company.ids["cy"])
    cy = person(company, "cy")
    with pytest.raises(Problem) as caught:
        cy.get(company.release.catalog.object("account"), record)
    assert caught.value.status == 403


def test_only_who_may_change_a_record_may_share_it(company: Company) -> None:
    record = account(company, "a")
    company.create(company.session(), "record_share", record=f"account/{record}", user=company.ids["cy"])
    cy = person(company, "cy", "s_own")
    with pytest.raises(Problem) as caught:
        company.create(cy, "record_share", record=f"account/{record}", user=company.ids["dee"])
    assert caught.value.details[0].code == codes.LINK_MISSING.id
    company.create(
        company.session(), "record_share", record=f"account/{record}", user=company.ids["cy"], access="edit"
    )
    company.create(cy, "record_share", record=f"account/{record}", user=company.ids["dee"])
    assert sees(company, person(company, "dee", "s_own")) == ["a"]


def test_who_may_not_change_a_record_any_more_neither_shares_it_on_nor_ends_a_share(company: Company) -> None:
    record, bob = account(company, "a", "bob"), person(company, "bob", "s_own")
    share, other = (
        company.create(bob, "record_share", record=f"account/{record}", user=company.ids["cy"])
        for _ in range(2)
    )
    company.update(bob, "record_share", share, access="edit")
    company.delete(bob, "record_share", other)
    company.update(company.session(), "account", record, owner=company.ids["ann"])
    with pytest.raises(Problem) as caught:
        company.update(bob, "record_share", share, user=company.ids["dee"])
    assert caught.value.details[0].code == codes.LINK_MISSING.id
    with pytest.raises(Problem) as caught:
        company.delete(bob, "record_share", share)
    assert caught.value.details[0].code == codes.LINK_MISSING.id
    company.delete(company.session(), "record_share", share)


def test_the_members_of_a_pool_see_what_nobody_owns_in_it(company: Company) -> None:
    pool = company.create(company.session(), "pool", name="pool")
    company.create(company.session(), "pool_member", pool=pool, user=company.ids["cy"])
    free = account(company, "free", None, pool=pool)
    account(company, "taken", "ann", pool=pool)
    cy, bob = person(company, "cy", "s_own"), person(company, "bob", "s_own")
    assert (sees(company, cy), sees(company, bob)) == (["free"], [])
    company.update(cy, "account", free, owner=company.ids["cy"])
    assert sees(company, cy) == ["free"]


def test_rules_share_by_condition_and_by_owner(company: Company) -> None:
    friend = account(company, "friend", code="friend")
    account(company, "of bob", "bob")
    account(company, "of cy", "cy")
    cy, dee, ann = (person(company, who, "s_own") for who in ("cy", "dee", "ann"))
    assert sees(company, cy) == ["friend", "of cy"]
    assert sees(company, dee) == ["of bob", "of cy"]
    assert sees(company, ann) == ["friend", "of cy"]
    company.update(cy, "account", friend, name="a friend")
    assert refused(company, dee, company.ids["of bob"], name="x") == codes.FORBIDDEN.id


def test_nobody_changes_a_record_so_that_it_leaves_her_reach(company: Company) -> None:
    friend = account(company, "friend", code="friend")
    cy = person(company, "cy", "s_own")
    assert refused(company, cy, friend, code="foe") == codes.FORBIDDEN.id
    assert cy.get(company.release.catalog.object("account"), friend).values["code"] == "friend"


def test_of_a_partial_batch_only_the_rows_within_reach_are_saved(company: Company) -> None:
    friend = account(company, "friend", code="friend")
    own = account(company, "own", "cy")
    cy = person(company, "cy", "s_own")
    changes = (Update(id=friend, values={"code": "foe"}), Update(id=own, values={"name": "mine"}))
    result = company.apply(cy, "account", *changes, partial=True)
    assert [problem and problem.code.id for problem in result.problems] == [codes.INVALID.id, None]
    assert sees(company, cy) == ["friend", "mine"]


def test_a_condition_may_follow_lookups(company: Company) -> None:
    key = account(company, "key", code="key")
    account(company, "child", parent=key)
    account(company, "other")
    dee = person(company, "dee", "s_coded")
    assert sees(company, dee) == ["child", "key"]
    assert refused(company, dee, company.ids["child"], name="x") == codes.FORBIDDEN.id


def test_a_restriction_takes_away_own_records_too(company: Company) -> None:
    account(company, "hidden", secret="top")
    account(company, "shown", secret="low")
    account(company, "blank")
    assert sees(company, person(company, "ann", "s_own")) == ["blank", "shown"]
    assert sees(company, person(company, "dee", "s_all")) == ["blank", "shown"]
    assert sees(company, company.session()) == ["blank", "hidden", "shown"]


def test_a_restriction_spares_who_is_exempt(company: Company) -> None:
    account(company, "hidden", secret="top")
    assert sees(company, person(company, "ann", "s_own", "s_below")) == ["hidden"]


def test_nobody_writes_what_a_restriction_would_hide(company: Company) -> None:
    record = account(company, "own")
    ann = person(company, "ann", "s_own")
    assert refused(company, ann, record, secret="top") == codes.FORBIDDEN.id
    with pytest.raises(Problem):
        company.create(ann, "account", name="new", secret="top")


def test_parts_are_seen_with_their_whole(company: Company) -> None:
    friend = account(company, "friend", code="friend")
    hidden = account(company, "hidden", "cy", secret="top")
    for whole in (friend, hidden):
        company.create(company.session(), "part", name=f"part of {whole}", account=whole)
    cy, dee = person(company, "cy", "s_own"), person(company, "dee", "s_own")
    assert company.names(cy, "part") == [f"part of {friend}"]
    assert company.names(dee, "part") == []
    company.create(cy, "part", name="new", account=friend)
    with pytest.raises(Problem):
        company.create(cy, "part", name="new", account=hidden)


@pytest.mark.parametrize(("days", "visible"), [(0, False), (1, True), (3, False)])
def test_a_deputy_sees_the_records_of_whoever_is_away(company: Company, days: int, visible: bool) -> None:
    record = account(company, "of ann")
    company.create(
        company.session(), "delegation",
        absent=company.ids["ann"], deputy=company.ids["dee"],
        first_day="2026-03-05", last_day="2026-03-06", access="edit",
    )  # fmt: skip
    company.later(days=days)
    dee = person(company, "dee", "s_own")
    assert sees(company, dee) == (["of ann"] if visible else [])
    if visible:
        company.update(dee, "account", record, name="done")
        with pytest.raises(Problem):
            company.delete(dee, "account", record)


def test_a_deputy_who_may_only_read_changes_nothing(company: Company) -> None:
    record = account(company, "of ann")
    company.create(company.session(), "delegation", absent=company.ids["ann"], deputy=company.ids["dee"])
    dee = person(company, "dee", "s_own")
    assert sees(company, dee) == ["of ann"]
    assert refused(company, dee, record, name="x") == codes.FORBIDDEN.id


def test_the_deputy_of_a_manager_sees_her_people_s_records(company: Company) -> None:
    account(company, "of cy", "cy")
    company.create(company.session(), "delegation", absent=company.ids["ann"], deputy=company.ids["dee"])
    assert sees(company, person(company, "dee", "s_below")) == ["of cy"]


def test_nobody_becomes_the_system_by_an_assignment(company: Company) -> None:
    account(company, "of ann")
    bob = person(company, "bob", "s_own", "$system")
    assert bob.actor.permission_sets == ("s_own",)
    assert sees(company, bob) == []
