"""What is to be changed: a batch of creates, updates, deletes or restores of one object.

Values are raw input keyed by field name (text of a form, JSON, native values); a save pass converts them.
Built by the entries (API, form, import, flow step), performed by `Session.apply`; one row is a batch of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.problem import Problem
    from engine.record import Record
    from metadata.catalog import ObjectType


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Make a record; `id` is given by a client that worked offline, else the session makes one.

    `copied_from` is the id of the record of the same object that the values were taken from, or None. Values
    are not copied here; the writer must see that record, and formulas learn of it by ISCLONE().
    """

    values: Mapping[str, object]
    id: str | None = None
    copied_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Change fields of a record; without `version` the writer says on purpose that the last write wins."""

    id: str
    values: Mapping[str, object]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Put a record into the recycle bin, with what its `on_delete` links say."""

    id: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Take a record, and what its deletion took along, out of the recycle bin."""

    id: str


Change: TypeAlias = Create | Update | Delete | Restore


class Nature(Enum):
    """What kind of writing a mutation is; `save/pipeline.py` has the passes of each."""

    ORDINARY = auto()
    """What somebody wants: everything is asked."""
    REVERTING = auto()
    """Recorded changes are taken back: moves of a process are judged as the way back. Said by the undo."""
    RELINKING = auto()
    """What points at a record comes to point at another, with the system's eyes, since the actor need not see
    what hangs on what she merges, and past the rules of the records themselves. Said by merging and its undo
    (`engine/merging/`), which have asked what she may.
    """
    REVALUING = auto()
    """No values are named: what amounts are worth follows the rates. Said by `engine/revaluation.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A batch of changes of one object under one change set.

    `entry` names the door (form, api, import, flow, action…). `automation` False starts no flows. With
    `partial`, failing rows are refused with their problems and the others are stored; otherwise all or none.
    Who has no use for the records as they are afterwards asks for no `answer`, which saves reading them.
    `several` says that the records were picked by whoever sends the batch, who then needs the right
    `mass_edit` for more than one; see `save/several.py`.
    `accept_duplicates` says that records are made although others may be the same thing, as rules that only
    warn allow; see `engine/matching/check.py`.
    `nature` says what kind of writing it is; only one module says other than `ORDINARY` of each.
    """

    object: ObjectType
    changes: tuple[Change, ...]
    entry: str
    reason: str = ""
    automation: bool = True
    partial: bool = False
    answer: bool = True
    several: bool = False
    accept_duplicates: bool = False
    nature: Nature = Nature.ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of each change, in the order of the batch.

    `records` are masked like any read, None for a refused or deleted row, and where no
    `answer` was asked for; `problems` are None where all went well.
    """

    records: tuple[Record | None, ...]
    problems: tuple[Problem | None, ...]
    change_set: str
