"""Pass: turn what was given into values of the fields, collecting every refusal.

A name that does not exist and a field hidden from the writer are refused alike; a field she may only read,
and one that is computed, each with its own code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine import codes
from engine.fields.contract import FieldType
from engine.naming import unknown_hint, unknown_message
from engine.problem import Refusal
from engine.save.sheet import sheet
from engine.save.work import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    from engine.save.work import Row, Work
    from metadata.catalog import Field

    Converter = Callable[[object, tzinfo], Any]


def convert(work: Work) -> None:
    """Put the given values into `after`."""
    converters, zone = _converters(work), work.actor.zone
    for row in work.standing(Kind.CREATED, Kind.UPDATED):
        after = row.after
        for name, raw in row.given.items():
            if (read := converters.get(name)) is None:
                _refuse(work, row, name)
                continue
            try:
                after[name] = read(raw, zone)
            except Refusal as refusal:
                row.details.append(refusal.detail(name, row.place))


def _converters(work: Work) -> Mapping[str, Converter]:
    """How each field that the actor may write takes what is given, from the Release."""
    fields, editable = sheet(work.release, work.object).fields, work.policy.editable
    return work.release.statements.get(
        ("converters", work.object.id, work.policy.key),
        lambda: {n: cast(FieldType, f.sort).convert for n, f in fields.items() if editable(f)},
    )


def _refuse(work: Work, row: Row, name: str) -> None:
    field: Field | None = work.object.fields.get(name)
    if field is None or field.retired or not work.policy.readable(field):
        hint = unknown_hint(work.policy, work.object, name)
        row.refuse(codes.UNKNOWN_FIELD, unknown_message(work.object, name), at=name, hint=hint)
    elif field.sort.computed:
        row.refuse(codes.COMPUTED, "{field} is computed.", at=name, field=name)
    elif name == "owner" and work.object.master:
        row.refuse(codes.FOLLOWS_PARENT, "{field} follows the parent.", at=name, field=name)
    elif cast(FieldType, field.sort).series:
        row.refuse(codes.NUMBERED, "{field} is given by the system.", at=name, field=name)
    else:
        row.refuse(codes.READ_ONLY, "You may read {field} but not write it.", at=name, field=name)
