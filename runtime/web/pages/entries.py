"""What was typed into a form: its inputs, the values that changed, and what a save refused of them.

A form carries in `_was` what its inputs held when it was opened. So only what the reader changed is written,
and when somebody else saved meanwhile, it is known who changed what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec

from runtime.web.editing import Edited, edit
from runtime.web.form import Complaint, FormSection
from runtime.web.pages.rights import editable
from runtime.web.pages.target import linked_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.problem import Detail, Problem
    from metadata.catalog import Field, ObjectType, Section
    from runtime.web.input import Input
    from runtime.web.pages.visit import Visit

WAS = "_was"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Texts of a form's inputs by field name: as they are `now`, and as they were when it was opened."""

    now: Mapping[str, str]
    was: Mapping[str, str]

    def changed(self) -> dict[str, object]:
        """What the reader changed."""
        return {name: text for name, text in self.now.items() if text != self.was.get(name, "")}


def form_sections(visit: Visit, target: ObjectType) -> Iterator[tuple[Section, tuple[Field, ...]]]:
    """The sections of the layout with the fields that the reader may write, each field once."""
    seen: set[str] = set()
    for section in target.layout.sections:
        fields = [f for f in section.fields if f.name not in seen and editable(visit.signed_in, f)]
        seen |= {field.name for field in fields}
        if fields:
            yield section, tuple(fields)


def form_fields(visit: Visit, target: ObjectType) -> tuple[Field, ...]:
    """The fields of the form."""
    return tuple(field for _, fields in form_sections(visit, target) for field in fields)


def read_entries(visit: Visit, fields: tuple[Field, ...]) -> Entries:
    """What the request's form holds for these fields; an input which was not sent counts as unchanged."""
    form = visit.exchange.form
    was = _read_was(str(form.get(WAS, "")))
    sent = {field.name: _last(form.getlist(field.name)) for field in fields if field.name in form}
    return Entries(now=sent, was=was)


def write_was(texts: Mapping[str, str]) -> str:
    """The texts of a form as its hidden `_was`."""
    return msgspec.json.encode(texts).decode()


def sections_of(
    visit: Visit, target: ObjectType, texts: Mapping[str, str], problem: Problem | None
) -> tuple[FormSection, ...]:
    """The inputs with these texts, and beside each what the problem says of it."""
    errors = _by_field(problem)
    wrong = next((field.name for field in form_fields(visit, target) if field.name in errors), None)
    first = wrong or next((field.name for field in form_fields(visit, target)), None)

    def one(field: Field) -> Input:
        text = texts.get(field.name, "")
        return edit(Edited(
            field=field, text=text, title=title_for(visit, field, text), reader=visit.reader,
            errors=tuple(visit.reader.said(detail.message) for detail in errors.get(field.name, ())),
            autofocus=field.name == first,
        ))  # fmt: skip

    return tuple(
        FormSection(
            label=section.label.text(visit.reader.language),
            columns=section.columns,
            inputs=tuple(map(one, fields)),
        )
        for section, fields in form_sections(visit, target)
    )


def title_for(visit: Visit, field: Field, text: str) -> str:
    """The title of the record whose id a look-up's input holds; "" for other fields."""
    return (linked_title(visit, field.target, text) or "") if field.target and text else ""


def complaints(visit: Visit, target: ObjectType, problem: Problem | None) -> tuple[Complaint, ...]:
    """Everything a save refused, for the summary above the form."""
    if problem is None:
        return ()
    if not problem.details:
        return (Complaint(at="", label="", message=visit.reader.said(problem.message)),)
    fields = {field.name: field for field in form_fields(visit, target)}

    def one(detail: Detail) -> Complaint:
        field = fields.get(detail.field or "")
        label = field.label.text(visit.reader.language) if field else ""
        message = visit.reader.said(detail.message)
        return Complaint(at=f"field-{field.name}" if field else "", label=label, message=message)

    return tuple(one(detail) for detail in problem.details)


def _by_field(problem: Problem | None) -> dict[str, list[Detail]]:
    found: dict[str, list[Detail]] = {}
    for detail in problem.details if problem else ():
        found.setdefault(detail.field or "", []).append(detail)
    return found


def _read_was(text: str) -> Mapping[str, str]:
    try:
        return cast("Mapping[str, str]", msgspec.json.decode(text, type=dict[str, str]))
    except msgspec.DecodeError:
        return {}


def _last(values: Sequence[object]) -> str:
    """A checkbox comes with a hidden "false" before it: the last value counts. Lines end with a line feed."""
    return str(values[-1]).replace("\r\n", "\n")
