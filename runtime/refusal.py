"""Short ways to make the Problems of this room: one sentence, a code, a status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem

if TYPE_CHECKING:
    from formula.issue import Code


def refused(code: Code, message: str, *, status: int = 400, hint: str = "") -> Problem:
    """A Problem to raise; `status` is the HTTP status, of no meaning on the command line."""
    return Problem(code=code, status=status, message=message, hint=hint)
