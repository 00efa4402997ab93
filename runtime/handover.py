"""Handing over for pages, API and command line: the preview, with what a new owner would see anew.

What moves and how is the engine's (`engine/handover.py`); here the new owner is found, so that her own
policy can be asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.actor import load_actor
from engine.handover import Holding, gained, holdings
from engine.ids import canonical_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.release import Release
    from engine.session import Session
    from runtime.tenant import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A portion of what somebody holds. `gained` counts what its new owner does not see today; None: nobody
    was named, or nobody who is active."""

    holding: Holding
    gained: int | None


def offers(
    tenant: Tenant, release: Release, session: Session, leaver: str, successors: Mapping[str, str]
) -> tuple[Offer, ...]:
    """What `leaver` holds, for new owners by portion; "" names the one for all others."""
    heirs = {user: _heir(tenant, release, user) for user in set(successors.values())}

    def offer(holding: Holding) -> Offer:
        name = holding.portion.name
        heir = heirs.get(successors.get(name) or successors.get("", ""))
        return Offer(holding=holding, gained=gained(session, heir, holding.portion, leaver) if heir else None)

    return tuple(offer(holding) for holding in holdings(session, leaver))


def _heir(tenant: Tenant, release: Release, user: str) -> Session | None:
    id_ = canonical_id(user)
    if id_ is None:
        return None
    with tenant.database.read() as connection:
        actor = load_actor(connection, release, id_)
    return tenant.session(release, actor) if actor else None
