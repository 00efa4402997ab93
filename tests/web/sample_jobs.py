"""The pages of long work and of imports, from sample values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.component import Component, Link
from runtime.web.jobs import CellIssue, Figure, JobLine, JobList, JobPage, JobState
from runtime.web.shell import shell
from tests.web.samples import frame

if TYPE_CHECKING:
    from runtime.web.reader import Reader


def job_line(who: Reader, state: str, tone: str) -> JobLine:
    return JobLine(
        href="/jobs/1",
        at="2026-11-20T09:30:00+00:00",
        when="11-20 09:30",
        who="林越",
        what=who.text("jobs.kind_import"),
        about="sales_pipeline.csv",
        how=who.text("jobs.of_total", done="1,500", total="8,800"),
        state=who.text(f"jobs.{state}"),
        tone=tone,
    )


def job_state(who: Reader, *, ended: bool) -> Component:
    issue = CellIssue(
        row="12",
        column="close_date",
        message=who.said("“{raw}” is not a date."),
        hint=who.said("Write it like 2026-01-31."),
    )
    tones = (("rows", ""), ("created", "green"), ("unchanged", "gray"), ("failed", "red"))
    figures = tuple(
        Figure(label=who.text(f"jobs.figure_{name}"), count="8,800", tone=tone) for name, tone in tones
    )
    return JobState(
        line=job_line(who, "done", "green") if ended else job_line(who, "running", "blue"),
        load="" if ended else "/jobs/1",
        share=None if ended else 17,
        cancel="" if ended else "/jobs/1/cancel",
        told=who.text("jobs.nothing_saved") if ended else "",
        figures=figures if ended else (),
        problem=(),
        issues=(issue,) if ended else (),
        more=who.text("jobs.more_issues", count=1) if ended else "",
        files=(Link(label=who.text("jobs.errors_file"), href="/e.csv", icon="download"),) if ended else (),
        links=(Link(label=who.text("changes.show"), href="/change-sets/1", icon="arrow-back-up"),)
        if ended
        else (),
    ).component()


def jobs_page(who: Reader) -> Component:
    tabs = (
        Link(label=who.text("jobs.mine"), href="/jobs", current=True),
        Link(label=who.text("jobs.everybodys"), href="/jobs?all"),
    )
    lines = (job_line(who, "running", "blue"), job_line(who, "failed", "red"))
    body = JobList(tabs=tabs, lines=lines, older="/jobs?before=1")
    return shell(frame(who), title=who.text("jobs.title"), body=body.component(), canvas=True)


def no_jobs(who: Reader) -> Component:
    body = JobList(tabs=(), lines=(), older="")
    return shell(frame(who), title=who.text("jobs.title"), body=body.component(), canvas=True)


def job_page(who: Reader, *, ended: bool = True) -> Component:
    title = who.text("jobs.of", what=who.text("jobs.kind_import"), about="sales_pipeline.csv")
    body = JobPage(title=title, line=job_line(who, "done", "green"), state=job_state(who, ended=ended))
    return shell(frame(who), title=title, body=body.component(), canvas=True)
