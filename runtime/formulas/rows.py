"""The values of a row, as JSON carries it, for the names that a formula refers to.

Records that are linked stand inside the row; one that is missing or null leaves everything behind it blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from formula.types import Kind
from runtime.formulas.cells import Cell, read_cell
from runtime.formulas.names import Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formula.expr import Reference
    from formula.types import Type

_WIDE = Context(prec=80)
_OLD = "$old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One row: the values by reference name, `$` names too, and the own values before the change."""

    cells: Mapping[str, Cell]
    before: Mapping[str, Cell] | None


def fill(references: Iterable[Reference], rows: Sequence[Mapping[str, Any]]) -> list[Filled]:
    """The values of every row. Raises Refused for one that is none of its field's type."""
    wanted = [(each, each.key) for each in references if isinstance(each.key, Way)]
    return [_filled(wanted, row, f"rows[{number}]") for number, row in enumerate(rows)]


def fits(references: Iterable[Reference], rows: Sequence[Filled]) -> bool:
    """Whether every number has no more digits than its field has, and every id is written as one."""
    bounded = [each for each in references if each.type.scale is not None or each.type.kind is Kind.ID]
    return all(_within(row.cells[each.name], each.type) for each in bounded for row in rows)


def _filled(wanted: Iterable[tuple[Reference, Way]], row: Mapping[str, Any], where: str) -> Filled:
    cells: dict[str, Cell] = {}
    lowered = _lowered(row)
    earlier = lowered.get(_OLD)
    before: dict[str, Cell] | None = {} if isinstance(earlier, dict) else None
    for reference, way in wanted:
        name = reference.name
        own = name.removeprefix(f"{_OLD}.")
        if way.root in {"", _OLD}:
            cells[own] = _cell(row, way, reference.type, f"{where}.{own}")
        if before is not None and way.root in {"", _OLD}:
            before[own] = _cell(earlier, way, reference.type, f"{where}.{_OLD}.{own}")
        if way.root == _OLD:
            cells[name] = cells[own] if before is None else before[own]
        elif way.root:
            cells[name] = _cell(lowered.get(way.root), way, reference.type, f"{where}.{name}")
    return Filled(cells=cells, before=before)


def _cell(holder: object, way: Way, type_: Type, where: str) -> Cell:
    """The value at the end of a way; a Boolean that is not given is false."""
    raw = _raw(holder, way)
    if way.attribute:
        raw = way.field.attributes[way.attribute][1].get(str(raw))
    value = read_cell(raw, type_, where)
    if way.field.shift and not way.attribute and isinstance(value, Decimal):
        return _WIDE.scaleb(value, Decimal(way.field.shift))
    return value


def _raw(holder: object, way: Way) -> object:
    if not isinstance(holder, dict):
        return None
    whole = _lowered(holder).get(".".join(step[0] for step in way.steps)) if len(way.steps) > 1 else None
    if whole is not None:
        return whole
    for step in way.steps[:-1]:
        found = _lowered(holder)
        holder = next((found[name] for name in step if isinstance(found.get(name), dict)), None)
        if holder is None:
            return None
    found = _lowered(holder)
    return next((found[name] for name in way.steps[-1] if found.get(name) is not None), None)


def _lowered(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name.lower(): value for name, value in holder.items()}


def _within(value: Cell, type_: Type) -> bool:
    if value is None:
        return True
    if type_.kind is Kind.ID:
        return _is_id(value)
    whole = (type_.precision or 0) - (type_.scale or 0)
    exponent = value.as_tuple().exponent
    return exponent >= -(type_.scale or 0) and (not value or value.adjusted() < whole)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
