"""Who was let into a record: the rows of its team and of its shares, for whoever may change it.

Whoever may change a record may share it, and so sees with whom it is shared and may end it, whoever shared
it; the rows themselves need not be hers. To add one is an ordinary save. Called by the page about sharing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.actor import SYSTEM_SET
from engine.mutation import Delete, Mutation
from engine.pointing import whereabouts
from engine.query import Query
from engine.save.before import missing
from metadata.catalog import FieldPath
from metadata.permission import MembershipKind

if TYPE_CHECKING:
    from engine.record import Record
    from engine.session import Session
    from metadata.catalog import Field, ObjectType
    from metadata.permission import Membership

MOST = 200
"""Rows of one membership of one record that are told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Members:
    """The rows of one membership that are about one record."""

    membership: Membership
    records: tuple[Record, ...]


def shareable(target: ObjectType) -> tuple[Membership, ...]:
    """What of an object says, record by record, who was let in: its team, its shares."""
    return tuple(each for each in target.memberships if each.kind is not MembershipKind.POOL)


def members(session: Session, target: ObjectType, record: str) -> tuple[Members, ...]:
    """Everybody who was let into a record by its team or by hand, the team first.

    Raises `Problem` 404 when the actor may not see the record, 403 when she may not change it.
    """
    session.preview(target, record, {})
    door = _trusted(session)
    return tuple(
        Members(membership=each, records=_rows(door, each, target, record)) for each in shareable(target)
    )


def end(session: Session, target: ObjectType, record: str, member: str, entry: str) -> Membership:
    """Take out the row `member` and tell of which membership it was; the journal names the actor.

    Raises `Problem` as `members` does, and 404 when the record has no such row.
    """
    for each in members(session, target, record):
        if any(row.id == member for row in each.records):
            change = Mutation(
                object=each.membership.members, changes=(Delete(id=member),), entry=entry, answer=False
            )
            _trusted(session).apply(change)
            return each.membership
    raise missing(target, member)


def _trusted(session: Session) -> Session:
    """The same actor with the system's grants, once it is known that she may change the record."""
    actor = replace(
        session.actor, permission_sets=(SYSTEM_SET,), sharing_rules=(), deputy=frozenset()
    )  # fmt: skip
    return session.acting(actor)


def shown(membership: Membership) -> tuple[Field, ...]:
    """The fields of a row that tell who is let in, how far and until when."""
    fields = (
        membership.user, membership.group, membership.department, membership.role, membership.access,
        membership.until,
    )  # fmt: skip
    return tuple(field for field in fields if field is not None)


def _rows(door: Session, membership: Membership, target: ObjectType, record: str) -> tuple[Record, ...]:
    where = door.condition(membership.members, whereabouts(membership.record, target, record))
    fields = tuple(FieldPath(field=field) for field in shown(membership))
    return door.query(Query(object=membership.members, fields=fields, where=where, limit=MOST)).records
