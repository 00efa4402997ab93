"""Fields of a record as the record page shows them: in sections, above the fold, and again after an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rights import REVEAL
from metadata.catalog import FieldPath
from runtime.web.display import record_cell
from runtime.web.editing import is_wide
from runtime.web.pages import rights
from runtime.web.pages.folds import is_open
from runtime.web.pages.rights import editable
from runtime.web.record import Highlight, SectionView, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.record import Record
    from metadata.catalog import Field, Layout, Section
    from runtime.web.cell import Cell
    from runtime.web.pages.standing import Standing
    from runtime.web.pages.visit import Visit


def value_of(visit: Visit, record: Record, field: Field, address: str, *, focused: bool = False) -> Value:
    """A field of the record, and, with an `address`, the ways to edit it if the reader may."""
    there = address if address and editable(visit.signed_in, field) else ""
    return Value(
        name=field.name,
        label=field.label.text(visit.reader.language),
        value=shown(visit, record, field),
        wide=is_wide(field),
        edit=f"{there}/edit#at-{field.name}" if there else "",
        fragment=f"{there}/field/{field.name}" if there else "",
        reveal=_reveal(visit, record, field),
        focused=focused,
    )


def _reveal(visit: Visit, record: Record, field: Field) -> str:
    known = field.sort.sealed and record.values.get(field.name) is not None
    if not known or not visit.signed_in.policy.holds(REVEAL):
        return ""
    return visit.reader.link(f"/o/{record.object.name}/{record.id}/reveal/{field.name}")


def shown(visit: Visit, record: Record, field: Field) -> Cell:
    """A field of the record as a cell."""
    return record_cell(FieldPath(field=field), record, visit.reader)


def highlights(visit: Visit, record: Record, layout: Layout, standing: Standing) -> Iterator[Highlight]:
    """The fields above the fold that the reader may see and that are visible now."""
    for field in layout.highlights:
        if rights.shown(visit.signed_in, field) and standing.visible(field):
            yield Highlight(label=field.label.text(visit.reader.language), cell=shown(visit, record, field))


def section_of(
    visit: Visit, record: Record, section: Section, standing: Standing, address: str, focused: str = ""
) -> SectionView | None:
    """A section with the fields to be seen, or None where none is.

    `address` is the record's when the reader may change it; `focused` names the field that gets the focus.
    """
    if not standing.shows(section):
        return None
    fields = [
        field for field in section.fields if rights.shown(visit.signed_in, field) and standing.visible(field)
    ]
    if not fields:
        return None
    key = f"{record.object.name}.{section.id}"
    return SectionView(
        key=key,
        label=section.label.text(visit.reader.language),
        columns=section.columns,
        fields=tuple(
            value_of(
                visit, record, field, "" if standing.read_only(field) else address,
                focused=field.name == focused,
            ).component()
            for field in fields
        ),
        open=is_open(visit, key, collapsed=section.collapsed),
    )  # fmt: skip
