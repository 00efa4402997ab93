"""The engine's doors for writing: what a Session lets somebody change. Everything is rolled back.

Each batch is `partial`, so that one attempt answers for all records of an object: which are changed, which
are refused, and which are missing for the writer.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.mutation import Create, Delete, Mutation, Restore, Update
from engine.problem import Problem
from tests.oracle.doors import Sample
from tests.oracle.shape import OBJECTS, master_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.mutation import Change
    from engine.session import Session
    from tests.oracle.company import Company
    from tests.oracle.world import Row

DONE, REFUSED, MISSING = "done", "refused", "missing"


class _Undone(Exception):  # noqa: N818  (nothing went wrong)
    """Takes back what an attempt changed."""


class WritingDoor:
    """Attempts on all records of an object."""

    name = ""
    routes: frozenset[tuple[str, str]] = frozenset()

    def attempts(
        self,
        company: Company,
        who: str,
        action: str,
        object_: str,
        changes: Sequence[tuple[Row, Change, str]],
        field: str = "",
    ) -> Iterator[Sample]:
        """A sample for each change, with what was to become of it."""
        found = verdicts(company.session(who), company, object_, [change for _, change, _ in changes])
        for (row, change, wanted), verdict in zip(changes, found, strict=True):
            yield Sample(
                who=who, action=action, record=row.name, field=field, found=verdict, wanted=wanted,
                how=f"{self.name} {change}",
            )  # fmt: skip


def verdicts(session: Session, company: Company, object_: str, changes: Sequence[Change]) -> list[str]:
    """What became of each change."""
    found: list[str] = []
    if not changes:
        return found
    asked = Mutation(object=company.target(object_), changes=tuple(changes), entry="test", partial=True)
    with _undoing(session):
        try:
            problems = session.apply(asked).problems
        except Problem as problem:
            if problem.status != 403:
                raise
            found = [REFUSED] * len(changes)
        else:
            found = [DONE if problem is None else _told(problem) for problem in problems]
    return found


def _told(problem: Problem) -> str:
    assert problem.status in (403, 404, 422), problem
    return MISSING if problem.status == 404 else REFUSED


@contextmanager
def _undoing(session: Session) -> Iterator[None]:
    try:
        with session.transaction():
            yield
            raise _Undone
    except _Undone:
        pass


def wanted_of(company: Company, who: str, action: str, row: Row) -> str:
    """What is to become of a change of a record as it is."""
    judge = company.judge
    if not judge.opens(who, action, row.object):
        return REFUSED
    if not judge.may(who, "read", row):
        return MISSING
    return DONE if judge.may(who, action, row) else REFUSED


class Touch(WritingDoor):
    """A change that changes nothing: who may update which records."""

    name = "update"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            rows = company.world.rows_of(object_)
            changes = [
                (row, Update(id=row.id, values={}), wanted_of(company, who, "update", row)) for row in rows
            ]
            yield from self.attempts(company, who, "update", object_, changes)


class Write(WritingDoor):
    """New values, field by field: who may write which fields of which records."""

    name = "write"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_, fields in OBJECTS.items():
            for name, field in fields.items():
                if field.type in ("text", "number", "picklist", "formula"):
                    yield from self._written(company, who, object_, name)

    def _written(self, company: Company, who: str, object_: str, name: str) -> Iterator[Sample]:
        field = OBJECTS[object_][name]
        value = {"number": 7, "formula": 7, "picklist": next(iter(field.options), None)}.get(
            field.type, "other"
        )
        changes = []
        for row in company.world.rows_of(object_):
            wanted = wanted_of(company, who, "update", row)
            after = replace(row, values={**row.values, name: value})
            may = company.judge.right(who, object_, name) == "edit" and company.judge.may_write(
                who, row, after
            )
            if wanted == DONE and not may:
                wanted = REFUSED
            changes.append((row, Update(id=row.id, values={name: value}), wanted))
        yield from self.attempts(company, who, "update", object_, changes, name)


class Remove(WritingDoor):
    """Into the recycle bin."""

    name = "delete"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            rows = company.world.rows_of(object_)
            changes = [(row, Delete(id=row.id), wanted_of(company, who, "delete", row)) for row in rows]
            yield from self.attempts(company, who, "delete", object_, changes)


class BringBack(WritingDoor):
    """Out of the recycle bin: by those who might have put it there, where all that it links to is there."""

    name = "restore"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            rows = company.world.rows_of(object_)
            changes = [(row, Restore(id=row.id), self._wanted(company, who, row)) for row in rows]
            yield from self.attempts(company, who, "restore", object_, changes)

    def _wanted(self, company: Company, who: str, row: Row) -> str:
        judge = company.judge
        if not judge.opens(who, "delete", row.object):
            return REFUSED
        if not row.binned or not judge.allows(who, "read", row):
            return MISSING
        return DONE if judge.allows(who, "delete", row) and _links_seen(company, who, row) else REFUSED


def _links_seen(company: Company, who: str, row: Row) -> bool:
    """Whether she sees all that a record links to: a link to nothing is not brought back."""
    judge = company.judge
    linked = [
        (OBJECTS[row.object][name].to, str(value)) for name, value in row.values.items() if value is not None
    ]
    seen = [judge.may(who, "read", company.world.rows[word]) for to, word in linked if to]
    owned = row.owner is None or bool(master_of(row.object)) or judge.sees_person(who, row.owner)
    return owned and all(seen)


class Make(WritingDoor):
    """New records for every owner, or in every whole."""

    name = "create"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            if not company.judge.opens(who, "create", object_):
                continue
            models = company.world.rows_of(object_)
            model = replace(models[0], binned=False)
            changes = [self._attempt(company, who, row) for row in self._wished(company, model)]
            yield from self.attempts(company, who, "create", object_, changes)

    def _wished(self, company: Company, model: Row) -> Iterator[Row]:
        """For a whole one of each owner, for a part one in each whole."""
        master = master_of(model.object)
        if master is None:
            for person in company.world.people.values():
                yield replace(
                    model,
                    name=f"{model.object} of {person.name}",
                    owner=person.name,
                    department=person.department,
                )
            return
        for whole in company.world.rows_of(OBJECTS[model.object][master].to):
            yield replace(
                model, name=f"{model.object} in {whole.name}", values={**model.values, master: whole.name}
            )

    def _attempt(self, company: Company, who: str, row: Row) -> tuple[Row, Change, str]:
        judge, master = company.judge, master_of(row.object)
        row = replace(row, values={name: row.values[name] if name == master else None for name in row.values})
        allowed = judge.may_create(who, row)
        if not master and row.owner:
            allowed = allowed and judge.sees_person(who, row.owner)
        writable = [name for name in row.values if judge.right(who, row.object, name) == "edit"]
        values: dict[str, object] = {"name": "new"} if "name" in writable else {}
        if master:
            allowed = allowed and master in writable
            values[master] = company.ids[str(row.values[master])]
        elif judge.right(who, row.object, "owner") == "edit":
            values["owner"] = row.owner and company.ids[row.owner]
        else:
            # Whom she may not name it is not for: it is her own.
            own = replace(row, owner=who, department=company.world.people[who].department)
            allowed = judge.may_create(who, own)
        return row, Create(values=values), DONE if allowed else REFUSED


class HandOver(WritingDoor):
    """Another owner: the record must stay within what the writer may change."""

    name = "hand over"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        dice = random.Random(f"{who} {len(company.world.rows)}")
        people = sorted(company.world.people)
        for object_ in OBJECTS:
            if not master_of(object_):
                for owner in dice.sample(people, 3):
                    yield from self._handed(company, who, object_, owner)

    def _handed(self, company: Company, who: str, object_: str, owner: str) -> Iterator[Sample]:
        judge, changes = company.judge, []
        for row in company.world.rows_of(object_):
            wanted = wanted_of(company, who, "update", row)
            named = judge.right(who, object_, "owner") == "edit"
            if wanted == DONE and not (named and judge.may_hand_over(who, row, owner)):
                wanted = REFUSED
            changes.append((row, Update(id=row.id, values={"owner": company.ids[owner]}), wanted))
        yield from self.attempts(company, who, "hand over", object_, changes, owner)


class Relink(WritingDoor):
    """Another record behind a link: it must be one that the writer sees."""

    name = "link"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_, name, to in (("deal", "firm", "firm"), ("job", "deal", "deal")):
            mine = [r for r in company.world.rows_of(object_) if company.judge.may(who, "update", r)][:1]
            if not mine or company.judge.right(who, object_, name) != "edit":
                continue
            for there in company.world.rows_of(to):
                (row,) = mine
                if row.values[name] != there.name:
                    after = replace(row, values={**row.values, name: there.name})
                    may = company.judge.may(who, "read", there) and company.judge.may_write(who, row, after)
                    wanted = DONE if may else REFUSED
                    change = Update(id=row.id, values={name: there.id})
                    yield from self.attempts(
                        company, who, "update", object_, [(row, change, wanted)], f"{name}={there.name}"
                    )


WRITING = (Touch(), Write(), Remove(), BringBack(), Make(), HandOver(), Relink())
