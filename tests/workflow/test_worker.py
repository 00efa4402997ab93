"""What flows do to a company's data: each step once, in order, with the right eyes – or a reason why not."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from engine.mutation import Create
from engine.release import StaleRelease
from engine.system import set_meta
from tests.workflow.office import FOLLOW_UP, catalog, drain, place
from workflow.run import Lease, Run, RunState
from workflow.start import CURSOR, start_runs
from workflow.store import Fenced
from workflow.worker import work

if TYPE_CHECKING:
    from tests.engine.session.company import Company
    from tests.workflow.conftest import Opened


def runs(company: Company, record: str) -> tuple[Run, ...]:
    with company.database.read() as connection:
        return place(company).store.of_record(connection, record)


def only(company: Company, record: str) -> Run:
    (run,) = runs(company, record)
    return run


def test_a_new_deal_gets_its_task_its_update_and_its_notification(opened_office: Opened) -> None:
    company = opened_office()
    door = company.session("bob", "s_all")
    deal = company.create(door, "deal", name="Big", stage="open", owner=company.ids["bob"])
    progress = drain(company)
    assert progress.steps == 3
    assert only(company, deal).state is RunState.DONE
    everything = company.session()
    task = (
        everything.query(company.query(everything, "task", "name", "deal", "owner", "due")).records[0].values
    )
    assert (task["name"], task["deal"], task["owner"]) == ("Call about Big", deal, company.ids["bob"])
    assert task["due"] == date(2026, 3, 5)
    assert everything.get(company.release.catalog.object("deal"), deal).values["reason"] == "called Big"
    note = everything.query(
        company.query(everything, "notification", "message", "user", "about_record")
    ).records
    assert [n.values["message"] for n in note] == ["New deal: Big"]
    assert note[0].values["about_record"] == deal


def test_a_condition_that_is_false_starts_nothing(opened_office: Opened) -> None:
    company = opened_office()
    deal = company.create(company.session(), "deal", name="Won", stage="won")
    drain(company)
    assert runs(company, deal) == ()


def test_a_batch_without_automation_starts_nothing(opened_office: Opened) -> None:
    company = opened_office()
    company.apply(
        company.session(), "deal", Create(values={"name": "Import", "stage": "open"}), automation=False
    )
    drain(company)
    assert company.names(company.session(), "task") == []


def test_the_condition_sees_the_record_as_the_event_left_it(opened_office: Opened) -> None:
    """The deal is won before a worker comes round: the flow for new open deals starts all the same."""
    company = opened_office()
    door = company.session()
    deal = company.create(door, "deal", name="Fast", stage="open")
    company.update(door, "deal", deal, stage="won")
    drain(company)
    assert only(company, deal).state is RunState.DONE


BECOMES = """
flow: large
label: Large
start: {record: deal, on: [create, update], when: 'amount * stage.probability > 100', becomes: true}
steps:
  - create: {object: task, set: {name: '="Check " & name'}}
"""


def test_becomes_true_starts_once_until_it_was_false_again(opened_office: Opened) -> None:
    company = opened_office(large=BECOMES)
    door = company.session()
    deal = company.create(door, "deal", name="D", stage="open", amount="10")
    for amount, name in (("2000", "D"), ("3000", "E"), ("20", "E"), ("2000", "F")):
        company.update(door, "deal", deal, amount=amount, name=name)
    company.update(door, "deal", deal, stage="won")
    drain(company)
    assert company.names(door, "task") == ["Check F", "Check F"]


CHANGED = """
flow: renamed
label: Renamed
start: {record: deal, on: [update], when: 'ISCHANGED(name) && $old.name = "Old"'}
steps:
  - create: {object: task, set: {name: =name}}
"""


def test_the_condition_can_ask_what_changed(opened_office: Opened) -> None:
    company = opened_office(renamed=CHANGED)
    door = company.session()
    deal = company.create(door, "deal", name="Old", stage="open")
    company.update(door, "deal", deal, reason="x")
    company.update(door, "deal", deal, name="New")
    company.update(door, "deal", deal, name="Newer")
    drain(company)
    assert len(runs(company, deal)) == 1


DELETED = """
flow: gone
label: Gone
start: {record: deal, on: [delete], when: 'name = "Dead"'}
steps:
  - create: {object: task, set: {name: A deal is gone}}
"""


def test_a_deleted_record_can_start_a_flow(opened_office: Opened) -> None:
    company = opened_office(gone=DELETED)
    door = company.session()
    deal = company.create(door, "deal", name="Dead")
    company.delete(door, "deal", deal)
    drain(company)
    assert company.names(door, "task") == ["A deal is gone"]


STARTER = FOLLOW_UP.replace("as: system", "as: starter")


def test_a_flow_run_as_its_starter_may_not_do_more_than_she_may(opened_office: Opened) -> None:
    """She may make deals but no tasks; the run stops, says why, and has written nothing."""
    company = opened_office(follow_up=STARTER)
    admin = company.session()
    company.create(admin, "permission_assignment", permission_set="s_deals", user=company.ids["bob"])
    deal = company.create(company.session("bob", "s_deals"), "deal", name="Mine", stage="open")
    drain(company)
    run = only(company, deal)
    assert (run.state, run.position) == (RunState.FAILED, 0)
    assert "create task" in run.reason
    assert company.names(admin, "task") == []


FAILING = """
flow: failing
label: Failing
start: {record: deal, on: [create]}
steps:
  - create: {object: task, set: {name: =name}}
  - update: {set: {stage: lost}}
  - create: {object: task, set: {name: never}}
