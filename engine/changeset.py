"""A change set: who changed what was changed together, when, why and through which door.

Every write belongs to one, so that an import, a mass edit or a merge can be shown and undone as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
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
_OPEN = "SELECT id FROM s_change_set WHERE subject {subject} AND entry = :entry AND open AND actor {actor}"
_NOTED = (
    "SELECT 1 FROM s_change_set WHERE subject = :subject AND entry = :entry AND actor = :actor AND at >= :at"
)
_CLOSE = "UPDATE s_change_set SET open = :open WHERE id = :id"
_EMPTY = (
    "DELETE FROM s_change_set WHERE id = :id"
    " AND NOT EXISTS (SELECT 1 FROM s_journal j WHERE j.change_set = s_change_set.id)"
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


def find_open(connection: Connection, release: Release, like: ChangeSet) -> str | None:
    """The change set with the actor, entry and subject of `like` that is still open: it was broken off."""
    form = id_form(release.dialect)
    encode, given = form.encode or str, {"entry": like.entry}
    known = {"subject": like.subject, "actor": like.actor}
    rules = {name: f"= :{name}" if id_ else "IS NULL" for name, id_ in known.items()}
    statement = release.statements.get(
        ("open_change_set", *rules.values()),
        lambda: compile_text(_OPEN.format_map(rules), release.dialect, (form.decode,)),
    )
    row = statement.row(connection, {**given, **{name: encode(id_) for name, id_ in known.items() if id_}})
    return None if row is None else str(row[0])


def noted_since(connection: Connection, release: Release, like: ChangeSet, at: datetime) -> bool:
    """Whether there is one with the actor, entry and subject of `like` from `at` on."""
    identity, moment = id_form(release.dialect).encode or str, datetime_form(release.dialect).encode
    statement = release.statements.get(("noted",), lambda: compile_text(_NOTED, release.dialect))
    known = {"subject": like.subject, "actor": like.actor}
    ids = {name: identity(id_) for name, id_ in known.items() if id_}
    return (
        statement.row(connection, {**ids, "entry": like.entry, "at": moment(at) if moment else at})
        is not None
    )


def close_change_set(connection: Connection, release: Release, id_: str) -> None:
    """Nothing more will be written under it; an empty one goes."""
    encode = id_form(release.dialect).encode or str
    truth = int if release.dialect.sqlite else bool
    for text, given in ((_CLOSE, {"open": truth(False)}), (_EMPTY, {})):
        statement = release.statements.get((text,), partial(compile_text, text, release.dialect))
        statement.run(connection, {"id": encode(id_), **given})
