"""Numbers, money and times are written the reader's way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from runtime.web.formats import Formats, symbol

EN, ZH = Locale("en"), Locale.parse("zh-CN", sep="-")
READER = Formats(locale=EN, zone=ZoneInfo("Asia/Shanghai"))
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"), [("1234567", "1,234,567"), ("0.5", "0.5"), ("-12.340", "-12.34"), ("1E+3", "1,000")]
)
def test_a_number_shows_the_decimals_it_has(value: str, text: str) -> None:
    assert READER.number(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("1280000", "¥1,280,000"), ("1280000.5", "¥1,280,000.50"), ("-3", "-¥3"), ("0", "¥0")]
)
def test_whole_amounts_show_no_decimals(value: str, text: str) -> None:
    assert READER.money(Decimal(value), "CNY") == text


@pytest.mark.parametrize(("value", "text"), [("0.5", "50%"), ("0.125", "12.5%"), ("1", "100%"), ("0", "0%")])
def test_a_fraction_is_shown_as_per_cent(value: str, text: str) -> None:
    assert READER.percent(Decimal(value)) == text


@pytest.mark.parametrize(
    ("currency", "locale", "sign"),
    [("CNY", EN, "¥"), ("CNY", ZH, "¥"), ("USD", EN, "$"), ("CHF", EN, "CHF "), ("", EN, "")],
)
def test_a_currency_is_a_sign_or_a_code_and_a_space(currency: str, locale: Locale, sign: str) -> None:
    assert symbol(currency, locale) == sign


def test_an_instant_is_shown_in_the_readers_zone() -> None:
    assert READER.datetime(datetime(2026, 12, 31, 20, 0, tzinfo=UTC)) == "2027-01-01 04:00"


def test_a_day_is_written_year_first() -> None:
    assert READER.date(date(2026, 12, 18)) == "2026-12-18"


@pytest.mark.parametrize(
    ("then", "text"),
    [
        (datetime(2026, 11, 20, 1, 5, tzinfo=UTC), "09:05"),
        (datetime(2026, 11, 18, 1, 41, tzinfo=UTC), "11-18 09:41"),
        (datetime(2025, 11, 18, 1, 41, tzinfo=UTC), "2025-11-18 09:41"),
    ],
)
def test_a_moment_says_no_more_than_it_must(then: datetime, text: str) -> None:
    assert READER.moment(then, NOON) == text
