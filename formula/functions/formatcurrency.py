"""FORMATCURRENCY: an amount with the code of its currency."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula import number
from formula.fault import FormulaError
from formula.functions import Function, Lenient, Prose, takes
from formula.sql.form import Form, any_fails, either, on_postgresql, unless
from formula.sql.fragment import Sql, sql
from formula.sql.term import Term
from formula.types import NUMBER, TEXT

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_DECIMALS = {
    0: ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
        "XAF", "XOF", "XPF"),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
    4: ("CLF", "UYW"),
}  # fmt: skip
"""Currencies whose smallest unit is no hundredth, as of ISO 4217."""
_PLACES = {code: places for places, codes in _DECIMALS.items() for code in codes}
_USUAL = 2
_LEAST, _LARGEST = -(2**63), 2**63 - 1


def shown(code: str | None, amount: Decimal | None) -> str | None:
    """The code, a blank and the amount with its thousands parted, rounded to the currency's decimals.

    FormulaError from 2^63 on, as in Salesforce.
    """
    if amount is None:
        return None
    if not _LEAST <= amount < _LARGEST:
        raise FormulaError("the amount is too large to be written")
    places = _PLACES.get(code or "", _USUAL)
    return f"{code or ''} {number.rounded(amount, Decimal(places)) + 0:,f}"


def _pattern(places: int) -> str:
    return "FM9,999,999,999,999,999,990" + "." * (places > 0) + "0" * places


def _written(code: str, places: int) -> str:
    return f"COALESCE({code}, '') || ' ' || to_char(round(n, {places}), '{_pattern(places)}')"


_CASES = "".join(
    f" WHEN c IN ({', '.join(map(repr, codes))}) THEN {_written('c', places)}"
    for places, codes in _DECIMALS.items()
)
_CHOSEN = f"CASE WHEN n < {_LEAST} OR n >= {_LARGEST} THEN NULL{_CASES} ELSE {_written('c', _USUAL)} END"
_SQL = f"(SELECT {_CHOSEN} FROM (SELECT {{0}} AS c, {{1}} AS n OFFSET 0) AS given)"  # noqa: S608 - constants


def _value(translator: Translator, call: Call) -> Term:
    written = sql(_SQL, *(translator.term(argument).sql for argument in call.arguments))
    return Term(sql=unless(any_fails(translator, call), written), type=TEXT)


def _fails(translator: Translator, call: Call) -> Sql | None:
    held = translator.term(call.arguments[1]).sql
    own = sql(f"(({{0}} < {_LEAST} OR {{0}} >= {_LARGEST}) IS TRUE)", held)
    return either(any_fails(translator, call), own)


FUNCTION = Function(
    name="FORMATCURRENCY",
    category="text",
    signatures=(takes(code=TEXT, amount=NUMBER, returns=TEXT),),
    prose=Prose(
        en="An amount as text: the code of its currency (ISO 4217), a blank, the number with commas "
        "between thousands and as many decimals as the currency has.",
        zh="金额文本：币种代码（ISO 4217）、空格、带千分位逗号的数字，小数位数依币种而定。",
    ),
    examples=(
        ('FORMATCURRENCY("USD", 1000.495)', '"USD 1,000.50"'),
        ('FORMATCURRENCY("JPY", -1234567.5)', '"JPY -1,234,568"'),
        ('FORMATCURRENCY("KWD", 15.1)', '"KWD 15.100"'),
        ("FORMATCURRENCY($org.currency, amount)", '"EUR 1,200.50"'),
        ('FORMATCURRENCY("", 1000)', '" 1,000.00"'),
        ('FORMATCURRENCY("USD", discount)', "null"),
        ('FORMATCURRENCY("USD", 9223372036854775807)', "#Error!"),
    ),
    python=Lenient(call=shown),
    sql=on_postgresql(Form(value=_value, fails=_fails)),
)
