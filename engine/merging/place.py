"""Which moved records cannot stand beside the survivor's own: the same member twice, a place that is taken.

Asked by `moving.py` for a chunk of records. Two records of nothing but links that link the same are one too
many. A member is there already where the survivor's row names the same
people in the same role and opens at least as much for at least as long; two that open different things both
count, and both stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form
from engine.save.sheet import sheet
from engine.statement import among_ids, compile_statement, id_list
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.database import Connection
    from engine.merging.moving import Moving
    from engine.release import Release
    from engine.save.work import Row
    from engine.statement import Statement
    from metadata.catalog import Field
    from metadata.permission import Membership

EDIT = "edit"


def redundant(moving: Moving, connection: Connection, link: Field, rows: Sequence[Row]) -> set[str]:
    """The ids of those of `rows`, which move by `link`, that say of somebody what is said already."""
    membership, pair = _membership(moving.session.release, link), _pair(moving.session.release, link)
    if link.many or not (membership or pair):
        return set()

    def said(other: dict[str, Any], row: dict[str, Any]) -> bool:
        same = all(other[field.name] == row[field.name] for field in pair)
        return _covers(membership, other, row) if membership else same

    stay = moving.rows(connection, link.object, _own(moving, connection, link))
    known = [row.before for row in stay]
    double = set[str]()
    for row in rows:
        if any(said(other, row.before) for other in known):
            double.add(row.id)
        else:
            known.append(row.before)
    return double


def next_place(
    moving: Moving, connection: Connection, link: Field, taken: set[str | None]
) -> tuple[Field, int] | None:
    """The whole number among the `taken` fields, and the first free one after all of the survivor's."""
    numbers = [
        field
        for field in link.object.fields.values()
        if field.name in taken and field.sort.type.kind is Kind.NUMBER and not field.sort.type.scale
    ]
    if not numbers:
        return None
    rows = moving.rows(connection, link.object, _own(moving, connection, link))
    used = [int(row.before[numbers[0].name]) for row in rows if row.before[numbers[0].name] is not None]
    return numbers[0], max(used, default=0) + 1


def _pair(release: Release, link: Field) -> tuple[Field, ...]:
    """The other links of an object that has nothing but links, and so only says what belongs together.

    None of any other object.
    """
    fields = [each for each in sheet(release, link.object).fields.values() if not each.system]
    others = tuple(each for each in fields if each is not link)
    return others if all(each.target or each.others for each in fields) else ()


def _membership(release: Release, link: Field) -> Membership | None:
    """The membership whose rows open records by this link; pools, which are named by a field, too."""
    for target in release.catalog.objects.values():
        for each in target.memberships:
            if each.record is link:
                return each
    return None


def _covers(membership: Membership, other: dict[str, Any], row: dict[str, Any]) -> bool:
    same = (membership.user, membership.group, membership.department, membership.role)
    if any(other[field.name] != row[field.name] for field in same if field is not None):
        return False
    access, until = membership.access, membership.until
    wide = access is None or other[access.name] in (EDIT, row[access.name])
    ends = other[until.name] if until else None
    return wide and (ends is None or (row[until.name] is not None and row[until.name] <= ends))  # type: ignore[union-attr]


def _own(moving: Moving, connection: Connection, link: Field) -> list[str]:
    """The records that point at the survivor by `link`, which is no list."""
    release = moving.session.release
    statement = release.statements.get(("own of", link.id), lambda: _pointing(release, link))
    given = {"ids": id_list([moving.survivor], release.dialect)}
    return [id_ for (id_,) in statement.rows(connection, given)]


def _pointing(release: Release, link: Field) -> Statement:
    held = release.tables[link.object.id]
    kept = held.kept[link.name]
    column = kept.parts["id"].column if link.others else kept.value.column
    rows = sa.select(held.table.c.id).where(
        among_ids(column, "ids", release.dialect), held.table.c.deleted_at.is_(None)
    )
    return compile_statement(rows, release.dialect, (id_form(release.dialect).decode,))