"""


def test_a_step_that_is_refused_stops_its_run_with_the_reason_and_keeps_what_was_done(
    opened_office: Opened,
) -> None:
    company = opened_office(failing=FAILING)
    door = company.session()
    deal = company.create(door, "deal", name="D", stage="open", amount="1")
    other = company.create(door, "deal", name="Other", stage="open", amount="1", reason="known")
    drain(company)
    run = only(company, deal)
    assert (run.state, run.position) == (RunState.FAILED, 1)
    assert "Say why the deal was lost." in run.reason
    assert only(company, other).state is RunState.DONE
    assert company.names(door, "task") == ["D", "never", "Other"]


DIVIDING = """
flow: dividing
label: Dividing
start: {record: deal, on: [create], when: 'amount / cost > 1'}
steps:
  - update: {set: {reason: much}}
"""


def test_a_condition_that_cannot_be_computed_is_a_failed_run_not_a_silence(opened_office: Opened) -> None:
    company = opened_office(dividing=DIVIDING)
    deal = company.create(company.session(), "deal", name="D", amount="5", cost="0")
    drain(company)
    run = only(company, deal)
    assert run.state is RunState.FAILED
    assert "start condition" in run.reason


LOOP = """
flow: loop
label: Loop
start: {record: deal, on: [create, update]}
steps:
  - update: {set: {reason: '=IF(reason = "a", "b", "a")'}}
"""


def test_flows_that_start_each_other_are_stopped_with_their_names(opened_office: Opened) -> None:
    company = opened_office(loop=LOOP)
    deal = company.create(company.session(), "deal", name="D")
    drain(company)
    found = runs(company, deal)
    assert [run.state for run in found] == [RunState.DONE] * 10 + [RunState.FAILED]
    assert "'loop'" in found[-1].reason


def test_a_flow_that_changed_since_a_run_started_holds_the_run(opened_office: Opened) -> None:
    company = opened_office()
    deal = company.create(company.session(), "deal", name="D", stage="open")
    here = place(company)
    start_runs(here)
    changed = catalog({"follow_up": FOLLOW_UP.replace("Call about", "Ring about")})
    company.release = replace(company.release, catalog=changed)
    work(place(company), "w1")
    run = only(company, deal)
    assert run.state is RunState.HELD
    assert "changed" in run.reason


def test_the_same_events_looked_at_twice_start_nothing_twice(opened_office: Opened) -> None:
    company = opened_office()
    deal = company.create(company.session(), "deal", name="D", stage="open")
    drain(company)
    with company.database.write() as connection:
        set_meta(connection, CURSOR, "0")
    drain(company)
    assert len(runs(company, deal)) == 1
    assert company.names(company.session(), "task") == ["Call about D"]


class Crash(BaseException):
    """The process dies."""


@pytest.mark.parametrize("statements", range(1, 12))
def test_a_crash_at_any_statement_loses_no_step_and_doubles_none(
    opened_office: Opened, monkeypatch: pytest.MonkeyPatch, statements: int
) -> None:
    """The worker dies after so many statements of a turn; another one finishes when the lease has ended."""
    company = opened_office()
    deal = company.create(company.session(), "deal", name="D", stage="open", owner=company.ids["bob"])
    kind = type(place(company).store.move_run)
    before, left = kind.run, [statements]

    def dying(self: object, *given: object) -> int:
        left[0] -= 1
        if left[0] == 0:
            raise Crash
        return before(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "run", dying)
    with contextlib.suppress(Crash):
        drain(company, "dying")
    monkeypatch.undo()
    company.later(minutes=5)
    drain(company, "next")
    assert only(company, deal).state is RunState.DONE
    door = company.session()
    assert company.names(door, "task") == ["Call about D"]
    assert len(door.query(company.query(door, "notification", "message")).records) == 1


def test_a_worker_whose_lease_passed_on_cannot_keep_its_step(opened_office: Opened) -> None:
    company = opened_office()
    deal = company.create(company.session(), "deal", name="D", stage="open")
    here = place(company)
    start_runs(here)
    with company.database.write() as connection:
        (run,) = here.store.claim(connection, Lease(worker="slow", until=company.now), company.now, 5)
    company.later(minutes=1)
    drain(company, "quick")
    with pytest.raises(Fenced), company.database.write() as connection:
        here.store.move(connection, run, run.moved(3), "slow")
    assert only(company, deal).state is RunState.DONE


def test_two_workers_never_hold_the_same_run(opened_office: Opened) -> None:
    company = opened_office()
    door = company.session()
    for number in range(6):
        company.create(door, "deal", name=f"D{number}", stage="open")
    here = place(company)
    start_runs(here)
    until = company.now + timedelta(seconds=30)
    with company.database.write() as connection:
        first = here.store.claim(connection, Lease(worker="a", until=until), company.now, 4)
    with company.database.write() as connection:
        second = here.store.claim(connection, Lease(worker="b", until=until), company.now, 4)
    assert len(first) == 4
    assert len(second) == 2
    assert not {run.id for run in first} & {run.id for run in second}


def test_a_worker_on_an_old_release_is_sent_for_the_new_one(opened_office: Opened) -> None:
    company = opened_office()
    company.create(company.session(), "deal", name="D", stage="open")
    with company.database.write() as connection:
        set_meta(connection, "release_no", "2")
    with pytest.raises(StaleRelease):
        work(place(company), "w1")


def test_an_idle_tenant_is_not_written_to(opened_office: Opened) -> None:
    company = opened_office()
    here = place(company)
    here = replace(here, database=_ReadOnly(here.database))  # type: ignore[arg-type]
    assert work(here, "w1").idle


class _ReadOnly:
    """A database that cannot be written to."""

    def __init__(self, database: object) -> None:
        self.read = database.read  # type: ignore[attr-defined]
