"""Pass: whether the options chosen go with the record type, and with the picklist that theirs depends on.

An option is judged when it, or what allows it, changes; what was stored before the model changed stays. A
preview asks the same judge which options are open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import codes
from engine.save.work import Kind
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import Field, ObjectType, Option


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """A picklist whose options depend on other values of the record.

    `looks` are the names of those; `types` are the codes that record types leave of it, where they say so.
    """

    field: Field
    controller: Field | None
    looks: frozenset[str]
    types: Mapping[str, frozenset[str]]

    def allows(self, option: Option, values: Mapping[str, Any]) -> bool:
        """Whether an option goes with a record of these values."""
        return self.blame(option, values) is None

    def blame(self, option: Option, values: Mapping[str, Any]) -> Field | None:
        """The field whose value does not allow the option, or None."""
        left = self.types.get(values.get(RECORD_TYPE) or "")
        if left is not None and option.code not in left:
            return self.field.object.fields[RECORD_TYPE]
        if self.controller is None or option.when is None:
            return None
        return None if _codes(values.get(self.controller.name)) & option.when else self.controller


def choices(release: Release, target: ObjectType) -> Mapping[str, Choice]:
    """The picklists of an object whose options depend on something, by name, from the Release."""
    return release.statements.get(("choices", target.id), lambda: _choices(target))


def check_choices(work: Work) -> None:
    """Refuse options that do not go with the rest, and record types that take no new records."""
    known, retiring = choices(work.release, work.object), _retiring(work)
    if not known and not retiring and not work.object.record_types:
        return
    for row in work.standing(Kind.CREATED, Kind.UPDATED):
        _check_type(work, row)
        for field in retiring:
            _check_retired(work, row, field)
        for choice in known.values():
            _check(work, row, choice)


def _check(work: Work, row: Row, choice: Choice) -> None:
    name = choice.field.name
    refused = {detail.field for detail in row.details}
    moved = row.kind is Kind.CREATED or any(map(row.changed, (name, *choice.looks)))
    if not moved or refused & {name, *choice.looks}:
        return
    language = work.actor.language
    chosen = _codes(row.after.get(name))
    for option in choice.field.options:
        blamed = choice.blame(option, row.after) if option.code in chosen else None
        if blamed is not None:
            row.refuse(
                codes.OPTION_CLOSED,
                "“{option}” does not go with the {field} chosen.",
                at=name,
                option=option.label.text(language),
                field=blamed.label.text(language),
            )


def _check_type(work: Work, row: Row) -> None:
    """A retired record type serves the records that it has."""
    record_type = work.object.record_types.get(row.after.get(RECORD_TYPE) or "")
    if record_type is None or record_type.active or not row.changed(RECORD_TYPE):
        return
    label = record_type.label.text(work.actor.language)
    row.refuse(codes.OPTION_CLOSED, "“{option}” takes no new records.", at=RECORD_TYPE, option=label)


def _retiring(work: Work) -> tuple[Field, ...]:
    """The picklists that have options which are not offered any more, from the Release."""
    fields = work.object.fields.values()
    return work.release.statements.get(
        ("retiring", work.object.id),
        lambda: tuple(
            field
            for field in fields
            if field.name != RECORD_TYPE and any(option.retired for option in field.options)
        ),
    )


def _check_retired(work: Work, row: Row, field: Field) -> None:
    """A retired option stays where it is, and is not chosen again."""
    chosen = _codes(row.after.get(field.name)) - _codes(row.before.get(field.name))
    for option in field.options:
        if option.retired and option.code in chosen:
            label = option.label.text(work.actor.language)
            row.refuse(
                codes.OPTION_CLOSED, "“{option}” is not offered any more.", at=field.name, option=label
            )


def _codes(value: Any) -> frozenset[str]:
    """The codes that a picklist holds, whether it takes one or many."""
    if value is None:
        return frozenset()
    return frozenset(value) if isinstance(value, tuple) else frozenset({value})


def _choices(target: ObjectType) -> dict[str, Choice]:
    found = {}
    for field in target.fields.values():
        types = {
            name: each.options[field.name]
            for name, each in target.record_types.items()
            if field.name in each.options
        }
        controller = field.depends_on
        if not field.retired and (types or controller is not None):
            looks = {RECORD_TYPE} if types else set()
            looks |= set() if controller is None else {controller.name}
            found[field.name] = Choice(
                field=field, controller=controller, looks=frozenset(looks), types=types
            )
    return found
