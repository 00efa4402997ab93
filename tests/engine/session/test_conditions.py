"""Claims about values that depend on each other: conditions of fields, dependent picklists, record types."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import codes
from engine.mutation import Create, Mutation, Restore, Update
from engine.problem import Problem
from engine.session import Session
from metadata.catalog import Catalog
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from engine.database import Database

VISIT = """
object: visit
label: Visit
plural: Visits
title: name
record_types:
  call: {label: Call, options: {stage: [open, done]}}
  trip:
    label: Trip
    default: true
    process: {stage: {moves: {done: {from: [open], require: [hours]}}}}
  fax: {label: Fax, retired: true}
fields:
  name: {type: text, label: Name, required: true}
  account: {type: lookup, label: Account, to: account}
  stage:
    type: picklist
    label: Stage
    default: open
    options: {open: {label: Open}, held: {label: Held}, done: {label: Done, closed: true}}
  reason: {type: text, label: Reason, visible_when: stage = "held", required_when: stage = "held"}
  hours: {type: number, label: Hours, scale: 1, read_only_when: $old.stage.closed && stage.closed}
  code: {type: text, label: Code, required: true, default: none, visible_when: account.active}
  note: {type: text, label: Note, required: true, visible_when: stage <> "open"}
  mine: {type: text, label: Mine, read_only_when: owner <> $user.id}
  due: {type: date, label: Due, default: "=TODAY() + 7", read_only_when: ISNEW()}
  share: {type: number, label: Share, scale: 2, required_when: 100 / hours > 10}
  province:
    type: picklist
    label: Province
    options: {zj: {label: Zhejiang}, gd: {label: Guangdong}}
  city:
    type: picklist
    label: City
    depends_on: province
    options: {hz: {label: Hangzhou, when: [zj]}, gz: {label: Guangzhou, when: [gd]}, other: {label: Other}}
process: {stage: {moves: {held: {from: [open]}}}}
"""
LAYOUT = """
layout: visit
sections:
  basics: {label: Basics, fields: [name, account, stage, note]}
  outcome: {label: Outcome, fields: [reason], visible_when: stage <> "open"}
  rate: {label: Rate, fields: [hours], visible_when: 10 / hours > 1}
"""
CALL = """
layout: visit
record_type: call
sections:
  basics: {label: Basics, fields: [name]}
  mine: {label: Mine, fields: [mine], visible_when: owner = $user.id}
