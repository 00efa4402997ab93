"""Why a line of JSON cannot be answered, beyond what is wrong in its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.codes import BAD_LINE

if TYPE_CHECKING:
    from formula.issue import Code


class Refused(Exception):  # noqa: N818 - a verdict, read as `except Refused`
    """A line without an answer: the code, a sentence, and the mend."""

    def __init__(self, message: str, hint: str = "", code: Code = BAD_LINE) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
