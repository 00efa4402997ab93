"""The pages of long work: the latest jobs, one while it goes on and when it has ended, and cancelling it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.jobs.desk import cancel_job, find_job, newest_jobs
from engine.jobs.job import JobState as Stands
from engine.jobs.pieces import files_of
from engine.rights import SETUP
from metadata.system import USER
from runtime.web.component import Link
from runtime.web.jobs import CellIssue, Figure, JobLine, JobList, JobPage, JobState
from runtime.web.pages.titles import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from starlette.responses import Response

    from engine.jobs.job import Job
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit

PATH = "/jobs"
PAGE = 50
SHOWN = 5
"""Rows that are named of those with the same mistake."""
TONES = {
    Stands.QUEUED: "gray", Stands.RUNNING: "blue", Stands.DONE: "green", Stands.FAILED: "red",
    Stands.CANCELLED: "amber",
}  # fmt: skip
KNOWN = frozenset({"import", "export", "upload", "undo", "hand_over", "merge"})
"""Kinds with a name of their own; others are shown as they are called."""
FIGURES = (
    ("rows", ""), ("created", "green"), ("updated", "blue"), ("unchanged", "gray"), ("skipped", "amber"),
    ("failed", "red"),
)  # fmt: skip
"""What results count, with the tone of a count that is not zero."""
KEPT = frozenset({"in", "mapping"})
"""Files of a job that are not there to be taken away."""


def show_jobs(visit: Visit) -> Response:
    """GET /jobs: the latest; `?all` everybody's, for who may set the company up."""
    query, session = visit.exchange.query, visit.signed_in
    sees_all = session.policy.holds(SETUP)
    everybody = sees_all and "all" in query
    found = newest_jobs(session, limit=PAGE, before=query.get("before"), own=not everybody)
    address, kept = visit.reader.link(PATH), "&all" if everybody else ""
    body = JobList(
        tabs=_tabs(visit, everybody=everybody) if sees_all else (),
        lines=tuple(lines(visit, found)),
        older=f"{address}?before={found[-1].id}{kept}" if len(found) == PAGE else "",
    )
    return visit.page(title=visit.reader.text("jobs.title"), body=body.component(), canvas=True)


def show_job(visit: Visit) -> Response:
    """GET /jobs/{id}: how it stands; for htmx only that."""
    return _page(visit, find_job(visit.signed_in, visit.exchange.param("id")))


def cancel(visit: Visit) -> Response:
    """POST /jobs/{id}/cancel: let it stop, and show how it stands."""
    job = cancel_job(visit.signed_in, visit.exchange.param("id"))
    return visit.go(visit.reader.link(f"{PATH}/{job.id}"))


def _page(visit: Visit, job: Job) -> Response:
    state = state_of(visit, job, visit.reader.link(f"{PATH}/{job.id}"))
    if visit.partial:
        return visit.answer(state)
    (line,) = lines(visit, (job,))
    title = visit.reader.text("jobs.of", what=line.what, about=line.about) if line.about else line.what
    body = JobPage(title=title, line=line, state=state)
    crumbs = (Link(label=visit.reader.text("jobs.title"), href=visit.reader.link(PATH)),)
    return visit.page(title=title, body=body.component(), crumbs=crumbs, canvas=True)


