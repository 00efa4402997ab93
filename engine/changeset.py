"""A change set: who changed what was changed together, when, why and through which door.

Every write belongs to one, so that an import, a mass edit or a merge can be shown and undone as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.codec import datetime_form, id_form
from engine.statement import compile_text

if TYPE_CHECKING:
    from datetime import datetime

    from engine.database import Connection
    from engine.release import Release

_INSERT = (
    "INSERT INTO s_change_set (id, at, actor, entry, reason, automation, impersonator, subject, open)"
    " VALUES (:id, :at, :actor, :entry, :reason, :automation, :impersonator, :subject, :open)"
    " ON CONFLICT (id) DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """`actor` is a user's id, None for the system and automations; `impersonator` is who acted in her name.

    Without `automation` it starts no flows. `subject` is the id of what it is about: the change set that it
    takes back, the user whose records it hands over. While it is `open`, more will be written under it.
    """

    id: str
    at: datetime
    actor: str | None
    entry: str
    reason: str = ""
    automation: bool = True
    impersonator: str | None = None
    subject: str | None = None
    open: bool = False


def write_change_set(connection: Connection, release: Release, change_set: ChangeSet) -> None:
    """Write it, unless it is there because an earlier batch of the same transaction belongs to it."""
    identity, moment = id_form(release.dialect).encode or str, datetime_form(release.dialect).encode
    truth = int if release.dialect.sqlite else bool
    statement = release.statements.get(("change_set",), lambda: compile_text(_INSERT, release.dialect))
    statement.run(
        connection,
        {
            "id": identity(change_set.id),
            "at": moment(change_set.at) if moment else change_set.at,
            "actor": identity(change_set.actor) if change_set.actor else None,
            "entry": change_set.entry,
            "reason": change_set.reason,
            "automation": truth(change_set.automation),
            "impersonator": identity(change_set.impersonator) if change_set.impersonator else None,
            "subject": identity(change_set.subject) if change_set.subject else None,
            "open": truth(change_set.open),
        },
    )
