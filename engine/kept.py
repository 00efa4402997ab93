"""What formulas take from the company's own records: the exchange rates of today and the business calendars.

Each is one text, answered in the very statement that asks for it, so that it is never older than the records;
with the system's eyes, as the formula's maker saw them. `formula.exchange` reads `$rates.today`, and
`formula.workday` reads `$calendar.code`. They need the parameters of a Session (`COMPANY_DAY`, the currency).
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import date_form
from engine.statement import Statement, compile_statement
from formula.sql import SqlColumn
from formula.types import TEXT
from formula.workday import CALENDAR, DAYS, MONDAY_TO_FRIDAY
from metadata.formulas import BUSINESS_CALENDAR, CURRENCY_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.release import Release
    from engine.tables import ObjectTable
    from formula.expr import Reference

    Element = sa.ColumnElement[Any]

COMPANY_DAY = "env_company_day"
"""The parameter for the day it is where the company is: an amount is worth the same to readers everywhere."""
_CURRENCY = "env_org_currency"
_CALENDAR_DAY = "business_calendar_day"
_HOLIDAY, _WORKDAY = "holiday", "workday"


def kept(release: Release, reference: Reference) -> SqlColumn:
    """The text behind `$rates.today` or `$calendar.code`, as a question of its own."""
    root, _, _ = reference.name.partition(".")
    element = _rates(release) if root == "$rates" else _calendar(release, reference.name)
    return SqlColumn(element=element, type=TEXT)


def asking(release: Release, references: Iterable[Reference]) -> Statement:
    """The statement that answers all of them in one row; from the Release."""
    named = tuple(references)
    shape = ("kept", *(reference.name for reference in named))

    def build() -> Statement:
        rows = sa.select(*(kept(release, reference).element for reference in named))
        return compile_statement(rows, release.dialect, [None] * len(named))

    return release.statements.get(shape, build)


def newest(
    release: Release, day: Element, last: Element | None = None
) -> tuple[sa.FromClause, sa.ColumnElement[bool], Sequence[Element], Sequence[Element]]:
    """The rates that are valid on a day, or on some day from it to `last`: their table, which rows they are,
    their columns, and their order.

    Of several for one day the one entered last counts, which stands last. Columns: code, first day, rate.
    """
    rates = _table(release, CURRENCY_RATE)
    table, later = rates.table.alias(), rates.table.alias()
    code, start, rate = (rates.kept[name].value.column.name for name in ("code", "valid_from", "rate"))
    alive = [each.c.deleted_at.is_(None) for each in (table, later)]
    latest = sa.select(sa.func.max(later.c[start])).where(
        later.c[code] == table.c[code], alive[1], later.c[start] <= day
    )
    first = latest.correlate_except(later).scalar_subquery()
    from_first = (
        table.c[start] == first if last is None else table.c[start] >= sa.func.coalesce(first, table.c[start])
    )
    rule = alive[0] & (table.c[start] <= (day if last is None else last)) & from_first
    return table, rule, [table.c[code], table.c[start], table.c[rate]], [table.c.modified_at, table.c.id]


def _rates(release: Release) -> Element:
    """A JSON object of decimals by code, the company's own currency among them."""
    day: Element = sa.bindparam(COMPANY_DAY, type_=date_form(release.dialect).type)
    company: Element = sa.bindparam(_CURRENCY, type_=sa.TEXT())
    table, rule, (code, _, rate), order = newest(release, day)
    rows = sa.select(code.label("code"), _decimal(release, rate).label("rate")).where(rule).order_by(*order)
    each = rows.correlate_except(table).subquery()
    if release.dialect.sqlite:
        whole: Element = sa.func.json_group_object(each.c.code, each.c.rate)
        own = sa.func.json_set(whole, '$."' + company + '"', "1")
        return sa.select(sa.func.coalesce(own, whole)).scalar_subquery()
    nothing: Element = sa.literal_column("CAST('{}' AS jsonb)")
    whole = sa.func.coalesce(sa.func.jsonb_object_agg(each.c.code, each.c.rate), nothing)
    own = sa.func.jsonb_build_object(sa.func.coalesce(company, ""), "1")
    return sa.select(sa.cast(whole.op("||")(own), sa.TEXT())).scalar_subquery()


def _decimal(release: Release, rate: Element) -> Element:
    """A rate as the text of a decimal; SQLite keeps it as a whole number."""
    scale = release.catalog.objects[CURRENCY_RATE].fields["rate"].sort.type.scale or 0
    if not release.dialect.sqlite or not scale:
        return sa.cast(rate, sa.TEXT())
    unit: Element = sa.literal_column(str(10**scale))
    return sa.func.printf(sa.literal_column(f"'%d.%0{scale}d'"), rate.op("/")(unit), rate.op("%")(unit))


def _calendar(release: Release, name: str) -> Element:
    """The week and the days that differ from it; Monday to Friday where there is no default calendar."""
    calendars = _table(release, BUSINESS_CALENDAR)
    table = calendars.table.alias()
    column = {each: table.c[field.value.column.name] for each, field in calendars.kept.items()}
    works: list[Element] = [sa.case((_is_true(release, column[day]), "1"), else_="0") for day in DAYS]
    week = reduce(lambda left, right: left + right, works)
    closed, opened = (_days(release, table, column, kind) for kind in (_HOLIDAY, _WORKDAY))
    text = week + "|{" + closed + "}|{" + opened + "}"
    code = name.partition(".")[2]
    found = sa.select(text).where(column["code"] == code, table.c.deleted_at.is_(None)).limit(_ONE)
    whole = found.correlate_except(table).scalar_subquery()
    return sa.func.coalesce(whole, MONDAY_TO_FRIDAY) if name == CALENDAR else whole


_ONE: sa.ColumnElement[int] = sa.literal_column("1")


def _days(release: Release, calendar: sa.FromClause, week: Mapping[str, Element], kind: str) -> Element:
    """The days of a kind that differ from their week, in order, with commas between."""
    days = _table(release, _CALENDAR_DAY)
    table = days.table.alias()
    column = {each: table.c[field.value.column.name] for each, field in days.kept.items()}
    day = column["day"]
    works = sa.case(
        *((_weekday(release, day) == place, week[name]) for place, name in enumerate(DAYS, start=1)),
        else_=week[DAYS[-1]],
    )
    differs = _is_true(release, works) if kind == _HOLIDAY else sa.not_(_is_true(release, works))
    mine = [column["calendar"] == calendar.c.id, column["kind"] == kind, table.c.deleted_at.is_(None)]
    rows = sa.select(sa.cast(day, sa.TEXT()).label("day")).where(*mine, differs).distinct()
    each = rows.order_by(sa.literal_column("1")).correlate_except(table).subquery()
    joined = sa.func.group_concat if release.dialect.sqlite else sa.func.string_agg
    listed = sa.select(joined(each.c.day, sa.literal_column("','")))
    return sa.func.coalesce(listed.correlate_except(each).scalar_subquery(), "")


def _weekday(release: Release, day: Element) -> Element:
    """1 for Monday; on SQLite 0, and nothing else, for Sunday."""
    if release.dialect.sqlite:
        return sa.cast(sa.func.strftime(sa.literal_column("'%w'"), day), sa.INTEGER())
    return sa.cast(sa.extract("isodow", day), sa.INTEGER())


def _is_true(release: Release, flag: Element) -> sa.ColumnElement[bool]:
    return flag == _ONE if release.dialect.sqlite else sa.cast(flag, sa.BOOLEAN())


def _table(release: Release, name: str) -> ObjectTable:
    return release.tables[release.catalog.objects[name].id]
