"""Exchange rates in formulas: what CURRENCYRATE and CONVERT check and compute.

The rates of today come as one text, the global `$rates.today`: a JSON object that says by ISO 4217 code how
much of the company's currency one unit is worth, as a decimal. The company's own currency is among them, with
1. Who evaluates a formula supplies it; nothing here knows where it is kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from formula import codes, number
from formula.call import bare, rewrapped
from formula.expr import Call, Literal, Reference
from formula.fault import FormulaError, clipped
from formula.types import NUMBER, TEXT, Kind, number_of

if TYPE_CHECKING:
    from formula.call import Application
    from formula.expr import Expr

RATES = "$rates.today"
COMPANY_CURRENCY = "$org.currency"
COMPANY, CURRENCY = "company", "currency"
"""What stands behind an amount for its worth to the company, and beside it for the currency it is in."""
PER = "/"
"""Before the name of a currency: the money of a rate, how many of it one unit of the company's is worth."""

_ONE = Decimal(1)
_CODE = re.compile(r"[A-Z]{3}")


def worth(code: str, rates: str | None) -> Decimal:
    """How much of the company's currency one unit is worth today; raises FormulaError when nobody knows."""
    found = json.loads(rates).get(code) if rates else None
    if found is None:
        raise FormulaError("there is no exchange rate of {code} for today", code=clipped(code))
    return Decimal(found)


def units(code: str | None, rates: str | None) -> Decimal:
    """How many units of a currency one of the company's is worth; blank is the company's own."""
    return _ONE if code is None else number.divide(_ONE, worth(code, rates))


def converted(
    amount: Decimal | None,
    currency: str | None,
    company: Decimal | None,
    code: str | None,
    places: Decimal,
    rates: str | None,
) -> Decimal | None:
    """An amount in another currency: itself if it is in that one, else what it is worth by its `company`."""
    if amount is None or company is None or code is None:
        return None
    if code == currency:
        return amount
    return number.rounded(number.divide(company, worth(code, rates)), places)


def check_rate(application: Application) -> Expr | None:
    """CURRENCYRATE(code): of a record's own `currency` it is known to bring its amounts to the company's."""
    if not application.count(1, 1):
        return None
    code = _code(application, application.arguments[0])
    if code is None:
        return None
    rates = _rates(application)
    named = _named(application.arguments[0])
    type_ = replace(NUMBER, money=PER + named) if named else NUMBER
    return Call(function=application.function, arguments=(code, rates), type=type_, span=application.span)


def check_convert(application: Application) -> Expr | None:
    """CONVERT(amount, code): the amount is a field, so that its currency and its worth are known."""
    if not application.count(2, 2):
        return None
    given = application.arguments[0]
    amount = bare(given)
    code, sides = _code(application, application.arguments[1]), _sides(application, amount)
    if sides is None or code is None:
        return None
    company, currency = sides
    scale = Decimal(amount.type.scale or 0)
    places = Literal(value=scale, type=number_of(scale), span=given.span)
    row = (amount, currency, company, code, places, _rates(application))
    type_ = replace(NUMBER, money=str(code.value)) if isinstance(code, Literal) and code.value else NUMBER
    call = Call(function=application.function, arguments=row, type=type_, span=application.span)
    return rewrapped(given, call)


def _sides(application: Application, amount: Expr) -> tuple[Expr, Expr] | None:
    """The worth of an amount to the company, and the code of the currency it is in."""
    money = amount.type.money
    if not isinstance(amount, Reference) or not money:
        message = "CONVERT() takes an amount: a currency field, of this record or behind a link"
        hint = 'convert each amount before you reckon with it: CONVERT(amount, "USD") * 2'
        application.report(codes.WRONG_TYPE, amount.span, message, hint)
        return None
    company = amount if money == COMPANY_CURRENCY else application.known(f"{amount.name}.{COMPANY}")
    currency = application.known(money)
    if company is None or currency is None:
        message = f"nothing is known of the currency of {amount.name}"
        application.report(codes.UNKNOWN_NAME, amount.span, message, "")
        return None
    return company, _text(application, currency)


def _code(application: Application, code: Expr) -> Expr | None:
    """The currency's code as text; one that is written out must look like one."""
    if isinstance(code, Literal) and isinstance(code.value, str):
        upper = code.value.strip().upper()
        if not _CODE.fullmatch(upper):
            message = f'"{clipped(code.value)}" is no currency code'
            application.report(codes.WRONG_TYPE, code.span, message, 'write three letters, such as "USD"')
            return None
        return replace(code, value=upper)
    return application.fit(_text(application, code), (Kind.TEXT,), "currency code")


def _rates(application: Application) -> Expr:
    """The rates of today; none where the place of the formula keeps none, so that each is an error."""
    return application.known(RATES) or Literal(value=None, type=TEXT, span=application.span)


def _text(application: Application, expr: Expr) -> Expr:
    return application.text_of(expr) if expr.type.kind is Kind.PICKLIST else expr


def _named(code: Expr) -> str:
    """The name of a record's currency field, or the code written out; else empty."""
    inner = code.arguments[0] if isinstance(code, Call) and code.function.name == "TEXT" else code
    match inner:
        case Reference(name=name) if name.rpartition(".")[2] == CURRENCY:
            return name
        case Literal(value=str(value)):
            return value.strip().upper()
        case _:
            return ""
