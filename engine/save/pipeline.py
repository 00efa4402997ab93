"""The save: its passes, in the order in which they run, and what stands around them.

`save` is called by `Session.apply` inside a writing transaction whose release number was checked. It
answers with the records as their writer may see them, or raises the Problem that undoes the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from engine import codes
from engine.actor import SYSTEM_SET
from engine.changeset import ChangeSet, write_change_set
from engine.derived.following import derive
from engine.derived.invariants import check_invariants
from engine.derived.queueing import queue_up
from engine.files.linking import link_files, note_uses
from engine.ids import canonical_id
from engine.journal import write_entries
from engine.matching.check import check_duplicates, keep_keys
from engine.merging.redirect import end_redirects, follow_redirects
from engine.mutation import Create, Delete, Nature, Restore, Result, Update
from engine.problem import Problem
from engine.save.after import decide_after, decide_written, hold, judge
from engine.save.amounts import follow_amounts, revalue_amounts
from engine.save.before import missing, read_before
from engine.save.check import check_pointing, check_values, follow_owner
from engine.save.choices import check_choices
from engine.save.closed import refuse_closed
from engine.save.conditions import check_conditions
from engine.save.convert import convert
from engine.save.defaults import fill_defaults, keep_books
from engine.save.distinct import check_distinct
from engine.save.facts import gather
from engine.save.moves import check_moves
from engine.save.numbers import take_numbers
from engine.save.organisation import keep_organisation, refuse_rings
from engine.save.parents import follow_parent, hand_down
from engine.save.removal import remove
from engine.save.revival import check_revived, revive
from engine.save.rules import check_rules
from engine.save.several import refuse_several
from engine.save.stages import keep_stages, write_stages
from engine.save.stale import check_version
from engine.save.tree import keep_trees
from engine.save.work import SOURCE, Kind, Row, Work, row_problem
from engine.save.write import write, write_derived
from engine.search.documents import keep_documents
from engine.secrets.seal import seal
from engine.singleton import ENTRY, singleton_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.mutation import Change
    from engine.record import Record


def record(work: Work) -> None:
    """Pass: the change set and the journal, in the transaction of the change."""
    if not work.entries:
        return
    mutation = work.mutation
    change_set = ChangeSet(
        id=work.change_set,
        at=work.now,
        actor=work.actor.id,
        entry=mutation.entry,
        reason=mutation.reason,
        automation=mutation.automation,
        impersonator=work.actor.impersonator,
    )
    write_change_set(work.connection, work.release, change_set)
    write_entries(work.connection, work.release, work.change_set, work.entries, work.ids, work.now)


JUDGED = (
    convert,
    seal,
    link_files,
    fill_defaults,
    gather,
    follow_redirects,
    follow_owner,
    follow_parent,
    follow_amounts,
    keep_books,
    keep_stages,
    check_conditions,
    check_choices,
    check_values,
    check_moves,
    check_distinct,
    check_rules,
    check_duplicates,
    decide_after,
)
"""What the record is to be and what is wrong with it; nothing is written, so a preview runs these too."""

PASSES = (
    refuse_closed,
    queue_up,
    read_before,
    refuse_several,
    check_version,
    *JUDGED,
    refuse_rings,
    keep_trees,
    hold,
    remove,
    check_revived,
    judge,
    take_numbers,
    write,
    write_stages,
    note_uses,
    hand_down,
    revive,
    end_redirects,
    keep_organisation,
    derive,
    check_invariants,
    keep_documents,
    keep_keys,
    decide_written,
    record,
)


FOUNDING = (
    fill_defaults,
    gather,
    follow_owner,
    follow_amounts,
    keep_books,
    judge,
    take_numbers,
    write,
    derive,
    keep_documents,
    record,
)
"""How the system makes the record of a singleton, whose first writer will be asked for what is required."""


RELINKING = (
    queue_up,
    read_before,
    check_version,
    convert,
    gather,
    follow_parent,
    keep_books,
    check_pointing,
    check_distinct,
    refuse_rings,
    keep_trees,
    remove,
    check_revived,
    judge,
    write,
    hand_down,
    revive,
    end_redirects,
    derive,
    check_invariants,
    keep_documents,
    record,
)
"""How links come to lead elsewhere where records are merged: what depends on them follows, no rule asks."""


REVALUING = (queue_up, read_before, revalue_amounts, write_derived, derive, record)
"""How what amounts are worth follows the rates: nobody's change, so nobody's rules are asked."""


def save(work: Work) -> Result:
    """Run the passes and answer. Raises `Problem` unless the mutation is partial."""
    _read_ids(work)
    _refuse_repeats(work)
    for step in _passes(work):
        step(work)
    saved = _answer(work)
    return Result(
        records=tuple(saved.get(row.id) for row in work.rows),
        problems=tuple(row_problem(row) for row in work.rows),
        change_set=work.change_set,
    )


def _passes(work: Work) -> tuple[Callable[[Work], None], ...]:
    match work.mutation.nature:
        case Nature.REVALUING:
            return REVALUING
        case Nature.RELINKING:
            return RELINKING
        case Nature.ORDINARY | Nature.REVERTING:
            return FOUNDING if _founding(work) else PASSES
        case _:
            assert_never(work.mutation.nature)


def _founding(work: Work) -> bool:
    by_system = SYSTEM_SET in work.actor.permission_sets and work.mutation.entry == ENTRY
    own = singleton_id(work.object) if work.object.singleton and by_system else ""
    return bool(own) and [(row.kind, row.id) for row in work.rows] == [(Kind.CREATED, own)]


def rows_of(changes: tuple[Change, ...], ids: Callable[[], str]) -> list[Row]:
    """The rows of a batch, in its order."""
    return [_row(place, change, ids) for place, change in enumerate(changes)]


def _row(place: int, change: Change, ids: Callable[[], str]) -> Row:
    match change:
        case Create(values=values, id=id_, copied_from=source):
            return Row(
                place=place, kind=Kind.CREATED, id=id_ or ids(), version=None, given=values,
                chosen=bool(id_), copied_from=source,
            )  # fmt: skip
        case Update(id=id_, values=values, version=version):
            return Row(place=place, kind=Kind.UPDATED, id=id_, version=version, given=values)
        case Delete(id=id_, version=version):
            return Row(place=place, kind=Kind.DELETED, id=id_, version=version, given={})
        case Restore(id=id_):
            return Row(place=place, kind=Kind.RESTORED, id=id_, version=None, given={})
        case _:
            assert_never(change)


def _read_ids(work: Work) -> None:
    """Ids that others gave, in canonical form; what is none names no record, and can name no new one."""
    for row in work.rows:
        _read_source(row)
        if row.kind is Kind.CREATED and not row.chosen:
            continue
        if (found := canonical_id(row.id)) is not None:
            row.id = found
        elif row.kind is Kind.CREATED:
            hint = "Send a UUID, or none."
            row.refuse(codes.NOT_AN_ID, "“{raw}” is not an id.", at="id", hint=hint, raw=row.id)
            row.id, row.chosen = work.ids(), False  # so that the other passes can say what else is wrong
        else:
            row.problem = missing(work.object, row.id)


def _read_source(row: Row) -> None:
    if row.copied_from is None:
        return
    given, row.copied_from = row.copied_from, canonical_id(row.copied_from)
    if row.copied_from is None:
        row.refuse(
            codes.NOT_AN_ID, "“{raw}” is not an id.", at=SOURCE, hint="Send a UUID, or none.", raw=given
        )


def _refuse_repeats(work: Work) -> None:
    """A batch says one thing about a record: two would have no order that all readers expect."""
    seen: set[str] = set()
    for row in work.rows:
        if row.id in seen:
            row.problem = Problem(codes.INVALID, "The batch names this record twice.", hint="Send it once.")
        seen.add(row.id)


def _answer(work: Work) -> dict[str, Record]:
    if not work.mutation.answer:
        return {}
    ids = [row.id for row in work.sound(Kind.CREATED, Kind.UPDATED, Kind.RESTORED)]
    if not ids or not work.policy.reads(work.object):
        return {}
    return work.reader.by_ids(work.connection, work.object, None, ids)
