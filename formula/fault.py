"""The error value of the language: what a formula has instead of a value after x/0 and its like."""

from __future__ import annotations

from decimal import DecimalException, DivisionByZero, Overflow


class FormulaError(Exception):
    """An evaluation without a value; `reason` says why, in words for the person who sees it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


RAISED: tuple[type[Exception], ...] = (FormulaError, ArithmeticError)
"""What running code may raise for an error value; `as_fault` makes a FormulaError of it."""


def as_fault(error: Exception) -> FormulaError:
    """The FormulaError that an exception of `RAISED` stands for."""
    match error:
        case FormulaError():
            return error
        case DivisionByZero() | ZeroDivisionError():
            return FormulaError("division by zero")
        case Overflow() | DecimalException():
            return FormulaError("the number is too large")
        case _:
            return FormulaError("the value is out of range")
