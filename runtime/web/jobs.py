"""Long work, as plain values: the list of the latest jobs, and one with how far it is and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """One job. `at` is ISO 8601, `when` for people; `about` a short text for people, `how` how far it is."""

    href: str
    at: str
    when: str
    who: str
    what: str
    about: str
    how: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobList:
    """The latest; `older` leads on. `tabs` choose between one's own and everybody's, for who may."""

    tabs: tuple[Link, ...]
    lines: tuple[JobLine, ...]
    older: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("jobs.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of a result: what was counted, and how many."""

    label: str
    count: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellIssue:
    """What is wrong with a row, or with one cell of it."""

    row: str
    column: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How a job stands. `load` is asked again while it goes on, "" when it has ended.

    `share` is done of the whole in per cent, None where nobody knows. `cancel` stops it, "" where that is
    too late. `told` says what else is to be known, such as that nothing was saved yet.
    """

    line: JobLine
    load: str
    share: int | None
    cancel: str
    told: str
    figures: tuple[Figure, ...]
    problem: tuple[str, ...]
    issues: tuple[CellIssue, ...]
    more: str
    files: tuple[Link, ...]
    links: tuple[Link, ...]

    def component(self) -> Component:
        """What asks for itself again."""
        return component("job_state.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """One job, with its state."""

    title: str
    line: JobLine
    state: Component

    def component(self) -> Component:
        """The page below the top bar."""
        return component("job.html", self)
