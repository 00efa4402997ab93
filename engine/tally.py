"""How many records point at one record, for several links at once: the numbers on the tabs of its page.

One statement whatever the number of links, each count under the reader's own row rule, as a list of those
records would be. Counting stops at `MOST`, since nobody reads "48,213" on a tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action
from engine.codec import id_form
from engine.joins import Joins
from engine.planner import granted, require_seen
from engine.related import points
from engine.statement import Statement, compile_statement
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.access import Decision
    from engine.database import Connection
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field

MOST = 1000
"""A count of this many means "this many or more"."""


def tally(
    connection: Connection, release: Release, policy: Policy, links: tuple[Field, ...], record: str,
    given: Mapping[str, object],
) -> tuple[int, ...]:  # fmt: skip
    """One number for each of `links` (lists too): the readable records that link to `record`, at most `MOST`.

    `given` are the parameters of the actor and the moment. Raises `Problem` for a link or an object that the
    reader may not see.
    """
    if not links:
        return ()
    shape = ("tally", policy.key, links)
    statement = release.statements.get(shape, lambda: _build(release, policy, links))
    encode = id_form(release.dialect).encode or str
    row = statement.row(connection, {**given, "target_id": encode(record)})
    assert row is not None, "a statement without a FROM clause has one row"
    return tuple(row)


def _build(release: Release, policy: Policy, links: tuple[Field, ...]) -> Statement:
    counts = (_count(release, policy, link).label(f"c{n}") for n, link in enumerate(links))
    return compile_statement(sa.select(*counts), release.dialect)


def _count(release: Release, policy: Policy, link: Field) -> sa.ScalarSelect[Any]:
    decision = granted(policy, link.object, Action.READ)
    path = FieldPath(field=link)
    require_seen(policy, (path,))
    joins = Joins(release, policy, link.object)
    wanted = sa.bindparam("target_id", type_=id_form(release.dialect).type)
    return _some(joins, decision, link, points(joins, link, wanted))


def _some(
    joins: Joins, decision: Decision, link: Field, pointing: sa.ColumnElement[bool]
) -> sa.ScalarSelect[Any]:
    deleted = joins.column(FieldPath(field=link.object.fields["deleted_at"])).element
    rules = (pointing, joins.row_rule(decision), deleted.is_(None))
    some: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).select_from(joins.source).where(*rules).limit(MOST)
    )
    return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()
