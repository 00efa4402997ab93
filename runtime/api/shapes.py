"""JSON Schemas (2020-12) of what the API takes and answers: of one object's records, and of what all share.

Made from the same field types that convert and show the values. Used by `openapi.py` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.fault import SUFFIX as ERROR
from engine.save.sheet import sheet
from runtime.api.body import MOST_REASON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.describe import FieldView, ObjectView
    from engine.fields.contract import FieldType
    from engine.release import Release

Shape = dict[str, object]

ID: Shape = {"type": "string", "format": "uuid"}
COPIED_FROM = "$copied_from"
"""Beside the values, where a field may have any name but one with a `$`."""
_SOURCE: Shape = {**ID, "description": "The record of this object that it is a copy of; for ISCLONE()."}
_TEXT: Shape = {"type": "string"}
_REASON: Shape = {"type": "string", "maxLength": MOST_REASON}
_VERSION: Shape = {"type": "integer", "minimum": 1}
_SEEN: Shape = {"type": ["integer", "string", "null"], "description": 'The version seen, or "*".'}
_CURSOR: Shape = {"type": ["string", "null"], "description": "To be sent as `after` or `before`."}
_MARKS: Shape = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "description": "Where the words stand in the text, as start and end.",
}
_INSTANT: Shape = {"type": "string", "format": "date-time"}


def reference(name: str) -> Shape:
    """A schema that stands under `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def record_of(view: ObjectView, language: str) -> Shape:
    """A record as it is answered. Which fields are there is the caller's choice (`fields`), also those of
    linked records, so more is allowed than is named.
    """
    known: Shape = {"id": ID, "version": _VERSION}
    for each in view.fields:
        known.setdefault(each.field.name, _shown(each, language))
        if each.field.formula is not None:
            known.setdefault(f"{each.field.name}{ERROR}", _reason(each.field.label.text(language)))
        if each.field.target is not None or each.field.others:
            label = each.field.label.text(language)
            known.setdefault(f"{each.field.name}.title", {"description": f"What people see of {label}."})
        if each.field.members is not None:
            label = each.field.label.text(language)
            known.setdefault(f"{each.field.name}.titles", _titles(label))
    return {"type": "object", "title": view.object.label.text(language), "properties": known,
            "required": ["id", "version"], "additionalProperties": True}  # fmt: skip


def values_of(release: Release, view: ObjectView, language: str, *, new: bool) -> Shape:
    """The values that a record is made of, or that change it; a new one needs those without a default."""
    given = sheet(release, view.object).blank
    writable = [each for each in view.fields if each.editable]
    known: Shape = {each.field.name: _shown(each, language) for each in writable}
    shape: Shape = {"type": "object", "properties": known, "additionalProperties": False}
    if not new:
        known["version"] = _SEEN
        return shape
    known["id"] = {**ID, "description": "Made by the client, to be able to refer to the record at once."}
    known[COPIED_FROM] = _SOURCE
    needed = [
        each.field.name
        for each in writable
        if each.field.required and each.field.default is None and given.get(each.field.name) is None
    ]
    return {**shape, "required": needed} if needed else shape


def many(shape: Shape) -> Shape:
    """One of it, or a list, all or none of which is stored."""
    return {"oneOf": [shape, {"type": "array", "items": shape, "minItems": 1, "maxItems": 2000}]}


def shared() -> Mapping[str, Shape]:
    """The schemas that do not depend on the tenant, by name."""
    return {
        "problem": _object(
            {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT, "code": _TEXT,
             "hint": _TEXT, "errors": _list(reference("error"))},
            "type", "title", "status", "detail", "code",
            about="RFC 9457, with a code, a hint, and everything that is wrong.", more=True,
        ),
        "error": _object(
            {"field": _TEXT, "row": {"type": "integer"}, "mutation": {"type": "integer"},
             "column": {"type": "integer"}, "code": _TEXT, "message": _TEXT, "hint": _TEXT},
            "code", "message",
        ),
        "count": _object({"number": {"type": "integer"}, "exact": {"type": "boolean"}}, "number", "exact"),
        "objects": _object(
            {"objects": _list(_object({"name": _TEXT, "label": _TEXT, "plural": _TEXT}, "name", "label"))},
            "objects",
        ),
        "description": _object(
            {"name": _TEXT, "label": _TEXT, "plural": _TEXT, "title": {"type": ["string", "null"]},
             "actions": _list({"enum": ["create", "read", "update", "delete"]}),
             "fields": _list({"type": "object"})},
            "name", "label", "actions", "fields", more=True,
        ),
        **_rows(),
        **_merging(),
        "history": _object(
            {"changes": _list(_object(
                {"version": _VERSION, "kind": _TEXT, "at": _INSTANT, "fields": _list({"type": "object"})},
                "version", "kind", "at", "fields", more=True,
            ))},
            "changes",
        ),
    }  # fmt: skip


def _merging() -> Mapping[str, Shape]:
    """What a merge is asked for with, and what it answers: what came of it, or with `preview` what would."""
    ids: Shape = _list(ID)
    counts: Shape = {"type": "object", "additionalProperties": {"type": "integer"}}
    versions: Shape = {"anyOf": [{"type": "object", "additionalProperties": _VERSION}, {"const": "*"}]}
    asked: Shape = {
        "survivor": ID, "losers": ids, "take": {"type": "object", "additionalProperties": _TEXT},
        "versions": versions, "reason": _TEXT, "preview": {"type": "boolean"},
    }  # fmt: skip
    done: Shape = {
        "change_set": ID, "survivor": ID, "moved": counts, "record": {"type": "object"},
        "gave_way": _list(_object({"object": _TEXT, "id": ID, "message": _TEXT}, "object", "id", "message")),
    }  # fmt: skip
    proposed: Shape = {
        "versions": counts, "fields": _list({"type": "object"}), "moving": counts,
    }  # fmt: skip
    return {
        "merge": _object(asked, "survivor", "losers"),
        "merged": {"anyOf": [_object(done, *done), _object(proposed, *proposed)]},
    }


def _rows() -> Mapping[str, Shape]:
    """Answers that are rows of values, or hits."""
    return {
        "figures": _object({"columns": _list(_TEXT), "rows": _list({"type": "array"})}, "columns", "rows"),
        "values": _object(
            {"columns": _list(_TEXT), "rows": _list({"type": "array"}),
             "next": {"type": ["string", "null"]}, "previous": {"type": ["string", "null"]}},
            "columns", "rows", "next", "previous",
        ),
        "found": _object(
            {"q": _TEXT, "meant": {"type": ["string", "null"]}, "results": _list(_object(
                {"object": _TEXT, "id": ID, "title": {"type": ["string", "null"]}, "marks": _MARKS,
                 "rank": {"enum": ["exact", "begins", "sounds", "holds", "elsewhere"]},
                 "snippet": {"type": ["object", "null"]}},
                "object", "id", "title", "marks", "rank", "snippet",
            ))},
            "q", "meant", "results",
        ),
    }  # fmt: skip


def formula_asked(objects: Iterable[str], contexts: Iterable[str]) -> Shape:
    """A formula that is being written over one of these objects, and where the cursor stands in it."""
    place = "Where it stands; places other than a filter need the right to set up."
    context: Shape = {"enum": [*contexts], "default": "filter", "description": place}
    kinds = ["any", "number", "text", "boolean", "date", "datetime", "time"]
    returns: Shape = {"enum": kinds, "default": "any", "description": "What it has to be."}
    blanks: Shape = {"enum": ["as_blank", "as_zero"], "default": "as_blank"}
    cursor = "The cursor, in characters from the start."
    position: Shape = {"type": ["integer", "null"], "description": cursor}
    return _object(
        {"object": {"enum": [*objects]}, "formula": _TEXT, "context": context, "returns": returns,
         "blanks": blanks, "position": position},
        "object", "formula",
    )  # fmt: skip


def formula_checked() -> Shape:
    """What is known of it: its type or what is wrong, what it refers to, what may stand at the cursor."""
    number: Shape = {"type": "integer", "minimum": 0}
    issue = _object(
        {"code": _TEXT, "message": _TEXT, "hint": _TEXT, "line": number, "column": number, "start": number,
         "end": number},
        "code", "message", "hint", "line", "column", "start", "end",
    )  # fmt: skip
    reference = _object({"name": _TEXT, "type": _TEXT, "label": _TEXT}, "name", "type", "label")
    kinds: Shape = {"enum": ["field", "function", "global", "link", "option", "word"]}
    item = _object(
        {"kind": kinds, "text": _TEXT, "detail": _TEXT, "label": _TEXT, "documentation": _TEXT},
        "kind", "text", "detail", "label", "documentation",
    )  # fmt: skip
    completion = _object({"start": number, "end": number, "items": _list(item)}, "start", "end", "items")
    return _object(
        {"type": {"type": ["string", "null"]}, "issues": _list(issue), "warnings": _list(issue),
         "references": _list(reference), "completion": {"anyOf": [completion, {"type": "null"}]}},
        "type", "issues", "warnings", "references", "completion",
    )  # fmt: skip


def page_of(record: Shape) -> Shape:
    """A page of records."""
    return _object(
        {"records": _list(record), "next": _CURSOR, "previous": _CURSOR, "count": reference("count")},
        "records", "next", "previous",
    )  # fmt: skip


def stored_of(record: Shape) -> Shape:
    """The records made of a list."""
    return _object({"records": _list(record), "change_set": ID}, "records", "change_set")


def batch_of(create: Shape, update: Shape) -> Shape:
    """Many changes, each with its own outcome."""
    flag: Shape = {"type": "boolean", "default": True}
    return _object(
        {"changes": _changes(create, update), "reason": _REASON, "automation": flag, "partial": flag},
        "changes",
    )


def together() -> Shape:
    """Changes of several objects; their values are those of each object's own schemas."""
    values: Shape = {"type": "object"}
    part = _object({"object": _TEXT, "changes": _changes(values, values)}, "object", "changes")
    flag: Shape = {"type": "boolean", "default": True}
    parts: Shape = {"type": "array", "items": part, "minItems": 1}
    return _object({"parts": parts, "reason": _REASON, "automation": flag}, "parts")


def saved_together() -> Shape:
    """What became of changes of several objects."""
    result = _object({"status": {"type": "integer"}, "record": {"type": "object"}}, "status")
    part = _object({"object": _TEXT, "results": _list(result)}, "object", "results")
    return _object({"change_set": ID, "parts": _list(part)}, "change_set", "parts")


def _changes(create: Shape, update: Shape) -> Shape:
    rows = {
        "create": ({"values": create, "id": ID, "copied_from": _SOURCE}, ("values",)),
        "update": ({"id": ID, "values": update, "version": _SEEN}, ("id", "values")),
        "delete": ({"id": ID, "version": _SEEN}, ("id",)),
        "restore": ({"id": ID}, ("id",)),
    }
    changes = [
        _object({"action": {"const": action}, **known}, "action", *needed)
        for action, (known, needed) in rows.items()
    ]
    return {"type": "array", "items": {"oneOf": changes}, "minItems": 1, "maxItems": 2000}


def outcomes_of(record: Shape) -> Shape:
    """What became of each change of a batch."""
    outcome = _object(
        {"status": {"type": "integer"}, "record": record, "problem": reference("problem")}, "status"
    )
    return _object(
        {"change_set": ID, "stored": {"type": "integer"}, "refused": {"type": "integer"},
         "results": _list(outcome)},
        "change_set", "stored", "refused", "results",
    )  # fmt: skip


def _titles(label: str) -> Shape:
    about = f"What people see of {label}, in their order; null where the caller may not see it."
    return {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": about}


def _reason(label: str) -> Shape:
    return {"type": "string", "description": f"Why {label} is an error and so null; not there otherwise."}


def _shown(view: FieldView, language: str) -> Shape:
    field = view.field
    told: Shape = {"title": field.label.text(language)}
    if field.help is not None:
        told["description"] = field.help.text(language)
    if not view.editable:
        told["readOnly"] = True
    if view.masked:
        return {"type": ["string", "null"], **told}
    return {**cast("FieldType", field.sort).json_schema, **told}


def _object(known: Shape, *needed: str, about: str = "", more: bool = False) -> Shape:
    shape: Shape = {"type": "object", "properties": known, "required": list(needed)}
    shape |= {"description": about} if about else {}
    return shape if more else {**shape, "additionalProperties": False}


def _list(items: Shape | Iterable[object]) -> Shape:
    return {"type": "array", "items": items}
