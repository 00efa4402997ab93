"""What the API tells of the model itself, to people who may set it up: the releases that there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.planner import require_right
from engine.rights import SETUP
from runtime.api.answers import answer_json
from runtime.releases import publisher, releases

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.exchange import Exchange


def list_releases(exchange: Exchange) -> Response:
    """GET /api/v1/setup/releases: every release, the latest first: who, when, why, what; needs `setup`."""
    require_right(exchange.signed_in.policy, SETUP, "see releases")
    found = [
        {
            "number": published.number,
            "at": published.at,
            "by": published.by,
            "by_title": publisher(exchange.tenant, published) or None,
            "reason": published.reason,
            "packages": dict(published.packages),
            "changes": list(published.changes),
        }
        for published in releases(exchange.tenant)
    ]
    return answer_json({"releases": found})
