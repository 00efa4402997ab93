"""Fields that a line declares with a formula of their own: computed on the record that has them.

In Python for every computer: a database is handed the value, blank where it is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from formula.issue import Rejected
from formula.program import Env, FormulaError, compile_python
from formula.scope import Context
from formula.source import Source
from formula.types import Kind, Type
from runtime.formulas.names import DeclaredScope
from runtime.formulas.refusal import Refused
from runtime.formulas.rows import Failed, Filled, fill_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from formula.language import Blanks, Language
    from formula.program import Program
    from runtime.formulas.cells import Cell
    from runtime.formulas.model import Declared, Model, Thing


@dataclass(slots=True)
class Computed:
    """The computed fields of one line's model, each checked when it is first asked for."""

    language: Language
    model: Model
    blanks: Blanks
    env: Env
    _known: dict[tuple[str, str], tuple[Formula, Program]] = field(default_factory=dict)
    _under_way: list[str] = field(default_factory=list)

    def __call__(self, thing: Thing, declared: Declared, record: Mapping[str, Any]) -> Cell | Failed:
        """The field's value on a record. Raises Refused for a formula with faults or in a circle."""
        name = f"{thing.name}.{declared.name}"
        if name in self._under_way:
            raise Refused(f"formulas refer in a circle: {' → '.join([*self._under_way, name])}")
        self._under_way.append(name)
        try:
            formula, program = self._checked(thing, declared)
            row = fill_row(formula.refs, record, name, self)
            value = _value(program, row, self.env)
            return False if value is None and formula.type.kind is Kind.BOOLEAN else value
        finally:
            self._under_way.pop()

    def _checked(self, thing: Thing, declared: Declared) -> tuple[Formula, Program]:
        key = (thing.name, declared.name)
        if key not in self._known:
            self._known[key] = self._compiled(thing, declared)
        return self._known[key]

    def _compiled(self, thing: Thing, declared: Declared) -> tuple[Formula, Program]:
        source = Source(path=f"{thing.name}.{declared.name}", text=declared.text)
        scope = DeclaredScope(model=self.model, thing=thing, loose=True)
        wanted = Type(kind=declared.type.kind)
        try:
            formula = self.language.check(
                source, scope, Context.FORMULA_FIELD, expect=wanted, blanks=self.blanks
            )
        except Rejected as rejected:
            first = rejected.issues[0]
            raise Refused(f"the formula of {source.path}: {first.message}", first.hint) from rejected
        return formula, compile_python(formula)


def _value(program: Program, row: Filled, env: Env) -> Cell | Failed:
    try:
        return program.value(row.cells, Env(now=env.now, zone=env.zone, globals=row.cells))
    except FormulaError as error:
        return Failed(error.reason)
