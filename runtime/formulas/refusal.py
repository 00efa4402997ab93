"""Why there is no answer about a formula: what is wrong in it, or in the line of JSON that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.codes import BAD_LINE

if TYPE_CHECKING:
    from formula.issue import Code, Issue


class Refused(Exception):  # noqa: N818 - a verdict, read as `except Refused`
    """A line without an answer: the code, a sentence, and the mend."""

    def __init__(self, message: str, hint: str = "", code: Code = BAD_LINE) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def issue_json(issue: Issue) -> dict[str, object]:
    """An Issue as JSON has it."""
    place = issue.place
    return {
        "code": issue.code.id,
        "message": issue.message,
        "line": place.line,
        "column": place.column,
        "hint": issue.hint,
    }
