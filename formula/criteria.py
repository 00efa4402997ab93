"""Conditions built of rows – field, operator, values – and a logic text such as `1 AND (2 OR 3)`.

`compiled` makes of them the text that a person would write, and the checked formula of it; `recognition`
reads an expression back. List views in documents and the builder of a list share this; values are written as
literals, so that what was typed is never read as language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula import codes, condition, logic
from formula.condition import ALONE, Operator, join, offered
from formula.issue import Rejected
from formula.logic import Every, Not, Some
from formula.operand import MisfitError, plain, read
from formula.source import Source, Span
from formula.suggest import did_you_mean
from formula.types import BOOLEAN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formula.condition import Operand, Part
    from formula.expr import Formula, Reference
    from formula.issue import Code, Issue
    from formula.language import Language
    from formula.logic import Logic
    from formula.operand import Plain
    from formula.scope import Context, Scope

MOST_ROWS = 50
_NAME = re.compile(r"\$?[^\W\d]\w*(?:[.:]\w+)*")
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison: the code of an `Operator`, and operands or what `operand.read` makes into such.

    Several values mean any of them; of `not_equal`, `lacks` and `excludes` none; `between` takes two.
    """

    field: str
    operator: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Rows and how they are joined; a blank `logic` joins all by AND, no rows hold for everything."""

    rows: tuple[Row, ...]
    logic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong: in row `row`, counted from 1, or for 0 at `span` of the logic text."""

    row: int
    code: Code
    message: str
    hint: str = ""
    span: Span = _NOWHERE


class Faulty(Exception):  # noqa: N818 - a verdict, as `Rejected` is
    """Criteria that cannot be used, with every fault in them, rows first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(_told(fault) for fault in self.faults))


def compiled(language: Language, criteria: Criteria, scope: Scope, context: Context) -> Formula:
    """The condition as a checked formula, whose source is the text that a person would write.

    Raises `Faulty` with every fault: unknown fields, operators and options with the nearest name, values that
    do not fit, and what is wrong in the logic.
    """
    compiling = _Compiling(language, scope, context)
    parts = [compiling.row(number, row) for number, row in enumerate(criteria.rows, start=1)]
    tree = compiling.logic(criteria)
    known = [part for part in parts if part is not None]
    if compiling.faults or tree is None or len(known) < len(parts):
        raise Faulty(compiling.faults)
    return compiling.whole(condition.text(_assembled(tree, known)))


def as_plain(row: Row) -> dict[str, str | list[Plain]]:
    """A row whose values are operands, as documents and JSON hold it."""
    values = [plain(value) for value in row.values]  # type: ignore[arg-type]
    made: dict[str, str | list[Plain]] = {"field": row.field, "operator": str(row.operator)}
    return made | {"values": values} if values else made


class _Compiling:
    """One set of criteria on its way; `faults` fill up."""

    def __init__(self, language: Language, scope: Scope, context: Context) -> None:
        self._language = language
        self._scope = scope
        self._context = context
        self.faults: list[Fault] = []

    def row(self, number: int, row: Row) -> Part | None:
        """The row as a part of the text, or None after noting what is wrong with it."""
        found = self._field(number, row.field)
        operator = None if found is None else self._operator(number, row, found)
        values = None if found is None or operator is None else self._values(number, row, found, operator)
        if found is None or operator is None or values is None:
            return None
        part = condition.write(found.name, found.type.kind, operator, values)
        return part if self._checked(number, condition.text(part)) else None

    def logic(self, criteria: Criteria) -> Logic | None:
        """The tree of the logic text, or None after noting what is wrong with it."""
        if len(criteria.rows) > MOST_ROWS:
            self._note(0, codes.BAD_LOGIC, f"there are more than {MOST_ROWS} rows", "")
        return logic.read(criteria.logic, len(criteria.rows), self._in_logic)

    def whole(self, text: str) -> Formula:
        """The formula of the whole text; each of its rows was checked already."""
        try:
            return self._language.check(
                Source(path="criteria", text=text), self._scope, self._context, expect=BOOLEAN
            )
        except Rejected as rejected:
            raise Faulty(_fault(0, issue) for issue in rejected.issues) from rejected

    def _field(self, number: int, name: str) -> Reference | None:
        if not _NAME.fullmatch(name):
            message = f"“{name}” is not the name of a field" if name else "the field is missing"
            self._note(number, codes.UNKNOWN_NAME, message, "")
            return None
        found = self._scope.resolve(tuple(name.lower().split(".")))
        if found is None:
            self._checked(number, name)
        return found

    def _operator(self, number: int, row: Row, field: Reference) -> Operator | None:
        known = offered(field.type, self._context)
        if row.operator in known:
            return Operator(row.operator)
        hint = did_you_mean(row.operator, known) or f"operators: {', '.join(known)}"
        message = f"{field.name} is of type {field.type} and has no operator “{row.operator}”"
        self._note(number, codes.WRONG_OPERATOR, message, hint)
        return None

    def _values(
        self, number: int, row: Row, field: Reference, operator: Operator
    ) -> tuple[Operand, ...] | None:
        wanted = 0 if operator in ALONE else 2 if operator is Operator.BETWEEN else None
        given = len(row.values)
        if given != wanted and (wanted is not None or not given):
            count = {0: "no value", 2: "two values", None: "at least one value"}[wanted]
            self._note(number, codes.WRONG_VALUE, f"{operator} takes {count}, found {given}", "")
            return None
        try:
            return tuple(read(field.type, value) for value in row.values)
        except MisfitError as misfit:
            self._note(number, codes.WRONG_VALUE, f"{field.name}: {misfit}", misfit.hint)
            return None

    def _checked(self, number: int, text: str) -> bool:
        """Whether the language takes this text alone; its Issues become faults of the row."""
        try:
            self._language.check(Source(path=f"row {number}", text=text), self._scope, self._context)
        except Rejected as rejected:
            self.faults += [_fault(number, issue) for issue in rejected.issues]
            return False
        return True

    def _in_logic(self, code: Code, span: Span, message: str, hint: str) -> None:
        self.faults.append(Fault(row=0, code=code, message=message, hint=hint, span=span))

    def _note(self, number: int, code: Code, message: str, hint: str) -> None:
        self.faults.append(Fault(row=number, code=code, message=message, hint=hint))


def _assembled(tree: Logic, parts: list[Part]) -> Part:
    match tree:
        case int(number):
            return parts[number - 1]
        case Not(part=inner):
            return f"NOT({condition.text(_assembled(inner, parts))})"
        case Every(parts=inner):
            return join("AND", [_assembled(each, parts) for each in inner]) if inner else "true"
        case Some(parts=inner):
            return join("OR", [_assembled(each, parts) for each in inner])


def _fault(number: int, issue: Issue) -> Fault:
    return Fault(row=number, code=issue.code, message=issue.message, hint=issue.hint)


def _told(fault: Fault) -> str:
    place = f"row {fault.row}" if fault.row else f"logic, column {fault.span.start + 1}"
    return f"{place}: {fault.code.id}: {fault.message}" + (f" ({fault.hint})" if fault.hint else "")