def state_of(visit: Visit, job: Job, load: str, links: tuple[Link, ...] = ()) -> Component:
    """How a job stands; the page asks `load` again while it goes on, `links` lead on when it is done."""
    (line,) = lines(visit, (job,))
    result, text = job.result, visit.reader.text
    issues = tuple(_issues(visit, result))
    told = result.get("issues")
    told_rows = len({issue.get("row") for issue in told}) if isinstance(told, list) else 0
    failed = int(result.get("failed", 0))
    return JobState(
        line=line,
        load="" if job.ended else load,
        share=None if not job.total else min(100, job.done * 100 // job.total),
        cancel="" if job.ended or job.cancelling else visit.reader.link(f"{PATH}/{job.id}/cancel"),
        told=_told(visit, job),
        figures=tuple(_figures(visit, result)),
        problem=tuple(_problem(visit, job.problem or {})),
        issues=issues,
        more=text("jobs.more_issues", count=told_rows) if 0 < told_rows < failed else "",
        files=tuple(_files(visit, job)) if job.ended else (),
        links=(*_results(visit, job), *(links if job.state is Stands.DONE else ())),
    ).component()


def lines(visit: Visit, found: Iterable[Job]) -> Iterator[JobLine]:
    """Jobs as lines of a table."""
    jobs, reader = tuple(found), visit.reader
    ids = {id_ for job in jobs for id_ in (job.actor, job.impersonator) if id_}
    names = titles(visit, visit.exchange.release.catalog.objects[USER], ids)
    for job in jobs:
        yield JobLine(
            href=reader.link(f"{PATH}/{job.id}"),
            at=job.made_at.isoformat(),
            when=reader.formats.moment(job.made_at, reader.now),
            who=_who(visit, job, names),
            what=_what(visit, job),
            about=job.about,
            how=_how(visit, job),
            state=reader.text("jobs.cancelling" if _stopping(job) else f"jobs.{job.state}"),
            tone=TONES[job.state],
        )


def _stopping(job: Job) -> bool:
    return job.cancelling and not job.ended


def _tabs(visit: Visit, *, everybody: bool) -> tuple[Link, ...]:
    text, address = visit.reader.text, visit.reader.link(PATH)
    return (
        Link(label=text("jobs.mine"), href=address, current=not everybody),
        Link(label=text("jobs.everybodys"), href=f"{address}?all", current=everybody),
    )


def _who(visit: Visit, job: Job, names: Mapping[str, str]) -> str:
    text = visit.reader.text
    somebody = text("timeline.somebody")
    actor = names.get(job.actor, somebody) if job.actor else text("timeline.system")
    if job.impersonator is None:
        return actor
    return text("timeline.as", person=names.get(job.impersonator, somebody), user=actor)


def _what(visit: Visit, job: Job) -> str:
    if job.kind not in KNOWN:
        return job.kind
    return visit.reader.text(f"jobs.kind_{'check' if _is_check(job) else job.kind}")


def _is_check(job: Job) -> bool:
    return bool(job.subject.get("dry_run"))


def _how(visit: Visit, job: Job) -> str:
    number = visit.reader.formats.number
    if job.total:
        return visit.reader.text("jobs.of_total", done=number(job.done), total=number(job.total))
    return number(job.done) if job.done else ""


def _told(visit: Visit, job: Job) -> str:
    if job.state is Stands.QUEUED:
        return visit.reader.text("jobs.waits")
    return visit.reader.text("jobs.nothing_saved") if _is_check(job) and job.state is Stands.DONE else ""


def _figures(visit: Visit, result: Mapping[str, object]) -> Iterator[Figure]:
    for name, tone in FIGURES:
        count = result.get(name)
        if isinstance(count, int):
            shown = visit.reader.formats.number(count)
            yield Figure(
                label=visit.reader.text(f"jobs.figure_{name}"), count=shown, tone=tone if count else ""
            )


def _problem(visit: Visit, problem: Mapping[str, object]) -> Iterator[str]:
    said = visit.reader.said
    for key in ("detail", "title", "hint"):
        text = problem.get(key)
        if isinstance(text, str) and text and not (key == "title" and problem.get("detail")):
            yield said(text)


def _issues(visit: Visit, result: Mapping[str, object]) -> Iterator[CellIssue]:
    """What is wrong, once for all rows of which the same is told."""
    found, rows = result.get("issues"), dict[tuple[str, str, str], list[str]]()
    for issue in found if isinstance(found, list) else ():
        told = (str(issue.get("column") or ""), str(issue.get("message", "")), str(issue.get("hint") or ""))
        rows.setdefault(told, []).append(str(issue.get("row") or ""))
    said = visit.reader.said
    for (column, message, hint), numbers in rows.items():
        more = "…" if len(numbers) > SHOWN else ""
        yield CellIssue(
            row=", ".join(filter(None, numbers[:SHOWN])) + more,
            column=column,
            message=said(message),
            hint=said(hint),
        )


def _files(visit: Visit, job: Job) -> Iterator[Link]:
    for name in files_of(visit.signed_in, job.id):
        if name not in KEPT:
            href = visit.reader.link(f"/api/v1/jobs/{job.id}/files/{name}")
            label = visit.reader.text("jobs.errors_file") if name.startswith("errors") else name
            yield Link(label=label, href=href, icon="download")


def _results(visit: Visit, job: Job) -> Iterator[Link]:
    made = job.result.get("change_set")
    if made:
        label = visit.reader.text("changes.show")
        yield Link(label=label, href=visit.reader.link(f"/change-sets/{made}"), icon="arrow-back-up")
