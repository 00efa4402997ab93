"""Looking for duplicates among all records: those that share a match key are compared as the save compares.

Goes through the keys in their order, some hundreds at a time, each batch in a short transaction of its own;
the last key it looked at is where it goes on. Keys are digests, so their order says nothing of the records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.codec import id_form
from engine.matching.candidates import read_candidates
from engine.matching.check import watched
from engine.matching.kept import MOST_SHARING, match_table
from engine.matching.sets import Suspicion, note
from engine.statement import Statement, compile_statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.bench import Bench
    from engine.database import Connection
    from engine.matching.candidates import Candidate
    from engine.matching.keys import Keyed
    from engine.release import Release
    from metadata.catalog import ObjectType

FIRST = "00000000-0000-0000-0000-000000000000"
BATCH = 500
"""Keys that several records share, looked at in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """Where a scan has come to: the last key, how many it looked at, how many sets it made."""

    last: str = FIRST
    keys: int = 0
    sets: int = 0
    done: bool = False


def scan(
    bench: Bench,
    connection: Connection,
    so_far: Scanned,
    change_set: str,
    only: ObjectType | None = None,
) -> Scanned:
    """Look at the next keys in the open transaction; `only` keeps to the rules of one object.

    To be called until it is `done`.
    """
    shared = _shared(connection, bench.release, so_far.last)
    if not shared:
        return Scanned(last=so_far.last, keys=so_far.keys, sets=so_far.sets, done=True)
    found = list(_suspicions(bench, connection, shared, only))
    made = note(bench, connection, found, change_set)
    return Scanned(last=max(shared), keys=so_far.keys + len(shared), sets=so_far.sets + made)


def _shared(connection: Connection, release: Release, last: str) -> dict[str, list[tuple[str, str]]]:
    """The next keys that several records have, with the ids of their objects and their own."""
    form = id_form(release.dialect)
    statement = release.statements.get(("match shared",), lambda: _sharing(release))
    found: dict[str, list[tuple[str, str]]] = {}
    for key, object_, record in statement.rows(
        connection, {"last": form.encode(last) if form.encode else last}
    ):
        held = found.setdefault(key, [])
        if len(held) < MOST_SHARING:
            held.append((object_, record))
    return found


def _sharing(release: Release) -> Statement:
    form, table = id_form(release.dialect), match_table(release.dialect)
    several = (
        sa.select(table.c.key)
        .where(table.c.key > sa.bindparam("last", type_=form.type))
        .group_by(table.c.key)
        .having(sa.func.count() > sa.literal_column("1"))
        .order_by(table.c.key)
        .limit(sa.literal_column(str(BATCH)))
        .subquery()
    )
    rows = sa.select(table.c.key, table.c.object, table.c.record).join(several, several.c.key == table.c.key)
    ordered = rows.order_by(table.c.key, table.c.record)
    return compile_statement(ordered, release.dialect, [form.decode, None, form.decode])


def _suspicions(
    bench: Bench, connection: Connection, shared: Mapping[str, list[tuple[str, str]]], only: ObjectType | None
) -> Iterator[Suspicion]:
    targets = {target.id: target for target in bench.release.catalog.objects.values()}
    known = _read(bench, connection, shared, targets)
    for key, records in shared.items():
        held = [
            (each, candidate, keyed)
            for each in records
            if (candidate := known.get(each)) is not None
            for keyed in watched(bench.release, targets[each[0]]).all
            if key in keyed.keys(candidate.values)
        ]
        yield from _alike(held, only)


def _alike(
    held: list[tuple[tuple[str, str], Candidate, Keyed]], only: ObjectType | None
) -> Iterator[Suspicion]:
    """The first record of a key with those that are like it, by the rule that the key is of."""
    while held:
        (first, candidate, keyed), *rest = held
        held = []
        if only is not None and keyed.rule.own.object is not only:
            held = rest
            continue
        alike = []
        for each, other, its in rest:
            score = keyed.likeness(candidate.values, its, other.values) if its.sign == keyed.sign else None
            if score is None:
                held.append((each, other, its))
            else:
                alike.append((each, score))
        if alike:
            best = max(score for _, score in alike)
            yield Suspicion(rule=keyed.rule, score=best, first=first, others=tuple(each for each, _ in alike))


def _read(
    bench: Bench,
    connection: Connection,
    shared: Mapping[str, list[tuple[str, str]]],
    targets: Mapping[str, ObjectType],
) -> dict[tuple[str, str], Candidate]:
    """The living records that share keys, with all that rules compare of them."""
    wanted: dict[str, set[str]] = {}
    for object_, record in (each for records in shared.values() for each in records):
        if object_ in targets and not targets[object_].retired:
            wanted.setdefault(object_, set()).add(record)
    found: dict[tuple[str, str], Candidate] = {}
    for object_, ids in wanted.items():
        target = targets[object_]
        fields = tuple(target.fields[name] for name in sorted(watched(bench.release, target).fields))
        read = read_candidates(connection, bench.reader(), target, fields, ids)
        found |= {(object_, id_): candidate for id_, candidate in read.items()}
    return found
