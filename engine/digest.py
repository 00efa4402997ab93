"""An id made of a text, as SQL: for records that are no rows, such as groups. The same text has the same id.

A UUID of version 8 (RFC 9562, section 5.8) from the MD5 of the text. PostgreSQL has that built in, SQLite
calls `digest` by the name `DIGEST`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form

if TYPE_CHECKING:
    from engine.database import Dialect

DIGEST = "strata_digest"
_MARKS = ("13", "17")  # the digits of a UUID that tell its version and variant


def digest(text: str) -> bytes:
    """The id as SQLite keeps it."""
    digits = list(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
    for mark in _MARKS:
        digits[int(mark) - 1] = "8"
    return bytes.fromhex("".join(digits))


def digest_sql(text: sa.ColumnElement[str], dialect: Dialect) -> sa.ColumnElement[Any]:
    """The id of a text."""
    if dialect.sqlite:
        return getattr(sa.func, DIGEST)(text)  # type: ignore[no-any-return]
    digits: sa.ColumnElement[Any] = sa.func.md5(text)
    for mark in _MARKS:
        digits = sa.func.overlay(digits, sa.literal_column("'8'"), sa.literal_column(mark))
    return sa.cast(digits, id_form(dialect).type)
