"""Who acts: a person, a workflow, an integration or the system – always with permission sets.

There is no "no checks" actor: the system actor carries the built-in set `SYSTEM_SET`, which grants everything
and says so in its reason. Entries (sign-in, worker, command line) make an Actor; `Session` carries it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

SYSTEM_SET = "$system"
"""Name of the built-in permission set of the system actor; `$` keeps it apart from declared sets."""


class ActorKind(StrEnum):
    """What kind of party acts."""

    PERSON = "person"
    WORKFLOW = "workflow"
    INTEGRATION = "integration"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party with its permission sets.

    `id` and `department` are record ids, `permission_sets` names in the Catalog, `language` is a BCP 47 tag.
    """

    id: str | None
    kind: ActorKind
    name: str
    permission_sets: tuple[str, ...] = ()
    department: str | None = None
    language: str = "en"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


def system_actor(*, language: str = "en", zone: ZoneInfo | None = None) -> Actor:
    """The actor of background upkeep: explicit grants for everything, no person behind it."""
    return Actor(
        id=None, kind=ActorKind.SYSTEM, name="System", permission_sets=(SYSTEM_SET,),
        language=language, zone=zone or ZoneInfo("UTC"),
    )  # fmt: skip


def automation_actor(name: str, permission_sets: Sequence[str], *, zone: ZoneInfo | None = None) -> Actor:
    """The actor of a flow or another named automation, with exactly the sets it is given."""
    return Actor(
        id=None, kind=ActorKind.WORKFLOW, name=name, permission_sets=tuple(permission_sets),
        zone=zone or ZoneInfo("UTC"),
    )  # fmt: skip
