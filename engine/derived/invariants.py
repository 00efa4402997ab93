"""Pass: what must hold of the records that a save touched, asked when everything has followed and is locked.

Of a batch that stands alone after it is written; of several together when all are, for only then do splits
that were changed one by one come to a hundred again. What is refused is said at the rows that made it so: at
the field they gave, where that was rolled up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.actor import SYSTEM_SET
from engine.codec import boolean_form, id_form
from engine.derived.changes import NOWHERE
from engine.derived.guarded import guarded
from engine.joins import Joins
from engine.policy import policy_of
from engine.save.after import OutOfReach, batch_problem
from engine.save.work import Kind, row_problem
from engine.statement import Statement, among_ids, compile_statement, id_list
from formula.expr import Call, references
from formula.types import BOOLEAN
from metadata.catalog import FieldPath
from metadata.derivation import Rollup
from metadata.rule import invariants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.derived.changes import Places
    from engine.mutation import Mutation
    from engine.problem import Problem
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import ObjectType
    from metadata.rule import Invariant


def check_invariants(work: Work) -> None:
    """Refuse rows that leave a record in a state that must not be.

    Raises `OutOfReach` if the batch is partial, else the batch's `Problem`; nothing where it is asked later.
    """
    if not (work.written and guarded(work.release)):
        return
    if work.later is not None:
        work.later.append(work)
    elif refused := _refused(work):
        raise refused


def check_together(mutations: Sequence[Mutation], works: Sequence[Work]) -> Iterator[tuple[int, Problem]]:
    """The Problems of batches that were written in one transaction, with their places among `mutations`."""
    places = {id(mutation): place for place, mutation in enumerate(mutations)}
    for work in works:
        refused = _refused(work)
        if refused is not None:
            assert not isinstance(refused, OutOfReach), "batches that are stored together are stored whole"
            yield places[id(work.mutation)], refused


def _refused(work: Work) -> Problem | OutOfReach | None:
    for target in guarded(work.release):
        reached = _reached(work, target)
        if reached:
            for record, broken in _broken(work, target, reached):
                _refuse(work, target, record, broken, reached[record])
    refused = [row for row in work.rows if row.problem or row.details]
    new = [row for row in refused if any(detail.code == codes.INVARIANT_BROKEN.id for detail in row.details)]
    if not new:
        return None
    if work.mutation.partial:
        return OutOfReach({row.place: problem for row in new if (problem := row_problem(row))})
    return batch_problem(refused, len(work.rows))


def _reached(work: Work, target: ObjectType) -> dict[str, Places]:
    """The records of an object that were written, or whose derived values were computed."""
    places = {id(row): frozenset((row.place,)) for row in work.rows}
    reached = {
        row.id: places.get(id(row), NOWHERE)
        for written, row in work.written
        if written is target and row.kind is not Kind.DELETED
    }
    for changes in work.changes:
        for record, touched in changes.records.get(target.id, {}).items():
            reached[record] = reached.get(record, NOWHERE) | touched.causes
    return reached


def _broken(work: Work, target: ObjectType, reached: Mapping[str, Places]) -> Iterator[tuple[str, Invariant]]:
    declared = invariants(target)
    shape = ("invariants", target.id)
    statement = work.release.statements.get(shape, lambda: _build(work.release, target, declared))
    ids = id_list(sorted(reached), work.release.dialect)
    for record, *flags in statement.rows(work.connection, {**work.reader.given, "ids": ids}):
        yield from ((record, each) for each, broken in zip(declared, flags, strict=True) if broken)


def _build(release: Release, target: ObjectType, declared: Sequence[Invariant]) -> Statement:
    """The live ones of the records `ids` of which something does not hold, and what."""
    joins = Joins(release, policy_of(release, (SYSTEM_SET,)), target)
    broken = [_condition(release, joins, each) for each in declared]
    identity = joins.column(FieldPath(field=target.fields["id"])).element
    alive = joins.column(FieldPath(field=target.fields["deleted_at"])).element.is_(None)
    flags = (sa.func.coalesce(each, sa.false()).label(f"b{n}") for n, each in enumerate(broken))
    rows: sa.Select[Any] = sa.select(identity, *flags).select_from(joins.source)
    chosen = rows.where(among_ids(identity, "ids", release.dialect), alive, sa.or_(*broken)).order_by(
        identity
    )
    truth = boolean_form(release.dialect).decode
    return compile_statement(
        chosen, release.dialect, [id_form(release.dialect).decode, *(truth for _ in declared)]
    )


def _condition(release: Release, joins: Joins, each: Invariant) -> sa.ColumnElement[bool]:
    """That it is broken: false, and not only unknown, of a record of which it must hold."""
    denied = Call(function=release.language.functions["NOT"], arguments=(each.holds.expr,), type=BOOLEAN)
    conditions = [joins.condition(denied)]
    if each.when is not None:
        conditions.append(joins.condition(each.when.expr))
    return sa.and_(*conditions)


def _refuse(work: Work, target: ObjectType, record: str, broken: Invariant, places: Places) -> None:
    """Say it at the rows behind it; where nobody knows them, at all that were written."""
    written = [row for row in work.rows if row.problem is None]
    rows = [row for row in written if row.place in places] or written
    for row in rows:
        own = target is work.object and row.id == record
        at = (broken.at.name if broken.at else None) if own else _given(work, broken, row)
        row.refuse(codes.INVARIANT_BROKEN, broken.message.text(work.actor.language), at=at, hint="")


def _given(work: Work, broken: Invariant, row: Row) -> str | None:
    """The field of a row that was rolled up to what must hold, if it is one of its own."""
    if row.kind in (Kind.DELETED, Kind.RESTORED):
        return None
    for reference in references(broken.holds.expr):
        path = reference.key
        rollup = path.field.derivation if isinstance(path, FieldPath) else None
        if isinstance(rollup, Rollup) and rollup.link.object is work.object:
            own = rollup.value is not None and not rollup.value.links and not rollup.value.field.sort.computed
            return rollup.value.field.name if own and rollup.value else rollup.link.name
    return None
