"""Claims about what a save accepts, refuses and leaves behind."""

from datetime import date
from decimal import Decimal

import pytest

from engine import codes
from engine.mutation import Create, Delete, Restore, Update
from engine.problem import Problem
from tests.engine.session.company import START, Company


def refusal(company: Company, *arguments: object, **more: object) -> Problem:
    """The Problem that applying these changes raises."""
    with pytest.raises(Problem) as refused:
        company.apply(*arguments, **more)  # type: ignore[arg-type]
    return refused.value


def places(problem: Problem) -> list[tuple[int | None, str | None, str]]:
    """Row, field and code of each detail."""
    return [(detail.row, detail.field, detail.code) for detail in problem.details]


def test_a_new_record_gets_defaults_owner_department_and_books(company: Company) -> None:
    bob = company.session("bob", "s_all")
    deal = company.create(bob, "deal", name="Big")
    values = bob.get(company.release.catalog.object("deal"), deal).values
    assert values["stage"] == "open"
    assert values["closes"] == date(2026, 4, 3)
    assert (values["owner"], values["owner.title"]) == (company.ids["bob"], "bob")
    assert values["department"] == company.ids["north"]
    assert (values["created_at"], values["created_by"]) == (START, company.ids["bob"])
    assert (values["version"], values["deleted_at"]) == (1, None)


def test_a_blank_that_was_given_on_purpose_stays_blank(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="Big", closes="", stage=None)
    values = door.get(company.release.catalog.object("deal"), deal).values
    assert (values["closes"], values["stage"]) == (None, None)


def test_a_record_moves_to_the_department_of_its_new_owner(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="Acme", owner=company.ids["cy"])
    target = company.release.catalog.object("account")
    assert door.get(target, account).values["department"] == company.ids["north"]
    assert (
        company.update(door, "account", account, owner=company.ids["dee"]).values["department"]
        == company.ids["finance"]
    )
    assert company.update(door, "account", account, owner=None).values["department"] is None


def test_everything_wrong_is_told_at_once_and_nothing_is_saved(company: Company) -> None:
    door = company.session()
    problem = refusal(
        company, door, "deal",
        Create(values={"name": "x" * 41, "amount": "-1", "closes": "soon", "nope": 1, "margin": 3}),
        Create(values={"name": "fine"}),
        Create(values={"stage": "gone", "account": company.make_id(), "version": 3}),
    )  # fmt: skip
    assert problem.status == 422
    assert set(places(problem)) == {
        (0, "name", codes.TOO_LONG.id),
        (0, "amount", codes.TOO_SMALL.id),
        (0, "closes", codes.NOT_A_DATE.id),
        (0, "nope", codes.UNKNOWN_FIELD.id),
        (0, "margin", codes.COMPUTED.id),
        (2, "stage", codes.UNKNOWN_OPTION.id),
        (2, "account", codes.LINK_MISSING.id),
        (2, "version", codes.READ_ONLY.id),
        (2, "name", codes.REQUIRED.id),
    }
    assert company.names(door, "deal") == []


def test_in_partial_mode_the_sound_rows_are_saved(company: Company) -> None:
    door = company.session()
    old = company.create(door, "deal", name="old")
    result = company.apply(
        door, "deal",
        Create(values={"name": "good"}),
        Create(values={"name": None}),
        Update(id=company.make_id(), values={"name": "ghost"}),
        Update(id=old, version=9, values={"name": "late"}),
        Update(id=old, values={"name": "twice"}),
        Create(values={"name": "lost", "stage": "lost"}),
        partial=True,
    )  # fmt: skip
    assert [problem and problem.status for problem in result.problems] == [None, 422, 404, 409, 422, 422]
    assert [record is not None for record in result.records] == [True, False, False, False, False, False]
    assert company.names(door, "deal") == ["good", "old"]


def test_who_asks_for_no_answer_gets_no_records_but_every_problem(company: Company) -> None:
    door = company.session()
    changes = Create(values={"name": "good"}), Create(values={"name": None})
    result = company.apply(door, "deal", *changes, partial=True, answer=False)
    assert result.records == (None, None)
    assert [problem and problem.status for problem in result.problems] == [None, 422]
    assert company.names(door, "deal") == ["good"]


