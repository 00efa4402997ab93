"""The documents in the database: written in the transaction of the save that changes what they hold.

One statement for a batch, and none for a save that touches no searched field. A record in the recycle bin
keeps its document, as access to records hides it; so deleting and restoring write none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.bulk import Bulk
from engine.codec import id_form
from engine.save.work import Kind
from engine.search.searched import searched
from engine.search.wanted import HOLDS
from engine.statement import among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.database import Connection, Dialect
    from engine.save.work import Row, Work
    from engine.search.searched import Searched
    from metadata.catalog import ObjectType

Element = sa.ColumnElement[Any]
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
        write_documents(work.connection, work.object, documents)


def write_documents(connection: Connection, target: ObjectType, documents: Mapping[str, str]) -> None:
    """Write documents by the ids of their records; one statement, or none."""
    encode = id_form(connection.dialect).encode
    rows: Sequence[Mapping[str, object]] = [
        {"object": target.id, "record": encode(id_) if encode else id_, "tokens": tokens}
        for id_, tokens in documents.items()
    ]
    _writing(connection.dialect).run(connection, rows)


def drop_documents(connection: Connection, target: ObjectType, ids: Iterable[str]) -> None:
    """Drop the documents of records that are gone for good."""
    dialect = connection.dialect
    kept, object_, record, _ = _kept(dialect)
    found = (object_ == target.id, among_ids(record, "ids", dialect))
    if dialect.sqlite:
        # The virtual table is written by its rows' numbers, which the table behind it knows.
        rows = sa.table("s_search", sa.column("rowid"))
        numbers: sa.Select[Any] = sa.select(sa.column("id")).select_from(kept).where(*found)
        gone = sa.delete(rows).where(rows.c.rowid.in_(numbers))
    else:
        gone = sa.delete(cast("sa.TableClause", kept)).where(*found)
    compile_statement(gone, dialect).run(connection, {"ids": id_list(ids, dialect)})


def kept_tokens(connection: Connection, target: ObjectType, ids: Iterable[str]) -> dict[str, set[str]]:
    """The tokens that are kept, by the ids of records; without those that have no document."""
    dialect = connection.dialect
    kept, object_, record, tokens = _kept(dialect)
    listed = tokens if dialect.sqlite else sa.func.tsvector_to_array(tokens)
    rows = sa.select(record, listed).where(object_ == target.id, among_ids(record, "ids", dialect))
    statement = compile_statement(rows.select_from(kept), dialect, [id_form(dialect).decode, _set_of])
    return dict(statement.rows(connection, {"ids": id_list(ids, dialect)}))


def _writing(dialect: Dialect) -> Bulk:
    """The statement that writes documents."""
    if dialect.sqlite:
        return Bulk(columns=COLUMNS, one=_SQLITE, many=_SQLITE, json=False)
    return Bulk(columns=COLUMNS, one=_POSTGRESQL, many=_POSTGRESQL_MANY, json=True)


def held(target: ObjectType, identity: sa.ColumnElement[Any], dialect: Dialect) -> sa.ColumnElement[bool]:
    """Whether the document of the record `identity` holds the parameter `find_wanted`."""
    wanted = sa.bindparam("find_wanted", type_=sa.TEXT())
    kept, object_, record, tokens = _kept(dialect)
    if dialect.sqlite:
        holds = getattr(sa.func, HOLDS)(tokens, wanted) == sa.literal_column("1")
    else:
        from sqlalchemy.dialects.postgresql import TSQUERY  # spared where SQLite alone is served

        holds = tokens.op("@@")(sa.cast(wanted, TSQUERY()))
    mine: sa.Select[Any] = sa.select(sa.literal_column("1")).where(
        record == identity, object_ == target.id, holds
    )
    return mine.select_from(kept).correlate_except(kept).exists()


def _kept(dialect: Dialect) -> tuple[sa.FromClause, Element, Element, Element]:
    """Where documents are kept: the table, and its columns object, record and tokens."""
    names, held_as = ("c0", "c1", "c2"), cast("sa.types.TypeEngine[Any]", sa.TEXT())
    if not dialect.sqlite:
        from sqlalchemy.dialects.postgresql import TSVECTOR  # as above

        names, held_as = ("object", "record", "tokens"), TSVECTOR()
    types: tuple[Any, ...] = (sa.TEXT(), id_form(dialect).type, held_as)
    columns = [sa.column(name, type_) for name, type_ in zip(names, types, strict=True)]
    kept = sa.table("s_search_content" if dialect.sqlite else "s_search", *columns)
    object_, record, tokens = kept.c
    return kept, object_, record, tokens


def _set_of(tokens: str | Iterable[str]) -> set[str]:
    return set(tokens.split() if isinstance(tokens, str) else tokens)


def _touched(found: Searched, row: Row) -> bool:
    return row.kind is Kind.CREATED or any(row.changed(each.field.name) for each in found.fields)
