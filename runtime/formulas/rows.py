"""The values of a row, as JSON carries it, for the names that a formula refers to.

Records that are linked stand inside the row; one that is missing or null leaves everything behind it blank.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from formula.fault import FormulaError
from formula.place import place
from formula.types import NUMBER, Kind
from formula.workday import CALENDAR, MONDAY_TO_FRIDAY
from runtime.formulas.cells import Cell, id_of, read_cell
from runtime.formulas.names import Way
from runtime.formulas.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from formula.expr import Reference
    from formula.types import Type
    from runtime.formulas.model import Declared, Thing

    Compute = Callable[[Thing, Declared, Mapping[str, Any]], "Cell | Failed"]

_WIDE = Context(prec=80)
_OLD, _COPIED = "$old", "$copied_from"


@dataclass(frozen=True, slots=True)
class Failed:
    """What a computed field has instead of a value."""

    reason: str


class Cells(dict[str, Any]):
    """Values by reference name; asking for one that failed fails."""

    def __getitem__(self, name: str) -> Cell:
        found = super().__getitem__(name)
        if isinstance(found, Failed):
            raise FormulaError(found.reason)
        return found

    def stored(self, name: str) -> Cell:
        """The value as a database holds it: nothing for one that failed."""
        found = super().__getitem__(name)
        return None if isinstance(found, Failed) else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One row: the values by reference name, `$` names too, and the own values before the change.

    `copied`: it is a new record that was copied from another one, which `$copied_from` names.
    """

    cells: Cells
    before: Cells | None
    copied: bool = False


def fill_row(references: Iterable[Reference], row: Mapping[str, Any], where: str, compute: Compute) -> Filled:
    """The values of one row. Raises Refused, naming `where`, for one that is none of its field's type."""
    reading = _Reading(row, where, compute)
    for reference in references:
        if isinstance(reference.key, Way):
            reading.add(reference, reference.key)
        else:
            reading.supply(reference)
    copied = reading.before is None and any(name.lower() == _COPIED and row[name] for name in row)
    return Filled(cells=reading.cells, before=reading.before, copied=copied)


def fits(references: Iterable[Reference], rows: Sequence[Filled]) -> bool:
    """Whether every number has no more digits than its field has, and every id is written as one."""
    bounded = [each for each in references if each.type.scale is not None or each.type.kind is Kind.ID]
    return all(_within(row.cells.stored(each.name), each.type) for each in bounded for row in rows)


class _Reading:
    """One row on its way from JSON to values."""

    def __init__(self, row: Mapping[str, Any], where: str, compute: Compute) -> None:
        self._row = _lowered(row)
        self._where = where
        self._compute = compute
        self._globals = {name: value for name, value in self._row.items() if name[:1] == "$" and name != _OLD}
        self.cells = Cells()
        self.before: Cells | None = Cells() if isinstance(self._row.get(_OLD), dict) else None

    def add(self, reference: Reference, way: Way) -> None:
        """Read what a reference stands for; an own field also as it was before the change."""
        name = reference.name
        if way.root not in {"", _OLD}:
            self.cells[name] = self._cell(self._row.get(way.root), way, reference.type, name)
            return
        own = name.removeprefix(f"{_OLD}.")
        self.cells[own] = self._cell(self._row, way, reference.type, own)
        if self.before is not None:
            self.before[own] = self._cell(self._row[_OLD], way, reference.type, f"{_OLD}.{own}")
        if way.root == _OLD:
            earlier = self.cells if self.before is None else self.before
            self.cells[name] = dict.__getitem__(earlier, own)

    def supply(self, reference: Reference) -> None:
        """Read what a function asks for beside its arguments, such as `$rates.today`: a text; an object
        becomes its JSON. What is not given is blank, but the default calendar Monday to Friday.
        """
        root, _, rest = reference.name.partition(".")
        held = self._row.get(root)
        found = _lowered(held).get(rest, held) if isinstance(held, dict) else None
        told = json.dumps(found, default=str) if isinstance(found, dict) else found
        if told is None and reference.name == CALENDAR:
            told = MONDAY_TO_FRIDAY
        self.cells[reference.name] = read_cell(told, reference.type, f"{self._where}.{reference.name}")

    def _cell(self, holder: Any, way: Way, type_: Type, name: str) -> Cell | Failed:
        """The value at the end of a way; a Boolean that is not given is false."""
        record = _record(holder, way)
        raw = _raw(holder, record, way)
        if raw is None and way.field.text and way.thing is not None and record is not None:
            return self._compute(way.thing, way.field, {**record, **self._globals})
        if way.attribute:
            chosen = way.field.attributes[way.attribute][1].get(str(raw))
            return read_cell(chosen, type_, f"{self._where}.{name}")
        given, where = self._plain(raw, way, name), f"{self._where}.{name}"
        if way.field.convert is not None:
            return way.field.convert(given, where)
        value = read_cell(given, type_, where)
        shifts = way.field.shift and isinstance(value, Decimal)
        return _WIDE.scaleb(value, Decimal(way.field.shift)) if shifts else value

    def _plain(self, raw: object, way: Way, name: str) -> object:
        """What stands for a value that is given as an object: the id of a link, a location as text."""
        if way.field.type.kind is Kind.ID:
            return id_of(raw)
        if way.field.convert is None and way.field.type.location and isinstance(raw, dict):
            return self._place(raw, name)
        return raw

    def _place(self, raw: Mapping[str, Any], name: str) -> str | None:
        """A location as text, from its latitude and longitude."""
        told = _lowered(raw)
        degrees = [
            read_cell(told.get(part, told.get(part[:3])), NUMBER, f"{self._where}.{name}.{part}")
            for part in ("latitude", "longitude")
        ]
        try:
            return None if None in degrees else place(*degrees)
        except FormulaError as error:
            raise Refused(f"{self._where}.{name}: {error.reason}") from error


def _record(holder: Any, way: Way) -> Mapping[str, Any] | None:
    """The record that has the field, names in lower case; None if a link on the way is empty."""
    for step in way.steps[:-1]:
        if not isinstance(holder, dict):
            return None
        found = _lowered(holder)
        holder = next((found[name] for name in step if isinstance(found.get(name), dict)), None)
    return _lowered(holder) if isinstance(holder, dict) else None


def _raw(holder: Any, record: Mapping[str, Any] | None, way: Way) -> object:
    """What is given at the end of a way: under a dotted name, in the record, or beside it."""
    if len(way.steps) > 1 and isinstance(holder, dict):
        whole = _lowered(holder).get(".".join(step[0] for step in way.steps))
        if whole is not None:
            return whole
    if (found := _first(record or {}, way.steps[-1])) is not None:
        return found
    if way.flat:
        return _first(_record(holder, replace(way, steps=way.steps[:-1])) or {}, way.flat)
    name = way.steps[-1][0]
    return _nested(record, name.split(".")) if "." in name else None


def _first(record: Mapping[str, Any], names: Iterable[str]) -> object:
    return next((record[name] for name in names if record.get(name) is not None), None)


def _nested(holder: Any, names: Sequence[str]) -> object:
    """The value of a path that is declared like a field, where the row has the records along it."""
    for name in names:
        holder = _lowered(holder).get(name) if isinstance(holder, dict) else None
    return holder


def _lowered(holder: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in holder.items()}


def _within(value: Cell, type_: Type) -> bool:
    if value is None:
        return True
    if type_.kind is Kind.ID:
        return _is_id(value)
    whole = (type_.precision or 0) - (type_.scale or 0)
    exponent = value.as_tuple().exponent
    return bool(exponent >= -(type_.scale or 0) and (not value or value.adjusted() < whole))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
