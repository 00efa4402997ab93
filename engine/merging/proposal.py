"""Which values the record has that several become: one record's for each field, or of a list all together.

Who chooses nothing keeps what the survivor has, and where that is blank takes what the loser changed last
has; lists are joined. Only fields that the actor may read and write are chosen from, the survivor keeps the
others, and its secrets: what is sealed for one record opens for no other. Amounts go with the currency: one
in another currency than the result's is never taken. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.journal import from_journal, to_journal
from engine.merging.codes import BAD_MERGE
from engine.problem import Detail, Problem
from engine.save.sheet import COMPANY, sheet
from engine.sentence import said
from engine.tables import CURRENCY_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.fields.contract import FieldType
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType

UNION = "union"
"""Chosen instead of a record's id: the values of all lists, the survivor's first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One field: whose value is taken (an id, or `UNION`), and that value."""

    field: Field
    taken: str
    value: Any


def offered(release: Release, policy: Policy, target: ObjectType) -> tuple[Field, ...]:
    """The fields whose values the actor may choose from."""
    return tuple(
        field
        for field in sheet(release, target).fields.values()
        if not (field.retired or field.hidden or field.sort.sealed)
        and policy.readable(field)
        and policy.editable(field)
    )


def choices(
    release: Release, policy: Policy, target: ObjectType, rows: Sequence[Mapping[str, Any]],
    take: Mapping[str, str],
) -> tuple[Choice, ...]:  # fmt: skip
    """What becomes of each field; `rows` are the records as they are, the survivor first.

    `take` names whose value is taken by field name; what it does not name is proposed. Raises `Problem` 422
    with all choices that cannot be made.
    """
    fields = offered(release, policy, target)
    by_id = {str(row["id"]): row for row in rows}
    _refuse_unknown(fields, by_id, take)
    companions = sheet(release, target).companions
    currency = _currency(fields, rows, take, by_id)
    found, refused = list[Choice](), list[Detail]()
    for field in fields:
        amount = f"{field.name}{COMPANY}" in companions
        fitting = [row for row in rows if not amount or row.get(CURRENCY_FIELD) == currency]
        taken = take.get(field.name) or _proposed(field, rows, fitting)
        if amount and taken in by_id and by_id[taken] not in fitting and by_id[taken][field.name] is not None:
            message = said("{field} is in another currency there.", field=field.name)
            hint = said("Take the currency from the same record.")
            refused.append(Detail(field=field.name, code=BAD_MERGE.id, message=message, hint=hint))
        found.append(Choice(field=field, taken=taken, value=_value(field, rows, by_id, taken)))
    if refused:
        raise _bad(refused)
    return tuple(found)


def values_of(
    found: Sequence[Choice], survivor: Mapping[str, Any], merged: frozenset[str]
) -> dict[str, object]:
    """What the survivor is to be given, as a writer gives it: what it does not have yet.

    What it keeps is left alone. A link to one of the `merged` records would be one to itself, and is left
    out.
    """
    given = dict[str, object]()
    for one in found:
        if one.taken == survivor["id"]:
            continue
        value = _loosened(one.field, one.value, merged)
        if value != survivor[one.field.name]:
            kind = cast("FieldType", one.field.sort)
            kept = to_journal(kind)
            given[one.field.name] = from_journal(kind, kept(value) if kept else value)
    return given


def _refuse_unknown(fields: Sequence[Field], by_id: Mapping[str, object], take: Mapping[str, str]) -> None:
    known = {field.name: field for field in fields}
    refused = list[Detail]()
    for name, taken in take.items():
        if name not in known:
            message = said("{field} is no field to choose from.", field=name)
        elif taken in by_id or (taken == UNION and known[name].many):
            continue
        else:
            message = said("“{taken}” is none of the records that are merged.", taken=taken)
        hint = said("Name one of the records, or for a list “union”.")
        refused.append(Detail(field=name, code=BAD_MERGE.id, message=message, hint=hint))
    if refused:
        raise _bad(refused)


def _bad(refused: Sequence[Detail]) -> Problem:
    message = "These records cannot be merged so."
    return Problem(BAD_MERGE, message, status=422, details=refused, hint=BAD_MERGE.mend)


def _currency(
    fields: Sequence[Field], rows: Sequence[Mapping[str, Any]], take: Mapping[str, str],
    by_id: Mapping[str, Mapping[str, Any]],
) -> object:  # fmt: skip
    """The code that the amounts of the result are in; None: the company's own."""
    field = next((each for each in fields if each.name == CURRENCY_FIELD), None)
    if field is None:
        return rows[0].get(CURRENCY_FIELD)
    return by_id[take.get(CURRENCY_FIELD) or _proposed(field, rows, rows)][CURRENCY_FIELD]


def _proposed(field: Field, rows: Sequence[Mapping[str, Any]], fitting: Sequence[Mapping[str, Any]]) -> str:
    """Whose value is taken where nobody chose."""
    survivor = rows[0]
    if field.many and sum(bool(row[field.name]) for row in rows) > 1:
        return UNION
    newest = sorted(rows[1:], key=lambda row: (row["modified_at"], row["id"]), reverse=True)
    full = (row for row in (survivor, *newest) if row[field.name] is not None and row in fitting)
    return str(next(full, survivor)["id"])


def _value(
    field: Field, rows: Sequence[Mapping[str, Any]], by_id: Mapping[str, Mapping[str, Any]], taken: str
) -> Any:
    if taken != UNION:
        return by_id[taken][field.name]
    return tuple(dict.fromkeys(value for row in rows for value in row[field.name] or ())) or None


def _loosened(field: Field, value: Any, merged: frozenset[str]) -> Any:
    if not (field.target or field.others or field.members) or value is None:
        return value
    if field.many:
        return tuple(each for each in value if each not in merged) or None
    return None if str(value).rpartition("/")[2] in merged else value
