"""A statement that was made once and runs many times: text, constants, decoders.

SQLAlchemy Core describes statements; `compile_statement` turns a description into the text of one dialect,
and from then on only the text meets the driver. Texts never depend on how many ids are passed: a list is one
parameter (`among_ids`). Many rows are for `bulk.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.codec import id_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy.sql import ClauseElement
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

    from engine.database import Connection, Dialect, Params, Row

NO_PARAMS: Mapping[str, object] = {}  # a dict, because the driver of SQLite takes no other mapping


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statement:
    """SQL of one dialect. `constants` are parameters whose values are part of the statement's meaning.

    `decoders` has an entry for each column that needs one: its position, and what turns a value that is not
    NULL into Python's form. `names` are the parameters a caller must pass, in the database's form.
    """

    text: str
    names: frozenset[str]
    constants: Mapping[str, object]
    decoders: tuple[tuple[int, Callable[[Any], Any]], ...] = ()

    def params(self, values: Params = NO_PARAMS) -> Params:
        """Return what goes to the driver: `values` with the constants."""
        return {**self.constants, **values} if self.constants else values

    def rows(self, connection: Connection, values: Params = NO_PARAMS) -> list[Row]:
        """Run it and return all rows, decoded."""
        return self.decode(connection.rows(self.text, self.params(values)))

    def row(self, connection: Connection, values: Params = NO_PARAMS) -> Row | None:
        """Run it and return the first row, decoded, or None."""
        found = connection.row(self.text, self.params(values))
        return None if found is None else self.decode([found])[0]

    def run(self, connection: Connection, values: Params = NO_PARAMS) -> int:
        """Run it and return how many rows it touched."""
        return connection.run(self.text, self.params(values))

    def decode(self, rows: list[Row]) -> list[Row]:
        """Return rows in Python's form; column by column, which costs least."""
        if not self.decoders or not rows:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for position, decode in self.decoders:
            columns[position] = [None if value is None else decode(value) for value in columns[position]]
        return list(zip(*columns, strict=True))


def compile_statement(
    element: ClauseElement, dialect: Dialect, decoders: Sequence[Callable[[Any], Any] | None] = ()
) -> Statement:
    """Return the text of a Core statement.

    Args:
        element: SELECT, INSERT, UPDATE, DELETE or `text`, with values only in parameters.
        decoders: one for each selected column, None where the driver's value is the value; or none at all.
    """
    options = {"render_postcompile": True}
    compiled = cast("SQLCompiler", element.compile(dialect=dialect.sa_dialect, compile_kwargs=options))
    open_names = frozenset(name for name, bind in compiled.binds.items() if bind.required)
    values = compiled.construct_params(_check=False)
    return Statement(
        text=str(compiled),
        names=open_names,
        constants={name: value for name, value in values.items() if name not in open_names},
        decoders=tuple((place, decode) for place, decode in enumerate(decoders) if decode),
    )


def compile_text(
    sql: str, dialect: Dialect, decoders: Sequence[Callable[[Any], Any] | None] = ()
) -> Statement:
    """Return a statement written by hand, with parameters as `:name` whatever the dialect."""
    return compile_statement(sa.text(sql), dialect, decoders)


def among_ids(column: sa.ColumnElement[Any], name: str, dialect: Dialect) -> sa.ColumnElement[bool]:
    """Return the condition that a column of ids is in the list passed as `name` (made by `id_list`).

    SQLite 3.40 has no arrays, and JSON holds no bytes; so the list is one blob, cut into pieces of 16.
    """
    if not dialect.sqlite:
        return _any(column, name, sa.UUID())
    pieces = sa.text(
        f"WITH RECURSIVE piece(start) AS (SELECT 1 WHERE length(:{name}) > 0 UNION ALL "  # noqa: S608
        f"SELECT start + 16 FROM piece WHERE start + 16 < length(:{name})) "
        f"SELECT substr(:{name}, start, 16) AS id FROM piece"
    )
    return column.in_(pieces.columns(sa.column("id")))


def leading(
    ids: sa.ColumnElement[bool], rule: sa.ColumnElement[bool], dialect: Dialect
) -> sa.ColumnElement[bool]:
    """Return both conditions, so that rows are looked up by the ids and then put to the rule.

    SQLite without statistics takes the index of an equation in the rule (`owner = me`) for better than a
    list of ids, and would walk through all that somebody owns; told that most rows fulfil the rule, it does
    not.
    """
    return sa.and_(sa.func.likely(rule) if dialect.sqlite else rule, ids)


def among_texts(column: sa.ColumnElement[Any], name: str, dialect: Dialect) -> sa.ColumnElement[bool]:
    """Return the condition that a column of text is in the list passed as `name` (made by `text_list`)."""
    if not dialect.sqlite:
        return _any(column, name, sa.TEXT())
    values = sa.text(f"SELECT value FROM json_each(:{name})")  # noqa: S608  (the program's own name)
    return column.in_(values.columns(sa.column("value")))


def id_list(ids: Iterable[str], dialect: Dialect) -> object:
    """Return canonical ids as the one parameter that `among_ids` wants."""
    return b"".join(map(id_bytes, ids)) if dialect.sqlite else list(ids)


def text_list(texts: Iterable[str], dialect: Dialect) -> object:
    """Return texts as the one parameter that `among_texts` wants."""
    return json.dumps(list(texts)) if dialect.sqlite else list(texts)


def _any(column: sa.ColumnElement[Any], name: str, type_: TypeEngine[Any]) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.cast(sa.bindparam(name), sa.ARRAY(type_)))
