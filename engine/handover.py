"""Handing over what somebody leaves behind: her open records, her reports, her places in teams and shares.

What is open follows from the metadata: a record is closed when an option of one of its picklists bears the
attribute `closed: true`. All of it is one change set, in chunks, which can be undone; repeated after it was
broken off, it goes on with what is left. Called by the page, the API and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine import codes
from engine.access import Action, Always, Never
from engine.actor import load_actor
from engine.changes.remedy import Conflict, conflict, shown_to
from engine.changes.undertaking import CHUNK, undertaking
from engine.changes.undo import LISTED
from engine.mutation import Mutation, Update
from engine.planner import require_right
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure, Query
from engine.rights import MASS_EDIT
from engine.sentence import said
from formula.types import BOOLEAN
from metadata.catalog import FieldPath
from metadata.system import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.mutation import Result
    from engine.record import Record
    from engine.session import Session
    from formula.expr import Expr
    from metadata.catalog import Field, ObjectType

ENTRY = "hand_over"
CLOSED = "closed"
"""The attribute of a picklist's option that says a record with it needs nobody any more."""
MANAGER = "manager"
SHOWN = 3


class What(StrEnum):
    """What a portion is of hers."""

    RECORDS = "records"
    REPORTS = "reports"
    PLACES = "places"
    """Her places in teams and what is shared with her."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The records that name her by one link; `usual` ones are handed over unless she who asks says else."""

    link: Field
    what: What
    usual: bool

    @property
    def name(self) -> str:
        """What it is called in requests: the object for records she owns, else the link as well."""
        name = self.link.object.name
        return name if self.what is What.RECORDS else f"{name}.{self.link.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """How many records of a portion are hers and open, with the first few of them."""

    portion: Portion
    count: int
    examples: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What moved, by portion; and the first `LISTED` of `refused` records. Nothing moved: no change set."""

    change_set: str | None
    moved: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    refused: int


def holdings(session: Session, leaver: str) -> tuple[Holding, ...]:
    """What the user `leaver` (an id) holds of which the actor may hand something over, most first.

    Raises `Problem` 403 without the right `mass_edit`, 404 for a user whom the actor may not see.
    """
    require_right(session.policy, MASS_EDIT, "hand over records")
    leaver = session.get(session.release.catalog.objects[USER], leaver, ()).id
    found = (_holding(session, portion, leaver) for portion in portions(session))
    return tuple(sorted((one for one in found if one.count), key=lambda one: (one.portion.what, -one.count)))


def portions(session: Session) -> tuple[Portion, ...]:
    """Every link by which records may be somebody's, where the actor may change it."""
    return tuple(
        portion for portion in _portions(session)
        if not (portion.link.retired or portion.link.object.retired or portion.link.object.query)
        and session.policy.editable(portion.link)
        and session.policy.reads(portion.link.object)
        and not isinstance(session.policy.decide(portion.link.object, Action.UPDATE), Never)
    )  # fmt: skip


def gained(session: Session, successor: Session, portion: Portion, leaver: str) -> int:
    """How many records of a portion its new owner, who asks by `successor`, does not see today."""
    target = portion.link.object
    if not successor.policy.reads(target):
        return _count(session, portion, leaver)
    if isinstance(session.policy.decide(target, Action.READ), Always):
        try:
            return max(0, _count(session, portion, leaver) - _count(successor, portion, leaver))
        except Problem:  # a field of the condition is hidden from her
            pass
    return sum(_unseen(successor, page) for page in _pages(session, portion, leaver))


def hand_over(
    session: Session,
    leaver: str,
    successors: Mapping[str, str],
    *,
    reason: str = "",
    told: Callable[[int], None] = lambda _: None,
) -> HandedOver:
    """Give each portion of what `leaver` holds to the user that `successors` names for it.

    `told` hears after each transaction how many records have been handed over; what it raises ends the work.

    Raises `Problem`: as `holdings` does; a portion there is none of; a new owner who is not active, or is the
    leaver herself. What a save refuses of single records is told in the answer.
    """
    require_right(session.policy, MASS_EDIT, "hand over records")
    known = {portion.name: portion for portion in portions(session)}
    leaver = _check(session, leaver, successors, known)
    moved: dict[str, int] = {}
    conflicts: list[Conflict] = []
    with undertaking(session, entry=ENTRY, reason=reason, subject=leaver) as held:
        for name, successor in successors.items():
            moved[name] = 0
            for page, result in _moves(session, known[name], leaver, successor, held, reason):
                refused = _conflicts(page, result)
                conflicts += refused
                moved[name] += len(page) - len(refused)
                told(sum(moved.values()))
    return HandedOver(
        change_set=held if any(moved.values()) else None, moved=moved,
        conflicts=tuple(shown_to(session, conflicts)[:LISTED]), refused=len(conflicts),
    )  # fmt: skip


