"""Pass: fields that must differ together, as a line's order and position; with a blank in one they may not.

Asks, in one statement for all such indexes of the object, which combinations of the batch are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.codec import id_form
from engine.save.facts import column_text, touched, unique_text
from engine.save.work import Kind
from engine.statement import Statement, among_ids, among_texts, compile_statement, id_list, text_list
from formula.types import Kind as Kind_

if TYPE_CHECKING:
    from engine.database import Dialect
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import Index, ObjectType

_BETWEEN = "\x1f"  # separates the values of a combination; no text of a person has it

Taken = dict[int, dict[str, str]]
"""By the number of the index: which record has a combination."""


def check_distinct(work: Work) -> None:
    """Refuse, at each field of the combination, rows whose combination another record has."""
    indexes = [index for index in work.object.indexes if index.unique]
    rows = list(work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED)) if indexes else []
    dialect = work.release.dialect
    asked = {
        number: {row.id: _text(row, index, dialect) for row in rows if _asked(row, index)}
        for number, index in enumerate(indexes)
    }
    if not any(asked.values()):
        return
    taken = _taken(work, indexes, asked, rows)
    for number, index in enumerate(indexes):
        leaving = {row.id for row in rows if row.kind is Kind.UPDATED and _moved(row, index)}
        seen = taken.get(number, {})
        for row in rows:
            if (text := asked[number].get(row.id)) is None:
                continue
            holder = seen.get(text)
            if holder is None or holder == row.id or holder in leaving:
                seen[text] = row.id
            else:
                _refuse(work, row, index)


def _refuse(work: Work, row: Row, index: Index) -> None:
    names = ", ".join(field.label.text(work.actor.language) for field in index.fields)
    for field in index.fields:
        message = "Another record has the same {fields}."
        row.refuse(
            codes.NOT_UNIQUE, message, at=field.name, hint="Give one of them another value.", fields=names
        )


def _moved(row: Row, index: Index) -> bool:
    return any(row.changed(field.name) for field in index.fields)


def _asked(row: Row, index: Index) -> bool:
    filled = all(row.after.get(field.name) is not None for field in index.fields)
    return filled and any(touched(row, field.name) for field in index.fields)


def _text(row: Row, index: Index, dialect: Dialect) -> str:
    return _BETWEEN.join(unique_text(field, row.after[field.name], dialect) for field in index.fields)


def _taken(work: Work, indexes: list[Index], asked: dict[int, dict[str, str]], rows: list[Row]) -> Taken:
    release, dialect = work.release, work.release.dialect
    params: dict[str, object] = {}
    for number, index in enumerate(indexes):
        first = index.fields[0]
        values = {row.after[first.name] for row in rows if row.id in asked[number]}
        texts = {unique_text(first, value, dialect) for value in values}
        by_id = first.sort.type.kind is Kind_.ID
        params[f"first_{number}"] = (
            id_list(sorted(values), dialect) if by_id else text_list(sorted(texts), dialect)
        )
        params[f"texts_{number}"] = text_list(sorted(asked[number].values()), dialect)
    shape = ("distinct", work.object.id)
    statement = release.statements.get(shape, lambda: _build(release, work.object, indexes))
    taken: Taken = {}
    for number, id_, text in statement.rows(work.connection, params):
        taken.setdefault(number, {})[text] = id_
    return taken


def _build(release: Release, target: ObjectType, indexes: list[Index]) -> Statement:
    dialect = release.dialect
    table = release.tables[target.id].table
    parts: list[sa.Select[Any]] = []
    for number, index in enumerate(indexes):
        columns = [table.c[field.column] for field in index.fields]
        texts = [
            sa.cast(column_text(f, c, dialect), sa.TEXT()) for f, c in zip(index.fields, columns, strict=True)
        ]
        whole: Any = texts[0]
        for text in texts[1:]:
            whole = whole.concat(sa.literal_column(f"'{_BETWEEN}'")).concat(text)
        # The first field leads to few rows by its index; the combination decides among them.
        by_id = index.fields[0].sort.type.kind is Kind_.ID
        first = (
            among_ids(columns[0], f"first_{number}", dialect)
            if by_id
            else among_texts(column_text(index.fields[0], columns[0], dialect), f"first_{number}", dialect)
        )
        place: sa.ColumnElement[int] = sa.literal_column(str(number), sa.INTEGER())
        parts.append(
            sa.select(place, table.c.id, whole.label("combination")).where(
                table.c.deleted_at.is_(None), first, among_texts(whole, f"texts_{number}", dialect)
            )
        )
    question = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    return compile_statement(question, dialect, [None, id_form(dialect).decode, None])
