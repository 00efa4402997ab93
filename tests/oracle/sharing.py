"""What a random world shares beside its grants: rules, teams, pools, shares by hand, people who stand in.

Some of it is over, some not yet begun, some switched off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.oracle.shape import WHERES
from tests.oracle.world import Audience, Delegation, Opening, RestrictionRule, SharingRule

if TYPE_CHECKING:
    from random import Random

    from tests.oracle.world import World

_UNTIL = (None, None, 30, 2, -2, -30)
_DAYS = ((-5, 5), (-5, 5), (-5, 5), (-9, -2), (3, 9))
"""First and last days of delegations."""


def with_sharing(dice: Random, made: World) -> World:
    """The world with all of it."""
    return replace(
        made,
        sharing=tuple(_sharing_rule(dice, made, n) for n in range(5)),
        restrictions=tuple(_restriction(dice, made, n) for n in range(2)),
        openings=(
            *(_opening(dice, made, "team", "firm") for _ in range(14)),
            *(_opening(dice, made, "pool", "depot") for _ in range(4)),
            *(_opening(dice, made, "share", dice.choice(("firm", "deal", "job"))) for _ in range(16)),
        ),
        delegations=tuple(_delegation(dice, made) for _ in range(5)),
    )


def _sharing_rule(dice: Random, made: World, number: int) -> SharingRule:
    object_ = dice.choice(sorted(WHERES))
    by_owner = dice.random() < 0.5
    return SharingRule(
        name=f"rule{number}",
        object=object_,
        to=tuple(dict.fromkeys(_audience(dice, made) for _ in range(dice.choice((1, 2))))),
        access=dice.choice(("read", "edit")),
        where=None if by_owner else dice.randrange(len(WHERES[object_])),
        owners=_audience(dice, made) if by_owner else None,
        active=dice.random() < 0.8,
    )


def _restriction(dice: Random, made: World, number: int) -> RestrictionRule:
    object_ = dice.choice(sorted(WHERES))
    sets = sorted(made.sets)
    return RestrictionRule(
        name=f"restriction{number}",
        object=object_,
        where=dice.randrange(len(WHERES[object_])),
        sets=tuple(sorted(dice.sample(sets, 2))),
        exempt=tuple(dice.sample(sets, dice.choice((0, 1)))),
        active=dice.random() < 0.8,
    )


def _audience(dice: Random, made: World) -> Audience:
    if dice.random() < 0.5:
        return Audience(group=dice.choice(sorted(made.members)))
    return Audience(department=dice.choice(sorted(made.departments)), below=dice.random() < 0.5)


def _opening(dice: Random, made: World, kind: str, object_: str) -> Opening:
    parties = {"user": made.people, "group": made.members, "department": made.departments}
    party = dice.choice(sorted(parties))
    return Opening(
        kind=kind,
        record=dice.choice(made.rows_of(object_)).name,
        access="edit" if kind == "pool" else dice.choice(("read", "edit")),
        until=None if kind == "pool" else dice.choice(_UNTIL),
        **{party: dice.choice(sorted(parties[party]))},
    )


def _delegation(dice: Random, made: World) -> Delegation:
    absent, deputy = dice.sample(sorted(made.people), 2)
    first, last = dice.choice(_DAYS)
    return Delegation(
        absent=absent,
        deputy=deputy,
        first=first,
        last=last,
        access=dice.choice(("read", "edit")),
        active=dice.random() < 0.8,
    )