def test_a_rule_refuses_with_its_message_at_its_field(company: Company) -> None:
    door = company.session()
    problem = refusal(company, door, "deal", Create(values={"name": "x", "stage": "lost"}))
    assert problem.json()["errors"] == [
        {"field": "reason", "row": 0, "code": codes.RULE_BROKEN.id, "message": "Say why the deal was lost."}
    ]
    company.create(door, "deal", name="x", stage="lost", reason="price")


def test_a_rule_sees_the_records_behind_lookups(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="Closed")
    problem = refusal(company, door, "deal", Create(values={"name": "x", "account": account}))
    assert places(problem) == [(0, "account", codes.RULE_BROKEN.id)]


def test_a_move_that_is_closed_says_which_are_open(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="x", stage="lost", reason="price")
    company.update(door, "deal", deal, stage="won")
    (detail,) = refusal(company, door, "deal", Update(id=deal, values={"stage": "open"})).details
    assert (detail.message, detail.hint) == (
        "Stage cannot become Open from here.", "It cannot change any more."
    )  # fmt: skip
    other = company.create(door, "deal", name="y")
    company.update(door, "deal", other, stage=None)
    (detail,) = refusal(
        company, door, "deal", Update(id=other, values={"stage": "lost", "reason": "x", "amount": 1})
    ).details
    assert detail.hint == "From here it may become: Won."


def test_a_move_that_requires_a_field_asks_for_it(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="x")
    (detail,) = refusal(
        company, door, "deal", Update(id=deal, values={"stage": "lost", "reason": "x"})
    ).details
    assert (detail.field, detail.code, detail.hint) == ("amount", codes.MOVE_REFUSED.id, "Give a value.")


def test_a_misspelt_field_is_told_the_nearest_one_that_may_be_read(company: Company) -> None:
    hints = []
    for door in (company.session(), company.session("bob", "s_blind")):
        (detail,) = refusal(company, door, "deal", Create(values={"name": "x", "cots": 1})).details
        hints.append(detail.hint)
    assert hints[0] == "Did you mean cost?"
    assert "cost" not in hints[1]


def test_a_stale_version_is_refused_showing_both(company: Company) -> None:
    door, bob = company.session(), company.session("bob", "s_blind")
    deal = company.create(door, "deal", name="Big", cost=5)
    company.update(door, "deal", deal, version=1, name="Bigger")
    problem = refusal(company, bob, "deal", Update(id=deal, version=1, values={"name": "Biggest"}))
    assert (problem.code, problem.status) == (codes.STALE_VERSION, 409)
    assert problem.data["yours"] == {"version": 1, "values": {"name": "Biggest"}}
    theirs = problem.data["theirs"]
    assert isinstance(theirs, dict)
    assert (theirs["version"], theirs["values"]["name"]) == (2, "Bigger")
    assert "cost" not in theirs["values"]


def test_both_versions_show_values_as_json_shows_them_elsewhere(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="Big", cost=5, closes="2026-05-01")
    company.update(door, "deal", deal, version=1, cost="6.50")
    given = {"cost": Decimal("7.25")}
    problem = refusal(company, door, "deal", Update(id=deal, version=1, values=given))
    assert problem.data["yours"] == {"version": 1, "values": {"cost": Decimal("7.25")}}
    theirs = problem.data["theirs"]
    assert isinstance(theirs, dict)
    assert (theirs["values"]["cost"], str(theirs["values"]["closes"])) == (Decimal("6.50"), "2026-05-01")


def test_an_update_that_changes_nothing_leaves_no_trace(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="Big", amount="5.00")
    assert company.update(door, "deal", deal, name="Big", amount="5").version == 1
    assert len(door.history(company.release.catalog.object("deal"), deal)) == 1


