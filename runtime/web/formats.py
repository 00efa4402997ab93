"""Numbers, money, dates and times as a reader writes them (CLDR data through Babel).

Dates are year-month-day in every language: lists sort by eye, and nobody mistakes day for month.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from babel.numbers import NumberPattern, get_currency_symbol, parse_pattern

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from babel import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """How one reader sees values: by `locale` and in the time `zone`."""

    locale: Locale
    zone: ZoneInfo

    def number(self, value: Decimal | int, scale: int | None = None) -> str:
        """`value` with grouping; `scale` fixes the decimals, None shows those the value has (at most six)."""
        return str(_pattern(scale).apply(value, self.locale))

    def percent(self, value: Decimal) -> str:
        """A fraction as per cent: 0.5 is "50%"."""
        return f"{self.number((value * 100).normalize())}%"

    def money(self, value: Decimal, currency: str, *, scale: int = 2) -> str:
        """An amount with its currency's symbol; whole amounts show no decimals.

        `currency` is an ISO 4217 code, or "" when unknown.
        """
        digits = 0 if value == value.to_integral_value() else scale
        sign = "-" if value < 0 else ""
        return f"{sign}{symbol(currency, self.locale)}{self.number(abs(value), digits)}"

    def date(self, value: dt.date) -> str:
        """A calendar day as 2026-12-18."""
        return value.isoformat()

    def datetime(self, value: dt.datetime) -> str:
        """An instant in the reader's zone as 2026-12-18 09:30."""
        return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def moment(self, value: dt.datetime, now: dt.datetime) -> str:
        """An instant beside a timeline: the time today, day and time this year, else with the date."""
        local, today = value.astimezone(self.zone), now.astimezone(self.zone)
        if local.date() == today.date():
            return local.strftime("%H:%M")
        if local.year == today.year:
            return local.strftime("%m-%d %H:%M")
        return self.datetime(value)


@cache
def symbol(currency: str, locale: Locale) -> str:
    """The sign of a currency where it is unmistakable in `locale`, else its code and a space."""
    if not currency:
        return ""
    sign = str(get_currency_symbol(currency, locale))
    if sign == "CN¥":
        return "¥"
    return sign if not sign.isalpha() else f"{sign} "


@cache
def _pattern(scale: int | None) -> NumberPattern:
    decimals = "######" if scale is None else "0" * scale
    return parse_pattern("#,##0" + (f".{decimals}" if decimals else ""))
