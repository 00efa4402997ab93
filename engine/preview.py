"""What a save would say to a form not saved yet: which fields show, must be filled, take which options.

It runs the passes of the save that judge, on the record as the form has it, and writes and locks nothing. The
form only previews; the save decides. Called by `Session.preview`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.save.before import read_before, read_shown
from engine.save.choices import choices
from engine.save.conditions import check_conditions, guards
from engine.save.moves import Way, declared_moves, ways
from engine.save.panels import hidden, panels
from engine.save.pipeline import JUDGED
from engine.save.sheet import sheet
from engine.save.work import OPEN, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.matching.match import Match
    from engine.problem import Detail
    from engine.save.work import Row, Work
    from metadata.catalog import Field, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How one field of a form stands.

    `read_only` also says that the actor may not write the field, or nobody may. `options` are the codes that
    may be chosen now (None: no picklist); `refused` is what the save would say at the field. `value` is what
    would be kept: what the form has, converted, or the default where it has nothing.
    """

    visible: bool
    required: bool
    read_only: bool
    options: frozenset[str] | None
    refused: tuple[Detail, ...]
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The states of the fields that the actor may read, by name.

    `hidden` are the ids of the layout's sections that are not shown; `refused` is what the save would say at
    no field, or at one that is not among them. `ways` are the declared moves of each picklist that the actor
    may read, by code. `matches` are records that may be the same thing, as far as she learns of them.
    """

    fields: Mapping[str, State]
    hidden: frozenset[str]
    refused: tuple[Detail, ...]
    ways: Mapping[str, Mapping[str, Way]]
    matches: tuple[Match, ...] = ()

    def __getitem__(self, name: str) -> State:
        """The state of the field called `name`."""
        return self.fields[name]


def preview(work: Work) -> Preview:
    """How the one record of `work` would stand if it were saved as given.

    Raises `Problem`: there is no such record, or the actor may not create or change it.
    """
    (row,) = work.rows
    read_before(work)
    for step in JUDGED:
        step(work)
    if row.problem is not None:
        raise row.problem
    return _preview(work, row)


def standing(work: Work) -> Preview:
    """How the one record of `work` stands as it is saved, for whoever may read it.

    Reads it only if something depends on its values. Raises `Problem`: there is no such record.
    """
    (row,) = work.rows
    if _depends(work):
        read_shown(work)
        if row.problem is not None:
            raise row.problem
        check_conditions(work)
    return _preview(work, row)


def _depends(work: Work) -> bool:
    release, target = work.release, work.object
    conditions = guards(release, target).conditions or panels(release, target).sections
    return bool(conditions or choices(release, target) or target.record_types or target.processes)


def _preview(work: Work, row: Row) -> Preview:
    fields = (field for field in work.object.fields.values() if not field.retired)
    found = ways(work, row)
    needed = frozenset(field for _, move in declared_moves(work, row) for field in move.require)
    states = {
        field.name: _state(work, row, field, field in needed, found.get(field.name, {}))
        for field in fields
        if work.policy.readable(field)
    }
    rest = tuple(detail for detail in row.details if detail.field not in states)
    open_ = {name: each for name, each in found.items() if name in states}
    told = tuple(match for match in row.matches if match.told)
    return Preview(fields=states, hidden=hidden(work, row), refused=rest, ways=open_, matches=told)


def _state(work: Work, row: Row, field: Field, needed: bool, moves: Mapping[str, Way]) -> State:
    known = row.states.get(field.name, OPEN)
    writable = field.name in sheet(work.release, work.object).fields and work.policy.editable(field)
    required = known.required or field.required or needed
    return State(
        visible=known.visible,
        required=known.visible and required,
        read_only=known.read_only or not writable,
        options=_options(work, row, field, moves),
        refused=tuple(detail for detail in row.details if detail.field == field.name),
        value=row.after.get(field.name),
    )


def _options(work: Work, row: Row, field: Field, moves: Mapping[str, Way]) -> frozenset[str] | None:
    """What may be chosen: what goes with the rest and lies on an open move; and what the record holds."""
    if not field.options:
        return None
    choice = choices(work.release, work.object).get(field.name)
    now = row.before.get(field.name) if row.kind is Kind.UPDATED else None
    kept = now if isinstance(now, tuple) else (now,)

    def is_open(option: Option) -> bool:
        if choice is not None and not choice.allows(option, row.after):
            return False
        if option.code in kept:
            return True
        way = moves.get(option.code)
        return not option.retired and (way is None or not way.refused)

    return frozenset(option.code for option in field.options if is_open(option))
