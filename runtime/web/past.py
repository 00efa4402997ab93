"""A record as it was, as plain values: each field then and now, and those that can be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """One field. `note` says why a value is not told; `choice` that it can be brought back."""

    name: str
    label: str
    then: Cell
    now: Cell
    differs: bool
    note: str = ""
    choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPage:
    """A record at an instant: `at` as the form's input holds it, in the reader's zone, `when` for people.

    `action` is where chosen fields are posted, "" for who may not change the record; `messages` are refusals.
    `differing` counts the fields that are not now what they were.
    """

    title: str
    at: str
    exact: str
    when: str
    address: str
    record: str
    since: str
    state: str
    rows: tuple[PastRow, ...]
    differing: int
    action: str
    version: int
    messages: tuple[str, ...] = ()

    def component(self) -> Component:
        """The page below the top bar."""
        return component("past.html", self)
