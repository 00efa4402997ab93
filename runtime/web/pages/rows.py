"""Child rows in the form of their parent: as inputs, as they were typed, and as changes of one batch.

The inputs of a row are called `rows.<table>.<row>.<field>`. A row that nobody touched is left alone; one
which is new and blank makes no record. Rows are saved with their parent, all or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from engine.ids import canonical_id
from engine.mutation import Create, Delete, Mutation, Update
from metadata.catalog import FieldPath
from runtime.web.display import aligned, record_cell
from runtime.web.form import Complaint
from runtime.web.pages.children import MOST, child_records, totals_of
from runtime.web.pages.entries import Entries, errors_of, read_entries, write_was
from runtime.web.pages.inputs import Filling, inputs_for
from runtime.web.pages.related import readable_link
from runtime.web.pages.rights import editable, may, readable
from runtime.web.pages.target import ENTRY
from runtime.web.posted import raw
from runtime.web.rows import FormRow, FormTable
from runtime.web.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.fields.contract import FieldType
    from engine.mutation import Change
    from engine.problem import Detail, Problem
    from engine.record import Record
    from metadata.catalog import ChildTable, Field, Layout
    from runtime.web.cell import Cell
    from runtime.web.component import Component
    from runtime.web.lists import Total
    from runtime.web.pages.visit import Visit

NEW = "new"
"""Stands for the number of a row that the script adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRow:
    """One row as it was typed: `key` is what its inputs are numbered by, `id` None for a new one."""

    key: str
    id: str | None
    version: int | None
    entries: Entries
    delete: bool = False

    @property
    def change(self) -> Change | None:
        """What the row asks for; None for nothing."""
        if self.id is None:
            typed = {name: text for name, text in self.entries.now.items() if text}
            return Create(values=typed) if self.entries.changed() and not self.delete else None
        if self.delete:
            return Delete(id=self.id, version=self.version)
        changed = self.entries.changed()
        return Update(id=self.id, values=changed, version=self.version) if changed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTable:
    """The rows of one table of the form."""

    table: ChildTable
    rows: tuple[TypedRow, ...]
    parent: Record | None
    saved: Mapping[str, Record]

    def changing(self) -> tuple[TypedRow, ...]:
        """The rows that ask for a change, in the order of the batch."""
        return tuple(row for row in self.rows if row.change is not None)

    def mutation(self, parent: str) -> Mutation | None:
        """The batch of the table; `parent` is what the link of a new row holds."""
        link = self.table.link.name
        changes = tuple(_pointing(row.change, link, parent) for row in self.changing() if row.change)
        if not changes:
            return None
        return Mutation(object=self.table.link.object, changes=changes, entry=ENTRY, answer=False)


def editable_tables(visit: Visit, layout: Layout) -> tuple[ChildTable, ...]:
    """The child tables of a layout whose rows the reader may add or change."""
    session = visit.signed_in

    def is_open(table: ChildTable) -> bool:
        target = table.link.object
        return (may(session, target, "create") or may(session, target, "update")) and any(
            editable(session, one) for one in table.columns
        )

    return tuple(one for one in layout.children if readable_link(visit, one.link) and is_open(one))


def saved_tables(visit: Visit, layout: Layout, record: Record | None) -> tuple[TypedTable, ...]:
    """The tables with the rows that are saved and a blank one."""
    return tuple(_saved(visit, table, record) for table in editable_tables(visit, layout))


def typed_tables(visit: Visit, layout: Layout, record: Record | None) -> tuple[TypedTable, ...]:
    """The tables as the request's form has them; rows which it has not are not touched."""
    return tuple(_typed(visit, table, record) for table in editable_tables(visit, layout))


def batches(
    tables: Iterable[TypedTable], parents: Mapping[str, str]
) -> tuple[tuple[TypedTable, Mutation], ...]:
    """The tables that change something, with their batches; new rows point at `parents`, by table."""
    made = ((table, table.mutation(parents.get(table.table.id, ""))) for table in tables)
    return tuple((table, mutation) for table, mutation in made if mutation is not None)


def form_tables(
    visit: Visit, tables: tuple[TypedTable, ...], problem: Problem | None = None
) -> tuple[Component, ...]:
    """The tables as parts of the form; `problem` is what the save said of their batches after the first."""
    places = {id(table): place for place, (table, _) in enumerate(batches(tables, {}), 1)}
    return tuple(
        _form_table(visit, table, problem, places.get(id(table), -1)).component() for table in tables
    )


def row_complaint(visit: Visit, typed: TypedTable, detail: Detail) -> Complaint:
    """What was refused of a row, for the summary above the form."""
    row = typed.changing()[detail.row or 0]
    field = typed.table.link.object.fields.get(detail.field or "")
    named = field is not None and field in row_fields(visit, typed.table)
    label = typed.table.label.text(visit.reader.language)
    said = f"{label} · {field.label.text(visit.reader.language)}" if field else label
    at = f"field-{typed.table.id}-{row.key}-{detail.field}" if named else f"at-{typed.table.id}"
    return Complaint(at=at, label=said, message=visit.reader.said(detail.message))


