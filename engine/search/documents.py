"""The documents in the database: written in the transaction of the save that changes what they hold.

One statement for a batch, and none for a save that touches no searched field. A record in the recycle bin
keeps its document, as access to records hides it; so deleting and restoring write none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from engine.bulk import Bulk
from engine.codec import id_form
from engine.save.work import Kind
from engine.search.searched import searched
from engine.search.wanted import HOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.database import Connection, Dialect
    from engine.release import Release
    from engine.save.work import Row, Work
    from engine.search.searched import Searched
    from metadata.catalog import ObjectType

COLUMNS = ("object", "record", "tokens")

# A virtual table has no ON CONFLICT: the place of the document that is replaced is looked up.
_SQLITE = """
    INSERT OR REPLACE INTO s_search (rowid, object, record, tokens) VALUES (
        (SELECT id FROM s_search_content WHERE c1 = :record AND c0 = :object), :object, :record, :tokens
    )
"""
_POSTGRESQL = """
    INSERT INTO s_search (object, record, tokens)
    VALUES (%(object)s, CAST(%(record)s AS uuid), array_to_tsvector(string_to_array(%(tokens)s, ' ')))
    ON CONFLICT (record, object) DO UPDATE SET tokens = excluded.tokens
"""
_POSTGRESQL_MANY = """
    INSERT INTO s_search (object, record, tokens)
    SELECT object, record, array_to_tsvector(string_to_array(tokens, ' '))
    FROM json_to_recordset(CAST(%(rows)s AS json)) AS given(object text, record uuid, tokens text)
    ON CONFLICT (record, object) DO UPDATE SET tokens = excluded.tokens
"""


def keep_documents(work: Work) -> None:
    """Pass: the documents of new records, and of those in which a searched field has changed."""
    found = searched(work.release, work.object)
    if found.fields:
        rows = [row for row in work.sound(Kind.CREATED, Kind.UPDATED) if _touched(found, row)]
        documents = {row.id: found.document(row.after) for row in rows}
        write_documents(work.connection, work.release, work.object, documents)


def write_documents(
    connection: Connection, release: Release, target: ObjectType, documents: Mapping[str, str]
) -> None:
    """Write documents by the ids of their records; one statement, or none."""
    encode = id_form(release.dialect).encode
    rows: Sequence[Mapping[str, object]] = [
        {"object": target.id, "record": encode(id_) if encode else id_, "tokens": tokens}
        for id_, tokens in documents.items()
    ]
    writing(release.dialect).run(connection, rows)


def writing(dialect: Dialect) -> Bulk:
    """The statement that writes documents."""
    if dialect.sqlite:
        return Bulk(columns=COLUMNS, one=_SQLITE, many=_SQLITE, json=False)
    return Bulk(columns=COLUMNS, one=_POSTGRESQL, many=_POSTGRESQL_MANY, json=True)


def held(target: ObjectType, identity: sa.ColumnElement[Any], dialect: Dialect) -> sa.ColumnElement[bool]:
    """Whether the document of the record `identity` holds the parameter `find_wanted`."""
    wanted, form = sa.bindparam("find_wanted", type_=sa.TEXT()), id_form(dialect).type
    if dialect.sqlite:
        kept = sa.table("s_search_content", sa.column("c0"), sa.column("c1", form), sa.column("c2"))
        object_, record = kept.c.c0, kept.c.c1
        holds: sa.ColumnElement[bool] = getattr(sa.func, HOLDS)(kept.c.c2, wanted) == sa.literal_column("1")
    else:
        kept = sa.table("s_search", sa.column("object"), sa.column("record", form), sa.column("tokens"))
        object_, record = kept.c.object, kept.c.record
        holds = kept.c.tokens.op("@@")(sa.cast(wanted, TSQUERY()))
    mine: sa.Select[Any] = sa.select(sa.literal_column("1")).where(record == identity, object_ == target.id, holds)
    return mine.select_from(kept).correlate_except(kept).exists()


def _touched(found: Searched, row: Row) -> bool:
    return row.kind is Kind.CREATED or any(row.changed(each.field.name) for each in found.fields)
