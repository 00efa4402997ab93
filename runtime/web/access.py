"""Why somebody may do something with a record, and who sees it; all that a user may do: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.input import Choice, Input


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRow:
    """A branch or restriction: for what, which records, thanks to what; `mark` says whether it holds."""

    action: str
    records: str
    source: str
    mark: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer: `reasons` stand in the way, `changes` would turn it, under their title."""

    allowed: bool
    headline: str
    reasons: tuple[str, ...]
    change_title: str
    changes: tuple[str, ...]
    grounds: tuple[GroundRow, ...]
    restrictions: tuple[GroundRow, ...]
    field: str = ""
    field_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerRow:
    """Somebody who sees the record; `why` leads to her own explanation."""

    name: str
    why: str
    level: str
    tone: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """The question, its answer if it was asked, and who sees the record."""

    title: str
    back: str
    action: str
    user: Input
    actions: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    verdict: Verdict | None
    viewers: tuple[ViewerRow, ...]
    total: str
    next: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("access.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """An object: how far each action reaches, "" where it is closed; and which fields are closed."""

    label: str
    icon: str
    reach: tuple[str, ...]
    hidden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """What a user may do. `sets` are the permission sets with where they come from."""

    name: str
    back: str
    sets: tuple[tuple[str, str], ...]
    rights: tuple[str, ...]
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[HeldRow, ...]

    def component(self) -> Component:
        """The page below the top bar."""
        return component("held.html", self)