def test_a_value_of_a_unique_field_is_taken_once(company: Company) -> None:
    door = company.session()
    first = company.create(door, "account", name="a", code="X")
    assert places(refusal(company, door, "account", Create(values={"name": "b", "code": "X"}))) == [
        (0, "code", codes.NOT_UNIQUE.id)
    ]
    twins = (Create(values={"name": "b", "code": "Y"}), Create(values={"name": "c", "code": "Y"}))
    assert places(refusal(company, door, "account", *twins)) == [(1, "code", codes.NOT_UNIQUE.id)]
    company.update(door, "account", first, code="X", name="again")
    company.delete(door, "account", first)
    second = company.create(door, "account", name="b", code="X")
    assert places(refusal(company, door, "account", Restore(id=first))) == [(0, "code", codes.NOT_UNIQUE.id)]
    company.update(door, "account", second, code=None)
    company.restore(door, "account", first)


def test_an_id_that_exists_is_refused_without_saying_more(company: Company) -> None:
    door, bob = company.session(), company.session("bob", "s_own")
    hidden = company.create(door, "account", name="a", owner=company.ids["ann"])
    problem = refusal(company, bob, "account", Create(id=hidden, values={"name": "mine"}))
    assert (problem.code, problem.status, problem.details) == (codes.ID_TAKEN, 409, ())


def test_a_link_to_an_unreadable_record_is_a_link_to_none(company: Company) -> None:
    door, bob = company.session(), company.session("bob", "s_blind")
    hidden = company.create(door, "account", name="a", owner=company.ids["ann"])
    told = [
        refusal(company, bob, "deal", Create(values={"name": "x", "account": account})).details
        for account in (hidden, company.make_id())
    ]
    assert told[0] == told[1]
    assert told[0][0].code == codes.LINK_MISSING.id


def test_a_field_that_may_only_be_read_is_not_written(company: Company) -> None:
    bob = company.session("bob", "s_blind")
    problem = refusal(
        company, bob, "deal", Create(values={"name": "x", "stage": "won", "cost": 3, "department": None})
    )
    assert set(places(problem)) == {
        (0, "stage", codes.READ_ONLY.id),
        (0, "cost", codes.UNKNOWN_FIELD.id),
        (0, "department", codes.READ_ONLY.id),
    }


def test_what_may_be_read_but_not_changed_is_forbidden_and_what_may_not_be_read_is_missing(
    company: Company,
) -> None:
    door = company.session()
    theirs = company.create(door, "account", name="a", owner=company.ids["ann"])
    for sets, status in ((("s_own",), 404), (("s_own", "s_reader"), 403), (("s_reader",), 403)):
        bob = company.session("bob", *sets)
        assert refusal(company, bob, "account", Update(id=theirs, values={"name": "b"})).status == status
        assert refusal(company, bob, "account", Delete(id=theirs)).status == status


def test_nobody_moves_a_record_out_of_her_reach(company: Company) -> None:
    bob = company.session("bob", "s_below")
    mine = company.create(bob, "account", name="a")
    company.update(bob, "account", mine, owner=company.ids["cy"])
    problem = refusal(company, bob, "account", Update(id=mine, values={"owner": company.ids["ann"]}))
    assert "owner" in {detail.field for detail in problem.details}


def test_restrict_cascade_and_set_null(company: Company) -> None:
    door = company.session()
    account, partner = (company.create(door, "account", name=name) for name in ("a", "p"))
    deal = company.create(door, "deal", name="d", account=account, partner=partner)
    for name in ("l1", "l2"):
        company.create(door, "line", name=name, deal=deal)
    problem = refusal(company, door, "account", Delete(id=account))
    assert problem.details[0].code == codes.STILL_REFERENCED.id
    company.delete(door, "account", partner)
    values = door.get(company.release.catalog.object("deal"), deal).values
    assert (values["partner"], values["version"]) == (None, 2)
    company.later(minutes=1)
    company.delete(door, "deal", deal)
    assert company.names(door, "line") == []
    assert company.names(door, "line", deleted=True) == ["l1", "l2"]
    company.delete(door, "account", account)


