"""Why computed values of records are errors, told to whoever reads the records.

The statement that reads records says which values are errors, where a formula can have any (`failing`).
Only for those the values that the formula is made of are read too, as far as this reader sees them, and it is
run once more in Python, which knows the reason. Called by `engine.reading`; the save tells its reasons with
`told`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.access import Action
from engine.joins import Joins
from engine.output import Output, decoder, output, selected
from engine.sentence import said
from engine.statement import Statement, among_ids, compile_statement, id_list, leading
from formula.blame import blame, blaming, part_of
from formula.expr import references
from formula.fault import FaultyRow, FormulaError
from formula.program import Env
from formula.source import Span
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.database import Connection
    from engine.policy import Policy
    from engine.reading import Reader
    from engine.record import Record
    from engine.release import Release
    from engine.sentence import Sentence
    from formula.expr import Formula, Reference
    from formula.program import Program, Row
    from metadata.catalog import Field

SUFFIX = ".error"
"""Under `<path>.error` a record holds why `<path>` is an error."""

Links = tuple["Field", ...]
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Step:
    """One of the formulas behind a value; `names` are its names with those that the root gives them."""

    name: str
    formula: Formula
    program: Program
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Causes:
    """What tells the reasons of one computed path: its leaves, and the formulas from these up to it."""

    statement: Statement
    leaves: tuple[str, ...]
    steps: tuple[_Step, ...]


def explained(
    reader: Reader, connection: Connection, failed: Mapping[FieldPath, set[str]], records: Iterable[Record]
) -> tuple[Record, ...]:
    """The records, each with the reasons of its errors; `failed` are the ids by computed path."""
    reasons = {path: _reasons(reader, connection, path, ids) for path, ids in failed.items() if ids}
    return tuple(_with_reasons(record, reasons) for record in records)


def told(formula: Formula, error: FormulaError) -> Sentence:
    """Why a formula has no value, and where: `division by zero in amount / discount`."""
    reason, part = said(error.template, **error.values), part_of(formula, error)
    return said("{reason} in {part}", reason=reason, part=part) if part else reason


def why(formula: Formula, error: FormulaError, row: Row, env: Env) -> Sentence:
    """The same for an error that a formula just had for a row, and whose place nobody noted yet."""
    return told(formula, blame(formula, row, env) or error)


def inherited(name: str, reason: str) -> FormulaError:
    """The error of a formula as another one meets it that refers to it by `name`."""
    error = FormulaError("{field}: {reason}", field=name, reason=reason)
    error.span = _NOWHERE
    return error


def _with_reasons(record: Record, reasons: Mapping[FieldPath, Mapping[str, Sentence]]) -> Record:
    mine = {f"{path.name}{SUFFIX}": found[record.id] for path, found in reasons.items() if record.id in found}
    if not mine:
        return record
    return replace(
        record,
        values={**record.values, **mine},
        shown=(*record.shown, *((name, str) for name in mine)),
    )


def _reasons(reader: Reader, connection: Connection, path: FieldPath, ids: set[str]) -> dict[str, Sentence]:
    release, policy = reader.release, reader.policy
    causes = release.statements.get(("causes", path, policy.key), lambda: _causes(release, policy, path))
    params = {**reader.given, "ids": id_list(sorted(ids), release.dialect)}
    rows = causes.statement.rows(connection, params)
    return {row[0]: _reason(causes, dict(zip(causes.leaves, row[1:], strict=True)), reader) for row in rows}


def _reason(causes: _Causes, values: dict[str, Any], reader: Reader) -> Sentence:
    own = {name: value for name, value in values.items() if name.startswith("$")}
    env = Env(now=reader.now, zone=reader.actor.zone, globals=own)
    faults: dict[str, FormulaError] = {}
    reason = said("the value cannot be computed")
    for step in causes.steps:
        named = {name: values[key] for name, key in step.names.items() if key not in faults}
        row = FaultyRow(named, {name: faults[key] for name, key in step.names.items() if key in faults})
        try:
            values[step.name] = step.program.value(row, env)
        except FormulaError as error:
            reason = told(step.formula, error)
            faults[step.name] = inherited(step.name, reason)
    return reason


def _causes(release: Release, policy: Policy, path: FieldPath) -> _Causes:
    target = path.root
    found = _Found()
    found.visit(path)
    joins = Joins(release, policy, target)
    identity = output(joins, FieldPath(field=target.fields["id"]))
    outputs = [identity, *(_leaf(joins, reference, links) for reference, links in found.leaves.values())]
    ids = among_ids(identity.element, "ids", release.dialect)
    allowed = joins.row_rule(policy.decide(target, Action.READ))
    rows = selected([each.element for each in outputs], joins).where(leading(ids, allowed, release.dialect))
    return _Causes(
        statement=compile_statement(rows, release.dialect, [each.decode for each in outputs]),
        leaves=tuple(found.leaves),
        steps=tuple(found.steps.values()),
    )


def _leaf(joins: Joins, reference: Reference, links: Links) -> Output:
    if isinstance(reference.key, FieldPath):
        return output(joins, _behind(links, reference.key))
    column = joins.reference(reference)
    return Output(name=reference.name, element=column.element, decode=decoder(column.type, joins.dialect))


class _Found:
    """What a computed path is made of, by its name at the root; a step comes after those that it needs."""

    def __init__(self) -> None:
        self.leaves: dict[str, tuple[Reference, Links]] = {}
        self.steps: dict[str, _Step] = {}

    def visit(self, path: FieldPath) -> None:
        formula = path.field.formula
        assert formula is not None
        names = {each.name: self._name(each, path.links) for each in references(formula.expr)}
        self.steps[path.name] = _Step(
            name=path.name, formula=formula, program=blaming(formula), names=names
        )  # fmt: skip

    def _name(self, reference: Reference, links: Links) -> str:
        if not isinstance(reference.key, FieldPath):
            self.leaves[reference.name] = reference, ()
            return reference.name
        path = _behind(links, reference.key)
        if path.field.formula is None or path.part:
            self.leaves[path.name] = reference, links
        elif path.name not in self.steps:
            self.visit(path)
        return path.name


def _behind(links: Links, path: FieldPath) -> FieldPath:
    return replace(path, links=(*links, *path.links))
