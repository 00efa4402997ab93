"""What the amounts of records are worth to the company: which day's rate counts, and the rates of those days.

The rate of a record's amounts is frozen at the date that its object names (`money: {rate_date: …}`). Before
that day, where it is blank, and where no date is named, the latest rate counts. Called by the save, and by
the revaluation that lets amounts follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from engine.codec import date_form
from engine.currency import company_amount
from engine.kept import newest
from engine.statement import Statement, among_texts, compile_statement, text_list
from metadata.formulas import CURRENCY_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.database import Connection
    from engine.organisation import Organisation
    from engine.release import Release
    from metadata.catalog import Field

Rates: TypeAlias = "Mapping[str, Sequence[tuple[date, Decimal]]]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """The rates of some currencies by code, each from the day it is valid, oldest first; and the company's
    own currency.
    """

    company: str
    rates: Rates

    def of(self, amount: Decimal | None, code: str, day: date) -> Decimal | None:
        """An amount in the company's currency, by the rate of a day. Raises as `company_amount` does."""
        return company_amount(amount, code, self.company, self.rates.get(code, ()), day)


def rate_day(field: Field | None, values: Mapping[str, Any], organisation: Organisation, today: date) -> date:
    """The day whose rate counts for a record with these values, where its object names `field`."""
    named = values.get(field.name) if field is not None else None
    if isinstance(named, datetime):
        named = organisation.day(named)
    return today if named is None else min(named, today)


def worth(
    connection: Connection, release: Release, company: str, wanted: Iterable[tuple[str, date]]
) -> Worth:
    """What these currencies, by code, are worth on these days; one statement, with the system's eyes."""
    pairs = set(wanted)
    found: dict[str, list[tuple[date, Decimal]]] = {}
    if pairs and CURRENCY_RATE in release.catalog.objects:
        days = [day for _, day in pairs]
        held = date_form(release.dialect).encode or (lambda day: day)
        params = {
            "codes": text_list(sorted({code for code, _ in pairs}), release.dialect),
            "first": held(min(days)),
            "last": held(max(days)),
        }
        statement = release.statements.get(("rates",), lambda: _build(release))
        for code, start, rate in statement.rows(connection, params):
            found.setdefault(code, []).append((start, rate))
    for rates in found.values():
        rates.sort(key=lambda each: each[0])  # of several for one day the one entered last stays behind
    return Worth(company=company, rates=found)


def _build(release: Release) -> Statement:
    """The rates that count, the one entered last at the end."""
    form = date_form(release.dialect).type
    first: sa.BindParameter[Any] = sa.bindparam("first", type_=form)
    last: sa.BindParameter[Any] = sa.bindparam("last", type_=form)
    _, rule, columns, order = newest(release, first, last)
    rows = sa.select(*columns).where(among_texts(columns[0], "codes", release.dialect), rule).order_by(*order)
    kept = release.tables[release.catalog.objects[CURRENCY_RATE].id].kept
    forms = (kept[name].value.stored.decode for name in ("code", "valid_from", "rate"))
    return compile_statement(rows, release.dialect, list(forms))
