"""The path of a record through its stages, as plain values. `pages/stage.py` fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStep:
    """One stage: passed, present, still to come, or where a lost record ended.

    `open`: a move may lead there; `hint` says why none does, or what such a move needs first.
    """

    code: str
    label: str
    state: Literal["done", "now", "todo", "lost"]
    open: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The path of a record. `following` is the code that Advance moves to, "" at the end.

    `endings` are the stages that close a record without success.
    """

    action: str
    version: int | None
    field: str
    label: str
    steps: tuple[StageStep, ...]
    following: str
    movable: bool
    endings: tuple[StageStep, ...] = ()

    def component(self) -> Component:
        """The row of stages."""
        return component("stage.html", self)
