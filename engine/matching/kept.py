"""Match keys in the database: which a record has, who shares one, and holding one until the save is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.bulk import Bulk, bulk_insert
from engine.codec import id_form
from engine.statement import Statement, among_ids, compile_statement, compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from engine.database import Connection, Dialect
    from engine.release import Release

MOST_SHARING = 50
"""Records that are looked at for one key."""

STRIPES = 1 << 10
"""Locks that all keys of a database share, so that a batch of any size holds only so many."""

_HOLD = """
    SELECT count(pg_advisory_xact_lock(stripe)) FROM (
        SELECT unnest(CAST(:stripes AS bigint[])) AS stripe ORDER BY 1
    ) AS held
"""
_SPACE = 0x5354_524D << 16
"""Where the locks of match keys lie among all advisory locks."""


def sharing(connection: Connection, release: Release, keys: Collection[str]) -> list[tuple[str, str, str]]:
    """Key, id of the object, and id of the record, of records that have one of the keys; one statement.

    Of very many that share a key the first `MOST_SHARING` are told: what they share says little.
    """
    statement = release.statements.get(("match sharing",), lambda: _sharing(release.dialect))
    return statement.rows(connection, {"keys": id_list(keys, release.dialect)}) if keys else []


def keep(connection: Connection, release: Release, target: str, keys: Mapping[str, Collection[str]]) -> None:
    """Write the keys of records of the object with the id `target`, by their ids; one statement, or none."""
    make = release.statements.get(("match keep",), lambda: _keeping(release.dialect))
    make.run(connection, _rows(target, keys, release.dialect))


def keeping(connection: Connection, target: str, keys: Mapping[str, Collection[str]]) -> None:
    """The same where there is no Release."""
    _keeping(connection.dialect).run(connection, _rows(target, keys, connection.dialect))


def _keeping(dialect: Dialect) -> Bulk:
    return bulk_insert(match_table(dialect), ["key", "object", "record"], dialect)


def _rows(target: str, keys: Mapping[str, Collection[str]], dialect: Dialect) -> list[dict[str, object]]:
    encode = id_form(dialect).encode
    return [
        {"key": encode(key) if encode else key, "object": target, "record": encode(id_) if encode else id_}
        for id_, held in keys.items()
        for key in sorted(held)
    ]


def forget(connection: Connection, release: Release, target: str, records: Collection[str]) -> None:
    """Take the keys of records away; one statement, or none."""
    if records:
        statement = release.statements.get(("match forget",), lambda: forgetting(release.dialect))
        statement.run(connection, {"object": target, "records": id_list(records, release.dialect)})


def hold(connection: Connection, release: Release, keys: Collection[str]) -> None:
    """Keep others who ask about one of these keys waiting until the transaction ends.

    On SQLite nobody else is writing. Locks are taken in the order of their numbers, so that those who take
    several never wait for each other in a ring.
    """
    if release.dialect.sqlite or not keys:
        return
    stripes = sorted({_SPACE + int(key[-3:], 16) % STRIPES for key in keys})
    statement = release.statements.get(("match hold",), lambda: compile_text(_HOLD, release.dialect))
    statement.row(connection, {"stripes": stripes})


def _sharing(dialect: Dialect) -> Statement:
    table, decode = match_table(dialect), id_form(dialect).decode
    place = sa.func.row_number().over(partition_by=table.c.key, order_by=table.c.record)
    asked = among_ids(table.c.key, "keys", dialect)
    rows = (
        sa.select(table.c.key, table.c.object, table.c.record, place.label("place")).where(asked).subquery()
    )
    first = rows.c.place <= sa.literal_column(str(MOST_SHARING))
    found = sa.select(rows.c.key, rows.c.object, rows.c.record).where(first)
    return compile_statement(found, dialect, [decode, None, decode])


def kept_keys(connection: Connection, target: str, records: Collection[str]) -> dict[str, frozenset[str]]:
    """The keys that records have, by their ids; without those that have none."""
    table, decode = match_table(connection.dialect), id_form(connection.dialect).decode
    mine = table.c.object == sa.bindparam("object", type_=sa.TEXT())
    rows = sa.select(table.c.record, table.c.key).where(
        mine, among_ids(table.c.record, "records", connection.dialect)
    )
    statement = compile_statement(rows, connection.dialect, [decode, decode])
    found: dict[str, set[str]] = {}
    listed = id_list(records, connection.dialect)
    for record, key in statement.rows(connection, {"object": target, "records": listed}):
        found.setdefault(record, set()).add(key)
    return {record: frozenset(keys) for record, keys in found.items()}


def forgetting(dialect: Dialect) -> Statement:
    """The statement that takes the keys of `records` of `object` away."""
    table = match_table(dialect)
    mine = table.c.object == sa.bindparam("object", type_=sa.TEXT())
    return compile_statement(
        sa.delete(table).where(mine, among_ids(table.c.record, "records", dialect)), dialect
    )


def match_table(dialect: Dialect) -> sa.Table:
    """The table of match keys."""
    form: Any = id_form(dialect).type
    columns = (sa.Column("key", form), sa.Column("object", sa.TEXT()), sa.Column("record", form))
    return sa.Table("s_match", sa.MetaData(), *columns)
