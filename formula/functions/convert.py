"""CONVERT: an amount of money in another currency."""

from __future__ import annotations

from formula import exchange
from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql import money
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="CONVERT",
    category="math",
    signatures=(takes(amount=NUMBER, currency_code=TEXT, returns=NUMBER),),
    prose=Prose(
        en="An amount in another currency: its worth to the company (`amount.company`) by today's rate, with "
        "as many decimals as the amount has; in its own currency it stays as it is. The amount is a field.",
        zh="换算为另一种货币的金额：按当天汇率由本位币金额（`amount.company`）换算，小数位数不变；"
        "币种相同则不变。金额须为字段。",
    ),
    examples=(
        ('CONVERT(amount, "USD")', "1300.54"),
        ('CONVERT(amount, "GBP")', "1200.50"),
        ('CONVERT(amount.company, "EUR")', "1040.43"),
        ('CONVERT(account.revenue, "USD")', "null"),
        ('CONVERT(amount, "XAU")', "#Error!"),
    ),
    python=Lenient(call=exchange.converted),
    needs=Need.RATES,
    pure=False,
    check=exchange.check_convert,
    written=(0, 3),
    sql=on_postgresql(money.CONVERT),
)
