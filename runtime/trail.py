"""What is known about a request as it passes: the one mutable thing that middlewares and dispatcher share.

The outermost middleware makes it; whoever learns something writes it down; the access log and the metrics
read it at the end. It carries no secrets: no query string, no headers, no body.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

_GIVEN = re.compile(rb"[A-Za-z0-9_.-]{8,64}")
_KEY = "strata.trail"


@dataclass(slots=True, kw_only=True)
class Trail:
    """The marks of one request; empty text means not known (yet)."""

    request_id: str
    slug: str = ""
    tenant: str = ""
    actor: str = ""
    route: str = ""
    change_set: str = ""
    problem: str = ""


def start_trail(scope: Scope) -> Trail:
    """Make the request's trail, with the caller's `X-Request-ID` when that is harmless to repeat."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    request_id = given.decode() if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    trail = Trail(request_id=request_id)
    scope[_KEY] = trail
    return trail


def trail_of(scope: Scope) -> Trail:
    """The trail that `start_trail` laid."""
    trail = scope[_KEY]
    assert isinstance(trail, Trail)
    return trail
