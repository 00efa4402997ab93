"""Claims about amounts in formulas: which currency one is in, and what does not go together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from formula.issue import Rejected
from formula.money import money_of
from formula.printer import show
from formula.program import FormulaError, compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context, Names
from formula.source import Source
from formula.types import NUMBER, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula
    from formula.language import Language
    from formula.money import Mixture

OWN = replace(number(18, 2), money="currency")
OTHERS = replace(number(18, 2), money="account.currency")
DEAL = Names(
    types={
        **SCOPE.types,
        "cost": OWN,
        "cost.company": replace(number(18, 2), money="$org.currency"),
        "$old.amount": OWN,
        "quantity": NUMBER,
        "account.budget": OTHERS,
        "account.currency": SCOPE.types["currency"],
    }
)


@pytest.fixture
def mixed(lang: Language) -> Callable[[str], tuple[str, list[Mixture]]]:
    """The money of a text's value, and what it mixes."""

    def run(text: str) -> tuple[str, list[Mixture]]:
        found: list[Mixture] = []
        expr = lang.check(Source(path="f", text=text), DEAL, Context.RULE).expr
        return money_of(expr, lambda reference: reference.type.money, found), found

    return run


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("amount > 1000", 0, "amount is in the currency of its record, and 1000 is a plain number"),
        ("1000 = amount", 7, "amount is in the currency of its record"),
        ("amount + 5", 0, "amount"),
        ("quantity - amount", 11, "quantity is a plain number"),
        ("amount > amount.company", 0, "in that of the company"),
        ("amount < account.budget", 0, "in that of its account"),
        ("MAX(amount, 100)", 4, "amount"),
        ("NULLVALUE(amount, 0) > 1000", 0, "NULLVALUE(amount, 0)"),
        ("IF(urgent, amount, 0) * 2 + 5", 0, "amount"),
        ("ROUND(amount, 0) = 7", 0, "ROUND(amount, 0)"),
        ("amount / account.budget", 0, "account"),
        ('CONVERT(amount, "USD") > CONVERT(cost, "EUR")', 0, "USD"),
        ('CONVERT(amount, "USD") + amount.company', 0, "USD"),
    ],
)
def test_amounts_of_different_currencies_do_not_meet(
    text: str, at: int, said: str, mixed: Callable[[str], tuple[str, list[Mixture]]]
) -> None:
    (mixture,) = mixed(text)[1]
    assert mixture.span.start == at
    assert said in mixture.message
    assert "CONVERT(" in mixture.hint
    assert ".company" in mixture.hint


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("amount > 0", ""),
        ("amount <> null", ""),
        ("amount - cost > 0", ""),
        ("amount > cost * 1.1", ""),
        ("amount - $old.amount", "currency"),
        ("amount.company > 1000", ""),
        ("account.revenue + 5", "$org.currency"),
        ("account.budget * 2", "account.currency"),
        ("amount / quantity", "currency"),
        ("amount / cost > 2", ""),
        ("PRIORVALUE(amount) = amount", ""),
        ("amount + 0", "currency"),
        ("-amount * discount", "currency"),
        ("BLANKVALUE(amount, cost)", "currency"),
        ("amount / CURRENCYRATE(TEXT(currency)) > 1000", ""),
        ("amount / CURRENCYRATE(TEXT(currency)) + amount.company", "$org.currency"),
        ('amount.company * CURRENCYRATE("USD") + CONVERT(cost, "USD")', "USD"),
        ("amount.company * CURRENCYRATE(TEXT(currency)) + amount", "currency"),
        ('CONVERT(amount, "USD") > 1000', ""),
        ("LEN(TEXT(amount)) > 5", ""),
        ("2 + 3", ""),
    ],
)
def test_what_is_of_one_currency_may_be_reckoned_with(
    text: str, money: str, mixed: Callable[[str], tuple[str, list[Mixture]]]
) -> None:
    assert mixed(text) == (money, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('CURRENCYRATE("US")', '"US" is no currency code'),
        ('CONVERT(amount, "dollar")', '"dollar" is no currency code'),
        ('CONVERT(amount * 2, "USD")', "takes an amount"),
        ('CONVERT(discount, "USD")', "takes an amount"),
        ("CURRENCYRATE(7)", "expects Text"),
    ],
)
def test_what_cannot_be_converted_is_told(text: str, said: str, lang: Language) -> None:
    with pytest.raises(Rejected) as rejected:
        lang.check(Source(path="f", text=text), DEAL, Context.RULE)
    assert said in rejected.value.issues[0].message


def test_a_stored_field_takes_no_rate_for_it_would_go_stale(lang: Language) -> None:
    for text in ('CURRENCYRATE("USD")', 'CONVERT(amount, "USD")', "$rates.today"):
        with pytest.raises(Rejected, match="exchange rates"):
            lang.check(Source(path="f", text=text), DEAL, Context.STORED_FIELD)


def test_blank_as_zero_converts_blank_to_zero(calculate: Callable[..., object]) -> None:
    assert calculate('CONVERT(account.revenue, "USD")', blanks="as_zero") == 0
    assert calculate('CONVERT(account.revenue, "USD")') is None


def test_a_converted_amount_is_shown_as_it_was_written(check: Callable[..., Formula]) -> None:
    for text in ('CONVERT(amount, "USD") * 2', "CURRENCYRATE(TEXT(currency))"):
        assert show(check(text).expr) == text
        assert "$rates.today" in {reference.name for reference in check(text).refs}


def test_without_rates_each_rate_is_an_error_with_a_reason(lang: Language) -> None:
    poor = Names(types={name: type_ for name, type_ in SCOPE.types.items() if not name.startswith("$")})
    formula = lang.check(Source(path="f", text='CURRENCYRATE("USD")'), poor, Context.RULE)
    with pytest.raises(FormulaError, match="no exchange rate of USD"):
        compile_python(formula)(ROW, ENV)
