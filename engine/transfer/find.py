"""Records found by what a file calls them: id, number, a unique field, the title – many at once, as one may
see them.

One statement for each field that is tried, however many texts there are. A title that is not written as in
the record is found where only case, accents or blanks differ. Nothing is told of records that the actor may
not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.access import Action
from engine.codec import id_form
from engine.fields.contract import TEXT_PART
from engine.ids import canonical_id
from engine.joins import rules_of
from engine.problem import Refusal
from engine.save.facts import column_text, unique_text
from engine.sort_key import sort_key
from engine.statement import Statement, among_ids, among_texts, compile_statement, id_list, text_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.bench import Bench
    from engine.database import Connection
    from engine.fields.contract import FieldType
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType

ID = "id"


@dataclass(slots=True, kw_only=True, eq=False)
class Unsaved:
    """Records that a dry run would have made: by object, field and text, all ids by object, and by whole
    keys.
    """

    found: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    keys: dict[tuple[object, ...], str] = field(default_factory=dict)

    def add(self, target: ObjectType, id_: str, texts: Mapping[Field, str]) -> None:
        """Note one of them with what it can be found by."""
        self.ids[target.id] = self.ids.get(target.id, frozenset()) | {id_}
        for known, text in texts.items():
            self.found.setdefault((target.id, known.id), {}).setdefault(normal(text), []).append(id_)

    def by(self, target: ObjectType, known: Field, text: str) -> list[str]:
        """The ids of those that a text names."""
        return self.found.get((target.id, known.id), {}).get(normal(text), [])


def keys_of(policy: Policy, target: ObjectType) -> tuple[Field, ...]:
    """The fields by which a text may name a record, in the order in which they are tried."""
    fields = [each for each in target.fields.values() if findable(policy, each)]
    numbers = [each for each in fields if cast("FieldType", each.sort).series]
    unique = [each for each in fields if each.unique]
    title = [target.title] if target.title in fields and target.title is not None else []
    return tuple(dict.fromkeys((*numbers, *unique, *title)))


def findable(policy: Policy, each: Field) -> bool:
    """Whether records can be looked up by a field: it has a column, and the actor may read it."""
    return not (each.retired or each.many or each.name == ID) and each.sort.stored and policy.readable(each)


def find(
    session: Bench, connection: Connection, target: ObjectType, fields: Iterable[Field],
    texts: Collection[str], unsaved: Unsaved, *, exact: bool = False,
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """The ids of the records that each text names, by the first field that knows it; others are left out.

    An id names its record whatever the fields are, unless it must be `exact`: then what is written otherwise
    than in the record does not name it, either.
    """
    found: dict[str, tuple[str, ...]] = {}
    if not exact and (
        ids := {text: id_ for text in texts if (id_ := canonical_id(text.strip())) is not None}
    ):
        found |= _by_ids(session, connection, target, ids, unsaved)
    for known in fields:
        rest = [text for text in texts if text not in found]
        if rest:
            found |= _by_field(session, connection, target, known, rest, unsaved, exact=exact)
    return found


def normal(text: str) -> str:
    """A text without what does not tell names apart: case, accents, blanks."""
    return sort_key(" ".join(text.split()))


def _by_ids(
    session: Bench, connection: Connection, target: ObjectType, ids: Mapping[str, str], unsaved: Unsaved
) -> dict[str, tuple[str, ...]]:
    release, made = session.release, unsaved.ids.get(target.id, frozenset())
    shape = ("find ids", target.id, session.policy.key)
    statement = release.statements.get(shape, lambda: _id_statement(release, session.policy, target))
    params = {**session.reader().given, "ids": id_list(ids.values(), release.dialect)}
    known = {row[0] for row in statement.rows(connection, params)}
    return {text: (id_,) for text, id_ in ids.items() if id_ in known or id_ in made}


def _by_field(
    session: Bench,
    connection: Connection,
    target: ObjectType,
    known: Field,
    texts: list[str],
    unsaved: Unsaved,
    *,
    exact: bool,
) -> dict[str, tuple[str, ...]]:
    release = session.release
    # What must be exact comes from a key, and is written as the column has it.
    told = ((text, text if exact else _text(release, known, text)) for text in texts)
    wanted = {text: value for text, value in told if value is not None}
    if not wanted:
        return {}
    shape = ("find by", known.id, session.policy.key)
    statement = release.statements.get(shape, lambda: _statement(release, session.policy, target, known))
    params = {**session.reader().given, "texts": text_list(sorted(set(wanted.values())), release.dialect)}
    if "normal" in statement.names:
        params["normal"] = text_list(sorted({normal(text) for text in wanted}), release.dialect)
    same: dict[str, list[str]] = {}
    alike: dict[str, list[str]] = {}
    for id_, text, key in statement.rows(connection, params):
        same.setdefault(text, []).append(id_)
        alike.setdefault(key, []).append(id_)
    named = {
        text: (
            *(same.get(value) or ([] if exact else alike.get(normal(text), []))),
            *unsaved.by(target, known, text),
        )
        for text, value in wanted.items()
    }
    return {text: tuple(ids) for text, ids in named.items() if ids}


def _text(release: Release, known: Field, text: str) -> str | None:
    """A text of the file as the column has it, or None where the field could not hold it."""
    sort = cast("FieldType", known.sort)
    if _parted(release, known) or sort.series:
        return text.strip()
    try:
        value = sort.convert(text)
    except Refusal:
        return None
    return None if value is None else unique_text(known, value, release.dialect)


def _parted(release: Release, known: Field) -> bool:
    """Whether the value is made of parts and reads as a line, as a person's name does."""
    return TEXT_PART in release.tables[known.object.id].kept[known.name].parts


def _statement(release: Release, policy: Policy, target: ObjectType, known: Field) -> Statement:
    table = release.tables[target.id].table
    kept = release.tables[target.id].kept[known.name]
    held = kept.parts.get(TEXT_PART, kept.value)
    column = table.c[held.column.name]
    text = column if TEXT_PART in kept.parts else column_text(known, column, release.dialect)
    match: sa.ColumnElement[bool] = among_texts(text, "texts", release.dialect)
    key: sa.ColumnElement[Any] = sa.null()
    if kept.sort is not None:
        key = table.c[kept.sort.column.name]
        match = sa.or_(match, among_texts(key, "normal", release.dialect))
    rows = sa.select(table.c.id, text, key).where(
        table.c.deleted_at.is_(None), match, _readable(release, policy, target, table)
    )
    return compile_statement(
        rows.order_by(table.c.id), release.dialect, [id_form(release.dialect).decode, None, None]
    )


def known_ids(
    session: Bench, connection: Connection, target: ObjectType, ids: Collection[str], unsaved: Unsaved
) -> frozenset[str]:
    """Those of some ids that name a record."""
    found = _by_ids(session, connection, target, {id_: id_ for id_ in ids}, unsaved) if ids else {}
    return frozenset(found)


def _id_statement(release: Release, policy: Policy, target: ObjectType) -> Statement:
    table = release.tables[target.id].table
    rows = sa.select(table.c.id).where(
        among_ids(table.c.id, "ids", release.dialect), table.c.deleted_at.is_(None),
        _readable(release, policy, target, table),
    )  # fmt: skip
    return compile_statement(rows, release.dialect, [id_form(release.dialect).decode])


def _readable(
    release: Release, policy: Policy, target: ObjectType, table: sa.Table
) -> sa.ColumnElement[bool]:
    rule = rules_of(release).decision(policy.decide(target, Action.READ), target, table)
    return sa.func.coalesce(rule, sa.false())
