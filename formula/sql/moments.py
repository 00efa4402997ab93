"""Dates, instants and times of day in SQL. SQLite calls Python; PostgreSQL counts days, or microseconds.

A result outside the years 1 to 9999 is an error, hence NULL: PostgreSQL would go on beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import moment
from formula.sql import numbers
from formula.sql.backend import Backend
from formula.sql.form import Form, comes_to_nothing
from formula.sql.fragment import Sql, sql
from formula.sql.registered import called
from formula.sql.term import CLOCK, TODAY, WHITE, ZONE, Term, bind, supplied
from formula.types import DATE, DATETIME, NUMBER, TIME, Kind, Type
from formula.types import number as bounded

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_DAY = 86_400_000_000
_FIRST_DAY = "DATE '0001-01-01'"
_LAST = 3_652_058
"""Days from the first day of year 1 to the last of year 9999."""
_FIRST_INSTANT, _LAST_INSTANT = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Microseconds from 1970 to either end of that time."""
_MOVES = {Kind.DATE: "add_days", Kind.DATETIME: "add_to_instant", Kind.TIME: "add_to_time"}
_GAPS = {
    Kind.DATE: "days_between",
    Kind.DATETIME: "days_between_instants",
    Kind.TIME: "milliseconds_between",
}


def moved(start: Term, count: Term, backend: Backend) -> Term:
    """A date or instant some days on, a time some milliseconds on."""
    if backend is Backend.SQLITE:
        return called(_MOVES[start.kind], [start, count], start.type)
    match start.kind:
        case Kind.DATE:
            days = sql(f"(({{0}} - {_FIRST_DAY}) + trunc({{1}}))", start.sql, count.sql)
            return Term(sql=day(days), type=DATE)
        case Kind.DATETIME:
            total = sql("({0} + round({1} * 86400) * 1000000)", microseconds(start.sql), count.sql)
            return Term(sql=instant(total), type=DATETIME)
        case _:
            turned = sql("mod({0} + trunc({1}), 86400000)", milliseconds(start.sql), count.sql)
            return Term(sql=clock(sql("mod({0} + 86400000, 86400000)", turned)), type=start.type)


def between(later: Term, earlier: Term, backend: Backend) -> Term:
    """Days between dates or instants, milliseconds between times."""
    type_ = bounded(8, 0) if later.kind is not Kind.DATETIME else NUMBER
    if backend is Backend.SQLITE:
        return called(_GAPS[later.kind], [later, earlier], NUMBER)
    match later.kind:
        case Kind.DATE:
            return whole(sql("({0} - {1})", later.sql, earlier.sql), _LAST)
        case Kind.DATETIME:
            sides = microseconds(later.sql), microseconds(earlier.sql)
            micros = whole(sql("({0} - {1})", *sides), 2 * _LAST_INSTANT)
            return numbers.divide(micros, whole((str(_DAY),), _DAY), backend)
        case _:
            gap = sql("({0} - {1})", milliseconds(later.sql), milliseconds(earlier.sql))
            return Term(sql=sql("mod({0} + 86400000, 86400000)", gap), type=type_, limit=86_400_000)


def whole(written: Sql, limit: int) -> Term:
    """PostgreSQL: an integer of any kind as a Number."""
    return Term(sql=sql("CAST({0} AS numeric)", written), type=Type(kind=Kind.NUMBER, scale=0), limit=limit)


def within(number: Sql, low: int, high: int) -> Sql:
    """PostgreSQL: a whole number, or NULL if it is out of bounds; written once, so that nothing grows."""
    clamped = sql(f"LEAST(GREATEST({{0}}, {low - 1}), {high + 1})", number)
    return sql(f"NULLIF(NULLIF({{0}}, {low - 1}), {high + 1})", clamped)


def day(number: Sql) -> Sql:
    """PostgreSQL: the date that many days after the first one."""
    return sql(f"({_FIRST_DAY} + CAST({{0}} AS integer))", within(number, 0, _LAST))


def microseconds(instant_: Sql) -> Sql:
    """PostgreSQL: microseconds since 1970."""
    return sql("trunc(EXTRACT(EPOCH FROM {0}) * 1000000)", instant_)


def instant(number: Sql) -> Sql:
    """PostgreSQL: the instant that many microseconds after 1970; the interval is exact through text."""
    kept = within(number, _FIRST_INSTANT, _LAST_INSTANT)
    return sql(
        "(TIMESTAMPTZ 'epoch' + CAST(CAST(CAST({0} AS bigint) AS text) || ' microseconds' AS interval))", kept
    )


