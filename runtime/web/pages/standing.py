"""What the conditions of an object say of one record, saved or still being typed: see `engine.preview`.

Where an object has no conditions, nothing is asked and all stands open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.problem import Problem
from formula.expr import Formula

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.preview import State
    from engine.record import Record
    from engine.save.moves import Way
    from metadata.catalog import Field, ObjectType, Section
    from runtime.web.pages.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`states` are those of fields by name, none for what has no say; `sections` are ids of hidden ones;
    `ways` are declared moves, by picklist and code.
    """

    states: Mapping[str, State] = field(default_factory=dict)
    sections: frozenset[str] = frozenset()
    ways: Mapping[str, Mapping[str, Way]] = field(default_factory=dict)

    def visible(self, field: Field) -> bool:
        """Whether the field can be seen."""
        state = self.states.get(field.name)
        return state is None or state.visible

    def required(self, field: Field) -> bool:
        """Whether the field must be filled."""
        state = self.states.get(field.name)
        return field.required if state is None else state.required

    def read_only(self, field: Field) -> bool:
        """Whether the field cannot be changed now."""
        state = self.states.get(field.name)
        return state is not None and state.read_only

    def offered(self, field: Field) -> frozenset[str] | None:
        """The codes that a picklist may hold now; None where nothing narrows them."""
        state = self.states.get(field.name)
        return None if state is None else state.options

    def value(self, field: Field) -> Any:
        """What would be kept in the field, a computed default for instance; None where nothing is known."""
        state = self.states.get(field.name)
        return None if state is None else state.value

    def way(self, field: Field, code: str) -> Way | None:
        """What stands in the way of making a picklist this; None where no move is declared."""
        return self.ways.get(field.name, {}).get(code)

    def shows(self, section: Section) -> bool:
        """Whether the section can be seen."""
        return section.id not in self.sections


OPEN = Standing()


def standing(
    visit: Visit, target: ObjectType, id_: str | None, values: Mapping[str, object] | None, source: str = ""
) -> Standing:
    """How the fields stand for a record with these values of a form; `id_` is None for a new one.

    None in place of values asks about the record as it is saved. `source` is the id of the record that a new
    one is a copy of.
    """
    try:
        found = visit.signed_in.preview(target, id_, values, copied_from=source or None)
    except Problem as problem:
        if problem.status in (403, 404):
            return OPEN
        raise
    return Standing(states=found.fields, sections=found.hidden, ways=found.ways)


def standing_of(visit: Visit, record: Record) -> Standing:
    """How the fields of a saved record stand."""
    if not has_conditions(record.object):
        return OPEN
    return standing(visit, record.object, record.id, None)


def has_conditions(target: ObjectType) -> bool:
    """Whether what a form shows, demands or offers depends on what is typed into it."""
    layouts = (target.layout, *(kind.layout for kind in target.record_types.values()))
    fields = [one for one in target.fields.values() if not one.retired]
    return (
        bool(target.record_types)
        or bool(target.processes)
        or any(section.visible for layout in layouts for section in layout.sections)
        or any(one.depends_on is not None for one in fields)
        or any(c.visible or c.required or c.read_only for c in (one.conditions for one in fields))
    )


def computes_defaults(target: ObjectType) -> bool:
    """Whether a formula fills fields of new records."""
    return any(isinstance(one.default, Formula) for one in target.fields.values() if not one.retired)