"""


@pytest.fixture(scope="module")
def visits() -> Catalog:
    """The company with visits."""
    return compiled(
        {"objects/visit.yaml": VISIT, "layouts/visit.yaml": LAYOUT, "layouts/visit_call.yaml": CALL}
    )


@pytest.fixture
def company(database_url: str, visits: Catalog) -> Iterator[Company]:
    """A company whose people make visits."""
    database: Database = open_url(database_url)
    yield opened(database, visits)
    database.close()


def refused(
    company: Company, door: Session, *changes: Create | Update | Restore
) -> set[tuple[str | None, str]]:
    """Field and code of everything that is wrong with these changes."""
    with pytest.raises(Problem) as problem:
        company.apply(door, "visit", *changes)
    return {(detail.field, detail.code) for detail in problem.value.details}


def visit(company: Company, **values: Any) -> str:
    """A visit made by Bob."""
    return company.create(company.session("bob", "s_all"), "visit", **{"name": "Acme", **values})


def value(company: Company, record: str, name: str) -> object:
    """What a visit holds."""
    return company.session().get(company.release.catalog.object("visit"), record).values[name]


def test_a_field_is_required_while_its_condition_holds(company: Company) -> None:
    door, record = company.session(), visit(company)
    assert refused(company, door, Update(id=record, values={"stage": "held", "note": "x"})) == {
        ("reason", codes.REQUIRED.id)
    }
    company.update(door, "visit", record, stage="held", reason="Ill", note="x")
    assert value(company, record, "reason") == "Ill"


def test_a_hidden_field_takes_no_value_from_anybody(company: Company) -> None:
    record = visit(company)
    for door in (company.session(), company.session("bob", "s_all")):
        change = Update(id=record, values={"reason": "Ill"})
        assert refused(company, door, change) == {("reason", codes.HIDDEN.id)}
        create = Create(values={"name": "x", "reason": "Ill"})
        assert refused(company, door, create) == {("reason", codes.HIDDEN.id)}


def test_a_hidden_field_may_be_named_with_the_value_it_has(company: Company) -> None:
    door, record = company.session(), visit(company)
    company.update(door, "visit", record, stage="held", reason="Ill", note="x")
    company.update(door, "visit", record, stage="open", reason="Ill", note="x")
    assert value(company, record, "reason") == "Ill"
    assert refused(company, door, Update(id=record, values={"reason": "Well"})) == {
        ("reason", codes.HIDDEN.id)
    }


def test_a_hidden_field_is_not_required_and_keeps_its_default(company: Company) -> None:
    record = visit(company)
    assert (value(company, record, "code"), value(company, record, "note")) == ("none", None)
    assert refused(
        company, company.session(), Create(values={"name": "x", "stage": "held", "reason": "y"})
    ) == {("note", codes.REQUIRED.id)}


def test_conditions_look_behind_links(company: Company) -> None:
    door = company.session()
    live, dead = (company.create(door, "account", name=name, active=name == "A") for name in "AB")
    company.create(door, "visit", name="x", account=live, code="c")
    change = Create(values={"name": "x", "account": dead, "code": "c"})
    assert refused(company, door, change) == {("code", codes.HIDDEN.id)}


def test_a_closed_field_cannot_be_changed(company: Company) -> None:
    door, record = company.session(), visit(company, hours=20)
    company.update(door, "visit", record, stage="done", note="x", hours=30)
    assert refused(company, door, Update(id=record, values={"hours": 40})) == {("hours", codes.CLOSED.id)}
    company.update(door, "visit", record, stage="open", hours=40)


def test_a_closed_field_of_a_new_record_may_be_named_with_the_default_it_gets(company: Company) -> None:
    """A form that shows computed defaults sends them back."""
    door = company.session()
    record = company.create(door, "visit", name="x", due="2026-03-11")
    assert value(company, record, "due") == date(2026, 3, 11)
    change = Create(values={"name": "x", "due": "2026-03-12"})
    assert refused(company, door, change) == {("due", codes.CLOSED.id)}


def test_a_condition_may_ask_who_writes(company: Company) -> None:
    record = visit(company)
    company.update(company.session("bob", "s_all"), "visit", record, mine="yes")
    assert refused(company, company.session("ann", "s_all"), Update(id=record, values={"mine": "no"})) == {
        ("mine", codes.CLOSED.id)
    }


def test_a_blank_that_was_required_before_may_stay_unless_it_is_named(company: Company) -> None:
    """As with fields that became required: only what a writer touches is asked for."""
    door, record = company.session(), visit(company, hours=5, share=1)
    with company.database.write() as connection:
        table = company.release.table(company.release.catalog.object("visit")).table.name
        connection.run(f"UPDATE {table} SET share = NULL")
    company.update(door, "visit", record, name="Other")
    change = Update(id=record, values={"share": None})
    assert refused(company, door, change) == {("share", codes.REQUIRED.id)}


def test_a_condition_that_cannot_be_computed_refuses_with_the_reason(company: Company) -> None:
    change = Create(values={"name": "x", "hours": 0})
    assert refused(company, company.session(), change) == {("share", codes.RULE_FAILED.id)}


def test_what_depends_on_a_refused_value_is_not_refused_on_top(company: Company) -> None:
    change = Create(values={"name": "x", "stage": "gone", "reason": "Ill"})
    assert refused(company, company.session(), change) == {("stage", codes.UNKNOWN_OPTION.id)}


def test_an_option_must_go_with_the_picklist_it_depends_on(company: Company) -> None:
    door = company.session()
    for values in ({"city": "hz"}, {"city": "hz", "province": "gd"}):
        assert refused(company, door, Create(values={"name": "x", **values})) == {
            ("city", codes.OPTION_CLOSED.id)
        }
    record = company.create(door, "visit", name="x", province="zj", city="hz")
    change = Update(id=record, values={"province": "gd"})
    assert refused(company, door, change) == {("city", codes.OPTION_CLOSED.id)}
    company.update(door, "visit", record, province="gd", city="other")


def test_a_record_type_leaves_some_options_and_is_judged_again_when_it_changes(company: Company) -> None:
    door = company.session()
    create = Create(values={"name": "x", "record_type": "call", "stage": "held", "reason": "y", "note": "z"})
    assert refused(company, door, create) == {("stage", codes.OPTION_CLOSED.id)}
    record = visit(company)
    assert value(company, record, "record_type") == "trip"
    company.update(door, "visit", record, record_type="call")
    company.update(door, "visit", record, record_type="trip")
    with company.database.write() as connection:
        table = company.release.table(company.release.catalog.object("visit")).table.name
        connection.run(f"UPDATE {table} SET stage = 'held'")
    change = Update(id=record, values={"record_type": "call"})
    assert ("stage", codes.OPTION_CLOSED.id) in refused(company, door, change)


def test_each_record_type_has_its_own_moves(company: Company) -> None:
    door, trip, call = company.session(), visit(company), visit(company, record_type="call")
    change = Update(id=trip, values={"stage": "done", "note": "x"})
    assert refused(company, door, change) == {("hours", codes.MOVE_REFUSED.id)}
    company.update(door, "visit", call, stage="done", note="x")


def test_a_retired_record_type_takes_no_new_records(company: Company) -> None:
    change = Create(values={"name": "x", "record_type": "fax"})
    assert refused(company, company.session(), change) == {("record_type", codes.OPTION_CLOSED.id)}


def test_a_restored_record_is_not_asked_for_what_does_not_show(company: Company) -> None:
    door, record = company.session(), visit(company)
    company.delete(door, "visit", record)
    company.restore(door, "visit", record)
    assert value(company, record, "note") is None


# The preview


def test_a_preview_says_what_shows_is_required_and_may_be_chosen(company: Company) -> None:
    door, target = company.session("bob", "s_all"), company.release.catalog.object("visit")
    states = door.preview(target, None, {"stage": "held", "province": "zj", "record_type": "trip"})
    assert (states["reason"].visible, states["reason"].required) == (True, True)
    assert (states["code"].visible, states["code"].required) == (False, False)
    assert states["city"].options == frozenset({"hz", "other"})
    assert states["record_type"].options == frozenset({"call", "trip"})
    assert states["name"].options is None
    assert [detail.code for detail in states["name"].refused] == [codes.REQUIRED.id]
    assert states["created_at"].read_only
    assert company.names(door, "visit") == []


def test_a_preview_of_a_record_knows_what_it_was(company: Company) -> None:
    door, target = company.session("bob", "s_all"), company.release.catalog.object("visit")
    record = visit(company, record_type="call", stage="done", note="x")
    states = door.preview(target, record, {"name": "Other"})
    assert states["hours"].read_only
    assert states["stage"].options == frozenset({"open", "done"})
    trip = door.preview(target, record, {"record_type": "trip", "stage": "open"})
    assert trip["stage"].options == frozenset({"open", "held", "done"})
    moving = door.preview(target, visit(company), {"stage": "done"})
    assert (moving["hours"].required, moving["note"].required) == (True, True)


def test_a_preview_shows_no_field_that_is_hidden_from_the_actor(company: Company) -> None:
    door, target = company.session("bob", "s_blind"), company.release.catalog.object("deal")
    states = door.preview(target, None, {"name": "x"})
    assert "cost" not in states.fields
    assert states["stage"].read_only


def test_a_preview_tells_defaults_and_what_is_typed_as_values(company: Company) -> None:
    door, target = company.session("bob", "s_all"), company.release.catalog.object("deal")
    states = door.preview(target, None, {"name": " d ", "amount": "1,000"})
    assert (states["name"].value, states["amount"].value) == ("d", Decimal(1000))
    assert states["stage"].value == "open"
    assert isinstance(states["closes"].value, date)


def test_a_preview_tells_which_sections_of_the_records_layout_do_not_show(company: Company) -> None:
    """One whose condition cannot be computed shows: nothing is enforced by it."""
    door, target = company.session("bob", "s_all"), company.release.catalog.object("visit")
    assert door.preview(target, None, {"hours": 0}).hidden == {"outcome"}
    assert door.preview(target, None, {"stage": "held", "hours": 20}).hidden == {"rate"}
    assert door.preview(target, None, {"record_type": "call"}).hidden == frozenset()
    assert company.session("ann", "s_all").preview(target, visit(company, record_type="call"), {}).hidden == {
        "mine"
    }


def test_who_may_only_read_a_record_sees_how_it_stands(company: Company) -> None:
    door, target = company.session("cy", "s_reader"), company.release.catalog.object("visit")
    shown = door.preview(target, visit(company))
    assert (shown["reason"].visible, shown["stage"].read_only) == (False, True)
    assert shown.hidden == {"outcome", "rate"}
    assert shown["stage"].value == "open"
    with pytest.raises(Problem) as problem:
        door.preview(target, company.make_id())
    assert problem.value.code is codes.NOT_FOUND


def test_a_preview_tells_what_is_refused_at_no_field(company: Company) -> None:
    door, target = company.session("bob", "s_blind"), company.release.catalog.object("deal")
    told = door.preview(target, None, {"name": "x", "cost": 3}).refused
    assert [(detail.field, detail.code) for detail in told] == [("cost", codes.UNKNOWN_FIELD.id)]


def test_a_preview_is_refused_like_the_save(company: Company) -> None:
    target = company.release.catalog.object("visit")
    for record in (company.make_id(), "none"):
        with pytest.raises(Problem) as problem:
            company.session("bob", "s_all").preview(target, record, {})
        assert problem.value.code is codes.NOT_FOUND
    with pytest.raises(Problem) as problem:
        company.session("bob", "s_reader").preview(target, None, {})
    assert problem.value.code is codes.FORBIDDEN


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Acme", "", None]),
        "record_type": st.sampled_from(["call", "trip", "fax", "gone", None]),
        "stage": st.sampled_from(["open", "held", "done", "gone", None]),
        "reason": st.sampled_from(["Ill", "", None]),
        "hours": st.sampled_from(["0", "2", "40", "many", None]),
        "code": st.sampled_from(["none", "c", None]),
        "note": st.sampled_from(["n", None]),
        "mine": st.sampled_from(["m", None]),
        "share": st.sampled_from(["1.5", None]),
        "province": st.sampled_from(["zj", "gd", None]),
        "city": st.sampled_from(["hz", "gz", "other", "gone", None]),
    },
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=VALUES, then=VALUES)
def test_the_preview_says_what_the_save_refuses(
    company: Company, first: Mapping[str, object], then: Mapping[str, object]
) -> None:
    """For a new record and, if that could be made, for a change of it."""
    door, record = company.session("bob", "s_all"), company.make_id()
    if _agree(company, door, None, first, Create(id=record, values=first)):
        _agree(company, door, record, then, Update(id=record, values=then))


def _agree(
    company: Company, door: Session, record: str | None, values: Mapping[str, object], change: Create | Update
) -> bool:
    """Whether it was saved; fails where the preview said something else."""
    target = company.release.catalog.object("visit")
    states = door.preview(target, record, values)
    details = [*states.refused, *(each for state in states.fields.values() for each in state.refused)]
    foreseen = {(each.field, each.code) for each in details}
    told: set[tuple[str | None, str]] = set()
    try:
        company.apply(door, "visit", change)
    except Problem as problem:
        told = {(detail.field, detail.code) for detail in problem.details}
    assert foreseen == told
    return not told


def test_an_object_is_described_with_the_record_types_that_new_records_may_be_of(company: Company) -> None:
    view = company.session("bob", "s_all").describe("visit")
    assert [each.name for each in view.record_types] == ["call", "trip"]
    assert company.session("bob", "s_all").describe("deal").record_types == ()


def test_a_condition_is_not_judged_by_a_record_that_was_itself_refused(company: Company) -> None:
    """The account would be active; that it is not there yet is no fault of the visit's."""
    door, catalog, account = company.session(), company.release.catalog, company.make_id()
    made = Create(id=account, values={"active": True})
    linked = Create(values={"name": "x", "account": account, "code": "c"})
    with pytest.raises(Problem) as problem:
        door.apply_all(
            [
                Mutation(object=catalog.object("account"), changes=(made,), entry="test"),
                Mutation(object=catalog.object("visit"), changes=(linked,), entry="test"),
            ]
        )
    assert {(each.mutation, each.field, each.code) for each in problem.value.details} == {
        (0, "name", codes.REQUIRED.id)
    }


def test_a_record_from_before_the_record_types_has_none_until_somebody_sets_one(company: Company) -> None:
    door, record = company.session(), visit(company, record_type="call")
    with company.database.write() as connection:
        table = company.release.table(company.release.catalog.object("visit")).table.name
        connection.run(f"UPDATE {table} SET record_type = NULL")
    company.update(door, "visit", record, stage="held", reason="Ill", note="x")
    assert value(company, record, "record_type") is None
    change = Update(id=record, values={"record_type": ""})
    assert refused(company, door, change) == {("record_type", codes.REQUIRED.id)}
    change = Update(id=record, values={"record_type": "call"})
    assert refused(company, door, change) == {("stage", codes.OPTION_CLOSED.id)}
    company.update(door, "visit", record, record_type="trip")
