"""Pass: ask the database, in one statement, all that checking the batch needs to know.

Which linked records exist and may be read by the writer (and, on PostgreSQL, hold them against deletion);
the departments of new owners; which values of unique fields and which client-made ids are taken; and where
the actor stands above the owners. The answers are the batch's `facts`; the passes after this one judge by
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action, Circle, scopes
from engine.codec import id_form, number_form
from engine.fields.composite import encode
from engine.joins import rules_of
from engine.pointing import pointed, pointing
from engine.predicate import closure
from engine.save.lists import gained
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.statement import (
    Statement,
    among_ids,
    among_texts,
    compile_statement,
    id_list,
    leading,
    text_list,
)
from formula.types import Kind as Kind_
from formula.types import Type
from metadata.catalog import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.database import Dialect
    from engine.policy import Policy
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import Field, ObjectType

ID, SOURCE, LINK, UNIQUE = "id", "source", "link", "unique"
BELOW, DEPARTMENTS = "below", "departments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One part of the question: about a field, or about the object or the actor."""

    about: str
    field: Field | None = None
    target: ObjectType | None = None


def gather(work: Work) -> None:
    """Fill `work.facts`; sends nothing where there is nothing to ask."""
    asked, params = _question(work)
    circle = Circle(user=work.actor.id, department=work.actor.department)
    facts = work.facts
    if not asked:
        facts.circle = circle
        return
    shape = ("facts", work.object.id, work.policy.key, tuple(asked), work.locking)
    statement = work.release.statements.get(shape, lambda: _build(work, asked))
    below: set[str] = set()
    departments: set[str] = set()
    for part, id_, other, text in statement.rows(work.connection, {**work.reader.given, **params}):
        match asked[part]:
            case Asked(about="id"):
                facts.ids.add(id_)
            case Asked(about="source"):
                facts.sources.add(id_)
            case Asked(about="link", field=link, target=target) if link and target:
                facts.links.setdefault(link.name, {})[pointing(link, target, id_)] = other
            case Asked(about="unique", field=unique) if unique:
                facts.taken.setdefault(unique.name, {})[text] = id_
            case Asked(about="below"):
                below.add(id_)
            case _:
                departments.add(id_)
    facts.circle = Circle(
        user=work.actor.id,
        below=frozenset(below),
        department=work.actor.department,
        departments=frozenset(departments),
    )


def touched(row: Row, name: str) -> bool:
    """Whether a value has to be checked: it is filled, and not what it was (or comes back from the bin)."""
    value = row.after.get(name)
    return value is not None and (row.kind is Kind.RESTORED or value != row.before.get(name))


def questioned(work: Work, row: Row, link: Field) -> str | None:
    """The value of a link that has to be checked, or None.

    Of a row that opens a record to others it always has: who may not change the record any more neither goes
    on sharing it nor ends what others share.
    """
    if link in _opening(work.release) and row.kind is Kind.DELETED:
        found: str | None = row.before.get(link.name)
        return found
    if link in _opening(work.release) and row.kind is Kind.UPDATED:
        return row.after.get(link.name)
    return row.after[link.name] if touched(row, link.name) else None


def unique_text(field: Field, value: Any, dialect: Dialect) -> str:
    """A value of a unique field as the text that `column_text` makes of the column."""
    if isinstance(value, Mapping):
        return encode(value)
    match field.sort.type:
        case Type(kind=Kind_.ID) if dialect.sqlite:
            return str(value).replace("-", "").upper()
        case Type(kind=Kind_.NUMBER, scale=scale):
            held = number_form(dialect, scale or 0).encode
            return str(held(value)) if held else f"{value:.{scale or 0}f}"
        case _:
            return str(value)


def column_text(field: Field, column: sa.ColumnElement[Any], dialect: Dialect) -> sa.ColumnElement[Any]:
    """The column as text; text itself stays as it is, so that its index serves."""
    match field.sort.type.kind:
        case Kind_.TEXT | Kind_.PICKLIST:
            return column
        case Kind_.ID if dialect.sqlite:
            return sa.func.hex(column)
        case _:
            return sa.cast(column, sa.TEXT())


