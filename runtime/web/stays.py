"""Cells of the history of stages: labels in place of codes, and lengths of time in words.

A stay holds the code of its stage and the first name of its picklist; what people call them, the record's own
object knows. Called by `display.py` for every list that shows stays.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.fields.any_lookup import object_of
from metadata.catalog import FieldPath, stages
from metadata.record_type import STAGE_HISTORY
from runtime.web.cell import Cell, tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.record import Record
    from metadata.catalog import Field
    from runtime.web.reader import Reader

RECORD, PICKLIST, DURATION = "record", "picklist", "duration"
CODES = frozenset({"stage", "came_from"})
SHOWN = CODES | {PICKLIST, DURATION}

HOUR, DAY = 3_600, 86_400


def is_stay(path: FieldPath) -> bool:
    """Whether the path shows something of a stay that has a cell of its own."""
    return path.field.object.name == STAGE_HISTORY and not path.links and path.field.name in SHOWN


def needed(paths: Sequence[FieldPath]) -> tuple[FieldPath, ...]:
    """What else is to be fetched, so that these paths can be shown."""
    own = next((path.field.object for path in paths if is_stay(path)), None)
    if own is None:
        return ()
    wanted = (FieldPath(field=own.fields[name]) for name in (RECORD, PICKLIST))
    return tuple(path for path in wanted if path not in paths)


def stay_cell(path: FieldPath, record: Record, reader: Reader) -> Cell | None:
    """The cell; None where the value is shown as any other is."""
    value = record.values.get(path.field.name)
    if value is None:
        return None
    if path.field.name == DURATION:
        return Cell(kind="text", text=_length(Decimal(str(value)), reader), end=True)
    picklist = _picklist(path.field, record)
    if picklist is None:
        return None
    if path.field.name == PICKLIST:
        return Cell(kind="text", text=picklist.label.text(reader.language))
    option = picklist.option(str(value))
    if option is None:
        return None
    return Cell(kind="badge", text=option.label.text(reader.language), tone=tone(option.color))


def _picklist(field: Field, record: Record) -> Field | None:
    about = object_of(str(record.values.get(RECORD) or "/"))
    whole = field.object.fields[RECORD].other(about)
    column = record.values.get(PICKLIST)
    return next((one for one in stages(whole) if one.column == column), None) if whole is not None else None


def _length(seconds: Decimal, reader: Reader) -> str:
    """The two largest of days, hours and minutes."""
    whole = int(seconds)
    if whole >= DAY:
        return reader.text("record.days_hours", days=whole // DAY, hours=whole % DAY // HOUR)
    return reader.text("record.hours_minutes", hours=whole // HOUR, minutes=whole % HOUR // 60)
