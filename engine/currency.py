"""What an amount is worth in the company's currency, and how many decimals a currency has. Pure.

Rates are records of the platform's `currency_rate`: how much of the company's currency one unit is worth,
from a day on. Which day counts, and until when, is the object's to say. Called by the save and `worth.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from engine.codec import MAX_DIGITS
from engine.codes import RATE_MISSING, TOO_LARGE
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

_USUAL = 2
_DECIMALS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
         "XAF", "XOF", "XPF"), 0
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip


def decimals(currency: str | None) -> int:
    """How many decimals amounts of a currency have.

    The minor unit of ISO 4217, which is the law of each country; what CLDR proposes to show may be fewer.
    """
    return _DECIMALS.get(currency or "", _USUAL)


def rounded(amount: Decimal, currency: str | None) -> Decimal:
    """An amount with no more decimals than its currency, rounded half away from zero."""
    if -int(amount.as_tuple().exponent) <= decimals(currency):
        return amount
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), context=_EXACT)


def company_amount(
    amount: Decimal | None, currency: str, company: str, rates: Sequence[tuple[date, Decimal]], day: date
) -> Decimal | None:
    """Return an amount in the company's currency, rounded half away from zero to the decimals of that
    currency, or to those of the amount where it has fewer.

    Args:
        amount: in `currency`; None is blank.
        currency: ISO 4217 code of the record.
        company: ISO 4217 code of the company.
        rates: those of `currency`, by the day from which each is valid, oldest first.
        day: the day whose rate counts.

    Raises:
        Refusal: there is no rate for that day (one that is valid later only does not count), or what it makes
            of the amount has more digits than are kept.
    """
    if amount is None or currency == company:
        return amount
    place = bisect_right(rates, day, key=lambda rate: rate[0])
    if place == 0:
        raise Refusal(
            RATE_MISSING, "There is no rate from {currency} to {company} on {day}.", RATE_MISSING.mend,
            currency=currency, company=company, day=day,
        )  # fmt: skip
    exact = _EXACT.multiply(amount, rates[place - 1][1])
    kept = min(decimals(company), -int(amount.as_tuple().exponent))
    converted = exact.quantize(Decimal(1).scaleb(-kept), context=_EXACT).quantize(amount, context=_EXACT)
    if len(converted.as_tuple().digits) > MAX_DIGITS:
        raise Refusal(
            TOO_LARGE, "{amount:f} {company} has more than {digits} digits.", "Correct the amount.",
            amount=converted, company=company, digits=MAX_DIGITS,
        )  # fmt: skip
    return converted
