"""Change sets, as plain values: the list of the latest, and one with what an undo would do or did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change set. `at` is ISO 8601, `when` for people; `state` is a word with its tone, or ""."""

    href: str
    at: str
    when: str
    who: str
    what: str
    count: str
    reason: str
    state: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeList:
    """The latest; `older` leads on. `tabs` choose between one's own and everybody's, for who may."""

    tabs: tuple[Link, ...]
    lines: tuple[ChangeLine, ...]
    older: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("changes.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What happens to how many records of an object."""

    object: str
    what: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record, or a field of it, that stays as it is; `href` is "" where the reader cannot open it."""

    object: str
    title: str
    href: str
    field: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """One change set. Of the `refused` records and fields `kept` are the first, and the `hidden` ones are not
    for the reader. `action` is where an undo is posted, "" where nothing is to be undone any more.

    `done` says that it was just undone; `undo` is then the way to the change set of the undo.
    """

    line: ChangeLine
    objects: tuple[Effect, ...]
    heading: str
    effects: tuple[Effect, ...]
    kept: tuple[Kept, ...]
    refused: int
    hidden: int
    action: str
    done: bool
    undo: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("change_set.html", self)
