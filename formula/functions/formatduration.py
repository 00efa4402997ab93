"""FORMATDURATION: how long something takes, as hours, minutes and seconds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from formula.functions import Function, Prose, Strict, takes
from formula.sql.form import Form, on_postgresql, unless
from formula.sql.fragment import Sql, sql
from formula.sql.moments import microseconds
from formula.sql.term import Term
from formula.types import BOOLEAN, DATETIME, NUMBER, TEXT, TIME, Kind

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_SECOND = timedelta(seconds=1)


def shown(start: Decimal | datetime | time, end: datetime | time | bool = False) -> str:
    """`hours:minutes:seconds`, before them days where asked for and between instants; never negative."""
    match start, end:
        case Decimal(), bool(with_days):
            return _written(abs(int(start)), with_days=with_days)
        case datetime(), datetime():
            return _written(abs(end - start) // _SECOND, with_days=True)
        case time(), time():
            return _written(abs(_passed(end) - _passed(start)) // _SECOND, with_days=False)
        case _:
            raise AssertionError(start)


def _passed(clock: time) -> timedelta:
    return timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )


def _written(seconds: int, *, with_days: bool) -> str:
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if not with_days:
        return f"{hours:02}:{minute:02}:{second:02}"
    return f"{hours // 24}:{hours % 24:02}:{minute:02}:{second:02}"


def _two(written: str) -> str:
    return f"to_char({written}, 'FM00')"


_REST = f"{_two('mod(div(s, 60), 60)')} || ':' || {_two('mod(s, 60)')}"
_HOURS = f"CASE WHEN s < 36000 THEN '0' ELSE '' END || CAST(div(s, 3600) AS text) || ':' || {_REST}"
_DAYS = f"CAST(div(s, 86400) AS text) || ':' || {_two('mod(div(s, 3600), 24)')} || ':' || {_REST}"
_SQL = (
    f"(SELECT CASE WHEN {{1}} THEN {_DAYS} ELSE {_HOURS} END FROM (SELECT abs({{0}}) AS s OFFSET 0) AS given)"  # noqa: S608
)


def _value(translator: Translator, call: Call) -> Term:
    start, *rest = call.arguments
    if start.type.kind is Kind.NUMBER:
        days: Sql = translator.term(rest[0]).sql if rest else ("FALSE",)
        seconds = sql("trunc({0})", translator.term(start).sql)
        blank = sql("({0} IS NULL)", days)
        return Term(sql=unless(blank if rest else None, sql(_SQL, seconds, days)), type=TEXT)
    sides = (microseconds(translator.term(side).sql) for side in (rest[0], start))
    days = ("TRUE" if start.type.kind is Kind.DATETIME else "FALSE",)
    return Term(sql=sql(_SQL, sql("div({0} - {1}, 1000000)", *sides), days), type=TEXT)


FUNCTION = Function(
    name="FORMATDURATION",
    category="date",
    signatures=(
        takes(seconds=NUMBER, returns=TEXT),
        takes(seconds=NUMBER, with_days=BOOLEAN, returns=TEXT),
        takes(start=DATETIME, end=DATETIME, returns=TEXT),
        takes(start=TIME, end=TIME, returns=TEXT),
    ),
    prose=Prose(
        en="How long it takes as hours:minutes:seconds, of a number of seconds or between two times of day; "
        "as days:hours:minutes:seconds between two instants, or if asked for. Without a sign; fractions of a "
        "second are cut off.",
        zh="时长文本 时:分:秒，取自秒数或两个时刻之差；两个时间点之间或要求时为 天:时:分:秒。"
        "不带符号，不足一秒舍去。",
    ),
    examples=(
        ("FORMATDURATION(3725.9)", '"01:02:05"'),
        ("FORMATDURATION(-360000)", '"100:00:00"'),
        ("FORMATDURATION(100000, true)", '"1:03:46:40"'),
        ("FORMATDURATION(called_at, called_at + 1.5)", '"1:12:00:00"'),
        ('FORMATDURATION(opens, TIMEVALUE("17:45:30"))', '"09:15:30"'),
        ("FORMATDURATION(discount)", "null"),
        ("FORMATDURATION(called_at, null)", "null"),
    ),
    python=Strict(call=shown, safe=True),
    sql=on_postgresql(Form(value=_value)),
)
