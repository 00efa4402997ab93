"""A typed condition read back as rows and logic, for the builder; None when rows cannot say it.

The way back from `criteria`: compiling what comes out gives an expression that holds for the same records. A
formula that a person wrote is recognised too where it says what a row can say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from formula import logic
from formula.condition import (
    ALONE,
    BLANKABLE,
    DENIALS,
    FUNCTIONS,
    SYMBOLS,
    Operator,
    Word,
    operators,
)
from formula.criteria import MOST_ROWS, Criteria, Row
from formula.expr import Call, Literal, Reference
from formula.logic import DEEPEST, Every, Not, Some
from formula.period import edge, known
from formula.printer import show
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.condition import Operand
    from formula.expr import Expr
    from formula.logic import Logic

_BY_SYMBOL = {symbol: operator for operator, symbol in SYMBOLS.items()}
_BY_FUNCTION = {name: operator for operator, name in FUNCTIONS.items()}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_EDGES = {"<": (Operator.LESS, Operator.AT_MOST), ">=": (Operator.AT_LEAST, Operator.MORE)}
"""What a comparison with the first day of a period says, and with the day behind its last."""
_OPPOSITE = {
    **DENIALS,
    **{said: denied for denied, said in DENIALS.items()},
    Operator.BLANK: Operator.NOT_BLANK,
    Operator.NOT_BLANK: Operator.BLANK,
}
_WORDS: dict[str, type[Every | Some]] = {"AND": Every, "OR": Some}


def recognised(expr: Expr) -> Criteria | None:
    """The criteria that say what a condition says, or None."""
    if isinstance(expr, Literal) and expr.value is True:
        return Criteria(rows=())
    reading = _Reading()
    tree = reading.tree(expr, 0)
    if tree is None or len(reading.rows) > MOST_ROWS:
        return None
    rows = tuple(reading.rows)
    text = "" if tree == logic.every(range(1, len(rows) + 1)) else logic.show(tree)
    return Criteria(rows=rows, logic=text) if len(text) <= logic.LONGEST else None


class _Reading:
    """One expression on its way; `rows` fill up, each kind of row once."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def tree(self, expr: Expr, depth: int) -> Logic | None:
        """The logic over the rows that this part comes to."""
        if depth > DEEPEST:
            return None
        row = _row(expr)
        if row is not None:
            return self._number(row)
        name = _name(expr)
        if name == "NOT":
            inner = self.tree(_parts(expr)[0], depth + 1)
            return None if inner is None else Not(inner)
        if name in _WORDS:
            return self._joined(name, _flat(name, expr), depth)
        return None

    def _joined(self, word: str, parts: list[Expr], depth: int) -> Logic | None:
        found: list[Logic] = []
        while parts:
            row, taken = _several(word, parts)
            one = self.tree(parts[0], depth + 1) if row is None else self._number(row)
            if one is None or len(self.rows) > MOST_ROWS:
                return None
            found.append(one)
            del parts[:taken]
        return found[0] if len(found) == 1 else _WORDS[word](tuple(found))

    def _number(self, row: Row) -> int:
        if row not in self.rows:
            self.rows.append(row)
        return self.rows.index(row) + 1


def _row(expr: Expr) -> Row | None:
    """A part that one row says."""
    name, parts = _name(expr), _parts(expr)
    if name == "NOT":
        return _denied(parts[0])
    if name in _WORDS:
        flat = _flat(name, expr)
        row, taken = _several(name, flat)
        return row if taken == len(flat) else None
    if name == "ISPICKVAL":
        return _picked(_field(parts[0]), _operand(parts[1]))
    if name in _BY_FUNCTION:
        return _valued(_field(parts[0]), _BY_FUNCTION[name], _operand(parts[1]))
    if name in ("ISBLANK", "ISCHANGED"):
        return _valued(_field(parts[0]), Operator.BLANK if name == "ISBLANK" else Operator.CHANGED)
    if name in _BY_SYMBOL:
        row = _comparison(expr)
        return None if row is not None and _lacks_blank(expr, row) else row
    field = _field(expr)
    return _valued(field, Operator.EQUAL, True) if field and field.type.kind is Kind.BOOLEAN else None


