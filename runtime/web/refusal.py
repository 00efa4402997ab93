"""A Problem as a page for people: what is wrong, why, and the way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component, Link
    from runtime.web.reader import Reader

KINDS = {403: "forbidden", 404: "not_found", 409: "conflict", 429: "too_many"}
SYMBOLS = {"forbidden": "lock", "not_found": "search", "conflict": "users", "too_many": "hourglass"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`reference` is the request's number, shown when the fault is ours."""

    symbol: str
    title: str
    message: str
    hint: str
    details: tuple[str, ...]
    links: tuple[Link, ...]
    reference: str

    def component(self) -> Component:
        """The notice in the middle of the page."""
        return component("problem.html", self)


def refusal(
    reader: Reader, *, status: int, message: str, hint: str, details: tuple[str, ...],
    links: tuple[Link, ...], request_id: str,
) -> Refusal:  # fmt: skip
    """The page for a refusal with this HTTP `status`.

    A 4xx says `message` below our general sentence, unless the sentence is all there is to say (404); a 5xx
    never shows `message`, only the number of the request.
    """
    kind = KINDS.get(status, "failed" if status >= 500 else "invalid")
    general = reader.text(f"problem.{kind}_text")
    own = status < 500 and kind != "not_found"
    return Refusal(
        symbol=SYMBOLS.get(kind, "alert-triangle"),
        title=reader.text(f"problem.{kind}_title"),
        message=message if own and message else general,
        hint=hint if own else "",
        details=details if own else (),
        links=links,
        reference=reader.text("problem.reference", id=request_id) if status >= 500 else "",
    )
