"""Pass: the company companion of each amount, `amount.company`, by the latest rate of the record's currency.

A record whose currency is blank, or the company's own, needs no rate. Where the amount and the currency stay,
so does the companion: a rate that changed is no reason to refuse somebody's correction of a name. Rates are
read with the system's eyes, in one statement, and only if some row needs one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from engine.codec import date_form
from engine.currency import company_amount
from engine.kept import newest
from engine.problem import Refusal
from engine.save.sheet import COMPANY, sheet
from engine.save.work import Kind
from engine.statement import Statement, among_texts, compile_statement, text_list
from engine.tables import CURRENCY_FIELD
from metadata.formulas import CURRENCY_RATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.release import Release
    from engine.save.work import Row, Work

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
    today = work.organisation.day(work.now)
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
    """The rates that count, the one entered last at the end."""
    until: sa.BindParameter[Any] = sa.bindparam("day", type_=date_form(release.dialect).type)
    _, rule, columns, order = newest(release, until)
    rows = sa.select(*columns).where(among_texts(columns[0], "codes", release.dialect), rule).order_by(*order)
    kept = release.tables[release.catalog.objects[CURRENCY_RATE].id].kept
    forms = (kept[name].value.stored.decode for name in ("code", "valid_from", "rate"))
    return compile_statement(rows, release.dialect, list(forms))
