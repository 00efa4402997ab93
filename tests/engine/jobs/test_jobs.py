"""Jobs: they wait, run as who asked, tell how far they are, stop when asked to, and go on after a crash."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from engine.database import Unavailable
from engine.jobs.desk import cancel_job, find_job, newest_jobs, queue, store_of
from engine.jobs.job import JobState
from engine.jobs.pieces import cut_file, files_of, read_file, write_file
from engine.jobs.progress import LEASE, Mark
from engine.jobs.turn import ATTEMPTS, Shop, take_turn
from engine.mutation import Create, Mutation
from engine.problem import Problem
from engine.release import StaleRelease
from engine.system import set_meta

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.session import Session
    from tests.engine.session.company import Company


class Killed(BaseException):
    """The process ends here: nothing catches it."""


@dataclass
class Making:
    """A kind that makes one account a step; `before` is called at the start of each."""

    before: Callable[[int], None] = lambda _: None
    name: str = "making"

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        target = session.release.catalog.objects["account"]
        for number in range(progress.done, job.subject["accounts"]):

            def make(connection: Connection, number: int = number) -> tuple[Mark, None]:
                change = Create(values={"name": f"A{number}"})
                session.apply(Mutation(object=target, changes=(change,), entry="test"))
                self.before(number)
                return Mark(done=number + 1, total=job.subject["accounts"], cursor={"at": number}), None

            progress.step(make)
        return {"made": progress.done, "by": session.actor.id}


def shop(company: Company, kind: Making, **more: Any) -> Shop:
    """A worker's shop with one kind; everybody who asked can act unless told otherwise."""

    def session(job: Job) -> Session:
        who = next((name for name, id_ in company.ids.items() if id_ == job.actor), "system")
        return company.session(who, "s_all")

    parts: dict[str, Any] = {
        "session": session,
        "pause": lambda: False,
        "problem_of": lambda error: error if isinstance(error, Problem) else pytest.fail(repr(error)),
    }
    return Shop(
        database=company.database,
        store=store_of(company.release),
        kinds={kind.name: kind},
        clock=company.clock,
        **(parts | more),
    )


def accounts(company: Company) -> list[object]:
    """The names of all accounts."""
    return company.names(company.session(), "account")


def test_a_job_runs_as_who_asked_and_tells_its_result(company: Company) -> None:
    ann = company.session("ann", "s_all")
    job = queue(ann, "making", {"accounts": 2}, about="two")
    assert (find_job(ann, job.id).state, find_job(ann, job.id).about) == (JobState.QUEUED, "two")
    assert take_turn(shop(company, Making()), "w1") is not None
    done = find_job(ann, job.id)
    assert (done.state, done.done, done.total, done.cursor) == (JobState.DONE, 2, 2, {"at": 1})
    assert done.result == {"made": 2, "by": company.ids["ann"]}
    assert accounts(company) == ["A0", "A1"]
    assert take_turn(shop(company, Making()), "w1") is None


def test_after_a_kill_the_next_worker_goes_on_and_does_nothing_twice(company: Company) -> None:
    def killed(number: int) -> None:
        if number == 2:
            raise Killed

    job = queue(company.session(), "making", {"accounts": 4})
    with pytest.raises(Killed):
        take_turn(shop(company, Making(before=killed)), "w1")
    assert find_job(company.session(), job.id).done == 2
    assert take_turn(shop(company, Making()), "w2") is None, "the lease of the dead one still runs"
    company.now += LEASE * 2
    assert take_turn(shop(company, Making()), "w2") is not None
    assert find_job(company.session(), job.id).state is JobState.DONE
    assert accounts(company) == ["A0", "A1", "A2", "A3"]


def test_who_has_lost_the_lease_writes_nothing_more(company: Company) -> None:
    job = queue(company.session(), "making", {"accounts": 3})
    store = store_of(company.release)

    def overtaken() -> bool:
        """Between two steps so much time passes that another worker takes the job."""
        if find_job(company.session(), job.id).done == 1:
            company.now += LEASE * 2
            with company.database.write() as connection:
                assert store.claim(connection, "w2", company.now, company.now + LEASE)
        return False

    assert take_turn(shop(company, Making(), pause=overtaken), "w1") is not None
    assert find_job(company.session(), job.id).state is JobState.RUNNING
    assert accounts(company) == ["A0"], "what w1 began after w2 had the job is undone"


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_after_the_step(company: Company) -> None:
    door = company.session()
    waiting = queue(door, "making", {"accounts": 1})
    assert cancel_job(door, waiting.id).state is JobState.CANCELLED

    job = queue(door, "making", {"accounts": 5})
    paused = shop(company, Making(), pause=lambda: find_job(door, job.id).done == 2)
    take_turn(paused, "w1")
    assert find_job(door, job.id).state is JobState.QUEUED
    assert cancel_job(door, job.id).cancelling
    take_turn(shop(company, Making()), "w1")
    assert find_job(door, job.id).state is JobState.CANCELLED
    assert accounts(company) == ["A0", "A1"]


