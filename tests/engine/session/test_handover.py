"""What somebody leaves behind goes to others in one change set that can be taken back."""

from datetime import datetime

import pytest

from engine.changes.ledger import change_set, recent
from engine.changes.undo import undo
from engine.database import Database
from engine.handover import gained, hand_over, holdings, portions
from engine.mutation import Create
from engine.problem import Problem
from tests.engine.session.company import FILES, Company, compiled, opened

STAGES = """attributes: {probability: percent, closed: boolean}
    options:
      open: {label: Open, probability: 10}
      won: {label: Won, probability: 100, closed: true}
      lost: {label: Lost, probability: 0, closed: true}"""
DEAL = FILES["objects/deal.yaml"]
START, END = DEAL.index("attributes:"), DEAL.index("  reason:")
MODEL = {
    "objects/deal.yaml": f"{DEAL[:START]}{STAGES}\n{DEAL[END:]}",
    "permissions/manager.yaml": """
permission_set: s_manager
label: Manager
objects:
  "*": {create: true, read: department, update: department, delete: none, fields: {"*": edit}}
  user: {create: false, read: all, update: none, delete: none, fields: {"*": read}}
  department: {create: false, read: all, update: none, delete: none, fields: {"*": read}}
rights: [history, mass_edit]
""",
}


@pytest.fixture
def company(database: Database) -> Company:
    """Bob owns two open deals, one that is won, and an account; cy reports to him."""
    company = opened(database, compiled(MODEL))
    bob = company.session("bob", "s_all")
    for name, stage in (("first", "open"), ("second", "open"), ("done", "won")):
        company.create(bob, "deal", name=name, stage=stage)
    company.create(bob, "account", name="account")
    return company


def owners(company: Company, what: str) -> dict[object, object]:
    """Names of owners by names of records."""
    page = company.session().query(company.query(company.session(), what, "name", "owner.name"))
    return {record.values["name"]: record.values["owner.name"] for record in page.records}


def test_open_records_reports_and_places_are_what_she_holds(company: Company) -> None:
    found = holdings(company.session(), company.ids["bob"])
    assert {one.portion.name: one.count for one in found} == {"deal": 2, "account": 1, "user.manager": 1}
    deals = next(one for one in found if one.portion.name == "deal")
    assert sorted(str(record.values["name"]) for record in deals.examples) == ["first", "second"]


def test_each_portion_goes_to_whom_it_is_given_and_closed_records_stay(company: Company) -> None:
    admin, ids = company.session(), company.ids
    done = hand_over(
        admin,
        ids["bob"],
        {"deal": ids["ann"], "account": ids["dee"], "user.manager": ids["ann"]},
        reason="left",
    )
    assert dict(done.moved) == {"deal": 2, "account": 1, "user.manager": 1}
    assert owners(company, "deal") == {"first": "ann", "second": "ann", "done": "bob"}
    assert owners(company, "account") == {"account": "dee"}
    assert done.change_set is not None
    kept = change_set(admin, done.change_set)
    assert (kept.change_set.entry, kept.change_set.subject, kept.change_set.reason, kept.changes) == (
        "hand_over", ids["bob"], "left", 4,
    )  # fmt: skip


def test_undone_everything_nobody_touched_since_is_hers_again(company: Company) -> None:
    admin, ids = company.session(), company.ids
    done = hand_over(admin, ids["bob"], {"deal": ids["ann"], "user.manager": ids["ann"]})
    company.update(admin, "deal", ids["second"], owner=ids["dee"])
    company.update(admin, "deal", ids["first"], amount=5)
    assert done.change_set is not None
    back = undo(admin, done.change_set)
    assert owners(company, "deal") == {"first": "bob", "second": "dee", "done": "bob"}
    assert [one.record for one in back.conflicts] == [ids["second"]]
    cy = admin.get(company.release.catalog.object("user"), ids["cy"])
    assert cy.values["manager"] == ids["bob"]


