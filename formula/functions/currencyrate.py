"""CURRENCYRATE: how many units of a currency one unit of the company's is worth."""

from __future__ import annotations

from formula import exchange
from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql import money
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="CURRENCYRATE",
    category="math",
    signatures=(takes(currency_code=TEXT, returns=NUMBER),),
    prose=Prose(
        en="How many units of a currency one unit of the company's is worth, by the newest rate that is "
        "valid on the company's day. Blank is the company's own currency: 1. No rate is an error.",
        zh="本位币一个单位可兑换的外币数量，取公司当天有效的最新汇率。空值指本位币，汇率为 1；"
        "无汇率时为错误。",
    ),
    examples=(
        ('CURRENCYRATE("USD")', "1 / 0.8"),
        ('CURRENCYRATE("usd") * 100', "125"),
        ("CURRENCYRATE(reason)", "1"),
        ('CURRENCYRATE("XAU")', "#Error!"),
    ),
    python=Lenient(call=exchange.units, never_null=True),
    needs=Need.RATES,
    pure=False,
    check=exchange.check_rate,
    written=(0,),
    sql=on_postgresql(money.RATE),
)
