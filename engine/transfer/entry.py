"""One record to be: what a line of a file gives to one portion of its mapping, read cell by cell.

Cells become what the save takes; links stay texts until they are looked up. What a cell cannot mean is noted
at the line and goes on, so that one import tells of everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from engine.problem import Detail, Refusal
from engine.transfer.cells import listed, meant, written
from engine.transfer.find import ID
from engine.transfer.mapping import Blanks
from engine.transfer.text import cell_of
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from engine.fields.contract import FieldType
    from engine.problem import Problem
    from engine.record import Record
    from engine.transfer.binding import Binding, Portion, Source
    from engine.transfer.table import Cell
    from metadata.catalog import Field


@dataclass(slots=True, kw_only=True, eq=False)
class Line:
    """A row of the file on its way: the records that it named, by portion, and what is wrong with it.

    `issues` are placed by the head of a column, or None. A line that `waits` names a record that a later one
    may bring along.
    """

    number: int
    cells: Sequence[Cell]
    records: dict[str, str | None] = field(default_factory=dict)
    issues: list[Detail] = field(default_factory=list)
    waits: bool = False
    done: str = ""

    def refuse(self, head: str | None, code: str, message: str, hint: str) -> None:
        """Note one thing that is wrong."""
        self.issues.append(Detail(field=head, row=self.number, code=code, message=message, hint=hint))


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """What a line gives to a portion: values by field name, texts of links by source, and its key.

    `id` is that of the record with the key, or of the new one; `record` is how it is now; `wanted` is the id
    that a new one is to have.
    """

    line: Line
    portion: Portion
    given: dict[str, Any] = field(default_factory=dict)
    texts: dict[Source, list[str]] = field(default_factory=dict)
    pieces: dict[str, dict[str, Any]] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    key: tuple[object, ...] = ()
    id: str | None = None
    record: Record | None = None
    new: bool = False
    wanted: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with its line so far."""
        return not self.line.issues and not self.line.waits


def entry_of(binding: Binding, portion: Portion, line: Line) -> Entry:
    """Read the cells of a line for a portion."""
    entry = Entry(line=line, portion=portion)
    for source in portion.sources:
        cell = _mapped(source, line.cells[source.place])
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if binding.mapping.blanks is Blanks.CLEAR and source.field is not None and not source.part:
                entry.cleared.add(source.name)
            continue
        try:
            _take(binding, entry, source, cell)
        except Refusal as refusal:
            line.refuse(source.head, refusal.code.id, refusal.message, refusal.hint)
    for known, other in portion.links:
        if (linked := line.records.get(other)) is not None:
            entry.given[known.name] = linked
    return entry


def empty(entry: Entry) -> bool:
    """Whether the line has nothing for the portion but links to what it made itself."""
    linked = {known.name for known, _ in entry.portion.links}
    return not (entry.given.keys() - linked or entry.texts or entry.pieces)


def drop_unchanged(entry: Entry, zone: ZoneInfo, language: str) -> None:
    """Leave out what the record has already, or what reads as an export of it would.

    The text is asked first: an export does not tell all of a formatted text, or which of two records of one
    name a link leads to, and what nobody touched must stay.
    """
    record = entry.record
    assert record is not None
    for source in entry.portion.sources:
        known = source.field
        if known is None:
            continue
        if source.part:
            _drop_part(entry, source, record)
        else:
            cell = entry.line.cells[source.place]
            told = cell_of(FieldPath(field=known), record, language, zone).text
            if cell is not None and told and told.strip() == written(cell).strip():
                entry.given.pop(source.name, None)
                entry.texts.pop(source, None)
            elif source.name in entry.given and _same(known, entry.given[source.name], record, zone):
                del entry.given[source.name]
    entry.cleared = {name for name in entry.cleared if record.values.get(name) not in (None, False)}
    for name in entry.pieces.keys() & {source.name for source in entry.portion.sources}:
        entry.pieces[name] = {**(record.values.get(name) or {}), **entry.pieces[name]}
    for known, _ in entry.portion.links:
        if entry.given.get(known.name) == record.values.get(known.name):
            entry.given.pop(known.name, None)


def is_now(record: Record, known: Field, ids: Sequence[str]) -> bool:
    """Whether a link leads to these records already."""
    now = record.values.get(known.name)
    return set(now or ()) == set(ids) if known.many else now == ids[0]


def values_of(entry: Entry) -> dict[str, Any]:
    """What is given to the save."""
    cleared = dict.fromkeys(entry.cleared) if entry.record is not None else {}
    constants = {} if entry.record is not None else entry.portion.part.constants
    values = {**constants, **cleared, **entry.given, **entry.pieces}
    values.pop(ID, None)
    return values


def told_of(entry: Entry, problem: Problem) -> None:
    """Note what a save refused at the columns that its fields were filled from."""
    heads = {source.name: source.head for source in entry.portion.sources}
    line = entry.line
    for detail in problem.details:
        name = (detail.field or "").partition(".")[0]
        line.refuse(heads.get(name), detail.code, detail.message, detail.hint)
    if not problem.details:
        line.refuse(None, problem.code.id, problem.message, problem.hint)


def _mapped(source: Source, cell: Cell) -> Cell:
    """The cell, or what the mapping says that its text means."""
    if not source.column.values or cell is None:
        return cell
    return source.column.values.get(written(cell).strip(), cell)


def _take(binding: Binding, entry: Entry, source: Source, cell: Cell) -> None:
    known = source.field
    if known is None:
        entry.given[source.name] = entry.wanted = written(cell).strip()
    elif source.part:
        entry.pieces.setdefault(source.name, {})[source.part] = written(cell)
    elif source.ways:
        parts = listed(cell) if known.many else [cell]
        entry.texts[source] = [written(part).strip() for part in parts]
    else:
        entry.given[source.name] = meant(known, cell, binding.tongue)


def _drop_part(entry: Entry, source: Source, record: Record) -> None:
    pieces = entry.pieces.get(source.name)
    now = (record.values.get(source.name) or {}).get(source.part)
    if pieces and source.part in pieces and str(now or "") == str(pieces[source.part]).strip():
        del pieces[source.part]
        if not pieces:
            del entry.pieces[source.name]


def _same(known: Field, raw: object, record: Record, zone: ZoneInfo) -> bool:
    try:
        return bool(cast("FieldType", known.sort).convert(raw, zone) == record.values.get(known.name))
    except Refusal:
        return False