def _saved(visit: Visit, table: ChildTable, record: Record | None) -> TypedTable:
    fields = row_fields(visit, table)
    found = child_records(visit, record, table, tuple(_shown(visit, table))) if record else ()
    rows = tuple(_row_of(visit, str(place), one, fields) for place, one in enumerate(found))
    saved = {one.id: one for one in found}
    return TypedTable(table=table, rows=(*rows, *blank_rows(visit, table)), parent=record, saved=saved)


def _row_of(visit: Visit, key: str, record: Record, fields: tuple[Field, ...]) -> TypedRow:
    texts = {
        one.name: raw(cast("FieldType", one.sort), record.values.get(one.name), visit.reader)
        for one in fields
    }
    return TypedRow(key=key, id=record.id, version=record.version, entries=Entries(now=texts, was=texts))


def blank_rows(visit: Visit, table: ChildTable) -> tuple[TypedRow, ...]:
    """One row to type a new record into, with the plain defaults, for who may make one."""
    target = table.link.object
    if not may(visit.signed_in, target, "create"):
        return ()
    plain = visit.exchange.release.defaults[target.id]
    texts = {
        one.name: raw(cast("FieldType", one.sort), plain.get(one.name), visit.reader)
        for one in row_fields(visit, table)
    }
    return (TypedRow(key=NEW, id=None, version=None, entries=Entries(now=texts, was=texts)),)


def _typed(visit: Visit, table: ChildTable, record: Record | None) -> TypedTable:
    form, start = visit.exchange.form, f"rows.{table.id}."
    found = child_records(visit, record, table, tuple(_shown(visit, table))) if record else ()
    saved = {one.id: one for one in found}
    keys = dict.fromkeys(
        name.removeprefix(start).partition(".")[0] for name in form if name.startswith(start)
    )
    fields = row_fields(visit, table)

    def one(key: str) -> TypedRow:
        before = f"{start}{key}."
        version = str(form.get(f"{before}version", ""))
        return TypedRow(
            key=key, id=canonical_id(str(form.get(f"{before}id", ""))),
            version=int(version) if version.isdecimal() else None,
            entries=read_entries(visit, fields, before), delete=bool(form.get(f"{before}delete")),
        )  # fmt: skip

    return TypedTable(table=table, rows=tuple(map(one, keys)), parent=record, saved=saved)


def _form_table(visit: Visit, typed: TypedTable, problem: Problem | None, place: int) -> FormTable:
    table, language = typed.table, visit.reader.language
    shown = tuple(one for one in table.columns if readable(visit.signed_in, one))
    at = {row.key: number for number, row in enumerate(typed.changing())}

    def made(row: TypedRow) -> FormRow:
        refused = errors_of(visit, problem, place, at[row.key]) if row.key in at and place > 0 else {}
        return _form_row(visit, typed, shown, row, refused)

    blank = next(iter(blank_rows(visit, table)), None)
    return FormTable(
        id=table.id, label=table.label.text(language),
        columns=tuple(
            Column(name=one.name, label=one.label.text(language), width=0, end=aligned(one)) for one in shown
        ),
        rows=tuple(map(made, typed.rows)),
        blank=made(replace(blank, key="KEY")) if blank else None,
        totals=tuple(_totals(visit, typed, shown)),
        deletable=may(visit.signed_in, table.link.object, "delete"),
    )  # fmt: skip


def _totals(visit: Visit, typed: TypedTable, shown: tuple[Field, ...]) -> Iterator[Total]:
    """The sums over the rows as they are saved."""
    rows = tuple(typed.saved.values())
    if typed.parent is not None and rows:
        complete = len(rows) < MOST
        yield from totals_of(visit, typed.parent, typed.table, shown, rows, complete=complete)


def _form_row(
    visit: Visit,
    typed: TypedTable,
    shown: tuple[Field, ...],
    row: TypedRow,
    refused: dict[str, tuple[str, ...]],
) -> FormRow:
    start = f"rows.{typed.table.id}.{row.key}."
    fields, record = row_fields(visit, typed.table), typed.saved.get(row.id or "")
    inputs = inputs_for(visit, fields, Filling(texts=row.entries.now, record=record, errors=refused))
    named = {
        one.name: replace(
            made, name=start + one.name, key=f"{typed.table.id}-{row.key}-{one.name}",
            parts=tuple(
                replace(part, name=start + part.name, key=f"{typed.table.id}-{row.key}-{part.key}")
                for part in made.parts
            ),
        )
        for one, made in zip(fields, inputs, strict=True)
    }  # fmt: skip

    def cell_of(one: Field) -> Cell | None:
        return record_cell(FieldPath(field=one), record, visit.reader) if record else None

    return FormRow(
        start=start, id=row.id or "", version=row.version, was=write_was(row.entries.was), delete=row.delete,
        inputs=tuple(named.get(one.name) for one in shown),
        cells=tuple(None if one.name in named else cell_of(one) for one in shown),
        errors=tuple(
            message for name, said in refused.items() if name not in named for message in said
        ),
    )  # fmt: skip


def row_fields(visit: Visit, table: ChildTable) -> tuple[Field, ...]:
    """The columns that the reader may type into."""
    return tuple(one for one in table.columns if one is not table.link and editable(visit.signed_in, one))


def _shown(visit: Visit, table: ChildTable) -> Iterator[Field]:
    yield from (one for one in table.columns if readable(visit.signed_in, one))


def _pointing(change: Change, link: str, parent: str) -> Change:
    return Create(values={**change.values, link: parent}) if isinstance(change, Create) else change
