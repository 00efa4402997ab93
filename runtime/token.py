"""Bearer tokens of programs: made once, kept as a hash, limited to scopes, ending at a date.

A token acts with the grants of its user, never more. It reads `strata_<tenant id>_<secret>`, so that a
token of one company is recognised as foreign by another before anything is looked up. Scopes: `read`, `write`
(which includes read), and the same for one object: `opportunity:read`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime import sql
from runtime.codes import BAD_OPTION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.database import Connection, Row

_SHAPE = re.compile(r"strata_([0-9a-f]{32})_[A-Za-z0-9_-]{20,100}")
_SCOPE = re.compile(r"(?:[a-z][a-z0-9_]*:)?(?:read|write)")
_SELECT = "SELECT id, user_id, name, scopes, created_at, expires_at, revoked_at FROM s_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token; its secret is not."""

    id: str
    user_id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    revoked: bool

    def allows(self, object: str | None, *, write: bool) -> bool:  # noqa: A002
        """Whether a scope covers reading or writing `object` (None: something that is no object)."""
        wanted = ("write",) if write else ("read", "write")
        names = {*wanted, *(f"{object}:{right}" for right in wanted if object)}
        return not self.scopes.isdisjoint(names)


def make_token(connection: Connection, tenant_id: str, token: Token) -> str:
    """Keep a new token; return its text, which nobody can read again later.

    Raises Problem for a scope that is none.
    """
    if wrong := sorted(scope for scope in token.scopes if not _SCOPE.fullmatch(scope)):
        raise Problem(
            BAD_OPTION, f"{wrong[0]!r} is no scope.", hint="Use read, write or object:read, object:write."
        )
    text = f"strata_{tenant_id.replace('-', '')}_{secrets.token_urlsafe(32)}"
    sql.run(
        connection,
        """INSERT INTO s_token (id, hash, user_id, name, scopes, created_at, expires_at)
        VALUES (:id, :hash, :user_id, :name, :scopes, :created_at, :expires_at)""",
        id=token.id,
        hash=hashed(text),
        user_id=token.user_id,
        name=token.name,
        scopes=" ".join(sorted(token.scopes)),
        created_at=sql.micros(token.created_at),
        expires_at=sql.micros(token.expires_at),
    )
    return text


def find_token(connection: Connection, tenant_id: str, text: str, now: datetime) -> Token | None:
    """The token, unless it is foreign, unknown, revoked or expired."""
    shape = _SHAPE.fullmatch(text)
    if shape is None or shape[1] != tenant_id.replace("-", ""):
        return None
    found = sql.row(connection, _SELECT + " WHERE hash = :hash", hash=hashed(text))
    token = None if found is None else _token(found)
    return token if token and not token.revoked and token.expires_at > now else None


def tokens(connection: Connection) -> Sequence[Token]:
    """All tokens, newest first, the ended ones too."""
    return [_token(item) for item in sql.rows(connection, _SELECT + " ORDER BY created_at DESC")]


def revoke_token(connection: Connection, id: str, now: datetime) -> bool:  # noqa: A002
    """End a token now; return whether there was one to end."""
    return bool(
        sql.run(
            connection,
            "UPDATE s_token SET revoked_at = :at WHERE id = :id AND revoked_at = 0",
            id=id,
            at=sql.micros(now),
        )
    )


def hashed(text: str) -> str:
    """The form in which a random secret is kept: it has 256 bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(text.encode()).hexdigest()


def _token(item: Row) -> Token:
    id_, user_id, name, scopes, created_at, expires_at, revoked_at = item
    return Token(
        id=id_,
        user_id=user_id,
        name=name,
        scopes=frozenset(scopes.split()),
        created_at=sql.instant(created_at),
        expires_at=sql.instant(expires_at),
        revoked=revoked_at > 0,
    )
