"""What was typed into a form: the values that changed, and what a save refused of them.

A form carries in `_was` what its inputs held when it was opened. So only what the reader changed is written,
and when somebody else saved meanwhile, it is known who changed what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec

from runtime.web.form import Complaint
from runtime.web.posted import posted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import FieldType
    from engine.problem import Detail, Problem
    from metadata.catalog import Field
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


def read_entries(visit: Visit, fields: tuple[Field, ...], before: str = "") -> Entries:
    """What the request's form holds for these fields; an input which was not sent counts as unchanged.

    `before` begins the names of the inputs.
    """
    form = visit.exchange.form
    sent = {field.name: posted(cast("FieldType", field.sort), form, before + field.name) for field in fields}
    now = {name: text for name, text in sent.items() if text is not None}
    return Entries(now=now, was=read_was(str(form.get(before + WAS, ""))))


def write_was(texts: Mapping[str, str]) -> str:
    """The texts of a form as its hidden `_was`."""
    return msgspec.json.encode(texts).decode()


def read_was(text: str) -> Mapping[str, str]:
    """The texts of a hidden `_was`; none where it is damaged."""
    try:
        return cast("Mapping[str, str]", msgspec.json.decode(text, type=dict[str, str]))
    except msgspec.DecodeError:
        return {}


def errors_of(
    visit: Visit, problem: Problem | None, mutation: int = 0, row: int = 0
) -> dict[str, tuple[str, ...]]:
    """What a save refused at each field of one row, in the reader's language."""
    found: dict[str, tuple[str, ...]] = {}
    for detail in problem.details if problem else ():
        if detail.field and (detail.mutation or 0, detail.row or 0) == (mutation, row):
            found[detail.field] = (*found.get(detail.field, ()), visit.reader.said(detail.message))
    return found


def complaints(visit: Visit, fields: tuple[Field, ...], problem: Problem | None) -> tuple[Complaint, ...]:
    """Everything a save refused of one record, for the summary above the form."""
    if problem is None:
        return ()
    said = visit.reader.said
    if not problem.details:
        return (Complaint(at="", label="", message=said(problem.message)),)
    named = {field.name: field for field in fields}

    def one(detail: Detail) -> Complaint:
        field = named.get(detail.field or "")
        label = field.label.text(visit.reader.language) if field else ""
        return Complaint(at=f"at-{field.name}" if field else "", label=label, message=said(detail.message))

    return tuple(one(detail) for detail in problem.details if not detail.mutation)
