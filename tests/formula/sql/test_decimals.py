"""Claims about decimals as bytes inside SQLite."""

from decimal import Context, Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from formula.sql.decimals import decode, encode, encode_scaled

exact = Context(prec=200)
decimals = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent, exact),
    st.integers(-(10**38), 10**38),
    st.integers(-80, 40),
)


@given(decimals)
@example(Decimal("-0"))
@example(Decimal("0.00"))
def test_a_decimal_survives_the_way_there_and_back(number: Decimal) -> None:
    assert decode(encode(number)) == number


@given(decimals, decimals)
@example(Decimal("-0.1"), Decimal("-0.12"))
@example(Decimal("0.1"), Decimal("0.12"))
@example(Decimal("-1"), Decimal("0"))
def test_the_order_of_the_bytes_is_the_order_of_the_numbers(left: Decimal, right: Decimal) -> None:
    assert (encode(left) < encode(right)) == (left < right)


@given(decimals, st.integers(0, 30))
def test_trailing_zeros_do_not_make_another_number(number: Decimal, zeros: int) -> None:
    longer = number.quantize(number.normalize(exact) * 0 + Decimal(1).scaleb(-80 - zeros), context=exact)
    assert encode(longer) == encode(number)


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 18))
@example(0, 2)
@example(-1200, 2)
def test_a_scaled_integer_has_the_bytes_of_its_decimal(value: int, scale: int) -> None:
    assert encode_scaled(value, scale) == encode(Decimal(value).scaleb(-scale, exact))
