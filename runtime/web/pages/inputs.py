"""The inputs for fields of one form: what each holds, may hold, and what was refused of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.money import currency_path
from metadata.catalog import FieldPath
from metadata.record_type import RECORD_TYPE
from runtime.web.editing import Edited, edit
from runtime.web.form import FormSection
from runtime.web.pages.links import create_address, titles_for
from runtime.web.pages.rights import editable
from runtime.web.pages.standing import OPEN, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.record import Record
    from metadata.catalog import Field, Layout, Section
    from runtime.web.input import Input
    from runtime.web.pages.visit import Visit
    from runtime.web.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a form is filled with: texts by field name, how fields stand, and what was refused at them.

    `record` is the saved one, None for a new one. `focused` is the field that gets the focus.
    """

    texts: Mapping[str, str]
    record: Record | None = None
    standing: Standing = OPEN
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    focused: str = ""


def form_sections(visit: Visit, layout: Layout, *, new: bool) -> Iterator[tuple[Section, tuple[Field, ...]]]:
    """The sections of a layout with the fields that the reader may write, each field once.

    The type of a `new` record was chosen before; its form is that type's.
    """
    seen: set[str] = {RECORD_TYPE} if new else set()
    for section in layout.sections:
        fields = [f for f in section.fields if f.name not in seen and editable(visit.signed_in, f)]
        seen |= {one.name for one in fields}
        if fields:
            yield section, tuple(fields)


def form_fields(visit: Visit, layout: Layout, *, new: bool = False) -> tuple[Field, ...]:
    """The fields of the form."""
    return tuple(field for _, fields in form_sections(visit, layout, new=new) for field in fields)


def sections_of(visit: Visit, layout: Layout, filling: Filling) -> tuple[FormSection, ...]:
    """The form of a layout, filled."""
    sections = tuple(form_sections(visit, layout, new=filling.record is None))
    made = iter(inputs_for(visit, tuple(field for _, fields in sections for field in fields), filling))
    return tuple(
        FormSection(
            id=section.id,
            label=section.label.text(visit.reader.language),
            columns=section.columns,
            inputs=tuple(next(made) for _ in fields),
            hidden=not filling.standing.shows(section)
            or not any(filling.standing.visible(field) for field in fields),
        )
        for section, fields in sections
    )


def inputs_for(visit: Visit, fields: tuple[Field, ...], filling: Filling) -> tuple[Input, ...]:
    """The inputs of these fields, in their order."""
    texts = [(field, filling.texts.get(field.name, "")) for field in fields]
    titles = titles_for(visit, texts, filling.record)

    def one(field: Field, text: str) -> Input:
        return edit(Edited(
            field=field, text=text, titles=titles, reader=reader_of(visit, field, filling),
            offered=filling.standing.offered(field), creates=create_address(visit, field),
            required=filling.standing.required(field), hidden=not filling.standing.visible(field),
            fixed=filling.standing.read_only(field), errors=filling.errors.get(field.name, ()),
            autofocus=field.name == filling.focused,
        ))  # fmt: skip

    return tuple(one(field, text) for field, text in texts)


def first_field(fields: tuple[Field, ...], filling: Filling) -> str:
    """Where the focus goes: to the first that was refused, else to the first that can be typed into."""
    refused = next((one.name for one in fields if one.name in filling.errors), "")
    open_ = (one.name for one in fields if filling.standing.visible(one))
    return refused or next((name for name in open_), "")


def reader_of(visit: Visit, field: Field, filling: Filling) -> Reader:
    """The reader to whom an amount is shown in the currency that the form says for it."""
    said = currency_path(FieldPath(field=field))
    if said is None:
        return visit.reader
    saved = filling.record.values.get(said.name) if filling.record else None
    code = filling.texts.get(said.name) or saved or filling.standing.value(said.field)
    return replace(visit.reader, currency=str(code)) if code else visit.reader
