"""Cursors: the place in an ordered list where a page ends, as signed text.

A cursor carries the values of the row's sort columns, as the database gave them, and a tag, made with the
tenant's secret, over actor and query, so that it opens only for the same person asking the same question.
Knows no SQL; the planner says which conditions the values make.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from engine import codes
from engine.problem import Problem
from engine.system import meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.database import Connection, Database

_TAG_BYTES = 16
_ENTRY = "cursor_secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Signs and opens the cursors of one tenant; `secret` is random and the tenant's own."""

    secret: bytes

    def cursor(self, actor: str, digest: str, values: Sequence[object]) -> str:
        """The text that leads back to the row with these sort values."""
        body = msgspec.json.encode([_pack(value) for value in values])
        return base64.urlsafe_b64encode(self._tag(actor, digest, body) + body).rstrip(b"=").decode()

    def open(self, actor: str, digest: str, cursor: str) -> tuple[object, ...]:
        """The sort values inside; raises `Problem` for a cursor of someone, somewhere or something else."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
            if hmac.compare_digest(tag, self._tag(actor, digest, body)):
                return tuple(_unpack(kind, text) for kind, text in msgspec.json.decode(body))
        except ValueError:
            pass
        raise Problem(
            codes.BAD_CURSOR, "This cursor does not belong to this list.", hint=codes.BAD_CURSOR.mend
        )

    def _tag(self, actor: str, digest: str, body: bytes) -> bytes:
        message = f"{actor}\0{digest}\0".encode() + body
        return hmac.new(self.secret, message, hashlib.sha256).digest()[:_TAG_BYTES]


def seal_of(connection: Connection, database: Database) -> Seal:
    """The seal of a tenant; its secret is made when it is first asked for, and kept in `s_meta`.

    `connection` is the one at hand; only the first of all times takes another, to write.
    """
    found = meta(connection, _ENTRY)
    if found is None:
        with database.write() as writing:
            found = meta(writing, _ENTRY) or secrets.token_hex(32)
            set_meta(writing, _ENTRY, found)
    return Seal(secret=bytes.fromhex(found))


def _pack(value: object) -> tuple[str, str]:
    match value:
        case None:
            return "0", ""
        case bool():
            return "b", "1" if value else ""
        case int():
            return "i", str(value)
        case str():
            return "s", value
        case Decimal():
            return "n", str(value)
        case datetime():
            return "m", value.isoformat()
        case date():
            return "d", value.isoformat()
        case time():
            return "t", value.isoformat()
        case bytes():
            return "x", value.hex()
        case UUID():
            return "u", str(value)
        case _:
            raise TypeError(f"no cursor can hold a {type(value).__name__}")


_READERS: dict[str, Callable[[str], object]] = {
    "0": lambda _: None,
    "b": bool,
    "i": int,
    "s": str,
    "n": Decimal,
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "x": bytes.fromhex,
    "u": UUID,
}


def _unpack(kind: str, text: str) -> object:
    return _READERS[kind](text)