def _picked(field: Reference | None, option: Operand | None) -> Row | None:
    return _valued(field, Operator.BLANK) if option is None else _valued(field, Operator.EQUAL, option)


def _denied(expr: Expr) -> Row | None:
    row = None if _name(expr) in ("NOT", *_WORDS) else _row(expr)
    if row is None or row.operator not in _OPPOSITE:
        return None
    operator = Operator(row.operator)
    if row.values == (True,) or row.values == (False,):
        return replace(row, values=(row.values == (False,),))
    plain = (
        operator in ALONE
        or _name(expr) == "ISPICKVAL"
        or operator not in (Operator.EQUAL, Operator.NOT_EQUAL)
    )
    return replace(row, operator=_OPPOSITE[operator]) if plain else None


def _comparison(expr: Expr) -> Row | None:
    """`field < value`, either way round, without asking whether it minds blanks."""
    symbol, parts = _name(expr), _parts(expr)
    if symbol not in _BY_SYMBOL:
        return None
    left, right = parts
    if _subject(left) is None:
        left, right, symbol = right, left, _TURNED[symbol]
    field, value = _subject(left), _operand(right)
    if field is None or (_name(left) == "DATEVALUE") is not _by_day(field, right):
        return None
    if value is None and symbol in _EDGES:
        value, behind = edge(show(right))
        return _valued(field, _EDGES[symbol][behind], value)
    return _valued(field, _BY_SYMBOL[symbol], value)


def _several(word: str, parts: Sequence[Expr]) -> tuple[Row | None, int]:
    """A row that the first parts say together, and how many they are; None and 1 when there is none."""
    for made in (_inside, _between, _other, _any_of):
        row, taken = made(word, parts)
        if row is not None:
            return row, taken
    return None, 1


def _between(word: str, parts: Sequence[Expr]) -> tuple[Row | None, int]:
    low, high = _pair(parts)
    if word != "AND" or low is None or high is None or low.field != high.field:
        return None, 0
    if (low.operator, high.operator) != (Operator.AT_LEAST, Operator.AT_MOST):
        return None, 0
    return Row(field=low.field, operator=Operator.BETWEEN, values=low.values + high.values), 2


def _inside(word: str, parts: Sequence[Expr]) -> tuple[Row | None, int]:
    """`x >= first && x < end`, the days of a period."""
    field = _span(parts, (">=", "<"))
    return (field, 2) if word == "AND" and field is not None else (None, 0)


def _other(word: str, parts: Sequence[Expr]) -> tuple[Row | None, int]:
    """`ISBLANK(x) || x <> value`, which is how "is not" is written where a comparison minds blanks."""
    blank = _row(parts[0]) if _name(parts[0]) == "ISBLANK" else None
    if word != "OR" or blank is None or len(parts) < 2:
        return None, 0
    outside = _span(parts[1:], ("<", ">="))
    if outside is not None and outside.field == blank.field:
        return replace(outside, operator=Operator.NOT_EQUAL), 3
    each = _flat("AND", parts[1]) if _name(parts[1]) == "AND" else [parts[1]]
    rows = [_unequal(part) for part in each]
    if any(row is None or row.field != blank.field for row in rows):
        return None, 0
    values = tuple(value for row in rows if row is not None for value in row.values)
    return Row(field=blank.field, operator=Operator.NOT_EQUAL, values=values), 2


def _unequal(expr: Expr) -> Row | None:
    if _name(expr) == "OR":
        flat = _flat("OR", expr)
        span = _span(flat, ("<", ">=")) if len(flat) == 2 else None
        return None if span is None else replace(span, operator=Operator.NOT_EQUAL)
    row = _comparison(expr)
    return row if row is not None and _lacks_blank(expr, row) else None


