"""A Decision as SQL: the condition that holds for exactly the rows that `access.allows` accepts.

Every statement on business tables takes its row rule from here, through a plan. The actor enters as the bind
parameters `actor_id` and `actor_department`, so the text depends on the Decision's scopes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import sqlalchemy as sa

from engine.access import Always, Decision, Never, Union
from engine.codec import id_form
from metadata.catalog import Scope

if TYPE_CHECKING:
    from engine.actor import Actor
    from engine.database import Dialect


def predicate(
    decision: Decision, owner: sa.ColumnElement[Any], department: sa.ColumnElement[Any], dialect: Dialect
) -> sa.ColumnElement[bool]:
    """The condition on a row, given its owner and department columns."""
    match decision:
        case Never():
            return sa.false()
        case Always():
            return sa.true()
        case Union(branches=branches):
            parts = (_branch(branch.scope, owner, department, dialect) for branch in branches)
            return sa.or_(owner == _bind("actor_id", dialect), *(part for part in parts if part is not None))
        case _:
            assert_never(decision)


def actor_params(actor: Actor, dialect: Dialect) -> dict[str, object]:
    """The values of the parameters that `predicate` leaves open, as the database wants them."""
    encode = id_form(dialect).encode
    ids = {"actor_id": actor.id, "actor_department": actor.department}
    return {name: encode(value) if encode and value is not None else value for name, value in ids.items()}


def closure(kind: str, above: sa.ColumnElement[Any], dialect: Dialect) -> sa.Select[tuple[Any]]:
    """What lies at or below `above`, as ids; `kind` is `user` or `department`."""
    form = id_form(dialect).type
    pairs = sa.table(f"s_{kind}_closure", sa.column("above", form), sa.column("below", form))
    return sa.select(pairs.c.below).where(pairs.c.above == above)


def _branch(
    scope: Scope, owner: sa.ColumnElement[Any], department: sa.ColumnElement[Any], dialect: Dialect
) -> sa.ColumnElement[bool] | None:
    """What a scope adds to the actor's own rows, which are in every branch."""
    match scope:
        case Scope.NONE | Scope.OWN:
            return None
        case Scope.BELOW:
            return owner.in_(closure("user", _bind("actor_id", dialect), dialect))
        case Scope.DEPARTMENT:
            return department == _bind("actor_department", dialect)
        case Scope.DEPARTMENTS:
            return department.in_(closure("department", _bind("actor_department", dialect), dialect))
        case Scope.ALL:
            return sa.true()
        case _:
            assert_never(scope)


def _bind(name: str, dialect: Dialect) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=id_form(dialect).type)
