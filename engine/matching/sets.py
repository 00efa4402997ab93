"""Sets of records that may be the same thing, for a steward to judge; what she parted is not proposed again.

Filled by saves that went through although rules warned, in the same transaction and change set, and by a scan
(`scan.py`). The sets are ordinary records of the platform's objects, made with the system's grants; what a
steward sees of their members her own rights decide.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.actor import system_actor
from engine.codec import id_form
from engine.mutation import Create, Mutation, Nature, Update
from engine.pointing import pointing
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from engine.bench import Bench
    from engine.database import Connection
    from engine.release import Release
    from engine.save.work import Work
    from metadata.duplicate import DuplicateRule

SET, MEMBER = "duplicate_set", "duplicate_set_member"
ENTRY = "duplicates"
OPEN, MERGED, APART = "open", "merged", "not_duplicate"

Named = tuple[str, str]
"""The id of an object and of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Records that a rule takes for the same thing: the first, and those that are like it."""

    rule: DuplicateRule
    score: int
    first: Named
    others: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A set that there is."""

    id: str
    state: str
    members: frozenset[Named]


def suspicions(work: Work) -> list[Suspicion]:
    """What was found of the rows of a batch that is saved, by rule; what is taken back was judged before."""
    if work.mutation.nature is not Nature.ORDINARY:
        return []
    saved = {row.id for row in work.sound(Kind.CREATED, Kind.UPDATED, Kind.RESTORED)}
    found = []
    for row in work.rows:
        by_rule = defaultdict(list)
        for match in row.matches if row.id in saved else ():
            if match.place is None or match.record in saved:
                by_rule[match.rule].append(match)
        for rule, matches in by_rule.items():
            others = tuple((match.target.id, match.record) for match in matches)
            score = max(match.score for match in matches)
            found.append(Suspicion(rule=rule, score=score, first=(work.object.id, row.id), others=others))
    return found


def note(bench: Bench, connection: Connection, found: Sequence[Suspicion], change_set: str) -> int:
    """Put suspected records into sets, open ones that know some of them, or new ones; returns how many sets.

    Records that a steward has parted are left out.
    """
    objects = bench.release.catalog.objects
    if not found or SET not in objects or MEMBER not in objects:
        return 0
    sets = known_sets(connection, bench.release, {each for one in found for each in (one.first, *one.others)})
    made: list[tuple[Create, Suspicion]] = []
    members: list[Create] = []
    for one in found:
        others = [each for each in one.others if not _parted(sets, one.first, each)]
        if others:
            _place(bench, sets, one, {one.first, *others}, made, members)
    door = bench.acting(system_actor(zone=bench.actor.zone))
    for name, changes in ((SET, [create for create, _ in made]), (MEMBER, members)):
        if changes:
            mutation = Mutation(
                object=objects[name], changes=tuple(changes), entry=ENTRY, automation=False, answer=False
            )
            door.save(connection, mutation, change_set)
    return len(made)


def settle(bench: Bench, connection: Connection, survivor: Named, change_set: str) -> None:
    """Close the open sets of which a merge has left its survivor alone."""
    objects = bench.release.catalog.objects
    if SET not in objects or MEMBER not in objects:
        return
    left = (each for each in known_sets(connection, bench.release, {survivor}) if each.state == OPEN)
    changes = tuple(Update(id=each.id, values={"state": MERGED}) for each in left if len(each.members) == 1)
    if changes:
        mutation = Mutation(object=objects[SET], changes=changes, entry=ENTRY, automation=False, answer=False)
        bench.acting(system_actor(zone=bench.actor.zone)).save(connection, mutation, change_set)


def _place(
    bench: Bench,
    sets: list[Known],
    one: Suspicion,
    wanted: set[Named],
    made: list[tuple[Create, Suspicion]],
    members: list[Create],
) -> None:
    at = next((n for n, each in enumerate(sets) if each.state == OPEN and each.members & wanted), None)
    if at is None:
        own = one.rule.own.object.name
        values = {"rule": f"{own}.{one.rule.name}", "score": Decimal(one.score), "state": OPEN}
        create = Create(id=bench.ids(), values=values)
        made.append((create, one))
        sets.append(Known(id=str(create.id), state=OPEN, members=frozenset()))
        at = len(sets) - 1
    known = sets[at]
    link = bench.release.catalog.objects[MEMBER].fields["record"]
    targets = {target.id: target for target in bench.release.catalog.objects.values()}
    for object_, record in sorted(wanted - known.members):
        values = {"set": known.id, "record": pointing(link, targets[object_], record)}
        members.append(Create(id=bench.ids(), values=values))
    sets[at] = Known(id=known.id, state=OPEN, members=known.members | wanted)


def _parted(sets: Iterable[Known], one: Named, other: Named) -> bool:
    return any(each.state == APART and {one, other} <= each.members for each in sets)


def known_sets(connection: Connection, release: Release, records: Collection[Named]) -> list[Known]:
    """The sets that any of these records is in, with all their members; one statement."""
    statement = release.statements.get(("duplicate sets",), lambda: _reading(release))
    ids = id_list(sorted({record for _, record in records}), release.dialect)
    codes = {target.table: target.id for target in release.catalog.objects.values()}
    found: dict[tuple[str, str], set[Named]] = defaultdict(set)
    for set_, state, code, record in statement.rows(connection, {"ids": ids}):
        if code in codes and record is not None:
            found[set_, state].add((codes[code], record))
    return [Known(id=set_, state=state, members=frozenset(held)) for (set_, state), held in found.items()]


def parted(connection: Connection, release: Release, records: Collection[Named]) -> list[frozenset[Named]]:
    """What a steward has said to be different things, of the sets that any of these records is in."""
    if SET not in release.catalog.objects or not records:
        return []
    return [each.members for each in known_sets(connection, release, records) if each.state == APART]


def _reading(release: Release) -> Statement:
    dialect = release.dialect
    set_, member = (release.table(release.catalog.objects[name]) for name in (SET, MEMBER))
    named, rows = member.table.alias(), member.table.alias()
    code = member.kept["record"].parts["object"].column.name
    record = member.kept["record"].parts["id"].column.name
    link = member.kept["set"].value.column.name
    state = set_.table.c[set_.kept["state"].value.column.name]
    mine = sa.select(named.c[link]).where(
        among_ids(named.c[record], "ids", dialect), named.c.deleted_at.is_(None)
    )
    chosen = (set_.table.c.id, state, rows.c[code], rows.c[record])
    found = (
        sa.select(*chosen)
        .join_from(set_.table, rows, rows.c[link] == set_.table.c.id)
        .where(set_.table.c.deleted_at.is_(None), rows.c.deleted_at.is_(None), set_.table.c.id.in_(mine))
        .order_by(set_.table.c.id)
    )
    decode = id_form(dialect).decode
    return compile_statement(found, dialect, [decode, None, None, decode])
