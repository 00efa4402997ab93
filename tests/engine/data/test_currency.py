"""What an amount is worth in the company's currency."""

from datetime import date
from decimal import Decimal

import pytest

from engine.currency import company_amount
from engine.problem import Refusal

RATES = [(date(2026, 1, 1), Decimal("7.8")), (date(2026, 2, 1), Decimal("7.95"))]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 1, 1), "780.00"),
        (date(2026, 1, 31), "780.00"),
        (date(2026, 2, 1), "795.00"),
        (date(2030, 1, 1), "795.00"),
    ],
)
def test_the_latest_rate_that_is_valid_on_the_day_counts(day: date, wanted: str) -> None:
    assert str(company_amount(Decimal("100.00"), "EUR", "CNY", RATES, day)) == wanted


def test_the_company_s_own_currency_needs_no_rate() -> None:
    assert company_amount(Decimal("0.01"), "CNY", "CNY", [], date(2026, 1, 1)) == Decimal("0.01")


def test_blank_stays_blank() -> None:
    assert company_amount(None, "EUR", "CNY", [], date(2026, 1, 1)) is None


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    rates = [(date(2026, 1, 1), Decimal("0.5"))]
    assert company_amount(Decimal("-0.01"), "EUR", "CNY", rates, date(2026, 1, 1)) == Decimal("-0.01")
    assert company_amount(Decimal("0.01"), "EUR", "CNY", rates, date(2026, 1, 1)) == Decimal("0.01")


@pytest.mark.parametrize("rates", [[], [(date(2026, 6, 1), Decimal(8))]])
def test_a_missing_rate_refuses_and_names_both_currencies_and_the_day(
    rates: list[tuple[date, Decimal]],
) -> None:
    with pytest.raises(Refusal, match="no rate from EUR to CNY on 2026-01-01") as refused:
        company_amount(Decimal(1), "EUR", "CNY", rates, date(2026, 1, 1))
    assert refused.value.code.id == "P125"