def milliseconds(clock_: Sql) -> Sql:
    """PostgreSQL: milliseconds since midnight, cut off."""
    return sql("trunc(EXTRACT(EPOCH FROM {0}) * 1000)", clock_)


def clock(number: Sql) -> Sql:
    """PostgreSQL: the time of day that many milliseconds after midnight."""
    return sql(
        "(TIME '00:00' + CAST(CAST(CAST({0} AS bigint) AS text) || ' milliseconds' AS interval))", number
    )


def part(name: str, limit: int, written: str = "EXTRACT({0} FROM {{0}})") -> Form:
    """PostgreSQL: a field of a date or time as a whole number."""

    def value(translator: Translator, call: Call) -> Term:
        return whole(sql(written.format(name), translator.term(call.arguments[0]).sql), limit)

    return Form(value=value)


def slice_of_date(start: int, length: int) -> Form:
    """SQLite: a part of the text YYYY-MM-DD as a whole number."""

    def value(translator: Translator, call: Call) -> Term:
        held = translator.term(call.arguments[0]).sql
        written = sql(f"CAST(substr({{0}}, {start}, {length}) AS INTEGER)", held)
        return Term(sql=written, type=Type(kind=Kind.NUMBER, scale=0), limit=9999)

    return Form(value=value)


def _weekday(translator: Translator, call: Call) -> Term:
    return whole(sql("(EXTRACT(DOW FROM {0}) + 1)", translator.term(call.arguments[0]).sql), 7)


def _today(translator: Translator, call: Call) -> Term:  # noqa: ARG001
    return Term(sql=supplied(TODAY, Kind.DATE, translator.backend), type=DATE)


def _now(translator: Translator, call: Call) -> Term:  # noqa: ARG001
    return Term(sql=supplied(CLOCK, Kind.DATETIME, translator.backend), type=DATETIME)


_LEAP = "mod(a0, 4) = 0 AND (mod(a0, 100) <> 0 OR mod(a0, 400) = 0)"
_MONTH_LENGTH = (
    f"CASE WHEN a1 = 2 THEN CASE WHEN {_LEAP} THEN 29 ELSE 28 END"
    " WHEN a1 IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
)
_CHECKED = (
    "SELECT CASE WHEN a0 BETWEEN 1 AND 9999 AND a1 BETWEEN 1 AND 12 AND a2 BETWEEN 1 AND "
    f"{_MONTH_LENGTH} THEN make_date(CAST(a0 AS integer), CAST(a1 AS integer), CAST(a2 AS integer)) END"
)
# OFFSET 0 keeps the planner from writing the arguments out wherever they are named.
_OF_NUMBERS = (
    f"({_CHECKED} FROM (SELECT trunc({{0}}) AS a0, trunc({{1}}) AS a1, trunc({{2}}) AS a2 OFFSET 0) AS given)"
)
_SPLIT = "SELECT string_to_array({0}, '-') AS p OFFSET 0"
_PARTS = "CAST(p[1] AS numeric) AS a0, CAST(p[2] AS numeric) AS a1, CAST(p[3] AS numeric) AS a2"
_OF_TEXT = f"({_CHECKED} FROM (SELECT {_PARTS} FROM ({_SPLIT}) AS split OFFSET 0) AS given)"  # noqa: S608
_OF_DAY = "CAST({0} AT TIME ZONE 'UTC' AS time)"
_ON_CLOCK = "({0} + CAST(split_part(t, ' ', 2) AS time))"
_OF_DAY_AND_CLOCK = f"(SELECT ({_ON_CLOCK} AT TIME ZONE 'UTC') FROM (SELECT {{1}} AS t OFFSET 0) AS given)"  # noqa: S608
_MONTHS_ON = (
    "(SELECT CASE WHEN EXTRACT(YEAR FROM d) * 12 + EXTRACT(MONTH FROM d) - 1 + k BETWEEN 12 AND 119999"
    " THEN CASE WHEN EXTRACT(DAY FROM d + interval '1 day') = 1"
    " THEN CAST(date_trunc('month', d) + make_interval(months => k + 1) - interval '1 day' AS date)"
    " ELSE CAST(d + make_interval(months => k) AS date) END END"
    " FROM (SELECT CAST({0} AS timestamp) AS d, CAST({1} AS integer) AS k OFFSET 0) AS given)"
)


