"""Which sections of record pages the reader has opened or closed, from a cookie that the pages' script keeps.

The cookie holds keys with a sign, the newest last: `-account.more!+account.lines`. The server reads it, so
that a page comes as its reader left it and nothing moves when it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.web.pages.visit import Visit

COOKIE = "strata_folds"


def is_open(visit: Visit, key: str, *, collapsed: bool = False) -> bool:
    """Whether the section called `key` is open; `collapsed` says how it starts."""
    kept = visit.exchange.request.cookies.get(COOKIE, "").split("!")
    if f"-{key}" in kept:
        return False
    return not collapsed or f"+{key}" in kept
