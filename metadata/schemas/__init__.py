"""The JSON Schemas (Draft 2020-12) of all documents, and what field types and flow steps add to them.

One file per document kind beside this module; the compiler checks with them, `published` gives editors the
same ones with every field type spelled out.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.kinds import FieldKind, Kinds, StepKind

Schema = dict[str, Any]
"""A JSON Schema as `json.load` gives it."""

DOCUMENTS = (
    "package", "object", "layout", "view", "permission_set", "sharing_rule", "restriction_rule", "flow",
    "app", "translation",
)  # fmt: skip


def load(kind: str) -> Schema:
    """The schema of one document kind, or of `field`."""
    schema: Schema = json.loads(files(__name__).joinpath(f"{kind}.json").read_text("utf-8"))
    return schema


def field_schema(kind: FieldKind) -> Schema:
    """The schema of a field of one type: the properties common to all, and the type's own."""
    common = load("field")
    own = dict(_properties(kind.schema))
    if "options" in own:
        own["options"] = {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": common["$defs"]["option"],
        }
        own["attributes"] = {"type": "object", "additionalProperties": common["$defs"]["attribute"]}
        own["depends_on"] = common["$defs"]["depends_on"]
    properties = {**common["properties"], **own, "type": {"const": kind.name}}
    required = [*common["required"], *_required(kind.schema)]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def step_schema(kind: StepKind) -> Schema:
    """The schema of the options of one step kind."""
    label = {"type": "string", "minLength": 1, "description": "What the step does, for people."}
    return {
        "type": "object",
        "properties": {"label": label, **_properties(kind.schema)},
        "required": _required(kind.schema),
        "additionalProperties": False,
    }


def published(kinds: Kinds) -> Mapping[str, Schema]:
    """The schemas for editors, by document kind: fields by type, steps by kind."""
    found = {kind: load(kind) for kind in DOCUMENTS}
    cases = [
        {"if": {"properties": {"type": {"const": name}}}, "then": field_schema(kind)}
        for name, kind in sorted(kinds.fields.items())
    ]
    names = {"properties": {"type": {"enum": sorted(kinds.fields)}}, "required": ["type"]}
    found["object"]["properties"]["fields"]["additionalProperties"] = {**names, "allOf": cases}
    steps = {name: step_schema(kind) for name, kind in sorted(kinds.steps.items())}
    found["flow"]["properties"]["steps"]["items"] = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "label": {"type": "string"}, **steps},
        "additionalProperties": False,
    }
    return found


def _properties(schema: Mapping[str, object]) -> Mapping[str, Any]:
    found = schema.get("properties", {})
    return found if isinstance(found, dict) else {}


def _required(schema: Mapping[str, object]) -> list[str]:
    found = schema.get("required", [])
    return [str(name) for name in found] if isinstance(found, list | tuple) else []
