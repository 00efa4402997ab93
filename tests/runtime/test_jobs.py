"""Jobs as programs and operators meet them, and the thread that does them."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from engine.jobs.desk import queue
from engine.jobs.pieces import write_file
from engine.jobs.progress import Mark
from engine.mutation import Mutation, Update
from engine.problem import Problem
from runtime.codes import BAD_PARAMETER
from runtime.jobs import JobRounds, JobWorker, session_of
from runtime.log import Log
from runtime.people import user_id
from runtime.work import Rounds
from tests.runtime.site import email

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.session import Session
    from tests.runtime.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Counts, leaves a file, or fails."""

    name: str = "count"

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        if job.subject.get("fail"):
            raise Problem(BAD_PARAMETER, "It will not do.")
        if job.subject.get("break"):
            raise ZeroDivisionError
        for number in range(progress.done, job.subject["to"]):

            def count(_: Connection, number: int = number) -> tuple[Mark, None]:
                return Mark(done=number + 1, total=job.subject["to"]), None

            progress.step(count)

        def leave(connection: Connection) -> tuple[Mark, None]:
            write_file(connection, session.release, job.id, "out.csv", b"a\r\n")
            return Mark(done=progress.done), None

        progress.step(leave)
        return {"counted": progress.done}


def asked(site: Site, person: str, slug: str = "acme", **subject: Any) -> str:
    """The id of a job that a person asked for."""
    with site.tenant(slug) as tenant:
        assert tenant.release is not None
        user = user_id(tenant, tenant.release, email(person))
        session = tenant.upkeep(tenant.release)
        session.actor = replace(session.actor, id=user)
        return queue(session, "count", subject, about="numbers").id


def worker(log: Log | None = None) -> JobWorker:
    """A worker that can count."""
    return JobWorker(kinds={"count": Count()}, worker="w", log=log or Log(StringIO()))


def worked(site: Site, slug: str = "acme") -> None:
    """All that waits is done."""
    with site.tenant(slug) as tenant:
        while worker().turn(tenant, lambda: False) is not None:
            pass


@contextmanager
def crew(site: Site) -> Iterator[None]:
    """Both threads of a worker run meanwhile."""
    stop = threading.Event()
    tasks = (Rounds(site.tenants, lambda _: False, Log(StringIO())), JobRounds(site.tenants, worker()))
    threads = [threading.Thread(target=task, args=(stop,)) for task in tasks]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join()


def test_a_job_is_seen_by_who_asked_and_by_who_sets_up(site: Site) -> None:
    job = asked(site, "ann", to=3)
    waiting = site.call("GET", f"/jobs/{job}", "ann").json()
    assert (waiting["state"], waiting["done"], waiting["files"]) == ("queued", 0, [])
    worked(site)
    done = site.call("GET", f"/jobs/{job}", "ann").json()
    assert (done["state"], done["done"], done["total"]) == ("done", 3, 3)
    assert (done["kind"], done["about"], done["result"]) == ("count", "numbers", {"counted": 3})
    assert [file["name"] for file in done["files"]] == ["out.csv"]
    got = site.client.get(done["files"][0]["url"], headers={"Authorization": f"Bearer {site.token('ann')}"})
    assert (got.content, got.headers["content-disposition"][:10]) == (b"a\r\n", "attachment")
    assert job in [one["id"] for one in site.call("GET", "/jobs", "ann").json()["jobs"]]
    assert site.call("GET", f"/jobs/{job}", "admin").status_code == 200
    for path in (f"/jobs/{job}", f"/jobs/{job}/files/out.csv", "/jobs/x", f"/jobs/{job}/files/in"):
        assert site.call("GET", path, "bob").status_code == 404
    assert site.call("POST", f"/jobs/{job}/cancel", "bob").status_code == 404
    assert job not in [one["id"] for one in site.call("GET", "/jobs", "bob").json()["jobs"]]
    assert site.call("GET", "/jobs", "ann", params={"limit": "0"}).status_code == 400


def test_jobs_are_listed_page_by_page(site: Site) -> None:
    made = [asked(site, "bob", to=0) for _ in range(3)]
    first = site.call("GET", "/jobs", "bob", params={"limit": 2}).json()
    assert [one["id"] for one in first["jobs"]] == made[:0:-1]
    rest = site.call("GET", "/jobs", "bob", params={"limit": 2, "before": first["next"]}).json()
    assert [one["id"] for one in rest["jobs"]][:1] == made[:1]
    worked(site)


def test_a_job_that_waits_is_cancelled_over_the_api(site: Site) -> None:
    job = asked(site, "ann", to=3)
    assert site.call("POST", f"/jobs/{job}/cancel", "ann").json()["state"] == "cancelled"
    worked(site)
    assert site.call("GET", f"/jobs/{job}", "ann").json()["done"] == 0


@pytest.mark.parametrize(("how", "code"), [("fail", BAD_PARAMETER.id), ("break", "P500")])
def test_what_goes_wrong_is_told_and_a_defect_tells_nothing_of_itself(
    site: Site, how: str, code: str
) -> None:
    job = asked(site, "ann", "acme", **{how: True})
    worked(site)
    failed = site.call("GET", f"/jobs/{job}", "ann").json()
    assert failed["state"] == "failed"
    assert "ZeroDivision" not in str(failed)
    if how == "fail":
        assert failed["problem"]["code"] == code


def test_who_is_not_active_any_more_gets_nothing_done(site: Site) -> None:
    job = asked(site, "bob", to=1)
    with site.tenant() as tenant:
        assert tenant.release is not None
        user = user_id(tenant, tenant.release, email("bob"))
        door = tenant.upkeep(tenant.release)
        people = tenant.release.catalog.objects["user"]
        for active in (False, True):
            change = Update(id=user, values={"active": active})
            door.apply(Mutation(object=people, changes=(change,), entry="test"))
            worked(site)
    failed = site.call("GET", f"/jobs/{job}", "admin").json()
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "P331")


def test_the_thread_does_the_jobs_of_all_tenants(site: Site) -> None:
    jobs = {slug: asked(site, "ann", slug, to=2) for slug in ("acme", "beta")}
    with crew(site):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            states = {
                slug: site.call("GET", f"/jobs/{job}", "ann", slug).json()["state"]
                for slug, job in jobs.items()
            }
            if set(states.values()) == {"done"}:
                break
            time.sleep(0.05)
    assert states == {"acme": "done", "beta": "done"}


def test_a_job_asked_for_in_anothers_name_says_so_while_it_runs(site: Site) -> None:
    with site.tenant() as tenant:
        assert tenant.release is not None
        door = tenant.upkeep(tenant.release)
        ann = user_id(tenant, tenant.release, email("ann"))
        door.actor = replace(door.actor, id=ann, impersonator=ann)
        job = queue(door, "count", {"to": 0})
        session = session_of(tenant, tenant.release, job)
        assert session is not None
        assert (session.actor.id, session.actor.impersonator) == (ann, ann)
    worked(site)
