"""Days, weeks, months, quarters and years of instants are the reader's own, whatever the clock there does."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from engine.mutation import Create
from engine.query import Aggregate, Bucket, Function, Measure, Unit
from tests.engine.session.company import Company, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Catalog
    from tests.postgres import Server

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia",
    "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati",
)  # fmt: skip
TURNS = (
    "2026-03-29T01:00", "2026-10-25T01:00", "2026-03-08T07:00", "2026-11-01T06:00", "1986-05-03T18:00",
    "2011-12-30T10:00", "2026-04-04T15:00", "2018-11-04T03:00", "2010-11-07T02:31", "2025-12-31T18:15",
    "2025-12-31T10:00", "2026-01-01T00:00", "2024-02-29T16:00", "1969-12-31T16:00", "2026-06-30T22:00",
    "2026-03-29T22:00", "2026-10-24T22:00", "0001-01-03T00:00", "9999-12-30T00:00",
)  # fmt: skip
"""Instants in UTC at which a clock somewhere is put forward or back, or a day begins."""
INSTANTS = [
    datetime.fromisoformat(turn).replace(tzinfo=UTC) + timedelta(minutes=by)
    for turn in TURNS for by in (-31, -1, 0, 59)
]  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def deals(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: Server,
    company_catalog: Catalog,
) -> Iterator[Company]:
    """A company, on either kind of database, with a deal seen at each of the instants and one never seen."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('buckets') / 't.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(postgres_server.database())
        company = opened(stack.enter_context(closing(open_url(url))), company_catalog)
        seen = [instant.isoformat() for instant in INSTANTS]
        rows = [{"name": "d", "seen": each, "closes": each and each[:10]} for each in (*seen, None)]
        company.apply(company.session(), "deal", *(Create(values=row) for row in rows))
        yield company


def counts(company: Company, field: str, unit: Unit, zone: str) -> dict[date | None, int]:
    """How many deals fall into each bucket for a reader in a zone."""
    session, deal = company.session("ann", "s_all"), company.release.catalog.object("deal")
    session.actor = replace(session.actor, zone=ZoneInfo(zone))
    bucket = Bucket(path=company.release.catalog.path(deal, field), unit=unit)
    asked = Aggregate(object=deal, group=(bucket,), measures=(Measure(function=Function.COUNT),))
    return dict(session.aggregate(asked))  # type: ignore[arg-type]


def first(day: date, unit: Unit) -> date:
    """The first day of the day's bucket; a week begins on Monday."""
    match unit:
        case Unit.DAY:
            return day
        case Unit.WEEK:
            return day - timedelta(days=day.weekday())
        case Unit.MONTH:
            return day.replace(day=1)
        case Unit.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case Unit.YEAR:
            return day.replace(month=1, day=1)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("zone", ZONES)
def test_instants_fall_into_the_buckets_of_the_reader_s_zone(deals: Company, zone: str, unit: Unit) -> None:
    days = [instant.astimezone(ZoneInfo(zone)).date() for instant in INSTANTS]
    wanted: dict[date | None, int] = dict(Counter(first(day, unit) for day in days))
    assert counts(deals, "seen", unit, zone) == {**wanted, None: 1}


@pytest.mark.parametrize("unit", Unit)
def test_dates_fall_into_their_buckets_whatever_the_zone(deals: Company, unit: Unit) -> None:
    wanted: dict[date | None, int] = dict(Counter(first(instant.date(), unit) for instant in INSTANTS))
    assert counts(deals, "closes", unit, "Pacific/Apia") == {**wanted, None: 1}


def test_no_day_is_counted_that_apia_left_out(deals: Company) -> None:
    found = counts(deals, "seen", Unit.DAY, "Pacific/Apia")
    assert date(2011, 12, 30) not in found
    assert {date(2011, 12, 29), date(2011, 12, 31)} <= set(found)
