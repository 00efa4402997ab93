"""What is true of one record for one person: which branches and restrictions hold, asked in one statement.

`Truth` knows every branch that any permission set or rule of the model could give, so that what would be
with other grants is computed without asking again. The conditions are those that filter lists
(`engine/predicate.py`); only hypotheses – a share that is not there yet – are put in by hand. Called by
`engine/explanation/explain.py` and `engine/explanation/lever.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.access import Action, Always, Member, Never, Origin, StandingIn, Union, what
from engine.codec import id_form
from engine.grounds import Grounds, branches, decided, restrictions
from engine.joins import rules_of
from engine.predicate import DELEGATION
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.permission import Access, MembershipKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.access import Branch, Decision
    from engine.database import Connection
    from engine.release import Release
    from metadata.catalog import Catalog, ObjectType
    from metadata.permission import Membership

MOST = 500
"""Conditions of one statement; a model with more is asked about in several."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """`holding` are the branches and restrictions that hold, without their sources; `pooled` the pools'
    memberships whose members would reach the record.
    """

    deleted: bool
    owner: str | None
    holding: frozenset[Branch]
    pooled: frozenset[Membership] = frozenset()

    def holds(self, branch: Branch) -> bool:
        """Whether the record lies in a branch, or fulfils a restriction."""
        return what(branch) in self.holding

    def allows(self, decision: Decision) -> bool:
        """Whether the record lies within a Decision."""
        match decision:
            case Never():
                return False
            case Always():
                return True
            case Union():
                return any(map(self.holds, decision.branches)) and all(map(self.holds, decision.restrictions))

    def supposing(self, more: Iterable[Branch] = (), fewer: Iterable[Branch] = ()) -> Truth:
        """The same with branches that would hold, and without others."""
        return replace(self, holding=(self.holding | set(map(what, more))) - set(map(what, fewer)))


def needed(action: Action) -> tuple[Action, ...]:
    """What one must be allowed in order to do something: nobody changes what she does not see."""
    return (action,) if action in (Action.CREATE, Action.READ) else (Action.READ, action)


def decision(grounds: Grounds, target: ObjectType, action: Action) -> Decision:
    """As `Policy.decide` says, for grounds that nobody may have."""
    if target.query and action is not Action.READ:
        return Never(reason="")
    return decided(grounds, target, action)


def widest(catalog: Catalog) -> Grounds:
    """The grounds of somebody who had everything that the model knows, and whom every restriction bound."""
    delegation = catalog.objects.get(DELEGATION)
    stands_in = delegation is not None and not delegation.retired
    return Grounds(
        sets=tuple(catalog.permission_sets.values()),
        sharing=tuple(catalog.sharing_rules.values()),
        restrictions=tuple(rule for rule in catalog.restriction_rules.values() if rule.active),
        deputy=frozenset(Access) if stands_in else frozenset(),
    )


def everything(catalog: Catalog, target: ObjectType, action: Action) -> tuple[Branch, ...]:
    """Every branch and restriction that could ever decide on an action, without sources and each once."""
    grounds = widest(catalog)
    found = [each for need in needed(action) for each in branches(grounds, target, need)]
    return tuple(dict.fromkeys(map(what, (*found, *restrictions(grounds, target)))))


def truth(
    connection: Connection,
    release: Release,
    target: ObjectType,
    action: Action,
    record: str,
    given: Mapping[str, object],
) -> Truth | None:
    """Ask about a record by its id; None: there is none. `given` are the parameters of the person."""
    asked = everything(release.catalog, target, action)
    shape = ("truth", target.id, action)
    statements = release.statements.get(shape, lambda: tuple(_build(release, target, asked)))
    params = {**given, "ids": id_list([record], release.dialect)}
    rows = [row for each in statements if (row := each.row(connection, params)) is not None]
    if not rows:
        return None
    answers = [bool(answer) for row in rows for answer in row[2:]]
    pools = _pools(target)
    return Truth(
        deleted=bool(rows[0][0]),
        owner=rows[0][1],
        holding=frozenset(each for each, holds in zip(asked, answers, strict=False) if holds),
        pooled=frozenset(each for each, free in zip(pools, answers[len(asked) :], strict=True) if free),
    )


def _build(release: Release, target: ObjectType, asked: tuple[Branch, ...]) -> Iterator[Statement]:
    table = release.tables[target.id].table
    rules = replace(rules_of(release), of_record=True)
    conditions = [rules.branch(each, target, table) for each in asked]
    for pool in _pools(target):
        assert pool.through is not None
        conditions.append(sa.and_(table.c.owner.is_(None), table.c[pool.through.column].is_not(None)))
    for first in range(0, max(len(conditions), 1), MOST):
        answers = [sa.case((each, 1), else_=0) for each in conditions[first : first + MOST]]
        columns = [sa.case((table.c.deleted_at.is_(None), 0), else_=1), table.c.owner, *answers]
        rows = sa.select(*(column.label(f"c{n}") for n, column in enumerate(columns)))
        wanted = rows.where(among_ids(table.c.id, "ids", release.dialect))
        yield compile_statement(
            wanted, release.dialect, [None, id_form(release.dialect).decode, *(None for _ in answers)]
        )


def _pools(target: ObjectType) -> tuple[Membership, ...]:
    return tuple(
        each for each in target.memberships if each.kind is MembershipKind.POOL and each.through is not None
    )


def of_kind(asked: Iterable[Branch], origin: Origin) -> tuple[Branch, ...]:
    """The branches that a share, a team, a pool or standing in gives."""
    return tuple(each for each in asked if _origin(each) is origin)


def _origin(branch: Branch) -> Origin | None:
    match branch:
        case Member(membership=membership):
            return Origin(membership.kind)
        case StandingIn():
            return Origin.DELEGATION
        case _:
            return None
