"""Giving values of the journal up, so that nobody can find or guess them, without breaking the audit chain.

The value and its salt go; what is left in the chain is a hash that tells nothing, and a verifier shows the
part as erased. Asked for by whoever erases a person's data; which values those are is not decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from engine.changes.chain import LEAF, LOCK, SALT, leaves_from, texts_of
from engine.changes.proof import leaf, part_salt
from engine.codec import id_form
from engine.journal import ERASED
from engine.statement import among_ids, compile_statement, compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from engine.database import Connection

_CHANGES = "UPDATE s_journal SET changes = :changes WHERE id = :id"
_PROOF = "UPDATE s_audit SET salt = NULL, leaves = :leaves WHERE seq = :seq"
_REASON = "UPDATE s_change_set SET reason = '' WHERE id = :id"
_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_FIELD = msgspec.json.Decoder(tuple[str, Any, Any, Any])


def erase(connection: Connection, entries: Mapping[str, Collection[str] | None]) -> int:
    """Erase values of journal entries; returns how many. Call inside a writing transaction.

    Args:
        connection: the tenant's.
        entries: by the id of the entry the ids of the fields whose values go, old and new, with what follows
            from them; None: all of it.
    """
    _alone(connection)
    return sum(
        _erase_fields(connection, row, entries[row[0]])
        for row in _read(connection, "id", entries)
        if row[0] in entries
    )


def erase_reasons(connection: Connection, change_sets: Collection[str]) -> int:
    """Erase why change sets were made; returns in how many entries. Call inside a writing transaction."""
    _alone(connection)
    rows = _read(connection, "change_set", change_sets)
    for _, seq, changes, reason, salt, kept in rows:
        _prove(connection, seq, texts_of(changes, reason), salt, kept, {0})
    encode = id_form(connection.dialect).encode or str
    statement = compile_text(_REASON, connection.dialect)
    for id_ in change_sets:
        statement.run(connection, {"id": encode(id_)})
    return len(rows)


def _alone(connection: Connection) -> None:
    """Keep the chain from being carried on meanwhile: it would commit to what is on its way out."""
    if not connection.dialect.sqlite:
        connection.row(LOCK)


def _erase_fields(connection: Connection, row: tuple[Any, ...], fields: Collection[str] | None) -> int:
    id_, seq, changes, reason, salt, kept = row
    raw = [bytes(each) for each in _ROWS.decode(changes)]
    decoded = [_FIELD.decode(each) for each in raw]
    places = {
        place
        for place, (field, kind, *_) in enumerate(decoded)
        if kind != ERASED and (fields is None or field.partition(":")[0] in fields)
    }
    if not places:
        return 0
    _prove(connection, seq, texts_of(changes, reason), salt, kept, {place + 1 for place in places})
    left = [
        msgspec.json.encode((decoded[n][0], ERASED, None, None)) if n in places else each
        for n, each in enumerate(raw)
    ]
    encode = id_form(connection.dialect).encode or str
    values = {"id": encode(id_), "changes": f"[{b','.join(left).decode()}]"}
    compile_text(_CHANGES, connection.dialect).run(connection, values)
    return len(places)


def _prove(
    connection: Connection, seq: int | None, parts: tuple[str, ...], salt: str | None, kept: str | None,
    gone: Collection[int],
) -> None:  # fmt: skip
    """Leave of the parts `gone` their hashes and of the others their salts; nothing before it is chained."""
    if salt is None and kept is None:
        return
    held = leaves_from(kept) if kept else [(SALT, part_salt(salt or "", n)) for n in range(len(parts))]
    left = [
        (LEAF, leaf(text, parts[place])) if place in gone and how == SALT else (how, text)
        for place, (how, text) in enumerate(held)
    ]
    values = {"seq": seq, "leaves": msgspec.json.encode(left).decode()}
    compile_text(_PROOF, connection.dialect).run(connection, values)


def _read(connection: Connection, by: str, ids: Iterable[str]) -> list[tuple[Any, ...]]:
    dialect, form = connection.dialect, id_form(connection.dialect)
    journal = _named("s_journal", {"id": form.type, "change_set": form.type}, ("seq", "changes"))
    sets, audit = _named("s_change_set", {"id": form.type}, ("reason",)), _named("s_audit", {}, _AUDIT)
    joined = journal.join(sets, sets.c.id == journal.c.change_set).outerjoin(audit, _same(audit, journal))
    columns = (journal.c.id, journal.c.seq, journal.c.changes, sets.c.reason, audit.c.salt, audit.c.leaves)
    rows = sa.select(*columns).select_from(joined).where(among_ids(journal.c[by], "ids", dialect))
    decoders: list[Callable[[Any], Any] | None] = [form.decode]
    return compile_statement(rows.order_by(journal.c.seq), dialect, decoders).rows(
        connection, {"ids": id_list(ids, dialect)}
    )


_AUDIT = ("seq", "salt", "leaves")


def _same(audit: sa.TableClause, journal: sa.TableClause) -> sa.ColumnElement[bool]:
    return audit.c.seq == journal.c.seq


def _named(name: str, typed: Mapping[str, Any], others: Iterable[str]) -> sa.TableClause:
    columns = (*(sa.column(n, type_) for n, type_ in typed.items()), *(sa.column(n) for n in others))
    return sa.table(name, *columns)
