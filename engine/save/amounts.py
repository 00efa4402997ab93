"""Pass: the company companion of each amount, `amount.company`, by the rate of the record's currency.

A record whose currency is blank, or the company's own, needs no rate. Where the amount, the currency and the
date that freezes the rate stay, so does the companion: a rate that changed is no reason to refuse somebody's
correction of a name. An amount has no more decimals than its currency: one that was given is refused, one
that a default computed is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codes import TOO_PRECISE
from engine.currency import decimals, rounded
from engine.problem import Refusal
from engine.save.sheet import COMPANY, sheet
from engine.save.work import Kind
from engine.tables import CURRENCY_FIELD
from engine.worth import rate_day, worth
from metadata.catalog import rate_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.save.work import Row, Work


def follow_amounts(work: Work) -> None:
    """Set the companions of rows; refuse, at the currency, where a rate is missing."""
    companions = sheet(work.release, work.object).companions
    rows = list(work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED)) if companions else []
    foreign: list[tuple[Row, str]] = []
    for row in rows:
        for key in companions:
            if not _stale(work, row, key):
                continue
            if row.kind is not Kind.RESTORED:
                _keep_decimals(work, row, key.removesuffix(COMPANY))
            if currency(work, row) == work.organisation.currency:
                row.after[key] = row.after.get(key.removesuffix(COMPANY))
            else:
                foreign.append((row, key))
    if foreign:
        convert_amounts(work, foreign)


def revalue_amounts(work: Work) -> None:
    """Pass: make the companions of rows in other currencies anew, by the rate that counts now."""
    keys = sheet(work.release, work.object).companions
    rows = [r for r in work.standing(Kind.UPDATED) if currency(work, r) != work.organisation.currency]
    convert_amounts(work, [(row, key) for row in rows for key in keys])


def currency(work: Work, row: Row) -> str | None:
    """The currency that a record's amounts are in."""
    return row.after.get(CURRENCY_FIELD) or work.organisation.currency


def convert_amounts(work: Work, foreign: Sequence[tuple[Row, str]]) -> None:
    """Set the companions, by their keys, of rows in other currencies than the company's."""
    today = work.organisation.day(work.now)
    filled = [row for row, key in foreign if row.after.get(key.removesuffix(COMPANY)) is not None]
    wanted = {(str(currency(work, row)), _day(work, row, today)) for row in filled}
    company = work.organisation.currency or "the company's currency"
    known = worth(work.connection, work.release, company, wanted)
    for row, key in foreign:
        amount = row.after.get(key.removesuffix(COMPANY))
        try:
            row.after[key] = known.of(amount, str(currency(work, row)), _day(work, row, today))
        except Refusal as refusal:
            if row.kind is Kind.RESTORED:
                continue  # it comes back as it was
            row.after[key] = None
            if all(detail.code != refusal.code.id for detail in row.details):
                row.details.append(refusal.detail(CURRENCY_FIELD, row.place))


def _day(work: Work, row: Row, today: date) -> date:
    return rate_day(rate_date(work.object), row.after, work.organisation, today)


def _stale(work: Work, row: Row, key: str) -> bool:
    amount, date_field = key.removesuffix(COMPANY), rate_date(work.object)
    if row.kind is Kind.RESTORED:
        return _followed_on(work, row)
    if row.kind is Kind.CREATED or row.changed(amount) or row.changed(CURRENCY_FIELD):
        return True
    if date_field is not None and row.changed(date_field.name):
        return True
    return (row.before.get(key) is None) is not (row.before.get(amount) is None)


def _followed_on(work: Work, row: Row) -> bool:
    """Whether the others went on following the rate while this record lay in the bin."""
    gone, today = work.organisation.day(row.before["deleted_at"]), work.organisation.day(work.now)
    return gone <= rate_day(rate_date(work.object), row.after, work.organisation, today)


def _keep_decimals(work: Work, row: Row, name: str) -> None:
    amount, code = row.after.get(name), currency(work, row)
    if amount is None or code is None or (kept := rounded(amount, code)) == amount:
        return
    if row.kind is Kind.CREATED and name not in row.given:
        row.after[name] = kept
    elif not any(detail.field == name for detail in row.details):
        hint = "Round it to {kept}." if decimals(code) else "Send a whole number such as {kept}."
        refusal = Refusal(
            TOO_PRECISE, "{read} has more than {scale} decimals.", hint,
            read=amount.normalize(), kept=kept, scale=decimals(code),
        )  # fmt: skip
        row.details.append(refusal.detail(name, row.place))
