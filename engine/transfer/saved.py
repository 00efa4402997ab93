"""Mappings that the tenant keeps by name, so that next month's file goes in as this month's did.

Everybody may use them: what they let her write is decided when they are bound. Changing one is for whoever
saved it, and for who sets the company up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from engine import codes
from engine.codec import datetime_form, id_form
from engine.problem import Problem
from engine.rights import SETUP
from engine.sentence import said
from engine.statement import Statement, compile_text
from engine.transfer.codes import BAD_MAPPING, UNKNOWN_MAPPING
from engine.transfer.mapping import ImportMapping, mapping_document, read_mapping

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.bench import Bench
    from engine.database import Connection

LONGEST = 100
MOST = 1000
_KEEP = (
    "INSERT INTO s_import_mapping (name, object, document, at, actor)"
    " VALUES (:name, :object, :document, :at, :actor) ON CONFLICT (name)"
    " DO UPDATE SET object = excluded.object, document = excluded.document, at = excluded.at"
)
_ALL = "SELECT name, object, document, at, actor FROM s_import_mapping ORDER BY name LIMIT :most"
_ONE = "SELECT name, object, document, at, actor FROM s_import_mapping WHERE name = :name"
_GONE = "DELETE FROM s_import_mapping WHERE name = :name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A mapping under its name; `object` is that of its first part, `actor` who saved it first, None the
    system.
    """

    name: str
    object: str
    mapping: ImportMapping
    at: datetime
    actor: str | None


def save_mapping(session: Bench, mapping: ImportMapping) -> Saved:
    """Keep a mapping under its name. Raises `Problem`: it has none; 403 where it is somebody else's."""
    name = mapping.mapping.strip()
    if not 1 <= len(name) <= LONGEST or "\0" in name or "/" in name:
        message = said("A mapping is saved under a name of 1 to {longest} characters.", longest=LONGEST)
        raise Problem(BAD_MAPPING, message, hint="Name it, without a slash.")
    held = _find(session, name)
    if held is not None:
        _require_own(session, held)
    dialect = session.release.dialect
    identity, moment = id_form(dialect).encode or str, datetime_form(dialect).encode
    now = session.clock()
    given = {
        "name": name,
        "object": mapping.main.object,
        "document": msgspec.json.encode(mapping_document(mapping)).decode(),
        "at": moment(now) if moment else now,
        "actor": identity(session.actor.id) if session.actor.id else None,
    }

    def keep(connection: Connection) -> None:
        _statement(session, _KEEP).run(connection, given)

    session.written(keep)
    return find_mapping(session, name)


def find_mapping(session: Bench, name: str) -> Saved:
    """The mapping of this name. Raises `Problem` 404 where there is none."""
    found = _find(session, name)
    if found is None:
        message = said("There is no mapping “{name}”.", name=name)
        names = ", ".join(each.name for each in saved_mappings(session)[:12])
        raise Problem(UNKNOWN_MAPPING, message, status=404, hint=names or UNKNOWN_MAPPING.mend)
    return found


def saved_mappings(session: Bench, object_: str = "") -> tuple[Saved, ...]:
    """All of them, by name, or those whose first part is of an object."""
    with session.reading() as connection:
        rows = _statement(session, _ALL).rows(connection, {"most": MOST})
    return tuple(_saved(row) for row in rows if object_ in ("", row[1]))


def delete_mapping(session: Bench, name: str) -> None:
    """Forget a mapping. Raises `Problem` 404 where there is none, 403 where it is somebody else's."""
    held = find_mapping(session, name)
    _require_own(session, held)
    session.written(lambda connection: _statement(session, _GONE).run(connection, {"name": held.name}))


def _require_own(session: Bench, held: Saved) -> None:
    if held.actor != session.actor.id and not session.policy.holds(SETUP):
        message = said("The mapping “{name}” is somebody else's.", name=held.name)
        raise Problem(codes.FORBIDDEN, message, status=403, hint="Save yours under another name.")


def _find(session: Bench, name: str) -> Saved | None:
    if "\0" in name:
        return None
    with session.reading() as connection:
        row = _statement(session, _ONE).row(connection, {"name": name})
    return None if row is None else _saved(row)


def _saved(row: Sequence[Any]) -> Saved:
    name, object_, document, at, actor = row
    mapping = read_mapping(msgspec.json.decode(document))
    return Saved(name=name, object=object_, mapping=mapping, at=at, actor=actor)


def _statement(session: Bench, text: str) -> Statement:
    dialect = session.release.dialect
    decoders = (None, None, None, datetime_form(dialect).decode, id_form(dialect).decode)
    return session.release.statements.get(
        ("mappings", text), lambda: compile_text(text, dialect, decoders if text.startswith("SELECT") else ())
    )
