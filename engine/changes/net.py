"""What a change set made of each record, all its journal entries taken together.

Several entries of one record come to one net change: from how it was before the first to how it was after
the last. Read by the undo; nothing here asks what the records are now.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form
from engine.journal import ERASED, decode_changes
from engine.save.sheet import WORTH
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.database import Connection
    from engine.release import Release

_TOUCHED = (
    "SELECT id, object, record, kind FROM s_journal WHERE change_set = :change_set"
    " AND kind NOT IN ('derived', 'revealed', 'purged')"
    " ORDER BY object, record, version"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A record that a change set touched: its entries' ids and kinds, in the order of its versions."""

    object: str
    record: str
    entries: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """One record's net change; `fields` are (kind of field, old, new) by field id, as entries hold them."""

    record: str
    version: int
    created: bool
    fields: dict[str, tuple[str, Any, Any]]


def touched(connection: Connection, release: Release, change_set: str) -> tuple[Touched, ...]:
    """All records whose own values a change set touched, ordered by object and id."""
    form = id_form(release.dialect)
    statement = release.statements.get(
        ("touched",), lambda: compile_text(_TOUCHED, release.dialect, (form.decode, None, form.decode))
    )
    held = form.encode(change_set) if form.encode else change_set
    found: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for entry, target, record, kind in statement.rows(connection, {"change_set": held}):
        found[target, record].append((entry, kind))
    return tuple(
        Touched(
            object=target, record=record, entries=tuple(e for e, _ in rows), kinds=tuple(k for _, k in rows)
        )
        for (target, record), rows in found.items()
    )


def remedies(kinds: Sequence[str]) -> tuple[Kind, ...]:
    """What takes back what happened to a record, in this order, from the kinds of its entries.

    A record that came and went within the change set needs nothing.
    """
    was, is_ = kinds[0] in (Kind.UPDATED, Kind.DELETED), kinds[-1] != Kind.DELETED
    if was and is_:
        return (Kind.UPDATED,)
    if was:
        return (Kind.RESTORED, Kind.UPDATED) if Kind.UPDATED in kinds else (Kind.RESTORED,)
    return (Kind.DELETED,) if is_ else ()


def nets(connection: Connection, release: Release, part: Sequence[Touched]) -> dict[str, Net]:
    """The net changes of some records, by record; one statement."""
    statement = release.statements.get(("net",), lambda: _entries(release))
    ids = id_list((entry for each in part for entry in each.entries), release.dialect)
    found: dict[str, Net] = {}
    for record, version, kind, changes in statement.rows(connection, {"ids": ids}):
        known = found.get(record)
        fields = dict(known.fields) if known else {}
        for field, sort, old, new in decode_changes(changes):
            if field.endswith(WORTH):
                continue  # it follows the amount
            before = fields.get(field)
            gone = ERASED in (sort, before and before[0])
            fields[field] = (ERASED if gone else sort, before[1] if before else old, new)
        created = known.created if known else kind == Kind.CREATED
        found[record] = Net(record=record, version=int(version), created=created, fields=fields)
    return found


def _entries(release: Release) -> Statement:
    form = id_form(release.dialect)
    journal = sa.table(
        "s_journal", sa.column("id", form.type), sa.column("record", form.type),
        *(sa.column(name) for name in ("version", "kind", "changes")),
    )  # fmt: skip
    columns = (journal.c[name] for name in ("record", "version", "kind", "changes"))
    rows = sa.select(*columns).where(among_ids(journal.c.id, "ids", release.dialect))
    return compile_statement(
        rows.order_by(journal.c.record, journal.c.version), release.dialect, (form.decode,)
    )
