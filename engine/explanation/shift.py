"""What a change alters for people: who gains or loses which records, which fields become visible or hidden.

The change is of the model (two Releases) or of somebody's permission sets (`Person`). Decisions are compared
first; only where they differ are records counted, with the conditions that will filter them, up to a limit
and for as long as there is time. Nothing is written. Called by `strata plan` and `strata access preview`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action, Always, Following, Member, Never, OwnedBy, StandingIn, Union, Where, Within
from engine.actor import Actor, ActorKind
from engine.codec import id_form
from engine.explanation.case import parts
from engine.explanation.truth import decision
from engine.joins import rules_of
from engine.planner import COUNT_BUDGET
from engine.policy import field_rights, grounds_of
from engine.predicate import actor_params
from engine.standing import Standing, read_standings
from engine.statement import compile_statement
from formula.expr import references
from metadata.catalog import FieldRight, Global, Scope
from metadata.system import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from engine.access import Branch, Decision
    from engine.database import Connection
    from engine.grounds import Grounds
    from engine.physical import Physical
    from engine.release import Release
    from metadata.catalog import Field, ObjectType

ACTIONS = (Action.READ, Action.UPDATE, Action.DELETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user with her department, as she stands and as she will."""

    id: str
    department: str | None
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """For one action on an object: how many people are concerned, and what those looked at gain and lose.

    `gained` and `lost` add up the records of each person, up to the limit of counts. `counted` people were
    looked at; the others' time was over, or the change needs columns that are not there yet.
    """

    object: str
    action: Action
    people: int
    counted: int
    gaining: int = 0
    gained: int = 0
    losing: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unveiling:
    """A field, and for how many people it becomes visible or hidden."""

    object: str
    field: str
    shown: int
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts:
    """All of it."""

    records: tuple[Shift, ...]
    fields: tuple[Unveiling, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """The model before and after, the people, and what counting needs.

    `given` are the parameters of the moment; counting ends when `seconds` says more than `until`.
    """

    old: Release
    new: Release
    people: tuple[Person, ...]
    connection: Connection
    physical: Physical
    given: Mapping[str, object]
    seconds: Callable[[], float]
    until: float


def everybody(connection: Connection, old: Release, new: Release) -> tuple[Person, ...]:
    """The active users, as they stand in the one model and as they will in the other."""
    user = old.catalog.objects[USER]
    table = old.tables[user.id].table.alias()
    active = table.c.active if "active" in user.fields else sa.true()
    rows = sa.select(table.c.id, table.c.department).where(table.c.deleted_at.is_(None), active)
    decode = id_form(old.dialect).decode
    found = compile_statement(rows.order_by(table.c.id), old.dialect, [decode, decode]).rows(connection)
    ids = [id_ for id_, _ in found]
    before = read_standings(connection, old, ids)
    after = before if new is old else read_standings(connection, old, ids, new)
    nothing = Standing()
    return tuple(
        Person(id=id_, department=home, before=before.get(id_, nothing), after=after.get(id_, nothing))
        for id_, home in found
    )


def shifts(change: Change) -> Shifts:
    """What a change alters, object by object; objects that come or go are not told."""
    pairs = [
        (target, change.new.catalog.objects[name])
        for name, target in change.old.catalog.objects.items()
        if name in change.new.catalog.objects and not target.retired and not target.query
    ]
    return Shifts(
        records=tuple(
            found for old, new in pairs for action in ACTIONS if (found := _shift(change, old, new, action))
        ),
        fields=tuple(found for old, new in pairs for found in _unveilings(change, old, new)),
    )


def _grounds(release: Release, standing: Standing) -> Grounds:
    return grounds_of(release.catalog, standing.permission_sets, standing.sharing_rules, standing.deputy)


def _shift(change: Change, old: ObjectType, new: ObjectType, action: Action) -> Shift | None:
    """Compare the Decisions of each pair of standings that occurs, then count."""
    known: dict[object, tuple[Decision, Decision] | None] = {}
    concerned: list[tuple[Person, tuple[Decision, Decision]]] = []
    for person in change.people:
        key = (person.before.permission_sets, person.before.sharing_rules, person.before.deputy,
               person.after.permission_sets, person.after.sharing_rules, person.after.deputy)  # fmt: skip
        if key not in known:
            before = decision(_grounds(change.old, person.before), old, action)
            after = decision(_grounds(change.new, person.after), new, action)
            known[key] = None if outline(before) == outline(after) else (before, after)
        if (pair := known[key]) is not None:
            concerned.append((person, pair))
    if not concerned:
        return None
    return _counted(change, old, new, action, concerned)


def _counted(
    change: Change,
    old: ObjectType,
    new: ObjectType,
    action: Action,
    concerned: list[tuple[Person, tuple[Decision, Decision]]],
) -> Shift:
    found = Shift(object=new.name, action=action, people=len(concerned), counted=0)
    counting = _Counting(change=change, old=old, new=new, same={})
    for person, (before, after) in concerned:
        full = found.gained > COUNT_BUDGET and found.lost > COUNT_BUDGET
        answer = None if full or change.seconds() > change.until else counting.ask(person, before, after)
        if answer is None:
            break
        more, less = answer
        found = replace(
            found,
            counted=found.counted + 1,
            gaining=found.gaining + bool(more),
            gained=min(found.gained + more, COUNT_BUDGET + 1),
            losing=found.losing + bool(less),
            lost=min(found.lost + less, COUNT_BUDGET + 1),
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Counting:
    """Counts the records of one object; what is the same for everybody is counted once (`same`)."""

    change: Change
    old: ObjectType
    new: ObjectType
    same: dict[object, tuple[int, int] | None]

    def ask(self, person: Person, before: Decision, after: Decision) -> tuple[int, int] | None:
        """How many records she gains and loses; None where the database cannot say yet."""
        if _personal(before) or _personal(after):
            return self._count(person, before, after)
        key = (id(before), id(after))
        if key not in self.same:
            self.same[key] = self._count(person, before, after)
        return self.same[key]

    def _count(self, person: Person, before: Decision, after: Decision) -> tuple[int, int] | None:
        more, less = self._rows(before, after)
        if not (self._there(more) and self._there(less)):
            return None
        return self._run(more, person), self._run(less, person)

    def _rows(self, before: Decision, after: Decision) -> tuple[sa.Select[Any], sa.Select[Any]]:
        """The records allowed after and not before, and those before and not after."""
        change = self.change
        was = change.old.tables[self.old.id].table.alias("was")
        now = change.new.tables[self.new.id].table.alias("now")
        held = sa.func.coalesce(rules_of(change.old).decision(before, self.old, was), sa.false())
        holds = sa.func.coalesce(rules_of(change.new).decision(after, self.new, now), sa.false())
        both: sa.Select[Any] = sa.select(sa.literal_column("1").label("one")).select_from(
            was.join(now, was.c.id == now.c.id)
        )
        alive = both.where(was.c.deleted_at.is_(None))
        limit: sa.ColumnElement[int] = sa.literal_column(str(COUNT_BUDGET + 1))
        return alive.where(holds, sa.not_(held)).limit(limit), alive.where(held, sa.not_(holds)).limit(limit)

    def _there(self, rows: sa.Select[Any]) -> bool:
        """Whether every table and column that is named is in the database already."""
        columns = self.change.physical.columns
        return all(
            {column.name for column in part.columns} <= columns.get(part.name, frozenset())
            for part in sa.sql.visitors.iterate(rows)
            if isinstance(part, sa.Table)
        )

    def _run(self, rows: sa.Select[Any], person: Person) -> int:
        change = self.change
        statement = compile_statement(
            sa.select(sa.func.count()).select_from(rows.subquery()), change.old.dialect
        )
        actor = Actor(
            id=person.id, kind=ActorKind.PERSON, name="", department=person.department,
            groups=person.before.groups, places=person.before.places,
        )  # fmt: skip
        row = statement.row(change.connection, {**change.given, **actor_params(actor, change.old.dialect)})
        return int(row[0]) if row else 0


def outline(decision: Decision) -> object:
    """What a Decision allows, as values that can be compared between models; not thanks to what."""
    match decision:
        case Never():
            return "never"
        case Always():
            return "always"
        case Union(branches=branches, restrictions=restrictions):
            return frozenset(map(_outline, branches)), frozenset(map(_outline, restrictions))


def _outline(branch: Branch) -> object:
    via = tuple(link.id for link in branch.via)
    match branch:
        case Within(scope=scope):
            return via, "within", scope
        case Where(formula=formula):
            return via, "where", formula.source.text.strip()
        case OwnedBy(owners=owners):
            return via, "owned", owners
        case Member(membership=membership, edit=edit):
            return via, "member", membership.kind, membership.members.id, edit
        case StandingIn(scope=scope, edit=edit):
            return via, "standing in", scope, edit
        case Following(target=target, decision=decision):
            return via, "following", target.id, outline(decision)


def _personal(decision: Decision) -> bool:
    """Whether it allows other records to each person."""
    if not isinstance(decision, Union):
        return False
    return any(map(_depends, (*decision.branches, *decision.restrictions)))


def _depends(branch: Branch) -> bool:
    match branch:
        case Within(scope=scope):
            return scope is not Scope.ALL
        case Where(formula=formula):
            return any(isinstance(each.key, Global) for each in references(formula.expr))
        case OwnedBy():
            return False
        case _:
            return True


def _unveilings(change: Change, old: ObjectType, new: ObjectType) -> Iterator[Unveiling]:
    """For how many people each field that was there changes between visible and hidden."""
    shown, hidden = Counter[str](), Counter[str]()
    known: dict[object, tuple[frozenset[str], frozenset[str]]] = {}
    for person in change.people:
        key = (person.before.permission_sets, person.after.permission_sets)
        if key not in known:
            before = _visible(_grounds(change.old, person.before), old.fields.values())
            after = _visible(_grounds(change.new, person.after), new.fields.values())
            known[key] = (after - before, before - after)
        for count, names in zip((shown, hidden), known[key], strict=True):
            count.update(names & old.fields.keys() & new.fields.keys())
    for name in sorted({*shown, *hidden}):
        yield Unveiling(object=new.name, field=name, shown=shown[name], hidden=hidden[name])


def _visible(grounds: Grounds, fields: Iterable[Field]) -> frozenset[str]:
    alive = [field for field in fields if not field.retired]
    rights = field_rights(set["Field"]().union(*(parts(field) for field in alive)), grounds.sets)
    return frozenset(field.name for field in alive if rights[field] is not FieldRight.NONE)
