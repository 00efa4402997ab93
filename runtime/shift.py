"""What a plan, or another permission set for somebody, would alter for people; told in lines.

Joins `engine.explanation.shift` with a tenant for the command line. Nothing is written.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.explanation.shift import Change, everybody, shifts
from engine.physical import read_physical
from engine.planner import COUNT_BUDGET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.explanation.shift import Shift, Shifts
    from engine.release import Release
    from runtime.tenant import Tenant

BUDGET = 3.0
"""Seconds after which no more people are looked at."""


def shifts_between(
    tenant: Tenant, old: Release, new: Release, seconds: Callable[[], float] = time.monotonic
) -> Shifts:
    """What people gain and lose when `new` serves instead of `old`."""
    given = tenant.upkeep(old).reader().given
    with tenant.database.read() as connection:
        return shifts(
            Change(
                old=old, new=new, people=everybody(connection, old, new), connection=connection,
                physical=read_physical(connection), given=given, seconds=seconds, until=seconds() + BUDGET,
            )
        )  # fmt: skip


def shifts_of_sets(
    tenant: Tenant, release: Release, user: str, more: frozenset[str], fewer: frozenset[str],
    seconds: Callable[[], float] = time.monotonic,
) -> Shifts:  # fmt: skip
    """What a user, by her id, gains and loses with further permission sets, and without some of hers."""
    given = tenant.upkeep(release).reader().given
    with tenant.database.read() as connection:
        her = next(each for each in everybody(connection, release, release) if each.id == user)
        sets = tuple(sorted((set(her.before.permission_sets) | more) - fewer))
        people = (replace(her, after=replace(her.before, permission_sets=sets)),)
        return shifts(
            Change(
                old=release, new=release, people=people, connection=connection,
                physical=read_physical(connection), given=given, seconds=seconds, until=seconds() + BUDGET,
            )
        )  # fmt: skip


def lines(found: Shifts) -> Iterator[str]:
    """A line for each thing that changes for somebody."""
    yield from filter(None, map(_line, found.records))
    for each in found.fields:
        changes = ((each.shown, "visible to"), (each.hidden, "hidden from"))
        told = ", ".join(f"{words} {_people(count)}" for count, words in changes if count)
        yield f"{each.object}.{each.field}: {told}"


def _line(shift: Shift) -> str:
    gains = ((shift.gaining, "gain", shift.gained), (shift.losing, "lose", shift.lost))
    told = [f"{_people(n)} {verb} {_number(count)} records" for n, verb, count in gains if n]
    if shift.counted < shift.people:
        told.append(f"{_people(shift.people)} concerned, {shift.counted:,} looked at")
    return f"{shift.action} {shift.object}: {', '.join(told)}" if told else ""


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _number(count: int) -> str:
    return f"{COUNT_BUDGET:,}+" if count > COUNT_BUDGET else f"{count:,}"
