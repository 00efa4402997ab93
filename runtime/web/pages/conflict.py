"""Two versions of one record: what is saved now and what the reader meant to save, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.problem import Refusal
from metadata.catalog import FieldPath
from runtime.web.cell import Cell
from runtime.web.display import cell
from runtime.web.form import Conflict, Difference
from runtime.web.pages.entries import title_for, write_was

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field
    from runtime.web.component import Component
    from runtime.web.pages.entries import Entries
    from runtime.web.pages.visit import Visit


def conflict_form(
    visit: Visit, record: Record, fields: tuple[Field, ...], entries: Entries, saved: Mapping[str, str]
) -> Component:
    """A choice for each field in which the two differ; the side that changed it is chosen already.

    `record` and `saved` are the version saved now and its texts; `entries` are the reader's.
    """
    address = visit.reader.link(f"/o/{record.object.name}/{record.id}")
    assert record.version is not None, "a record that is edited comes with its version"
    return Conflict(
        action=f"{address}/edit",
        version=record.version,
        was=write_was(saved),
        rows=tuple(_differences(visit, fields, entries, saved)),
        cancel=address,
    ).component()


def _differences(
    visit: Visit, fields: tuple[Field, ...], entries: Entries, saved: Mapping[str, str]
) -> Iterator[Difference]:
    for field in fields:
        theirs, mine = saved[field.name], entries.now.get(field.name, saved[field.name])
        if theirs != mine:
            yield Difference(
                name=field.name,
                label=field.label.text(visit.reader.language),
                theirs=_cell(visit, field, theirs),
                theirs_raw=theirs,
                mine=_cell(visit, field, mine),
                mine_raw=mine,
                mine_chosen=mine != entries.was.get(field.name, theirs),
            )


def _cell(visit: Visit, field: Field, text: str) -> Cell:
    """A text of an input as the record page would show its value; as it is when it is none."""
    try:
        value = cast("FieldType", field.sort).convert(text, visit.reader.formats.zone)
    except Refusal:
        return Cell(kind="text", text=text)
    return cell(FieldPath(field=field), value, title_for(visit, field, text) or None, visit.reader)
