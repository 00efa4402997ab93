"""The words of a search box as a condition on one object: each word must occur in some searchable field.

Only fields the reader may see are looked at. The index is asked first, by `resolve`: few hits become the list
of records to look at, many a test of each record's document (`engine/search`). Searched fields that are
computed, as all of a query are, stand in no index; there the rows themselves are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.fields.contract import TEXT_PART
from engine.lists import some
from engine.search.documents import held
from engine.search.hits import asked, further_hits, is_common
from engine.search.searched import searched
from engine.search.wanted import MOST_WORDS, wanted
from engine.sort_key import sort_key
from engine.statement import among_ids, id_list
from formula.types import Kind
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.joins import Joins
    from engine.lists import ListTable
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import ObjectType

FEW = 2_000
"""Hits that are looked up one by one; of more, most pages fill while the list is walked."""


class Form(StrEnum):
    """How the words are looked for."""

    NOTHING = "nothing"
    AMONG = "among"
    TESTED = "tested"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Words whose hits have been looked at. `given` are the parameters of the condition."""

    text: str
    form: Form
    given: tuple[tuple[str, object], ...] = ()

    @property
    def shape(self) -> tuple[object, ...]:
        """What the condition's text depends on."""
        return (self.form, len(words(self.text)) if self.form is Form.COMPARED else 0)


def resolve(
    connection: Connection, release: Release, policy: Policy, target: ObjectType, find: str | None
) -> Finding | None:
    """Ask the index for the words of a list; None where there are none."""
    if not words(find) or find is None:
        return None
    what = searched(release, target)
    if not what.indexed(policy):
        return Finding(text=find, form=Form.COMPARED, given=tuple(_patterns(find).items()))
    sought = wanted(find, what.slots(policy))
    if not sought.words:
        return Finding(text=find, form=Form.NOTHING)
    if not is_common(connection, release, target, sought):
        hits = further_hits(connection, release, target, sought, most=FEW + 1)
        if len(hits.found) <= FEW:
            ids = id_list((hit.record for hit in hits.found), release.dialect)
            return Finding(text=find, form=Form.AMONG, given=(("find_ids", ids),))
    return Finding(text=find, form=Form.TESTED, given=(("find_wanted", asked(sought, release.dialect)),))


def find_rules(
    joins: Joins, policy: Policy, target: ObjectType, finding: Finding | None
) -> list[sa.ColumnElement[bool]]:
    """The condition that a record is found."""
    if finding is None:
        return []
    identity = joins.column(FieldPath(field=target.fields["id"])).element
    match finding.form:
        case Form.NOTHING:
            return [sa.false()]
        case Form.AMONG:
            return [among_ids(identity, "find_ids", joins.dialect)]
        case Form.TESTED:
            return [held(target, identity, joins.dialect)]
        case Form.COMPARED:
            return _compared(joins, policy, target, finding)


def words(find: str | None) -> tuple[str, ...]:
    """The words of a search text."""
    return tuple((find or "").split()[:MOST_WORDS])


def _compared(
    joins: Joins, policy: Policy, target: ObjectType, finding: Finding
) -> list[sa.ColumnElement[bool]]:
    """One condition for each word; without a field to look at nothing is found."""
    fields = [f for f in target.fields.values() if (f.searchable or f is target.title) and policy.readable(f)]
    paths = [FieldPath(field=field) for field in fields]
    count = len(words(finding.text))
    return [sa.or_(sa.false(), *(_holds(joins, path, n) for path in paths)) for n in range(count)]


def _patterns(find: str) -> dict[str, object]:
    """The LIKE patterns of the words, for fields with a sort key and for others."""
    params: dict[str, object] = {}
    for n, word in enumerate(words(find)):
        params[f"find_{n}"] = f"%{_escaped(sort_key(word))}%"
        params[f"find_raw_{n}"] = f"%{_escaped(word.lower())}%"
    return params


def _holds(joins: Joins, path: FieldPath, number: int) -> sa.ColumnElement[bool]:
    if path.field.many:
        kept, owner = joins.list_of(path)
        return some(kept, owner, lambda rows: _matches(kept, rows, number))
    sort = joins.stored(path, "sort")
    by_key = None if sort is None else sort.like(_bind(f"find_{number}"), escape="\\")
    if by_key is not None and joins.stored(path, "part", TEXT_PART) is None:
        return by_key
    plain = sa.func.lower(joins.column(path).element).like(_bind(f"find_raw_{number}"), escape="\\")
    return plain if by_key is None else sa.or_(by_key, plain)  # an address is longer than its sort key


def _matches(kept: ListTable, rows: sa.FromClause, number: int) -> sa.ColumnElement[bool]:
    if kept.sort is not None:
        return rows.c.sort.like(_bind(f"find_{number}"), escape="\\")
    if kept.element.type.kind not in (Kind.TEXT, Kind.PICKLIST):
        return sa.false()
    return sa.func.lower(rows.c.value).like(_bind(f"find_raw_{number}"), escape="\\")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _bind(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=sa.TEXT())
