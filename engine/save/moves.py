"""The moves of a picklist that a process allows; `check_values` refuses by it, a preview offers by it.

Which process holds depends on the record type that the record is to have. Only an update moves: a new record
may start anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.save.work import Kind
from engine.sentence import said
from metadata.catalog import process_for
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from engine.save.work import Row, Work
    from metadata.catalog import Field, Move, Option, Process


def check_move(work: Work, row: Row) -> None:
    """Refuse a move that is not open, and one that lacks a field it requires."""
    process, move = process_of(work, row), declared_move(work, row)
    if process is None or move is None:
        return
    language = work.actor.language
    field, before = process.field, row.before.get(process.field.name)
    if _closed(move, before):
        row.refuse(
            codes.MOVE_REFUSED,
            "{field} cannot become {option} from here.",
            at=field.name,
            hint=_open_moves(process, before, language),
            field=field.label.text(language),
            option=move.to.label.text(language),
        )
    for needed in move.require:
        if row.after.get(needed.name) is None:
            row.refuse(
                codes.MOVE_REFUSED,
                "{field} is needed for this move.",
                at=needed.name,
                hint="Give a value.",
                field=needed.label.text(language),
            )


def process_of(work: Work, row: Row) -> Process | None:
    """The process of the record type that the record is to have."""
    return process_for(work.object, row.after.get(RECORD_TYPE))


def declared_move(work: Work, row: Row) -> Move | None:
    """The declared move that an update makes, or None: it makes none, or a free one."""
    process = process_of(work, row)
    if process is None or row.kind is not Kind.UPDATED or not row.changed(process.field.name):
        return None
    return process.moves.get(row.after.get(process.field.name) or "")


def move_refused(work: Work, row: Row, field: Field, option: Option) -> bool:
    """Whether an update may not move `field` to the option from where the record stands."""
    process = process_of(work, row)
    if process is None or process.field is not field or row.kind is not Kind.UPDATED:
        return False
    move = process.moves.get(option.code)
    return move is not None and _closed(move, row.before.get(field.name))


def _closed(move: Move, before: str | None) -> bool:
    return move.sources is not None and before not in {option.code for option in move.sources}


def _open_moves(process: Process, before: str | None, language: str) -> str:
    """Where the record may go from where it is, for a hint."""
    closed = {code for code, move in process.moves.items() if _closed(move, before)}
    options = (o for o in process.field.options if o.code not in {before, *closed} and not o.retired)
    names = ", ".join(option.label.text(language) for option in options)
    return said("From here it may become: {names}.", names=names) if names else "It cannot change any more."
