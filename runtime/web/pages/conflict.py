"""Two versions of one record: what is saved now and what the reader meant to save, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.problem import Refusal
from metadata.catalog import FieldPath
from runtime.web.cell import Cell
from runtime.web.display import cell
from runtime.web.form import Conflict, Difference
from runtime.web.pages.entries import write_was
from runtime.web.pages.links import titles_for
from runtime.web.posted import WHOLE

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
        carried=tuple(_carried(visit)),
    ).component()


def _differences(
    visit: Visit, fields: tuple[Field, ...], entries: Entries, saved: Mapping[str, str]
) -> Iterator[Difference]:
    mine = {one.name: entries.now.get(one.name, saved[one.name]) for one in fields}
    differing = tuple(one for one in fields if mine[one.name] != saved[one.name])
    sides = [(one, side[one.name]) for one in differing for side in (saved, mine)]
    titles = titles_for(visit, sides)
    for field in differing:
        name = field.name
        yield Difference(
            name=name + WHOLE,
            label=field.label.text(visit.reader.language),
            theirs=_cell(visit, field, saved[name], titles),
            theirs_raw=saved[name],
            mine=_cell(visit, field, mine[name], titles),
            mine_raw=mine[name],
            mine_chosen=mine[name] != entries.was.get(name, saved[name]),
        )


def _carried(visit: Visit) -> Iterator[tuple[str, str]]:
    """The rows that were typed: they are saved with the choice."""
    for name, value in visit.exchange.form.multi_items():
        if name.startswith("rows.") or name == "_back":
            yield name, str(value)


def _cell(visit: Visit, field: Field, text: str, titles: Mapping[str, str]) -> Cell:
    """A text of an input as the record page would show its value; as it is when it is none."""
    try:
        value = cast("FieldType", field.sort).convert(text, visit.reader.formats.zone)
    except Refusal:
        return Cell(kind="text", text=text)
    many = tuple(titles.get(one) for one in value) if field.members and value else ()
    return cell(FieldPath(field=field), value, titles.get(text), visit.reader, many)
