"""What is asked about records rather than for them: figures, an object's description, a record's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.access import Action, Never
from runtime.answer import different, figures
from runtime.api.answers import answer_json
from runtime.api.parameters import object_of
from runtime.api.records import record_id

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.describe import FieldView
    from engine.history import Change
    from metadata.catalog import Option, RecordType
    from runtime.exchange import Exchange


def list_objects(exchange: Exchange) -> Response:
    """GET /api/v1: the objects that the caller may read."""
    policy, language = exchange.signed_in.policy, exchange.language
    objects = [
        {"name": target.name, "label": target.label.text(language), "plural": target.plural.text(language)}
        for target in exchange.release.catalog.objects.values()
        if not target.retired and not isinstance(policy.decide(target, Action.READ), Never)
    ]
    return answer_json({"objects": objects})


def describe_object(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/describe: fields and actions, as far as the caller may use them."""
    language = exchange.language
    view = exchange.signed_in.describe(object_of(exchange).name)
    target = view.object
    return answer_json(
        {
            "name": target.name,
            "label": target.label.text(language),
            "plural": target.plural.text(language),
            "title": target.title.name if target.title else None,
            "actions": sorted(view.actions),
            "fields": [_field_json(item, language) for item in view.fields],
            "record_types": [_type_json(item, language) for item in view.record_types],
        }
    )


def aggregate_records(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/aggregate: one row per group, in the columns that were asked for."""
    return answer_json(figures(exchange.signed_in, object_of(exchange), exchange.query).json())


def distinct_values(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/distinct: a page of the different values of `fields`."""
    found = different(exchange.signed_in, object_of(exchange), exchange.query)
    return answer_json({**found.json(), "next": found.next, "previous": found.previous})


def record_history(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/{id}/history: who changed which of the visible fields, when, from what to what."""
    changes = exchange.signed_in.history(object_of(exchange), record_id(exchange))
    return answer_json({"changes": [_change_json(change) for change in changes]})


def _field_json(view: FieldView, language: str) -> dict[str, Any]:
    field = view.field
    described: dict[str, Any] = {
        "name": field.name,
        "label": field.label.text(language),
        "kind": field.sort.kind,
        "required": field.required,
        "unique": field.unique,
        "editable": view.editable,
    }
    if view.masked:
        described["masked"] = True
    if field.help is not None:
        described["help"] = field.help.text(language)
    if field.target is not None:
        described["to"] = field.target.name
    if field.others:
        described["to"] = [other.table for other in field.others if not other.retired]
    if field.members is not None:
        described["to"] = field.members.name
    if field.sort.element is not None:
        described |= {"many": True, "element": field.sort.element.kind}
    if field.sort.parts:
        described["parts"] = list(field.sort.parts)
    if field.options:
        described["options"] = [_option_json(item, language) for item in field.options if not item.retired]
    if field.depends_on is not None:
        described["depends_on"] = field.depends_on.name
    return described


def _option_json(option: Option, language: str) -> dict[str, Any]:
    described = {"code": option.code, "label": option.label.text(language), "color": option.color}
    return described if option.when is None else {**described, "when": sorted(option.when)}


def _type_json(record_type: RecordType, language: str) -> dict[str, Any]:
    return {
        "name": record_type.name,
        "label": record_type.label.text(language),
        "icon": record_type.icon,
        "default": record_type.default,
        "options": {name: sorted(left) for name, left in record_type.options.items()},
    }


def _change_json(change: Change) -> dict[str, Any]:
    made = change.change_set
    return {
        "version": change.version,
        "kind": change.kind,
        "at": change.at,
        "by": made.actor,
        "impersonator": made.impersonator,
        "entry": made.entry,
        "reason": made.reason,
        "change_set": made.id,
        "fields": [{"name": item.name, "old": item.old, "new": item.new} for item in change.fields],
    }
