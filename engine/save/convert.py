"""Pass: turn what was given into values of the fields, collecting every refusal.

A name that does not exist and a field hidden from the writer are refused alike; a field she may only read,
and one that is computed, each with its own code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine import codes
from engine.fields.contract import FieldType
from engine.problem import Refusal
from engine.save.sheet import sheet
from engine.save.work import Kind

if TYPE_CHECKING:
    from engine.save.work import Row, Work
    from metadata.catalog import Field


def convert(work: Work) -> None:
    """Put the given values into `after`."""
    writable = sheet(work.release, work.object).fields
    zone = work.actor.zone
    for row in work.standing(Kind.CREATED, Kind.UPDATED):
        for name, raw in row.given.items():
            field = writable.get(name)
            if field is None or not work.policy.editable(field):
                _refuse(work, row, name)
                continue
            try:
                row.after[name] = cast(FieldType, field.sort).convert(raw, zone)
            except Refusal as refusal:
                row.details.append(refusal.detail(name, row.place))


def _refuse(work: Work, row: Row, name: str) -> None:
    field: Field | None = work.object.fields.get(name)
    if field is None or field.retired or not work.policy.readable(field):
        row.refuse(
            codes.UNKNOWN_FIELD, f"{work.object.name} has no field {name!r} that you may use.", at=name
        )
    elif field.formula is not None:
        row.refuse(codes.COMPUTED, f"{name} is computed.", at=name)
    else:
        row.refuse(codes.READ_ONLY, f"You may read {name} but not write it.", at=name)
