"""A single field of a saved record that is edited where it stands: in a list's cell, or on the record's page.

What both places do with it – find, read, ask for, save – is here; what they show around it is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from engine.codes import NOT_FOUND
from engine.mutation import Mutation, Update
from engine.problem import Problem
from metadata.catalog import FieldPath
from runtime.web.display import with_currencies
from runtime.web.pages.entries import read_entries
from runtime.web.pages.inputs import Filling, inputs_for
from runtime.web.pages.rights import editable, may
from runtime.web.pages.standing import standing_of
from runtime.web.pages.target import ENTRY, record_id, target_of, version_of
from runtime.web.posted import raw

if TYPE_CHECKING:
    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.input import Input
    from runtime.web.pages.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleField:
    """The field of the record in the path."""

    visit: Visit
    target: ObjectType
    field: Field

    def record(self) -> Record:
        """The record with the field, and the currency where it is an amount. Raises Problem 404."""
        session = self.visit.signed_in
        paths = with_currencies((FieldPath(field=self.field),), session.policy.sees)
        return session.get(self.target, record_id(self.visit), paths)

    def typed(self, record: Record) -> str:
        """The value that is saved, as one would type it."""
        kind = cast("FieldType", self.field.sort)
        return raw(kind, record.values.get(self.field.name), self.visit.reader)

    def posted(self) -> str:
        """What the request's form holds for the field."""
        return read_entries(self.visit, (self.field,)).now.get(self.field.name, "")

    def save(self, text: str) -> None:
        """Save the field alone, if the record is still what the form was made from. Raises Problem."""
        visit = self.visit
        change = Update(id=record_id(visit), values={self.field.name: text}, version=version_of(visit))
        visit.signed_in.apply(Mutation(object=self.target, changes=(change,), entry=ENTRY, answer=False))

    def input(self, record: Record, text: str, messages: tuple[str, ...] = ()) -> Input:
        """The input with a text in it and what is wrong with that; it has the focus."""
        filling = Filling(
            texts={self.field.name: text}, record=record, standing=standing_of(self.visit, record),
            errors={self.field.name: messages} if messages else {}, focused=self.field.name,
        )  # fmt: skip
        (made,) = inputs_for(self.visit, (self.field,), filling)
        return made


def single_of(visit: Visit) -> SingleField:
    """The field that the path names.

    Raises:
        Problem: 404 for one that the reader may not change in any record.
    """
    target = target_of(visit)
    field = target.fields.get(visit.exchange.param("field"))
    if field is None or not editable(visit.signed_in, field) or not may(visit.signed_in, target, "update"):
        raise no_such_field()
    return SingleField(visit=visit, target=target, field=field)


def no_such_field() -> Problem:
    """The refusal of a field that cannot be edited in this place."""
    return Problem(NOT_FOUND, "There is no such field that you may change.", status=404)
