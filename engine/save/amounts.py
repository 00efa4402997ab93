"""Pass: the company companion of each amount, `amount.company`, by the latest rate of the record's currency.

A record whose currency is blank, or the company's own, needs no rate. Where the amount and the currency stay,
so does the companion: a rate that changed is no reason to refuse somebody's correction of a name. Rates are
read with the system's eyes, in one statement, and only if some row needs one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.codec import date_form
from engine.currency import company_amount
from engine.problem import Refusal
from engine.save.sheet import COMPANY, sheet
from engine.save.work import Kind
from engine.statement import Statement, among_texts, compile_statement, text_list
from engine.tables import CURRENCY_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.release import Release
    from engine.save.work import Row, Work

CURRENCY_RATE = "currency_rate"
"""The platform's object with the rates: code, valid_from, rate."""

Rates: TypeAlias = "Mapping[str, Sequence[tuple[date, Decimal]]]"


def follow_amounts(work: Work) -> None:
    """Set the companions of created and updated rows; refuse, at the currency, where a rate is missing."""
    companions = sheet(work.release, work.object).companions
    rows = list(work.standing(Kind.CREATED, Kind.UPDATED)) if companions else []
    foreign: list[tuple[Row, str]] = []
    for row in rows:
        for key in companions:
            if not _stale(row, key):
                continue
            if _currency(work, row) == work.organisation.currency:
                row.after[key] = row.after.get(key.removesuffix(COMPANY))
            else:
                foreign.append((row, key))
    if foreign:
        _convert(work, foreign)


def _stale(row: Row, key: str) -> bool:
    amount = key.removesuffix(COMPANY)
    if row.kind is Kind.CREATED or row.changed(amount) or row.changed(CURRENCY_FIELD):
        return True
    return (row.before.get(key) is None) is not (row.before.get(amount) is None)


def _currency(work: Work, row: Row) -> str | None:
    return row.after.get(CURRENCY_FIELD) or work.organisation.currency


def _convert(work: Work, foreign: Sequence[tuple[Row, str]]) -> None:
    company = work.organisation.currency or "the company's currency"
    today = work.now.astimezone(ZoneInfo(work.organisation.globals["$org.time_zone"] or "UTC")).date()
    filled = [(row, key) for row, key in foreign if row.after.get(key.removesuffix(COMPANY)) is not None]
    codes = {str(_currency(work, row)) for row, _ in filled}
    rates = _rates(work, codes, today) if codes else {}
    for row, key in foreign:
        code, amount = str(_currency(work, row)), row.after.get(key.removesuffix(COMPANY))
        try:
            row.after[key] = company_amount(amount, code, company, rates.get(code, ()), today)
        except Refusal as refusal:
            row.after[key] = None
            if all(detail.code != refusal.code.id for detail in row.details):
                row.details.append(refusal.detail(CURRENCY_FIELD, row.place))


def _rates(work: Work, codes: set[str], day: date) -> Rates:
    """The newest rate of each currency that is valid on the day."""
    found: dict[str, list[tuple[date, Decimal]]] = {}
    if CURRENCY_RATE not in work.release.catalog.objects:
        return found
    statement = work.release.statements.get(("rates",), lambda: _build(work.release))
    held = date_form(work.release.dialect).encode
    params = {"codes": text_list(sorted(codes), work.release.dialect), "day": held(day) if held else day}
    for code, start, rate in statement.rows(work.connection, params):
        found.setdefault(code, []).append((start, rate))
    return found


def _build(release: Release) -> Statement:
    """All rates of the currencies that no later one replaces, the one entered last at the end."""
    target = release.catalog.objects[CURRENCY_RATE]
    kept, dialect = release.tables[target.id].kept, release.dialect
    table = release.tables[target.id].table
    code, start, rate = (kept[name].value for name in ("code", "valid_from", "rate"))
    until: sa.BindParameter[Any] = sa.bindparam("day", type_=date_form(dialect).type)
    later = table.alias()
    valid = [each.c.deleted_at.is_(None) & (each.c[start.column.name] <= until) for each in (table, later)]
    newest = (
        sa.select(sa.func.max(later.c[start.column.name]))
        .where(later.c[code.column.name] == code.column, valid[1])
        .scalar_subquery()
    )
    rows = (
        sa.select(code.column, start.column, rate.column)
        .where(among_texts(code.column, "codes", dialect), valid[0], start.column == newest)
        .order_by(table.c.modified_at, table.c.id)
    )
    return compile_statement(rows, dialect, [None, start.stored.decode, rate.stored.decode])
