"""Numbers, money, dates and times as a reader writes them (CLDR data through Babel).

Dates are year-month-day in every language: lists sort by eye, and nobody mistakes day for month.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from babel.dates import format_timedelta
from babel.numbers import NumberPattern, get_currency_symbol, parse_pattern

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from babel import Locale


MONTH = dt.timedelta(days=30)
NONE = dt.timedelta(seconds=-1)
"""An instant of a clock that runs ahead counts as just now."""
MEGABYTE = 1024 * 1024
UNITS = ((1, "B"), (1024, "KB"), (MEGABYTE, "MB"), (1024 * MEGABYTE, "GB"))
YEN = frozenset({"¥", "CN¥", "JP¥"})


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

    def size(self, value: int) -> str:
        """So many bytes in the unit that leaves fewest digits: 48 KB, 1.2 MB."""
        unit = next((each for each in UNITS if value < 1024 * each[0]), UNITS[-1])
        return f"{self.number(round(Decimal(value) / unit[0], 0 if unit[0] < MEGABYTE else 1))} {unit[1]}"

    def date(self, value: dt.date) -> str:
        """A calendar day as 2026-12-18."""
        return value.isoformat()

    def datetime(self, value: dt.datetime) -> str:
        """An instant in the reader's zone as 2026-12-18 09:30."""
        return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def ago(self, value: dt.datetime, now: dt.datetime) -> str:
        """How long ago an instant was, in words ("3 hours ago"); a day after a month."""
        if now - value > MONTH:
            return self.date(value.astimezone(self.zone).date())
        passed = min(value - now, NONE)
        return str(format_timedelta(passed, add_direction=True, locale=self.locale, threshold=1))

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
    """The sign of a currency where it is unmistakable, else its code and a space.

    Each language has its own plain dollar and yen; ours is the yuan in all of them.
    """
    if not currency:
        return ""
    sign = str(get_currency_symbol(currency, locale))
    if sign in YEN:
        return "¥" if currency == "CNY" else "JP¥"
    return sign if not sign.isalpha() else f"{sign} "


@cache
def _pattern(scale: int | None) -> NumberPattern:
    decimals = "######" if scale is None else "0" * scale
    return parse_pattern("#,##0" + (f".{decimals}" if decimals else ""))