def _question(work: Work) -> tuple[list[Asked], dict[str, object]]:
    rows = list(work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED))
    asked: list[Asked] = []
    params: dict[str, object] = {}
    dialect = work.release.dialect

    def ask(about: str, ids: set[str], field: Field | None = None, target: ObjectType | None = None) -> None:
        if ids:
            params[f"list_{len(asked)}"] = id_list(sorted(ids), dialect)
            asked.append(Asked(about=about, field=field, target=target))

    ask(ID, {row.id for row in rows if row.kind is Kind.CREATED and row.chosen})
    ask(SOURCE, {row.copied_from for row in rows if row.copied_from})
    for field_ in sheet(work.release, work.object).links:
        for target, ids in _links(work, (*rows, *work.standing(Kind.DELETED)), field_).items():
            ask(LINK, ids, field_, target)
    for field_ in sheet(work.release, work.object).members:
        ask(LINK, {value for row in rows for value in gained(row, field_.name)}, field_, field_.members)
    for field_ in sheet(work.release, work.object).unique:
        texts = {
            unique_text(field_, row.after[field_.name], dialect) for row in rows if touched(row, field_.name)
        }
        if texts:
            params[f"list_{len(asked)}"] = text_list(sorted(texts), dialect)
            asked.append(Asked(about=UNIQUE, field=field_))
    wanted = _scopes(work, rows)
    owners = {row.after["owner"] for row in rows if row.after.get("owner")} - {work.actor.id}
    ask(BELOW, owners if Scope.BELOW in wanted else set())
    if Scope.DEPARTMENTS in wanted and owners and work.actor.department:
        asked.append(Asked(about=DEPARTMENTS))
    return asked, params


def _links(work: Work, rows: Iterable[Row], link: Field) -> dict[ObjectType, set[str]]:
    """The linked ids to look up, by object, in the order in which tables are locked.

    That she exists and where she belongs, the actor's sign-in has shown.
    """
    found: dict[ObjectType, set[str]] = {}
    for row in rows:
        if value := questioned(work, row, link):
            target, record = pointed(link, value)
            if target and not (link.name == "owner" and link.system and record == work.actor.id):
                found.setdefault(target, set()).add(record)
    return dict(sorted(found.items(), key=lambda item: item[0].table))


def _scopes(work: Work, rows: list[Row]) -> set[Scope]:
    actions = {Action.CREATE if row.kind is Kind.CREATED else Action.UPDATE for row in rows}
    return {scope for action in actions for scope in scopes(work.policy.decide(work.object, action))}


def _build(work: Work, asked: list[Asked]) -> Statement:
    dialect = work.release.dialect
    id_type = id_form(dialect)
    parts = [_part(work, number, each) for number, each in enumerate(asked)]
    question = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    return compile_statement(question, dialect, [None, id_type.decode, id_type.decode, None])


def _part(work: Work, number: int, asked: Asked) -> sa.Select[Any]:
    release, target, dialect = work.release, work.object, work.release.dialect
    form = id_form(dialect).type
    nothing, no_text = sa.cast(sa.null(), form), sa.cast(sa.null(), sa.TEXT())
    place: sa.ColumnElement[int] = sa.literal_column(str(number), sa.INTEGER())
    listed = f"list_{number}"
    match asked:
        case Asked(about="id"):
            table = release.tables[target.id].table
            return sa.select(place, table.c.id, nothing, no_text).where(
                among_ids(table.c.id, listed, dialect)
            )
        case Asked(about="source"):
            seen = _held(release, work.policy, target, Action.READ, listed, locking=False)
            return sa.select(place, seen.c.id, nothing, no_text)
        case Asked(about="link", field=link, target=linked) if linked:
            action = Action.UPDATE if link in _opening(release) else Action.READ
            found = _held(release, work.policy, linked, action, listed, locking=work.locking)
            return sa.select(place, found.c.id, found.c.department, no_text)
        case Asked(about="unique", field=unique) if unique:
            table = release.tables[target.id].table
            text = column_text(unique, table.c[unique.column], dialect)
            alive = table.c.deleted_at.is_(None)
            return sa.select(place, table.c.id, nothing, text).where(
                alive, among_texts(text, listed, dialect)
            )
        case Asked(about="below"):
            lower = closure("user", sa.bindparam("actor_id", type_=form), dialect).subquery()
            return sa.select(place, lower.c.below, nothing, no_text).where(
                among_ids(lower.c.below, listed, dialect)
            )
        case _:
            lower = closure("department", sa.bindparam("actor_department", type_=form), dialect).subquery()
            return sa.select(place, lower.c.below, nothing, no_text)


def _held(
    release: Release, policy: Policy, target: ObjectType, action: Action, listed: str, *, locking: bool
) -> sa.Subquery:
    """Records that are alive and with which the actor may do this, if `locking` kept from being deleted until
    it is saved.
    """
    table = release.tables[target.id].table.alias()
    rule = rules_of(release).decision(policy.decide(target, action), target, table)
    ids = among_ids(table.c.id, listed, release.dialect)
    rows = (
        sa.select(table.c.id, table.c.department)
        .where(table.c.deleted_at.is_(None), leading(ids, rule, release.dialect))
        .order_by(table.c.id)
    )
    if locking and not release.dialect.sqlite:
        rows = rows.with_for_update(read=True, key_share=True, of=table)
    return rows.subquery()


def _opening(release: Release) -> frozenset[Field]:
    """The links by which rows of memberships open records to others: only who may change one may open it."""

    def find() -> frozenset[Field]:
        objects = release.catalog.objects.values()
        return frozenset(each.record for target in objects for each in target.memberships)

    return release.statements.get(("opening",), find)