def test_what_was_deleted_together_comes_back_together(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="d")
    lines = [company.create(door, "line", name=name, deal=deal) for name in ("early", "l1", "l2")]
    company.delete(door, "line", lines[0])
    company.later(minutes=1)
    company.delete(door, "deal", deal)
    company.later(minutes=1)
    record = company.restore(door, "deal", deal).records[0]
    assert record is not None
    assert record.version == 3
    assert company.names(door, "line") == ["l1", "l2"]
    assert company.names(door, "deal", deleted=True) == []
    assert refusal(company, door, "deal", Restore(id=deal)).status == 404


def test_history_tells_each_change_without_hidden_fields(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="d", cost=3, amount="10.50")
    company.later(hours=1)
    company.update(door, "deal", deal, cost=4, name="e")
    company.delete(door, "deal", deal)
    company.restore(door, "deal", deal)
    target = company.release.catalog.object("deal")
    seen = door.history(target, deal)
    assert [(change.version, change.kind) for change in seen] == [
        (4, "restored"), (3, "deleted"), (2, "updated"), (1, "created"),
    ]  # fmt: skip
    changed = {each.field.name: (each.old, each.new) for each in seen[2].fields}
    assert changed == {"cost": (Decimal(3), Decimal(4)), "name": ("d", "e")}
    assert {each.field.name: each.new for each in seen[3].fields}["amount"] == Decimal("10.50")
    blind = company.session("bob", "s_blind").history(target, deal)
    assert {each.field.name for each in blind[2].fields} == {"name"}


def test_history_is_a_right_of_its_own_which_the_system_has(company: Company) -> None:
    target = company.release.catalog.object("deal")
    deal = company.create(company.session(), "deal", name="d")
    reader = company.session("bob", "s_reader")
    assert reader.get(target, deal).values["name"] == "d"
    with pytest.raises(Problem) as refused:
        reader.history(target, deal)
    assert (refused.value.code, refused.value.status) == (codes.FORBIDDEN, 403)
    assert len(company.session().history(target, deal)) == 1


def test_a_manager_cannot_stand_below_herself(company: Company) -> None:
    door = company.session()
    problem = refusal(
        company, door, "user", Update(id=company.ids["ann"], values={"manager": company.ids["cy"]})
    )
    assert places(problem) == [(0, "manager", codes.RING.id)]
    company.update(door, "user", company.ids["cy"], manager=company.ids["ann"])


def test_several_saves_in_a_transaction_are_one(company: Company) -> None:
    door = company.session()

    def save_two() -> None:
        with door.transaction():
            company.create(door, "account", name="a")
            company.create(door, "account", name=None)

    with pytest.raises(Problem):
        save_two()
    assert company.names(door, "account") == []
    with door.transaction() as connection:
        company.create(door, "account", name="a")
        assert company.names(door, "account") == ["a"]
        assert connection.statements > 0
    assert company.names(door, "account") == ["a"]


def test_an_id_that_is_none_is_refused_beside_what_else_is_wrong(company: Company) -> None:
    """A new record cannot bear it; among the others there is none of that name."""
    door = company.session()
    for wrong in ("x", "018f2b7e-0000-7000-8000-00000000000g", "' OR 1=1"):
        with pytest.raises(Problem) as refused:
            company.apply(door, "account", Create(id=wrong, values={"name": None}))
        told = {(detail.field, detail.code) for detail in refused.value.details}
        assert ("name", codes.REQUIRED.id) in told
        assert ("id", codes.NOT_AN_ID.id) in told
        for change in (Update(id=wrong, values={"name": "n"}), Delete(id=wrong), Restore(id=wrong)):
            with pytest.raises(Problem) as missing:
                company.apply(door, "account", change)
            assert missing.value.code is codes.NOT_FOUND


def test_an_id_in_capitals_is_the_same_id(company: Company) -> None:
    door, made = company.session(), company.make_id()
    company.apply(door, "account", Create(id=made.upper(), values={"name": "Acme"}))
    assert door.get(company.release.catalog.object("account"), made).values["name"] == "Acme"
