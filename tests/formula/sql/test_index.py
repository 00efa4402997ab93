"""Claims about query plans: a simple condition on an indexed column searches the index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

import pytest
import sqlalchemy as sa

from formula.sql import Backend, condition_sql
from formula.sql.ranges import FARTHEST
from tests.formula.sql.rows import Bench, checked, postgresql_bench, sqlite_bench
from tests.formula.sql.values import COLUMNS, LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formula.language import Language
    from tests.postgres import Server

SEARCHING = (
    'stage = "won"',
    'ISPICKVAL(stage, "won")',
    'name = "a"',
    '"a" = name',
    'name > "b"',
    'BEGINS(name, "ab")',
    "ISBLANK(name)",
    "ISBLANK(day)",
    "amount > 1000",
    "amount > 0.005",
    "1000 < amount",
    "amount = 2.5",
    "quantity <= 12",
    "day >= TODAY()",
    "day < TODAY() + 30",
    "day = DATE(2024, 2, 29)",
    "seen < NOW() - 0.5",
    "day = TODAY()",
    "day >= TODAY() - 30",
    "day >= ADDMONTHS(TODAY(), -1) && day < ADDMONTHS(TODAY(), 1)",
    "day >= DATE(YEAR(TODAY()), 1, 1)",
    "seen >= DATETIMEVALUE(TODAY())",
    "DATEVALUE(seen) = TODAY()",
    "DATEVALUE(seen) >= TODAY() - 7",
    "TODAY() - 7 < DATEVALUE(seen)",
    "DATEVALUE(seen) < DATE(2024, 2, 29)",
    "DATEVALUE(seen) <= $user.since",
    "YEAR(day) = 2026",
    "YEAR(day) = YEAR(TODAY())",
    "YEAR(day) >= 2026",
    "2026 > YEAR(day)",
    "YEAR(DATEVALUE(seen)) = 2026",
    "YEAR(DATEVALUE(seen)) = YEAR(TODAY()) - 1",
    'IN(stage, "won", "lost")',
    "amount * 0.15 > 1000",
    "quantity * (-3) >= 10.5",
    'OR(stage = "won", stage = "lost")',
    "IN(quantity, 1, 2, 3)",
    "NOT(day < TODAY())",
    "NOT(won)",
    "NOT(ISBLANK(owner))",
    "ISBLANK(owner)",
    "owner = $user.id",
    "won",
    'AND(stage = "won", amount / 3 > 1)',
    "amount > 10 && amount <= 20",
    'INCLUDES(tags, "a")',
    "INCLUDES(team, $user.id)",
    "INCLUDES(marks, 2.5) && ISBLANK(tags)",
)


@pytest.fixture(scope="module")
def indexed(postgres_server: Server) -> Iterator[tuple[Bench, Bench]]:
    """Both databases with an index on every column; PostgreSQL is told to avoid reading whole tables."""
    with (
        sqlite_bench() as sqlite,
        postgres_server.database() as url,
        postgresql_bench(url) as postgresql,
    ):
        for bench in (sqlite, postgresql):
            for name in COLUMNS:
                bench.connection.execute(f'CREATE INDEX ix_{name} ON "rows" ("{name}")')
            for name in LISTS:
                bench.connection.execute(f"CREATE INDEX ix__{name} ON rows__{name} (value, record)")
                bench.connection.execute(f"CREATE INDEX pk__{name} ON rows__{name} (record, position)")
        postgresql.connection.execute("SET enable_seqscan = off")
        yield sqlite, postgresql


@pytest.mark.parametrize("text", SEARCHING)
def test_a_simple_condition_searches_the_index(
    tongue: Language, indexed: tuple[Bench, Bench], text: str
) -> None:
    for bench in indexed:
        condition = condition_sql(checked(tongue, text).expr, bench.backend, bench.column)
        lite = bench.backend is Backend.SQLITE
        plan = bench.run(
            sa.select(bench.table.c.id).where(condition), "EXPLAIN QUERY PLAN " if lite else "EXPLAIN "
        )
        assert not any("SCAN rows" in str(line) for line in plan), f"{bench.backend}: {plan}"
        wanted = "SEARCH" if lite else "Index Cond"
        assert any(wanted in str(line) for line in plan), f"{bench.backend}: {plan}"


def test_no_zone_was_ever_farther_from_utc_than_a_range_of_days_allows() -> None:
    """The years in which zones of the tz database had their local mean time, left it, and are now."""
    zones = [ZoneInfo(name) for name in sorted(available_timezones())]
    years = (2, 1800, 1845, 1868, 1900, 1950, 2000, 2026)
    moments = [datetime(year, 1, 1, tzinfo=UTC) for year in years]
    offsets = (moment.astimezone(zone).utcoffset() for zone in zones for moment in moments)
    assert max(abs(offset) for offset in offsets if offset is not None) < timedelta(hours=FARTHEST)
