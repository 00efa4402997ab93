"""Who acts: a person, a workflow, an integration or the system – always with permission sets.

There is no "no checks" actor: the system actor carries the built-in set `SYSTEM_SET`, which grants everything
and says so in its reason. Entries (sign-in, worker, command line) make an Actor; `Session` carries it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from engine.codec import boolean_form, id_form
from engine.standing import read_standing
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.system import USER

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.release import Release
    from metadata.catalog import ObjectType
    from metadata.permission import Access

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

    `id` and `department` are record ids, `permission_sets` names in the Catalog, `language` is a BCP 47 tag;
    `groups` she is in, at any distance, and `places`, her department and those above it, are ids again.
    `sharing_rules` are the names of those that open records to her, `deputy` says how far she stands in.
    `impersonator` is the user who really acts, with this one's grants.
    """

    id: str | None
    kind: ActorKind
    name: str
    permission_sets: tuple[str, ...] = ()
    department: str | None = None
    language: str = "en"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    impersonator: str | None = None
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sharing_rules: tuple[str, ...] = ()
    deputy: frozenset[Access] = frozenset()


def system_actor(*, language: str = "en", zone: ZoneInfo | None = None) -> Actor:
    """The actor of background upkeep: explicit grants for everything, no person behind it."""
    return Actor(
        id=None, kind=ActorKind.SYSTEM, name="System", permission_sets=(SYSTEM_SET,),
        language=language, zone=zone or ZoneInfo("UTC"),
    )  # fmt: skip


def load_actor(connection: Connection, release: Release, user_id: str) -> Actor | None:
    """The actor of a person: her record, and where she stands (`engine/standing.py`).

    None for a person who is unknown, deleted or not active. Two statements; callers keep the answer.
    """
    statement = release.statements.get(("actor",), lambda: _person(release))
    params = {"user": id_list([user_id], release.dialect)}
    person = statement.row(connection, params)
    if person is None or not person[1]:
        return None
    standing = read_standing(connection, release, user_id)
    return Actor(
        id=user_id,
        kind=ActorKind.PERSON,
        name=person[0] or "",
        permission_sets=standing.permission_sets,
        department=person[2],
        language=person[3] or "en",
        zone=_zone(person[4]),
        groups=standing.groups,
        places=standing.places,
        sharing_rules=standing.sharing_rules,
        deputy=standing.deputy,
    )


def _zone(name: str | None) -> ZoneInfo:
    """A zone that the machine does not know counts as UTC: a wrong entry must not lock a person out."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _person(release: Release) -> Statement:
    """Name, active, department, language and time zone; what a user object lacks is NULL."""
    user = release.catalog.objects[USER]
    table = release.tables[user.id].table
    forms = (None, boolean_form(release.dialect), id_form(release.dialect), None, None)
    names = ("name", "active", "department", "language", "time_zone")
    columns = [_column(table, user, name) for name in names]
    rows = sa.select(*columns).where(
        among_ids(table.c.id, "user", release.dialect), table.c.deleted_at.is_(None)
    )
    return compile_statement(rows, release.dialect, [form.decode if form else None for form in forms])


def _column(table: sa.Table, user: ObjectType, name: str) -> sa.ColumnElement[Any]:
    field = user.fields.get(name)
    if field is None:
        # Where users have no such field, all of them are active.
        return (sa.true() if name == "active" else sa.null()).label(name)
    return table.c[field.column].label(name)
