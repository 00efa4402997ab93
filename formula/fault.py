"""The error value of the language: what a formula has instead of a value after x/0 and its like."""

from __future__ import annotations

from decimal import DecimalException, DivisionByZero, Overflow
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.source import Span

LONGEST_SHOWN = 60
"""Characters of a value, or of a part of a formula, that a reason shows."""


class FormulaError(Exception):
    """An evaluation without a value; `reason` says why, in words for the person who sees it.

    The reason is `template` with `values` in its holes, kept apart so that it can be said in other languages;
    texts of unknown length are `clipped` beforehand. `span` is the part of the formula that failed, where
    `formula.blame` looked for it.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values: Mapping[str, object] = values
        self.reason = template.format_map(values) if values else template
        self.span: Span | None = None
        super().__init__(self.reason)


RAISED: tuple[type[Exception], ...] = (FormulaError, ArithmeticError)
"""What running code may raise for an error value; `as_fault` makes a FormulaError of it."""


class FaultyRow(dict[str, Any]):
    """Values by name, of which some are errors: asking for one of `faults` raises it.

    What a formula sees of other formulas; it has no entry under the name of a fault.
    """

    def __init__(self, values: Mapping[str, object], faults: Mapping[str, FormulaError]) -> None:
        super().__init__(values)
        self._faults = faults

    def __missing__(self, name: str) -> object:
        raise self._faults[name]

    def __or__(self, more: dict[str, Any]) -> FaultyRow:  # type: ignore[override]
        return FaultyRow({**self, **more}, self._faults)


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


def clipped(text: str) -> str:
    """A text in one line, cut where it is long."""
    line = " ".join(text[: 2 * LONGEST_SHOWN].split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"
