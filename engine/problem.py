"""How the engine says no at run time: `Refusal` of one value, `Problem` of a whole request.

Compile-time trouble is an `Issue` (formula/issue.py). Codes are declared in `engine/codes.py`; a code never
changes its meaning. The API sends `Problem.json()` (RFC 9457), the web pages render the same object.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formula.issue import Code

NOTHING: Mapping[str, object] = MappingProxyType({})


class Refusal(Exception):  # noqa: N818  (it refuses; nothing broke)
    """One value which a field cannot take; the caller knows which field and which row.

    With `values`, message and hint are templates whose holes these fill; see `engine/sentence.py`.
    """

    def __init__(self, code: Code, message: str, hint: str = "", **values: object) -> None:
        self.message = said(message, **values) if values else message
        self.hint = said(hint, **values) if values else hint
        super().__init__(self.message)
        self.code = code

    def detail(self, field: str | None, row: int | None = None) -> Detail:
        """Return this refusal placed at `field` (its name) of row number `row` (from 0) of the batch."""
        return Detail(field=field, row=row, code=self.code.id, message=self.message, hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One thing wrong in a request: at a field, at a row of the batch (from 0), or at neither.

    `mutation` is the batch (from 0), where several are saved together; `column` is where in a condition, in
    characters from 1.
    """

    field: str | None = None
    row: int | None = None
    mutation: int | None = None
    column: int | None = None
    code: str
    message: str
    hint: str = ""

    def json(self) -> dict[str, object]:
        """Return the entry of `errors`, without what is empty."""
        place = {"field": self.field, "row": self.row, "mutation": self.mutation, "column": self.column}
        entry = {**place, "code": self.code, "message": str(self.message), "hint": str(self.hint)}
        return {name: value for name, value in entry.items() if value is not None and value != ""}


class Problem(Exception):  # noqa: N818  (named after RFC 9457)
    """A request that is refused, with an HTTP status, all details at once, and data to act on.

    `data` holds what a program needs beyond the text, such as both versions of a record that was changed
    meanwhile; its values must be fit for JSON.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        status: int = 422,
        details: Sequence[Detail] = (),
        hint: str = "",
        data: Mapping[str, object] = NOTHING,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = tuple(details)
        self.hint = hint
        self.data = data

    def json(self) -> dict[str, object]:
        """Return the problem document of RFC 9457, section 3, with our members `code`, `hint`, `errors`."""
        document: dict[str, object] = {
            "type": f"urn:strata:problem:{self.code.id}",
            "title": self.code.title,
            "status": self.status,
            "detail": str(self.message),
            "code": self.code.id,
        }
        if self.hint:
            document["hint"] = str(self.hint)
        if self.details:
            document["errors"] = [detail.json() for detail in self.details]
        return {**self.data, **document}
