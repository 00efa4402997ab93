"""Sign-in by e-mail and password: the session, its cookie, its list and its end.

A session is a row with the hash of a random secret; the cookie holds the secret and the tenant's id, which is
checked before anything is looked up. Pages call `sign_in`, `sign_out`, `sessions`, `revoke`; who a
request belongs to is found by `identity.py`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime import credential, impersonation, sql
from runtime.codes import LOCKED_OUT, SIGN_IN_FAILED, TOO_MANY
from runtime.token import hashed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.responses import Response

    from engine.database import Connection, Row
    from runtime.exchange import Exchange
    from runtime.tenant import Tenant

SEEN_EVERY = timedelta(minutes=5)  # how often the time of the last request is written
_SELECT = (
    "SELECT id, user_id, created_at, seen_at, ends_at, address, agent, acting_as"
    " FROM s_sign_in WHERE revoked_at = 0"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One session of one person; `secret` is known only while its own request is being answered.

    `acting_as` is the id of the user as whom she acts, or "" (`impersonation.py`).
    """

    id: str
    user_id: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str
    secret: str = ""
    acting_as: str = ""

    @property
    def csrf(self) -> str:
        """The anti-forgery token of this session: follows from the secret, does not reveal it."""
        return hashlib.sha256(f"csrf:{self.secret}".encode()).hexdigest()


def sign_in(exchange: Exchange, email: str, password: str) -> SignIn:
    """Start a session for whoever has this e-mail and password; give its cookie with `set_cookie`.

    Raises Problem: wrong e-mail or password (one and the same), locked out, or too many attempts.
    """
    tenant, now = exchange.tenant, exchange.now
    lowered = email.strip().lower()
    _admit(exchange, lowered)
    user_id = tenant.user_by_email(exchange.release, lowered)
    with tenant.database.read() as connection:
        kept = credential.kept_hash(connection, user_id) if user_id else None
    right = tenant.gate.passwords.matches(password, kept)
    with tenant.database.write() as connection:
        if not right or user_id is None:
            credential.count_guess(connection, lowered, now)
        else:
            credential.forget_guesses(connection, lowered)
            return _start(connection, exchange, user_id)
    raise Problem(SIGN_IN_FAILED, "E-mail and password do not belong together.", status=401)


def set_cookie(response: Response, exchange: Exchange, session: SignIn) -> None:
    """Hand the session's cookie to the browser."""
    response.set_cookie(
        cookie_name(exchange.tenant),
        f"{exchange.tenant.id}.{session.secret}",
        max_age=int((session.ends_at - exchange.now).total_seconds()),
        path=exchange.prefix or "/",
        secure=exchange.request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def sign_out(response: Response, exchange: Exchange) -> None:
    """End the session of this request and take the cookie back."""
    if (session := exchange.sign_in) is not None:
        impersonation.end(exchange.tenant, exchange.release, session)
        _revoke(exchange, session.id, session.user_id)
    response.delete_cookie(cookie_name(exchange.tenant), path=exchange.prefix or "/", httponly=True)


def sessions(exchange: Exchange) -> Sequence[SignIn]:
    """The living sessions of the signed-in person, the latest first; refused to who acts as another."""
    impersonation.refuse_acting(exchange.signed_in.actor)
    with exchange.tenant.database.read() as connection:
        found = sql.rows(
            connection,
            _SELECT + " AND user_id = :user_id AND ends_at > :now ORDER BY seen_at DESC",
            user_id=exchange.signed_in.actor.id,
            now=sql.micros(exchange.now),
        )
    return [_sign_in(item) for item in found]


def revoke(exchange: Exchange, id: str) -> None:  # noqa: A002
    """End one of the signed-in person's own sessions: at once here, within a second in other processes.

    Raises Problem 403 for who acts as another.
    """
    impersonation.refuse_acting(exchange.signed_in.actor)
    _revoke(exchange, id, exchange.signed_in.actor.id or "")


def _revoke(exchange: Exchange, id: str, user_id: str) -> None:  # noqa: A002
    with exchange.tenant.database.write() as connection:
        sql.run(
            connection,
            "UPDATE s_sign_in SET revoked_at = :now WHERE id = :id AND user_id = :user_id AND revoked_at = 0",
            id=id,
            user_id=user_id,
            now=sql.micros(exchange.now),
        )
    exchange.tenant.identities.forget()


def revoke_all(connection: Connection, user_id: str, now: datetime) -> None:
    """End all sessions of a user: the password was changed, or the person left."""
    sql.run(
        connection,
        "UPDATE s_sign_in SET revoked_at = :now WHERE user_id = :user_id AND revoked_at = 0",
        user_id=user_id,
        now=sql.micros(now),
    )


def find_sign_in(connection: Connection, secret: str, now: datetime, idle: timedelta) -> SignIn | None:
    """The living session with this secret; its last-seen time is written when it is five minutes old."""
    found = sql.row(connection, _SELECT + " AND hash = :hash", hash=hashed(secret))
    if found is None:
        return None
    session = _sign_in(found, secret)
    return session if session.ends_at > now and session.seen_at + idle > now else None


def note_seen(connection: Connection, session: SignIn, now: datetime) -> None:
    """Write down that the session was used now."""
    sql.run(
        connection, "UPDATE s_sign_in SET seen_at = :now WHERE id = :id", id=session.id, now=sql.micros(now)
    )


def cookie_name(tenant: Tenant) -> str:
    """One cookie per tenant, so that two companies behind one host do not sign each other out."""
    return f"strata_{tenant.slug}"


def _admit(exchange: Exchange, email: str) -> None:
    tenant = exchange.tenant
    if wait := tenant.gate.sign_in_limit.wait(exchange.address):
        raise Problem(
            TOO_MANY, "Too many attempts; wait a moment.", status=429, data={"retry_after": round(wait, 1)}
        )
    with tenant.database.read() as connection:
        wait = credential.locked_for(connection, email, exchange.now)
    if wait:
        raise Problem(
            LOCKED_OUT,
            "Too many wrong passwords for this e-mail.",
            status=429,
            hint=f"Try again in {int(wait / 60) + 1} minutes.",
            data={"retry_after": round(wait, 1)},
        )


def _start(connection: Connection, exchange: Exchange, user_id: str) -> SignIn:
    gate = exchange.tenant.gate
    session = SignIn(
        id=gate.ids(),
        user_id=user_id,
        created_at=exchange.now,
        seen_at=exchange.now,
        ends_at=exchange.now + timedelta(days=gate.session_days),
        address=exchange.address,
        agent=exchange.headers.get("user-agent", "")[:200],
        secret=secrets.token_urlsafe(32),
    )
    sql.run(
        connection,
        """INSERT INTO s_sign_in (id, hash, user_id, created_at, seen_at, ends_at, address, agent)
        VALUES (:id, :hash, :user_id, :now, :now, :ends_at, :address, :agent)""",
        id=session.id,
        hash=hashed(session.secret),
        user_id=user_id,
        now=sql.micros(exchange.now),
        ends_at=sql.micros(session.ends_at),
        address=session.address,
        agent=session.agent,
    )
    return session


def _sign_in(item: Row, secret: str = "") -> SignIn:
    id_, user_id, created_at, seen_at, ends_at, address, agent, acting_as = item
    return SignIn(
        id=id_,
        user_id=user_id,
        created_at=sql.instant(created_at),
        seen_at=sql.instant(seen_at),
        ends_at=sql.instant(ends_at),
        address=address,
        agent=agent,
        secret=secret,
        acting_as=acting_as,
    )