def held_by(session: Session, leaver: str, successors: Mapping[str, str]) -> int:
    """How many records `hand_over` would move; raises `Problem` as it does for what it cannot."""
    require_right(session.policy, MASS_EDIT, "hand over records")
    known = {portion.name: portion for portion in portions(session)}
    leaver = _check(session, leaver, successors, known)
    return sum(_count(session, known[name], leaver) for name in successors)


def _portions(session: Session) -> Iterator[Portion]:
    catalog = session.release.catalog
    people = catalog.objects[USER]
    places: dict[Field, None] = {}
    for target in catalog.objects.values():
        places |= {each.user: None for each in target.memberships if each.user is not None}
        owner = target.fields.get("owner")
        if owner is not None and not target.master and target is not people:
            # What the platform itself keeps, such as groups, is rarely anybody's work.
            usual = target.package != people.package or bool(_closing(target))
            yield Portion(link=owner, what=What.RECORDS, usual=usual)
    if (manager := people.fields.get(MANAGER)) is not None:
        yield Portion(link=manager, what=What.REPORTS, usual=True)
    for link in places:
        yield Portion(link=link, what=What.PLACES, usual=False)


def _closing(target: ObjectType) -> list[Field]:
    """The picklists whose options say whether a record is closed."""
    return [
        field
        for field in target.fields.values()
        if field.options and not field.retired and field.attributes.get(CLOSED) == BOOLEAN
    ]


def _open(session: Session, portion: Portion, leaver: str) -> Expr:
    """The condition of her open records; of a hidden picklist it knows nothing."""
    target = portion.link.object
    rules = [f'{portion.link.name} = "{leaver}"']
    if portion.what is What.RECORDS:
        rules += [f"NOT({one.name}.{CLOSED})" for one in _closing(target) if session.policy.readable(one)]
    return session.condition(target, " && ".join(rules))


def _count(session: Session, portion: Portion, leaver: str) -> int:
    asked = Aggregate(
        object=portion.link.object,
        measures=(Measure(function=Function.COUNT),),
        where=_open(session, portion, leaver),
    )
    ((number,),) = session.aggregate(asked)
    return int(str(number))


def _holding(session: Session, portion: Portion, leaver: str) -> Holding:
    target, count = portion.link.object, _count(session, portion, leaver)
    title = target.title
    fields = (FieldPath(field=title),) if title is not None and session.policy.readable(title) else ()
    asked = Query(object=target, fields=fields, where=_open(session, portion, leaver), limit=SHOWN)
    return Holding(portion=portion, count=count, examples=session.query(asked).records if count else ())


def _check(session: Session, leaver: str, successors: Mapping[str, str], known: Mapping[str, Portion]) -> str:
    """The leaver's id."""
    people = session.release.catalog.objects[USER]
    leaver = session.get(people, leaver, ()).id
    for name in successors:
        if name not in known:
            message = said("There is nothing called {name} that you may hand over.", name=name)
            raise Problem(codes.BAD_SUCCESSOR, message, hint=", ".join(known))
    for successor in set(successors.values()):
        person = session.get(people, successor, ())
        with session.reading() as connection:
            active = load_actor(connection, session.release, person.id) is not None
        if person.id == leaver or not active:
            message = said("What somebody leaves behind goes to another user who is active.")
            raise Problem(codes.BAD_SUCCESSOR, message, hint=codes.BAD_SUCCESSOR.mend)
    return leaver


def _pages(session: Session, portion: Portion, leaver: str) -> Iterator[tuple[Record, ...]]:
    """The records of a portion, chunk by chunk; the next is asked for when one has been dealt with."""
    asked = Query(object=portion.link.object, where=_open(session, portion, leaver), limit=CHUNK)
    while True:
        page = session.query(asked)
        if page.records:
            yield page.records
        if page.next is None:
            return
        asked = replace(asked, after=page.next)


def _unseen(successor: Session, page: tuple[Record, ...]) -> int:
    reader = successor.reader()
    with successor.reading() as connection:
        return len(page) - len(reader.by_ids(connection, page[0].object, (), [each.id for each in page]))


def _moves(
    session: Session, portion: Portion, leaver: str, successor: str, held: str, reason: str
) -> Iterator[tuple[tuple[Record, ...], Result]]:
    """Chunk by chunk: the records, and what became of them."""
    for page in _pages(session, portion, leaver):
        changes = tuple(
            Update(id=record.id, version=record.version, values={portion.link.name: successor})
            for record in page
        )
        mutation = Mutation(
            object=portion.link.object, changes=changes, entry=ENTRY, reason=reason, automation=False,
            partial=True, answer=False, accept_duplicates=True,
        )  # fmt: skip
        yield page, session.apply(mutation, held)


def _conflicts(page: tuple[Record, ...], result: Result) -> list[Conflict]:
    return [
        conflict(record.object, record.id, problem)
        for record, problem in zip(page, result.problems, strict=True)
        if problem is not None
    ]