def test_only_what_the_actor_may_change_is_handed_over(company: Company) -> None:
    """A manager of the department: no reports, for she may not change users; and only her department's."""
    ids, manager = company.ids, company.session("cy", "s_manager")
    company.create(company.session("dee", "s_all"), "deal", name="far")
    assert "user.manager" not in {one.name for one in portions(manager)}
    done = hand_over(manager, ids["bob"], {"deal": ids["cy"]})
    assert dict(done.moved) == {"deal": 2}
    far = hand_over(manager, ids["dee"], {"deal": ids["cy"]})
    assert (far.change_set, dict(far.moved)) == (None, {"deal": 0})


def test_what_a_save_refuses_is_told_and_the_rest_moves(company: Company) -> None:
    """Given to somebody outside her department, a manager could no longer change them: refused."""
    ids, manager = company.ids, company.session("cy", "s_manager")
    refused = hand_over(manager, ids["bob"], {"deal": ids["dee"], "account": ids["cy"]})
    assert (dict(refused.moved), refused.refused) == ({"deal": 0, "account": 1}, 2)
    assert {one.record for one in refused.conflicts} == {ids["first"], ids["second"]}


def test_without_the_right_or_a_sound_successor_nothing_moves(company: Company) -> None:
    admin, ids = company.session(), company.ids
    with pytest.raises(Problem) as forbidden:
        hand_over(company.session("ann", "s_all"), ids["bob"], {"deal": ids["ann"]})
    assert forbidden.value.status == 403
    company.update(admin, "user", ids["dee"], active=False)
    for given in ({"deal": ids["dee"]}, {"deal": ids["bob"]}, {"nothing": ids["ann"]}):
        with pytest.raises(Problem) as refused:
            hand_over(admin, ids["bob"], given)
        assert refused.value.code.id == "P222"
    with pytest.raises(Problem) as unknown:
        hand_over(admin, 'x" || true', {})
    assert unknown.value.status == 404


def test_what_the_new_owner_gains_is_what_she_does_not_see_today(company: Company) -> None:
    admin, ids = company.session(), company.ids
    deals = next(one for one in portions(admin) if one.name == "deal")
    assert gained(admin, company.session("dee", "s_own"), deals, ids["bob"]) == 2
    assert gained(admin, company.session("ann", "s_all"), deals, ids["bob"]) == 0
    assert gained(admin, company.session("dee"), deals, ids["bob"]) == 2


def test_what_the_new_owner_sees_and_the_actor_does_not_is_not_set_off(company: Company) -> None:
    ids, manager = company.ids, company.session("cy", "s_manager")
    company.update(company.session(), "user", ids["bob"], department=ids["finance"])
    company.create(company.session(), "deal", name="far", owner=ids["bob"])
    deals = next(one for one in portions(manager) if one.name == "deal")
    assert gained(manager, company.session("dee", "s_department"), deals, ids["bob"]) == 2
    assert gained(manager, company.session("ann", "s_all"), deals, ids["bob"]) == 0


class EndedError(Exception):
    """The process was killed."""


def test_killed_and_repeated_it_goes_on_in_the_same_change_set(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.handover.CHUNK", 3)
    admin, ids = company.session(), company.ids
    bob = company.session("bob", "s_all")
    company.apply(bob, "deal", *(Create(values={"name": f"D{n}"}) for n in range(10)))
    dying = company.session()
    ticks = iter(range(7))

    def clock() -> datetime:
        if next(ticks, None) is None:
            raise EndedError
        return company.now

    dying.clock = clock
    with pytest.raises(EndedError):
        hand_over(dying, ids["bob"], {"deal": ids["ann"]})
    moved = list(owners(company, "deal").values()).count("ann")
    assert 0 < moved < 12
    (broken,) = recent(admin, limit=1)
    rest = hand_over(admin, ids["bob"], {"deal": ids["ann"]})
    assert (rest.change_set, rest.moved["deal"]) == (broken.change_set.id, 12 - moved)
    assert change_set(admin, broken.change_set.id).changes == 12
