"""Why somebody may do something, or why not, and which single grants would change it.

The verdict is that of enforcement: the same Decision, its branches asked of the database in the same words,
in one statement. Nobody learns from an explanation what she may not see: the asker must see the record; what
a condition names that is hidden from her is left open. About others only those with the right `SETUP` ask.
Called by the API, the pages and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine import codes
from engine.access import Action, Never, Source, Where
from engine.actor import load_actor
from engine.explanation.case import case_of, closing, giving
from engine.explanation.lever import givers, takers
from engine.explanation.reason import kind_of
from engine.explanation.truth import everything, needed, truth
from engine.grounds import branches, restrictions
from engine.ids import canonical_id
from engine.planner import granted, require_right
from engine.problem import Problem
from engine.query import Query
from engine.rights import SETUP
from engine.save.before import missing
from engine.sentence import said
from formula.expr import references
from metadata.backlink import paths_in
from metadata.system import USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.access import Branch
    from engine.actor import Actor
    from engine.explanation.case import Case
    from engine.explanation.lever import Lever
    from engine.explanation.truth import Truth
    from engine.policy import Policy
    from engine.session import Session
    from metadata.catalog import Field, FieldRight, ObjectType


class Obstacle(StrEnum):
    """What stands in the way."""

    CLOSED = "closed"
    """No permission set of hers opens the object for it."""
    DELETED = "deleted"
    OUTSIDE = "outside"
    """The record lies in no branch."""
    RESTRICTED = "restricted"
    FIELD = "field"
    """The field is hidden, or may not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A branch, or a restriction, and whether the record lies in it (None: the asker may not know).

    `words` say which records it is about. `action` is what it is for: to change a record one must see it.
    """

    action: Action
    source: Source
    words: str
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGround:
    """What somebody may do with a field: by which permission sets, or because of which hidden parts not."""

    field: Field
    right: FieldRight
    sets: tuple[tuple[str, FieldRight], ...]
    hidden: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A verdict with its reasons. Without a `record` it is about the object: whether on any record at all.

    `would_change` are the single grants, each of which was tried: what would let her, or what takes it away
    from her. Where several grants carry it, so that none decides alone, they are `together`.
    """

    user: Actor
    action: Action
    object: ObjectType
    record: str | None
    allowed: bool
    obstacles: tuple[Obstacle, ...]
    grounds: tuple[Ground, ...]
    restrictions: tuple[Ground, ...]
    field: FieldGround | None
    would_change: tuple[Lever, ...]
    together: tuple[Lever, ...]


def explain(
    session: Session,
    user: str,
    action: Action,
    target: ObjectType,
    record: str | None = None,
    field: Field | None = None,
) -> Explanation:
    """Why a user may, or may not, do something with a record as it is now.

    Args:
        session: of who asks: about herself, or with the right `setup`.
        user: the id of the user it is about.
        action: what is to be done; nothing is there yet to be created, so that it has no record.
        target: the object.
        record: the id of the record; without, whether on any record at all.
        field: read or written with it; records are deleted as a whole.

    Raises:
        Problem: 403 for who may not ask, 404 where there is no such user or record that the asker may see,
            422 for what makes no sense.
    """
    return explained(session, person(session, user), action, target, record, field)


def explained(
    session: Session,
    her: Actor,
    action: Action,
    target: ObjectType,
    record: str | None = None,
    field: Field | None = None,
) -> Explanation:
    """As `explain`, of somebody whose standing is known, or supposed."""
    _sensible(target, action, record, field)
    asked = case_of(session.release, her, target, action, field)
    if record is not None:
        asked = replace(asked, truth=_found(session, her, target, action, record))
    may = asked.allowed
    alone, together = _levers(asked, session.policy, her)
    return Explanation(
        user=her,
        action=action,
        object=target,
        record=record,
        allowed=may,
        obstacles=() if may else tuple(_obstacles(asked)),
        grounds=tuple(_grounds(asked, session.policy)),
        restrictions=tuple(_restrictions(asked, session.policy)),
        field=_field(asked, session.policy) if field else None,
        would_change=alone,
        together=together,
    )


def person(session: Session, user: str) -> Actor:
    """The user an explanation is about, as she stands; raises `Problem` for who may not ask."""
    id_ = canonical_id(user)
    if id_ is None or id_ != session.actor.id:
        require_right(session.policy, SETUP, "ask about other people's access")
    people = session.release.catalog.objects[USER]
    if id_ != session.actor.id:
        session.get(people, user, ())
    with session.reading() as connection:
        her = load_actor(connection, session.release, id_) if id_ else None
    if her is None:
        message = said("The user {user} is not active and may do nothing.", user=user)
        raise Problem(codes.NOT_FOUND, message, status=404, hint=codes.NOT_FOUND.mend)
    return her


