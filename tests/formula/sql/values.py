"""Nasty values of every type, the rows made of them, and the moments and zones in which formulas see them.

Nothing here is about databases; `rows.py` puts the rows into both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from formula.program import Env
from formula.types import BOOLEAN, DATE, DATETIME, ID, MULTIPICKLIST, TEXT, TIME, Kind, Type, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ME = "018f3c5e-1111-7abc-8def-000000000001"
OTHER = "018f3c5e-2222-7abc-8def-000000000002"
STAGE = Type(kind=Kind.PICKLIST, options=("new", "won", "lost"))
COLUMNS: Mapping[str, Type] = {
    "amount": replace(number(18, 2), money="$org.currency"),
    "quantity": number(18, 0),
    "rate": number(18, 8),
    "name": TEXT,
    "note": TEXT,
    "won": BOOLEAN,
    "stage": STAGE,
    "day": DATE,
    "due": DATE,
    "seen": DATETIME,
    "made": DATETIME,
    "at": TIME,
    "owner": ID,
}
"""The columns of a row, and of each of its parents."""

LISTS: Mapping[str, Type] = {
    "tags": MULTIPICKLIST,
    "stages": Type(kind=Kind.MULTIPICKLIST, options=("new", "won", "lost")),
    "marks": Type(kind=Kind.MULTIPICKLIST, element=number(18, 2)),
    "days": Type(kind=Kind.MULTIPICKLIST, element=DATE),
    "team": Type(kind=Kind.MULTIPICKLIST, element=ID),
}
PATHS = ("parent", "parent.parent")
"""Lookups to a record that may be missing, and from there to another that may be missing, too."""
PARENTS: Mapping[str, Type] = {f"{path}.{name}": type_ for path in PATHS for name, type_ in COLUMNS.items()}
ATTRIBUTES: Mapping[str, Type] = {"stage.probability": number(5, 2), "stage.closed": BOOLEAN}
OPTIONS: Mapping[str, Mapping[str | None, object]] = {
    "stage.probability": {"new": Decimal("0.10"), "won": Decimal(1), "lost": Decimal(0), None: None},
    "stage.closed": {"new": False, "won": True, "lost": True, None: None},
}
"""What each option of the picklist says of itself."""
GLOBALS = {
    "$user.id": ID, "$user.name": TEXT, "$user.since": DATE, "$user.limit": number(18, 2),
    "$org.currency": TEXT, "$rates.today": TEXT, "$calendar.default": TEXT,
}  # fmt: skip
TYPES: Mapping[str, Type] = {**COLUMNS, **LISTS, **PARENTS, **ATTRIBUTES, **GLOBALS}
"""Every name that a formula may use."""
_GIVEN = {
    "$user.id": ME,
    "$user.name": "Zoë İ",
    "$user.since": date(2024, 2, 29),
    "$user.limit": Decimal("1000.00"),
    "$org.currency": "CNY",
    "$rates.today": '{"CNY": "1", "USD": "7.10000000", "JPY": "0.04870123", "a": "3"}',
    "$calendar.default": "1111100|{2024-02-29,2026-03-27,2026-03-30}|{2024-02-24,2026-03-28}",
}


def _env(zone: str, *moment: int) -> Env:
    now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]
    return Env(now=now, zone=ZoneInfo(zone), globals=_GIVEN)


ENV = _env("Asia/Shanghai", 2026, 3, 29, 23, 30, 15, 250_000)
ENVS = (
    ENV,
    _env("UTC", 2024, 2, 29, 0, 0),
    _env("Europe/Berlin", 2026, 3, 29, 1, 0),  # the clock has just skipped an hour
    _env("America/New_York", 2026, 11, 1, 5, 30),  # the first of two 1:30
    _env("Pacific/Apia", 2011, 12, 30, 9, 59, 59, 999_999),  # the last moment before a day that never was
    _env("Australia/Lord_Howe", 2026, 4, 4, 15, 0),  # the clock goes back half an hour
    _env("America/Sao_Paulo", 2018, 11, 4, 3, 0),  # a day that begins at one o'clock
    _env("Asia/Kathmandu", 2025, 12, 31, 18, 15),  # midnight of the new year at +5:45
    _env("Pacific/Kiritimati", 2026, 1, 1, 10, 0),
    _env("Etc/GMT+12", 2026, 1, 1, 11, 59, 59),
)

_NUMBERS = (
    *("0", "1", "-1", "2.50", "-0.01", "9999999999999999.99", "-9999999999999999.99", "100", "1000", "-0.00"),
    *(None, "0.05", "-2.55", "12345678901234.56", "15", "7.00"),
)
_WHOLES = (
    *("0", "3", "-7", "999999999999999999", "-999999999999999999", "12", None, "1", "2", "10", "-1", "29"),
    *("86400", "1970", "-12", "65", "223", "127881", "55296", "1774827015"),
)
_RATES = (
    *("0", "0.33333333", "-0.5", "9999999999.99999999", "1", None, "0.00000001", "3", "-2.25", "7"),
    *("-9999999999.99999999", "0.5", "1.5", "0.00005787", "-0.00000001"),
)
_TEXTS = (
    *("", "a", "ABC", "abc ß", " x ", "🎉🎉b", "12.50", "-3", "2026-02-30", "2024-02-29", None, "%_'\"\\"),
    *("won", "中文É", "İstanbul", "ıI", "x̂ẑ", "👩‍👩‍👧", "ΣΑΣ", "ǆ Ǆ", "ﬁ", "\u00a012\u00a0", "\t7\n", "１２"),
    *(
        "٣",
        "1e5",
        "+.5",
        "99999999999999999999999999999999999999",
        "0.00000000000000000000000000000000000001",
    ),
    *("2026-03-29 02:30:00", "1986-05-04 00:30:00.5", "23:59:59.999", "24:00:00", "0001-01-01", "9999-12-31"),
    *("2023-02-29", "a,b;c", "<a href='x'>&amp;</a>", "ẞ", "𝒳", "a\u0301", "line\nbreak", "won't 100%", ME),
)
_DAYS = (
    date(2024, 2, 29), date(2023, 2, 28), date(2026, 1, 31), date(1, 1, 1), date(9999, 12, 31), None,
    date(2026, 3, 30), date(2025, 12, 31), date(1900, 2, 28), date(2000, 2, 29), date(2026, 3, 29),
    date(2011, 12, 30), date(1970, 1, 1), date(2020, 12, 31), date(2021, 1, 3), date(1986, 5, 4),
)  # fmt: skip
_TURNS = (
    *("2026-03-29T01:00:00", "2026-10-25T01:00:00", "2026-03-28T23:00:00", "2026-10-24T22:00:00"),
    *("2026-03-08T07:00:00", "2026-11-01T06:00:00", "1986-05-03T18:00:00", "1986-09-13T17:00:00"),
    *("1988-07-01T15:00:00", "1991-09-14T17:00:00", "2011-12-30T10:00:00", "2026-04-04T15:00:00"),
    *("2026-10-03T15:30:00", "2018-11-04T03:00:00", "2025-12-31T18:15:00", "1969-12-31T16:00:00"),
    *("1900-12-31T15:54:17", "2026-01-01T00:00:00", "2010-11-07T02:31:00"),
)
"""Instants in UTC at which a clock somewhere is put forward or back, or a day begins there."""
_INSTANTS = (
    *(datetime.fromisoformat(f"{turn}Z") + timedelta(microseconds=by) for turn in _TURNS for by in (0, -1)),
    *(datetime(1, 1, 1, tzinfo=UTC), None, datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    *(datetime(2024, 2, 29, 15, 59, 59, 1, tzinfo=UTC), datetime(2150, 7, 1, tzinfo=UTC), None, ENV.now),
)
_TAGS = (("a", "ABC"), None, ("abc ß",), ("won", "12.50", "a"), None, ("İstanbul", "🎉🎉b"))
_STAGES = (None, ("new", "lost"), ("won",))
_MARKS = ((Decimal("2.50"), Decimal(-1)), None, (Decimal(100),), (Decimal("0.00"), Decimal(1)))
_TEAMS = ((ME,), None, (OTHER, ME), (OTHER,))
_LISTS = {
    "tags": _TAGS,
    "stages": _STAGES,
    "marks": _MARKS,
    "days": ((_DAYS[0], _DAYS[6]), None, _DAYS[10:12]),
    "team": _TEAMS,
}
_TIMES = (
    *(
        time(0, 0),
        time(23, 59, 59, 999_999),
        None,
        time(12, 30, 15, 250_000),
        time(2, 30),
        time(0, 0, 0, 999),
    ),
)
_VALUES: Mapping[str, Sequence[Any]] = {
    "amount": [None if text is None else Decimal(text) for text in _NUMBERS],
    "quantity": [None if text is None else Decimal(text) for text in _WHOLES],
    "rate": [None if text is None else Decimal(text) for text in _RATES],
    "name": _TEXTS, "note": _TEXTS, "won": (True, False), "stage": ("new", "won", "lost", None),
    "day": _DAYS, "due": _DAYS, "seen": _INSTANTS, "made": _INSTANTS, "at": _TIMES,
    "owner": (ME, OTHER, None),
}  # fmt: skip
SIZE = 48
"""Rows; more than the longest list of values, so that each occurs."""
FAMILIES = 6
"""Parents."""


def _columns(values: Mapping[str, Sequence[Any]], size: int, random: Random) -> list[dict[str, Any]]:
    """Records in which every list of values runs round in an order of its own."""
    shuffled = {name: random.sample(list(given), len(given)) for name, given in values.items()}
    return [{name: given[i % len(given)] for name, given in shuffled.items()} for i in range(size)]


def nasty_parents() -> tuple[dict[str, Any], ...]:
    """Records to look up, with the place of their own `parent` or None."""
    parents = _columns(_VALUES, FAMILIES, Random(2))
    return tuple({**parent, "parent": (None, 0, 1)[i % 3]} for i, parent in enumerate(parents))


def nasty_rows() -> tuple[dict[str, Any], ...]:
    """The rows as a database keeps them, with '' for some blank texts and the place of a `parent` or None."""
    rows = _columns({**_VALUES, **_LISTS}, SIZE, Random(1))
    return tuple(
        {**row, "parent": (*range(FAMILIES), None)[i % (FAMILIES + 1)]} for i, row in enumerate(rows)
    )


def _blank(value: Any) -> Any:
    return None if value == "" else value


def seen(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a formula sees it, with what is behind its paths and '' as null."""
    held = {name: _blank(row[name]) for name in (*COLUMNS, *LISTS)}
    parents = nasty_parents()
    link = row["parent"]
    for path in PATHS:
        parent = None if link is None else parents[link]
        held |= {
            f"{path}.{name}": parent and (None if parent[name] == "" else parent[name]) for name in COLUMNS
        }
        link = parent and parent["parent"]
    return held | {name: of[held["stage"]] for name, of in OPTIONS.items()}


ROWS = tuple(seen(row) for row in nasty_rows())
USER_ROW = next(i for i, row in enumerate(ROWS) if row["amount"] == _GIVEN["$user.limit"])
"""Where `$user.limit` is kept."""
