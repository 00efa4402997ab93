"""Why a formula has an error for one row, and which part of it: `division by zero in amount / discount`.

Evaluates once more, by a program that tells the parts apart; so asked only where there is an error to show.
Used by the save for its refusals and by the engine's readers.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from formula.expr import levels
from formula.fault import FormulaError, clipped
from formula.program import Env, Program, Row, compile_expr

if TYPE_CHECKING:
    from formula.expr import Formula
    from formula.source import Span

DEEPEST = 200
"""Levels of a formula whose parts are told apart, a Python function each."""


def blaming(formula: Formula) -> Program:
    """The formula as a program whose errors know their place, to be run on many rows."""
    return compile_expr(formula.expr, placed=levels(formula.expr) <= DEEPEST)


def blame(formula: Formula, row: Row, env: Env) -> FormulaError | None:
    """The error that the formula has for the row, with its place; None where it has none."""
    try:
        blaming(formula).value(row, env)
    except FormulaError as error:
        return error
    return None


def part_of(formula: Formula, error: FormulaError) -> str:
    """The text of the part that failed, cut where it is long; "" where the error has no place."""
    return "" if error.span is None else clipped(_balanced(formula.source.text, error.span))


def _balanced(text: str, span: Span) -> str:
    """The text of a part with the parentheses around its operands that its span leaves out."""
    start, end = span.start, span.end
    steps = [(character == "(") - (character == ")") for character in text[start:end]]
    missing = -min(0, 0, *accumulate(steps))
    for _ in range(missing):
        start = max(0, text.rfind("(", 0, start))
    for _ in range(missing + sum(steps)):
        end = text.find(")", end) + 1 or len(text)
    return text[start:end]