def _any_of(word: str, parts: Sequence[Expr]) -> tuple[Row | None, int]:
    """Neighbours that ask one field for one value each, in one way: any of them, or none."""
    rows: list[Row] = []
    for part in parts:
        row = _row(part) if _name(part) not in _WORDS else None
        if row is None or not _alike(word, row) or (rows and not _same(rows, row)):
            break
        rows.append(row)
    if len(rows) < 2:
        return None, 0
    return replace(rows[0], values=tuple(row.values[0] for row in rows)), len(rows)


def _alike(word: str, row: Row) -> bool:
    asked = row.operator in (Operator.EQUAL, Operator.CONTAINS, Operator.BEGINS, Operator.INCLUDES)
    return not isinstance(row.values[:1] and row.values[0], bool) and (
        asked if word == "OR" else row.operator in DENIALS
    )


def _same(rows: Sequence[Row], row: Row) -> bool:
    return (rows[0].field, rows[0].operator) == (row.field, row.operator) and row not in rows


def _pair(parts: Sequence[Expr]) -> tuple[Row | None, Row | None]:
    return (_comparison(parts[0]), _comparison(parts[1])) if len(parts) > 1 else (None, None)


def _span(parts: Sequence[Expr], symbols: tuple[str, str]) -> Row | None:
    """Two comparisons of one date with the ends of a known period."""
    if len(parts) < 2 or (_name(parts[0]), _name(parts[1])) != symbols:
        return None
    (low, first), (high, end) = _parts(parts[0]), _parts(parts[1])
    field, period = _subject(low), known(show(first), show(end))
    if field is None or period is None or low != high:
        return None
    by_day = _name(low) == "DATEVALUE" or field.type.kind is Kind.DATE
    return _valued(field, Operator.EQUAL, period) if by_day else None


def _lacks_blank(expr: Expr, row: Row) -> bool:
    """Whether this `<>` is false for a blank, which "is not" never is."""
    subject = next((part for part in _parts(expr) if _subject(part) is not None), expr)
    return row.operator == Operator.NOT_EQUAL and subject.type.kind in BLANKABLE


def _operand(expr: Expr) -> Operand | None:
    match expr:
        case Literal(value=datetime() as instant):
            return instant.astimezone(UTC)
        case Literal(value=value):
            return value
        case Reference(name="$user.id"):
            return Word.ME
        case _:
            return known(show(expr), "")


def _by_day(field: Reference, value: Expr) -> bool:
    """Whether an instant is compared by its day."""
    return field.type.kind is Kind.DATETIME and value.type.kind is Kind.DATE


def _subject(expr: Expr) -> Reference | None:
    """The field that a comparison is about; an instant's day is about the instant."""
    if _name(expr) == "DATEVALUE":
        field = _field(_parts(expr)[0])
        return field if field is not None and field.type.kind is Kind.DATETIME else None
    return _field(expr)


def _field(expr: Expr) -> Reference | None:
    """A field of the record; a Boolean over a link without the false that the checker puts around it."""
    if _name(expr) == "NULLVALUE" and expr.type.kind is Kind.BOOLEAN:
        expr = _parts(expr)[0]
    return expr if isinstance(expr, Reference) and not expr.name.startswith("$") else None


def _valued(field: Reference | None, operator: Operator, *values: Operand | None) -> Row | None:
    if field is None or None in values:
        return None
    if operator is not Operator.CHANGED and operator not in operators(field.type):
        return None
    return Row(field=field.name, operator=operator, values=values)


def _name(expr: Expr) -> str:
    return expr.function.name if isinstance(expr, Call) else ""


def _parts(expr: Expr) -> tuple[Expr, ...]:
    return expr.arguments if isinstance(expr, Call) else ()


def _flat(word: str, expr: Expr) -> list[Expr]:
    """The parts of an AND or OR, those joined by the same word taken apart."""
    flat: list[Expr] = []
    pending = [expr]
    while pending:
        part = pending.pop()
        if _name(part) == word:
            pending += reversed(_parts(part))
        else:
            flat.append(part)
    return flat
