"""What the conditions of an object say of one record, saved or still being typed: see `engine.preview`.

Where no field or section has a condition, nothing is asked and all stands open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.record import Record
    from metadata.catalog import Field, Section
    from runtime.web.pages.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Names of fields that are hidden, must be filled, cannot be changed; ids of sections that are hidden."""

    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()

    def visible(self, field: Field) -> bool:
        """Whether the field can be seen."""
        return field.name not in self.hidden

    def read_only(self, field: Field) -> bool:
        """Whether the field cannot be changed."""
        return field.name in self.fixed

    def shows(self, section: Section) -> bool:
        """Whether the section can be seen."""
        return section.id not in self.sections


OPEN = Standing()


def standing_of(visit: Visit, record: Record) -> Standing:  # noqa: ARG001
    """What the conditions say of a record as it is saved."""
    return OPEN
