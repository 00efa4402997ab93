"""Who a request comes from: the cookie or bearer token turned into an Actor, remembered for a second.

The memory belongs to one tenant and one Release and is thrown away with either; its one second is how long a
revocation made in another process, or a changed grant, may go unnoticed here. Called by the dispatcher.
"""

from __future__ import annotations

import dataclasses
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.actor import ActorKind, load_actor
from engine.problem import Problem
from runtime import impersonation
from runtime.signin import SEEN_EVERY, find_sign_in, note_seen
from runtime.token import find_token

if TYPE_CHECKING:
    from datetime import datetime

    from engine.actor import Actor
    from engine.release import Release
    from runtime.signin import SignIn
    from runtime.tenant import Tenant
    from runtime.token import Token

REMEMBERED = 1.0  # seconds
ENTRIES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody known: exactly one of `sign_in` and `token` is set."""

    actor: Actor
    sign_in: SignIn | None = None
    token: Token | None = None

    def vouches(self, csrf: str) -> bool:
        """Whether `csrf` is this session's anti-forgery token; a bearer token needs none."""
        return self.sign_in is None or hmac.compare_digest(csrf.encode(), self.sign_in.csrf.encode())


class Identities:
    """The people and programs one open tenant has lately heard from. Safe to share between threads."""

    __slots__ = ("_known", "_tenant")

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._known: dict[tuple[str, int], tuple[Identity, float]] = {}

    def by_cookie(self, release: Release, cookie: str, now: datetime) -> Identity | None:
        """Whose session this cookie is; None for a foreign, unknown, ended or revoked one."""
        tenant_id, _, secret = cookie.partition(".")
        if tenant_id != self._tenant.id or not secret:
            return None
        return self._recall(cookie, release) or self._remember(
            cookie, release, self._sign_in(release, secret, now)
        )

    def by_bearer(self, release: Release, text: str, now: datetime, act_as: str = "") -> Identity | None:
        """Whose token this is; None for a foreign, unknown, expired or revoked one.

        With `act_as` its owner acts as that user (an id or an e-mail). Raises Problem where she may not.
        """
        key = f"{text} {act_as}"
        return self._recall(key, release) or self._remember(
            key, release, self._token(release, text, now, act_as)
        )

    def forget(self) -> None:
        """Look everybody up anew: a session ended, a password or a grant changed."""
        self._known = {}

    def _recall(self, key: str, release: Release) -> Identity | None:
        found = self._known.get((key, release.number))
        return found[0] if found and found[1] > self._tenant.gate.seconds() else None

    def _remember(self, key: str, release: Release, identity: Identity | None) -> Identity | None:
        if identity is not None:
            if len(self._known) >= ENTRIES:
                self._known = {}
            self._known[key, release.number] = (identity, self._tenant.gate.seconds() + REMEMBERED)
        return identity

    def _sign_in(self, release: Release, secret: str, now: datetime) -> Identity | None:
        database = self._tenant.database
        with database.read() as connection:
            found = find_sign_in(connection, secret, now, self._tenant.gate.idle)
            actor = load_actor(connection, release, found.user_id) if found else None
        if found is None or actor is None:
            return None
        if found.seen_at + SEEN_EVERY < now:
            with database.write() as connection:
                note_seen(connection, found, now)
        return Identity(actor=self._acting(release, actor, found), sign_in=found)

    def _acting(self, release: Release, actor: Actor, session: SignIn) -> Actor:
        """As whom the session acts; what is not allowed any more ends, and this request is refused."""
        if not session.acting_as:
            return actor
        try:
            return impersonation.acting(self._tenant, release, actor, session.acting_as)
        except Problem:
            impersonation.end(self._tenant, release, session)
            raise

    def _token(self, release: Release, text: str, now: datetime, act_as: str) -> Identity | None:
        with self._tenant.database.read() as connection:
            token = find_token(connection, self._tenant.id, text, now)
            actor = load_actor(connection, release, token.user_id) if token else None
        if token is None or actor is None:
            return None
        actor = dataclasses.replace(actor, kind=ActorKind.INTEGRATION)
        if act_as:
            actor = impersonation.acting_by_header(self._tenant, release, actor, act_as)
        return Identity(actor=actor, token=token)
