"""How a value looks inside each database: the one place that knows both encodings.

SQLite: ids are 16 bytes, numbers scaled integers, dates ISO text, instants microseconds since 1970, times of
day microseconds since midnight, booleans 0 and 1. PostgreSQL has a type for each; its driver is told to hand
out ids as text, so that only SQLite needs codecs. Used by the field types, the system tables and every
statement that names a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.types import TypeEngine

    from engine.database import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MAX_DIGITS = 18
"""Digits that always fit SQLite's 64-bit integer."""

_WIDE = Context(prec=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The physical form of a value: its column type, and how to turn it there and back (None: as it is)."""

    type: TypeEngine[Any]
    encode: Callable[[Any], Any] | None = None
    decode: Callable[[Any], Any] | None = None


def id_form(dialect: Dialect) -> Form:
    """Return the form of an id."""
    return _SQLITE.id if dialect.sqlite else _POSTGRES.id


def text_form(dialect: Dialect) -> Form:
    """Return the form of text, which compares by code point on both databases."""
    return _SQLITE.text if dialect.sqlite else _POSTGRES.text


def boolean_form(dialect: Dialect) -> Form:
    """Return the form of true and false."""
    return _SQLITE.boolean if dialect.sqlite else _POSTGRES.boolean


def date_form(dialect: Dialect) -> Form:
    """Return the form of a date."""
    return _SQLITE.date if dialect.sqlite else _POSTGRES.date


def datetime_form(dialect: Dialect) -> Form:
    """Return the form of an instant, exact to the microsecond."""
    return _SQLITE.datetime if dialect.sqlite else _POSTGRES.datetime


def time_form(dialect: Dialect) -> Form:
    """Return the form of a time of day, exact to the microsecond."""
    return _SQLITE.time if dialect.sqlite else _POSTGRES.time


def number_form(dialect: Dialect, scale: int) -> Form:
    """Return the form of a Decimal with at most `MAX_DIGITS` digits, `scale` of them behind the point.

    The column on PostgreSQL is as wide as the one on SQLite, so that a field's `precision` is checked by the
    save and can change without touching data.
    """
    if not dialect.sqlite:
        return Form(type=sa.NUMERIC(MAX_DIGITS + 1, scale))
    if not scale:
        return Form(type=sa.INTEGER(), encode=int, decode=Decimal)
    return Form(
        type=sa.INTEGER(),
        encode=lambda number: int(number.scaleb(scale, _WIDE)),
        decode=lambda integer: Decimal(integer).scaleb(-scale, _WIDE),
    )


def id_bytes(text: str) -> bytes:
    """Return the 16 bytes of a canonical id."""
    return bytes.fromhex(text.replace("-", ""))


def id_text(raw: bytes) -> str:
    """Return the canonical text of 16 bytes."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def microseconds(value: datetime) -> int:
    """Return the microseconds since 1970 of an aware datetime."""
    return (value - EPOCH) // MICROSECOND


def clock_microseconds(value: time) -> int:
    """Return the microseconds since midnight of a time of day."""
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


def clock(raw: int) -> time:
    """Return the time of day that is `raw` microseconds after midnight."""
    return instant(raw).time()


def instant(raw: int) -> datetime:
    """Return the aware UTC datetime of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forms:
    """The forms of one kind of database that depend on nothing else: made once, as requests ask for them."""

    id: Form
    text: Form
    boolean: Form
    date: Form
    datetime: Form
    time: Form


_SQLITE = _Forms(
    id=Form(type=sa.BLOB(), encode=id_bytes, decode=id_text),
    text=Form(type=sa.TEXT()),
    boolean=Form(type=sa.INTEGER(), encode=int, decode=bool),
    date=Form(type=sa.TEXT(), encode=date.isoformat, decode=date.fromisoformat),
    datetime=Form(type=sa.INTEGER(), encode=microseconds, decode=instant),
    time=Form(type=sa.INTEGER(), encode=clock_microseconds, decode=clock),
)
_POSTGRES = _Forms(
    id=Form(type=sa.UUID(as_uuid=False)),
    text=Form(type=sa.TEXT(collation="C")),
    boolean=Form(type=sa.BOOLEAN()),
    date=Form(type=sa.DATE()),
    datetime=Form(type=sa.TIMESTAMP(timezone=True)),
    time=Form(type=sa.TIME()),
)
