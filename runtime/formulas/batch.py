"""Lines of JSON about formulas, answered line by line: `strata formula batch`.

A line is answered whatever is in it; only input that ends, or output that is closed, ends the work.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from formula import codes
from formula.issue import Rejected
from formula.number import rounded
from formula.program import Env
from formula.source import Source
from formula.suggest import did_you_mean
from formula.types import Kind, Type
from runtime.codes import INTERNAL
from runtime.formulas.ask import read_ask, read_line
from runtime.formulas.cells import write_cell
from runtime.formulas.computed import Computed
from runtime.formulas.model import Model, Thing
from runtime.formulas.names import DeclaredScope
from runtime.formulas.refusal import Refused, issue_json
from runtime.formulas.rows import fill_row, fits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from formula.expr import Formula
    from formula.language import Language
    from runtime.formulas.ask import Ask
    from runtime.formulas.cells import Cell
    from runtime.formulas.compute import Computer, Outcome
    from runtime.formulas.rows import Filled

Answer = dict[str, Any]
_DATED = frozenset({Kind.DATE, Kind.DATETIME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What answers lines: the language, what computes, and the clock for lines that say no `now`.

    `rounds`: numbers are rounded to the line's scale, as a field shows them. Without it a scale is only read:
    what a formula comes to has all its digits, as in Salesforce's published cases.
    """

    language: Language
    computer: Computer
    clock: Callable[[], datetime]
    rounds: bool = False

    def run(self, lines: Iterable[bytes], out: BinaryIO) -> None:
        """Answer each line that is not empty when it comes. Raises BrokenPipeError if nobody reads."""
        for line in lines:
            if line.strip():
                out.write(_encoded(self.answer(line)))
                out.flush()

    def answer(self, line: bytes) -> Answer:
        """The answer to one line: its type, its values where rows were given, or its Issues."""
        told: Answer = {}
        try:
            read = read_line(line)
            told = {"id": read["id"]} if "id" in read else {}
            return told | self._answered(read_ask(read))
        except Rejected as rejected:
            return told | {"issues": [issue_json(issue) for issue in rejected.issues]}
        except Refused as refused:
            return told | {"issues": [_refusal(refused)]}
        except Exception as error:  # noqa: BLE001 - the lines after it have a right to their answers
            return told | {"issues": [_refusal(_unforeseen(error))]}

    def _answered(self, ask: Ask) -> Answer:
        source = Source(path="formula", text=ask.formula)
        if ask.objects is None:
            self.language.parse(source)
            return {"type": None}
        scope = _scope(ask)
        formula = self._checked(ask, source, scope)
        if ask.rows is None:
            return {"type": _type(ask, formula)}
        env = Env(now=ask.now or self.clock(), zone=ask.zone)
        computed = Computed(self.language, scope.model, ask.blanks, env)
        rows = _filled(ask, formula, computed)
        if not fits(formula.refs, rows):
            formula = self._checked(ask, source, replace(scope, loose=True, known={}))
            rows = _filled(ask, formula, computed)
        outcomes = self.computer.compute(formula, rows, env)
        return {"type": _type(ask, formula), "values": [self._value(ask, each) for each in outcomes]}

    def _checked(self, ask: Ask, source: Source, scope: DeclaredScope) -> Formula:
        """The formula; a date where an instant is wanted, and the reverse, is converted at the end."""
        expect = None if ask.returns is None else Type(kind=ask.returns)
        if ask.returns in _DATED:
            formula = self.language.check(source, scope, ask.context, blanks=ask.blanks)
            if formula.type.kind in _DATED | {Kind.NULL}:
                return formula
        return self.language.check(source, scope, ask.context, expect=expect, blanks=ask.blanks)

    def _value(self, ask: Ask, outcome: Outcome) -> Answer:
        if outcome.error:
            return {"error": outcome.error}
        value = _converted(ask, outcome.value)
        if self.rounds and ask.scale is not None and isinstance(value, Decimal):
            value = rounded(value, Decimal(ask.scale))
        return {"value": write_cell(value)}


def _scope(ask: Ask) -> DeclaredScope:
    """The names of the line's object; a line of one object need not say which."""
    assert ask.objects is not None
    model = Model(ask.objects)
    name = ask.object or (next(iter(ask.objects)) if len(ask.objects) == 1 else "")
    thing = model.get(name) if name else Thing("", {})
    if thing is None:
        raise Refused(f"there is no object {name}", did_you_mean(name, ask.objects), codes.UNKNOWN_NAME)
    return DeclaredScope(model=model, thing=thing)


def _filled(ask: Ask, formula: Formula, computed: Computed) -> list[Filled]:
    given, names = enumerate(ask.rows or ()), formula.refs
    return [fill_row(names, row, f"rows[{number}]", computed) for number, row in given]


def _type(ask: Ask, formula: Formula) -> str:
    kind = formula.type.kind
    return (ask.returns if ask.returns in _DATED and kind in _DATED else kind).value.lower()


def _converted(ask: Ask, value: Cell) -> Cell:
    match value:
        case datetime() if ask.returns is Kind.DATE:
            return value.astimezone(ask.zone).date()
        case date() if ask.returns is Kind.DATETIME and not isinstance(value, datetime):
            return datetime.combine(value, time(), UTC)
        case _:
            return value


def _refusal(refused: Refused) -> Answer:
    return {"code": refused.code.id, "message": refused.message, "line": 1, "column": 1, "hint": refused.hint}


def _unforeseen(error: Exception) -> Refused:
    """A fault of the program, told in a line's place; RecursionError is the one that input can provoke."""
    return Refused(f"the line cannot be answered: {type(error).__name__}", code=INTERNAL)


def _encoded(answer: Answer) -> bytes:
    """One line of UTF-8; what UTF-8 cannot carry, such as an id with half a character, is escaped."""
    try:
        return f"{json.dumps(answer, ensure_ascii=False, default=float)}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(answer, default=float)}\n".encode()