def _sensible(target: ObjectType, action: Action, record: str | None, field: Field | None) -> None:
    wrong = ""
    if record is not None and target.query:
        wrong = said("{object} is the answer to a query: ask about the records it shows.", object=target.name)
    elif record is not None and action is Action.CREATE:
        wrong = "What is there already is not created: ask without a record."
    elif field is not None and action is Action.DELETE:
        wrong = "A record is deleted as a whole: ask without a field."
    if wrong:
        raise Problem(codes.BAD_QUERY, wrong, hint=codes.BAD_QUERY.mend)


def _found(session: Session, her: Actor, target: ObjectType, action: Action, record: str) -> Truth:
    """What is true of the record for her, if the asker may see it, be it in the recycle bin."""
    id_ = require_seen_record(session, target, record)
    given = {**session.acting(her).reader().given}
    with session.reading() as connection:
        found = truth(connection, session.release, target, action, id_, given)
    if found is None:
        raise missing(target, record)
    return found


def require_seen_record(session: Session, target: ObjectType, record: str) -> str:
    """The canonical id of a record that the asker may see, be it in the recycle bin; raises `Problem`."""
    id_ = canonical_id(record)
    granted(session.policy, target, Action.READ)
    if id_ is None:
        raise missing(target, record)
    for deleted in (False, True):
        where = session.condition(target, f'id = "{id_}"')
        page = session.query(Query(object=target, where=where, limit=1, deleted=deleted))
        if page.records:
            return id_
    raise missing(target, record)


def _levers(case: Case, asker: Policy, her: Actor) -> tuple[tuple[Lever, ...], tuple[Lever, ...]]:
    """What changes the verdict, however those conditions stand of which the asker may not know."""
    allowed, known = case.allowed, case
    if case.truth is not None:
        asked = everything(case.release.catalog, case.target, case.action)
        dark = [each for each in asked if not _tellable(each, asker)]
        doubted = case.truth.supposing(more=dark) if allowed else case.truth.supposing(fewer=dark)
        known = replace(case, truth=doubted)
    return takers(known) if allowed else (givers(known, her.id or ""), ())


def _obstacles(case: Case) -> Iterator[Obstacle]:
    decisions = [case.decision(each) for each in needed(case.action)]
    if any(isinstance(each, Never) for each in decisions):
        yield Obstacle.CLOSED
    elif case.truth is not None and case.truth.deleted:
        yield Obstacle.DELETED
    elif case.truth is not None and not case.opened:
        held = case.truth.holds
        bars = list(restrictions(case.grounds, case.target))
        if not all(map(held, bars)):
            yield Obstacle.RESTRICTED
        for need in needed(case.action):
            if not any(map(held, branches(case.grounds, case.target, need))):
                yield Obstacle.OUTSIDE
                break
    if not case.field_open:
        yield Obstacle.FIELD


def _grounds(case: Case, asker: Policy) -> Iterator[Ground]:
    for need in needed(case.action):
        for branch in branches(case.grounds, case.target, need):
            yield _ground(case, need, branch, asker)


def _restrictions(case: Case, asker: Policy) -> Iterator[Ground]:
    for bar in restrictions(case.grounds, case.target):
        yield _ground(case, case.action, bar, asker)


def _ground(case: Case, action: Action, branch: Branch, asker: Policy) -> Ground:
    tellable = _tellable(branch, asker)
    return Ground(
        action=action,
        source=branch.source,
        words=kind_of(branch) if tellable or asker.holds(SETUP) else said("records with a certain condition"),
        holds=case.truth.holds(branch) if case.truth is not None and tellable else None,
    )


def _tellable(branch: Branch, asker: Policy) -> bool:
    """Whether the asker sees every field that the branch depends on."""
    if not isinstance(branch, Where):
        return True
    return all(
        asker.sees(path) for reference in references(branch.formula.expr) for path in paths_in(reference.key)
    )


def _field(case: Case, asker: Policy) -> FieldGround:
    """Of what is hidden from her only who sets up the model reads the names."""
    assert case.field is not None
    return FieldGround(
        field=case.field,
        right=case.right,
        sets=tuple((each.name, right) for each, right in giving(case)),
        hidden=closing(case) if asker.holds(SETUP) else (),
    )
