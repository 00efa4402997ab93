"""Which of some records an actor may do something with, whether they are in the recycle bin or not.

Asked by the undo: so that what it tells of conflicts names nothing its asker may not read.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.access import Action, Never
from engine.codec import id_form
from engine.joins import rules_of
from engine.statement import Statement, among_ids, compile_statement, id_list, leading

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.database import Connection
    from engine.policy import Policy
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import ObjectType


def within_reach(
    session: Session, connection: Connection, target: ObjectType, action: Action, ids: Collection[str]
) -> set[str]:
    """Those of `ids` that the actor may read, and do this with; one statement."""
    release, policy = session.release, session.policy
    never = any(isinstance(policy.decide(target, each), Never) for each in (Action.READ, action))
    if never or not ids:
        return set()
    shape = ("reach", target.id, policy.key, action)
    statement = release.statements.get(shape, partial(_build, release, policy, target, action))
    given = {**session.reader().given, "ids": id_list(sorted(ids), release.dialect)}
    return {id_ for (id_,) in statement.rows(connection, given)}


def _build(release: Release, policy: Policy, target: ObjectType, action: Action) -> Statement:
    table = release.tables[target.id].table
    rules = [
        rules_of(release).decision(policy.decide(target, each), target, table)
        for each in dict.fromkeys((Action.READ, action))
    ]
    ids = among_ids(table.c.id, "ids", release.dialect)
    rows = sa.select(table.c.id).where(leading(ids, sa.and_(*rules), release.dialect))
    return compile_statement(rows, release.dialect, (id_form(release.dialect).decode,))
