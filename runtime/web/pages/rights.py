"""What a page offers: actions and fields, as far as the reader's permission sets grant them at all.

Only for deciding what to show; which records, and every save, the Session decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.access import Action, Never
from engine.planner import granted
from engine.rights import HISTORY, VIEWS
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from typing import Literal

    from engine.session import Session
    from metadata.catalog import Field, ObjectType


def may(session: Session, target: ObjectType, action: Literal["create", "read", "update", "delete"]) -> bool:
    """Whether some record of the object might allow the action."""
    return not target.retired and not isinstance(session.policy.decide(target, Action(action)), Never)


def require(session: Session, target: ObjectType, action: Literal["create", "update", "delete"]) -> None:
    """Raise Problem 403, which names the right that is missing, where no record may allow the action."""
    granted(session.policy, target, Action(action))


def readable(session: Session, field: Field) -> bool:
    """Whether the field may be shown."""
    return not field.retired and session.policy.readable(field)


def shown(session: Session, field: Field) -> bool:
    """Whether the field, or a masked part of it, may be shown; a masked one can be asked nothing."""
    return not field.retired and session.policy.shows(FieldPath(field=field))


def editable(session: Session, field: Field) -> bool:
    """Whether an input may be offered for the field."""
    return field in _editable(session, field.object)


def sees(session: Session, path: FieldPath) -> bool:
    """Whether a path may be shown, all its links included."""
    return session.policy.sees(path)


def sees_history(session: Session) -> bool:
    """Whether the reader may see what happened to the records she reads."""
    return session.policy.holds(HISTORY)


def imports_any(session: Session) -> bool:
    """Whether the reader may create records of any object, as imports do."""
    objects = session.release.catalog.objects.values()
    return any(may(session, target, "create") for target in objects if target.query is None)


def sets_up_views(session: Session) -> bool:
    """Whether the reader may share her views with others."""
    return session.policy.holds(VIEWS)


def _editable(session: Session, target: ObjectType) -> frozenset[Field]:
    """The fields of an object that may be written; kept in the Release, as all that follows from it."""
    shape = ("editable fields", target.id, session.policy.key)
    return session.release.statements.get(
        shape, lambda: frozenset(v.field for v in session.describe(target.name).fields if v.editable)
    )