def _date(translator: Translator, call: Call) -> Term:
    return Term(
        sql=sql(_OF_NUMBERS, *(translator.term(argument).sql for argument in call.arguments)), type=DATE
    )


def _date_value(translator: Translator, call: Call) -> Term:
    term = translator.term(call.arguments[0])
    match term.kind:
        case Kind.DATE:
            return term
        case Kind.DATETIME:
            zone = supplied(ZONE, Kind.TEXT, Backend.POSTGRESQL)
            local = sql(f"(CAST({{0}} AT TIME ZONE {{1}} AS date) - {_FIRST_DAY})", term.sql, zone)
            return Term(sql=day(local), type=DATE)
        case _:
            return Term(sql=sql(_OF_TEXT, _read(term, moment.DAY_TEXT)), type=DATE)


def _add_months(translator: Translator, call: Call) -> Term:
    start, count = (translator.term(argument) for argument in call.arguments)
    months = within(sql("trunc({0})", count.sql), -120_000, 120_000)
    if start.kind is Kind.DATE:
        return Term(sql=sql(_MONTHS_ON, start.sql, months), type=DATE)
    local = sql("({0} AT TIME ZONE 'UTC')", start.sql)
    moved_day = sql(_MONTHS_ON, sql("date_trunc('day', {0})", local), months)
    written = sql("(({0} + CAST({1} AS time)) AT TIME ZONE 'UTC')", moved_day, local)
    return Term(sql=written, type=DATETIME)


def _time_value(translator: Translator, call: Call) -> Term:
    term = translator.term(call.arguments[0])
    if term.kind is Kind.DATETIME:
        return Term(sql=sql(_OF_DAY, term.sql), type=TIME)
    return Term(sql=sql("CAST({0} AS time)", _read(term, moment.CLOCK_TEXT)), type=TIME)


def _instant_value(translator: Translator, call: Call) -> Term:
    term = translator.term(call.arguments[0])
    match term.kind:
        case Kind.DATETIME:
            return term
        case Kind.DATE:
            return Term(sql=sql("(CAST({0} AS timestamp) AT TIME ZONE 'UTC')", term.sql), type=DATETIME)
        case _:
            day_ = sql(_OF_TEXT, ("split_part(t, ' ', 1)",))
            given = _read(term, moment.INSTANT_TEXT)
            return Term(sql=sql(_OF_DAY_AND_CLOCK, day_, given), type=DATETIME)


def _read(text_: Term, pattern: str) -> Sql:
    """PostgreSQL: the trimmed text if the pattern matches it, else NULL."""
    found = bind(pattern, "CAST({0} AS text)")
    return sql("substring(btrim({0}, {1}) from {2})", text_.sql, bind(WHITE), found)


def _unix_time(translator: Translator, call: Call) -> Term:
    seconds = sql("trunc(EXTRACT(EPOCH FROM {0}))", translator.term(call.arguments[0]).sql)
    return whole(seconds, _LAST_INSTANT)


def _from_unix_time(translator: Translator, call: Call) -> Term:
    seconds = translator.term(call.arguments[0])
    return Term(sql=instant(sql("round({0} * 1000000)", seconds.sql)), type=DATETIME)


def _time_now(translator: Translator, call: Call) -> Term:  # noqa: ARG001
    return Term(sql=sql(_OF_DAY, supplied(CLOCK, Kind.DATETIME, Backend.POSTGRESQL)), type=TIME)


TODAY_FORM = Form(value=_today)
NOW_FORM = Form(value=_now)
WEEKDAY = Form(value=_weekday)
MADE_DATE = Form(value=_date, fails=comes_to_nothing)
DATE_VALUE = Form(value=_date_value, fails=comes_to_nothing)
ADD_MONTHS = Form(value=_add_months, fails=comes_to_nothing)
SECOND = part("SECOND", 59, "trunc(EXTRACT({0} FROM {{0}}))")
MILLISECOND = part("MILLISECONDS", 999, "mod(trunc(EXTRACT({0} FROM {{0}})), 1000)")
TIME_VALUE = Form(value=_time_value, fails=comes_to_nothing)
INSTANT_VALUE = Form(value=_instant_value, fails=comes_to_nothing)
TIME_NOW = Form(value=_time_now)
UNIX_TIME = Form(value=_unix_time)
FROM_UNIX_TIME = Form(value=_from_unix_time, fails=comes_to_nothing)