def test_jobs_that_pause_take_turns(company: Company) -> None:
    door = company.session()
    first, second = (queue(door, "making", {"accounts": 2}) for _ in range(2))
    turns = []
    for _ in range(4):
        company.later(seconds=1)
        steps = iter([False, True])
        taken = take_turn(shop(company, Making(), pause=lambda steps=steps: next(steps)), "w")
        turns.append(taken.id if taken else None)
    assert turns == [first.id, second.id, first.id, second.id]
    assert len(accounts(company)) == 4


def test_a_problem_fails_the_job_and_is_kept(company: Company) -> None:
    job = queue(company.session(), "unknown", {})
    take_turn(shop(company, Making()), "w")
    failed = find_job(company.session(), job.id)
    assert failed.state is JobState.FAILED
    assert failed.problem is not None
    assert failed.problem["code"] == "P332"


def test_who_can_no_longer_act_gets_a_clear_problem(company: Company) -> None:
    job = queue(company.session("bob", "s_all"), "making", {"accounts": 1})
    take_turn(shop(company, Making(), session=lambda _: None), "w")
    failed = find_job(company.session(), job.id)
    assert (failed.state, failed.problem and failed.problem["code"]) == (JobState.FAILED, "P331")
    assert accounts(company) == []


def test_a_job_that_kills_its_workers_is_given_up(company: Company) -> None:
    def away(number: int) -> None:
        raise Unavailable

    job = queue(company.session(), "making", {"accounts": 1})
    for _ in range(ATTEMPTS + 1):
        company.later(minutes=5)
        take_turn(shop(company, Making(before=away)), "w")
    failed = find_job(company.session(), job.id)
    assert (failed.state, failed.problem and failed.problem["code"]) == (JobState.FAILED, "P330")


def test_a_job_waits_for_the_new_release_when_one_is_published(company: Company) -> None:
    job = queue(company.session(), "making", {"accounts": 2})
    with company.database.write() as connection:
        set_meta(connection, "release_no", "2")
    with pytest.raises(StaleRelease):
        take_turn(shop(company, Making()), "w")
    company.release = replace(company.release, number=2)
    take_turn(shop(company, Making()), "w")
    assert find_job(company.session(), job.id).state is JobState.DONE


def test_one_sees_her_own_jobs_and_nobody_elses(company: Company) -> None:
    ann, bob = company.session("ann", "s_all"), company.session("bob", "s_all")
    first = queue(ann, "making", {"accounts": 1})
    company.later(seconds=1)
    second = queue(bob, "making", {"accounts": 1})
    assert [job.id for job in newest_jobs(ann)] == [first.id]
    assert [job.id for job in newest_jobs(company.session())] == [second.id, first.id]
    assert [job.id for job in newest_jobs(company.session(), before=second.id)] == [first.id]
    for ask in (find_job, cancel_job):
        with pytest.raises(Problem) as refused:
            ask(ann, second.id)
        assert refused.value.status == 404


def test_a_job_and_its_files_go_a_month_after_its_end(company: Company) -> None:
    door = company.session()
    job = queue(door, "making", {"accounts": 0})
    content = bytes(range(256)) * 5000
    with company.database.write() as connection:
        write_file(connection, company.release, job.id, "in", content)
        write_file(connection, company.release, job.id, "out", b"")
    assert b"".join(read_file(door, job.id, "in")) == content
    assert files_of(door, job.id) == {"in": len(content), "out": 0}
    with company.database.write() as connection:
        cut_file(connection, company.release, job.id, "in", 1)
    assert len(b"".join(read_file(door, job.id, "in"))) == 512 * 1024
    take_turn(shop(company, Making()), "w")
    for days, left in ((29, True), (2, False)):
        company.later(days=days)
        queue(door, "making", {"accounts": 0})
        take_turn(shop(company, Making()), "w")
        assert bool(files_of(door, job.id)) is left
    with pytest.raises(Problem):
        find_job(door, job.id)
