"""The record that the functions' examples talk about, for the reference page and the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from formula.program import Env
from formula.scope import Names
from formula.types import BOOLEAN, DATE, DATETIME, ID, LOCATION, MULTIPICKLIST, TEXT, TIME, Kind, Type, number

if TYPE_CHECKING:
    from collections.abc import Mapping

_USER = "01926b3a-7c00-7000-8000-000000000001"

SCOPE = Names(
    types=MappingProxyType(
        {
            "name": TEXT,
            "reason": TEXT,
            "amount": replace(number(18, 2), money="currency"),
            "amount.company": replace(number(18, 2), money="$org.currency"),
            "currency": Type(kind=Kind.PICKLIST, options=("EUR", "GBP", "USD")),
            "discount": number(5, 2),
            "stage": Type(kind=Kind.PICKLIST, options=("prospecting", "proposal", "won", "lost")),
            "stage.probability": number(5, 2),
            "industries": Type(kind=Kind.MULTIPICKLIST, options=("energy", "health", "retail")),
            "tags": MULTIPICKLIST,
            "team": Type(kind=Kind.MULTIPICKLIST, element=ID),
            "close_date": DATE,
            "signed_on": DATE,
            "called_at": DATETIME,
            "opens": TIME,
            "urgent": BOOLEAN,
            "office": LOCATION,
            "office.latitude": number(8, 6),
            "office.longitude": number(9, 6),
            "depot": LOCATION,
            "depot.latitude": number(8, 6),
            "depot.longitude": number(9, 6),
            "owner": ID,
            "account": ID,
            "account.owner": ID,
            "account.name": TEXT,
            "account.vip": BOOLEAN,
            "account.owner.name": TEXT,
            "account.revenue": replace(number(18, 2), money="$org.currency"),
            "$user.id": ID,
            "$org.currency": TEXT,
            "$rates.today": TEXT,
            "$calendar.default": TEXT,
            "$calendar.nowhere": TEXT,
            "$objecttype.country.fields.code": TEXT,
            "$objecttype.country.fields.phone_code": TEXT,
            "$old.stage": Type(kind=Kind.PICKLIST, options=("prospecting", "proposal", "won", "lost")),
            "$old.amount": number(18, 2),
        }
    ),
    others=MappingProxyType(
        {
            "line.opportunity": Names(
                types={
                    "product": TEXT,
                    "quantity": number(9, 0),
                    "price": number(18, 2),
                    "cost": replace(number(18, 2), money="currency"),
                }
            )
        }
    ),
)
"""An opportunity: its account is missing, `close_date`, `reason`, `discount` and `tags` are blank."""

LINES: tuple[Mapping[str, object], ...] = (
    {"product": "Desk", "quantity": Decimal(1), "price": Decimal("300.01"), "cost": Decimal(200)},
    {"product": "Desk", "quantity": Decimal(2), "price": Decimal("499.98"), "cost": Decimal(400)},
    {"product": None, "quantity": Decimal(3), "price": None, "cost": None},
)
"""Its lines, which link to it."""

ROW: Mapping[str, object] = MappingProxyType(
    {
        "name": "Acme 中国",
        "reason": None,
        "amount": Decimal("1200.50"),
        "amount.company": Decimal("1040.43"),
        "currency": "GBP",
        "discount": None,
        "stage": "proposal",
        "stage.probability": Decimal("0.25"),
        "industries": ("energy", "retail"),
        "tags": None,
        "team": (_USER,),
        "close_date": None,
        "signed_on": datetime(2026, 1, 31, tzinfo=UTC).date(),
        "called_at": datetime(2026, 3, 10, 18, 30, tzinfo=UTC),
        "opens": datetime(2026, 1, 1, 8, 30, tzinfo=UTC).time(),
        "urgent": True,
        "office": "30.274085, 120.155070",
        "office.latitude": Decimal("30.274085"),
        "office.longitude": Decimal("120.155070"),
        "depot": None,
        "depot.latitude": None,
        "depot.longitude": None,
        "owner": _USER,
        "account": None,
        "account.owner": None,
        "account.name": None,
        "account.vip": None,
        "account.owner.name": None,
        "account.revenue": None,
    }
)

ENV = Env(
    now=datetime(2026, 3, 10, 18, 30, tzinfo=UTC),
    zone=ZoneInfo("Asia/Shanghai"),
    globals=MappingProxyType(
        {
            "$user.id": _USER,
            "$org.currency": "EUR",
            "$rates.today": '{"EUR":"1","USD":"0.8","GBP":"1.15"}',
            "$calendar.nowhere": None,
            "$calendar.default": "1111100|{2026-01-01,2026-05-01}|{2026-01-04}",
        }
    ),
    tables=MappingProxyType(
        {
            ("$objecttype.country.fields.phone_code", "$objecttype.country.fields.code"): MappingProxyType(
                {"DE": "49", "CN": "86"}
            )
        }
    ),
    before=MappingProxyType({"stage": "proposal", "amount": Decimal("1000.00"), "reason": None}),
)
"""Late in the evening in UTC, already the next day in the user's zone; an update, not a creation."""
