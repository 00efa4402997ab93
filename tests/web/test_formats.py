"""Numbers, money and times are written the reader's way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from engine.fields.date import bind as day_type
from engine.fields.datetime import bind as moment_type
from engine.fields.numeric import read_number
from runtime.web.formats import Formats, symbol

EN, ZH, TW = Locale("en"), Locale.parse("zh-CN", sep="-"), Locale.parse("zh-TW", sep="-")
UTC_ZONE = ZoneInfo("UTC")
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
    [
        ("CNY", EN, "¥"),
        ("CNY", ZH, "¥"),
        ("CNY", TW, "¥"),
        ("JPY", EN, "JP¥"),
        ("JPY", TW, "JP¥"),
        ("TWD", TW, "$"),
        ("TWD", ZH, "NT$"),
        ("USD", EN, "$"),
        ("USD", TW, "US$"),
        ("CHF", EN, "CHF "),
        ("", EN, ""),
    ],
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


@pytest.mark.parametrize(
    ("locale", "passed", "text"),
    [
        (EN, timedelta(seconds=-5), "1 second ago"),
        (EN, timedelta(minutes=1), "1 minute ago"),
        (EN, timedelta(hours=3), "3 hours ago"),
        (ZH, timedelta(hours=3), "3小时前"),
        (TW, timedelta(days=2), "2 天前"),
        (EN, timedelta(days=31), "2026-10-20"),
    ],
)
def test_how_long_ago_is_said_in_words_until_a_month_has_passed(
    locale: Locale, passed: timedelta, text: str
) -> None:
    assert Formats(locale=locale, zone=UTC_ZONE).ago(NOON - passed, NOON) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6), st.sampled_from([EN, ZH, TW]))
def test_an_input_reads_the_number_that_a_list_shows(value: Decimal, locale: Locale) -> None:
    assert read_number(Formats(locale=locale, zone=UTC_ZONE).number(value)) == value


@given(st.integers(min_value=0, max_value=50_000_000))
def test_an_input_reads_the_instant_that_a_record_shows(minutes: int) -> None:
    """Minutes since 2000: Shanghai has not moved its clocks since 1991."""
    instant = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert moment_type({}).convert(READER.datetime(instant), READER.zone) == instant
    assert day_type({}).convert(READER.date(instant.date())) == instant.date()
