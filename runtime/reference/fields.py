"""The pages of field types and of flow steps, from what each declares of itself."""

from __future__ import annotations

from inspect import getdoc, getmodule
from typing import TYPE_CHECKING, Any, cast

from metadata.schemas import load, step_schema
from runtime.reference.documents import form, properties
from runtime.reference.markdown import code, sections, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields import FieldType, Kind
    from metadata.kinds import FieldKind, StepKind

_COLUMNS = ("property", "value", "")
# The least that a type must be told before it can speak of itself.
_EXAMPLES: Mapping[str, object] = {
    "to": "account",
    "options": {"open": {}},
    "returns": "number",
    "pattern": "{0}",
}


def fields(kinds: Mapping[str, FieldKind]) -> str:
    """What all fields have in common, then each type with its options."""
    common = load("field")
    inner = common["$defs"]["option"]
    option = [*properties(inner), (code("anything"), "text, number or boolean", "An attribute, if declared.")]
    return sections(
        "## Common to all fields",
        table(_COLUMNS, properties(common)),
        "## Options of a picklist",
        "Under `options`, by code. Codes are kept for ever; labels belong to languages.",
        table(_COLUMNS, option),
        "Beside them, `attributes` declares what else an option tells (`attributes: {closed: boolean}`): "
        f"{', '.join(code(kind) for kind in common['$defs']['attribute']['enum'])}. Formulas read "
        "`stage.closed`; a percent of 10 reads as 0.10.",
        *(_field(cast("Kind", kind)) for _, kind in sorted(kinds.items())),
    )


def steps(kinds: Mapping[str, StepKind]) -> str:
    """Each kind of step with its options."""
    about = (
        "A step is a mapping with its kind as the key. A text that begins with `=` is a formula over the "
        "record that started the flow. Every step may have an `id` beside it."
    )
    parts = [about]
    for name, kind in sorted(kinds.items()):
        parts += [
            f"## {name}",
            _module_prose(kind),
            getdoc(kind) or "",
            table(_COLUMNS, properties(step_schema(kind))),
        ]
    return sections(*parts)


def _field(kind: Kind) -> str:
    sort = kind.bind({name: _EXAMPLES[name] for name in _required(kind)})
    options = [*properties(cast("dict[str, object]", dict(kind.schema)))]
    facts = [
        ("in formulas", str(sort.type)),
        ("in JSON", _json(sort)),
        ("filters", ", ".join(sort.operators) or "those of what it returns"),
        ("widget", sort.widget),
    ]
    if sort.parts:
        facts.insert(1, ("parts", ", ".join(f"`.{name}` {type_}" for name, type_ in sort.parts.items())))
    return sections(
        f"## {kind.name}",
        _module_prose(sort),
        table(("", ""), facts),
        table(("option", "value", ""), options) if options else "No options of its own.",
    )


def _required(kind: Kind) -> list[str]:
    wanted = cast("list[str]", kind.schema.get("required", []))
    return [name for name in wanted if name in _EXAMPLES]


def _json(sort: FieldType) -> str:
    schema = sort.json_schema
    if "enum" in schema:
        return "one of the codes, or null"
    if "oneOf" in schema:
        return " or ".join(dict.fromkeys(_json_kind(each) for each in cast("list[Any]", schema["oneOf"])))
    return _json_kind(schema)


def _json_kind(schema: Mapping[str, Any]) -> str:
    kind = form({"type": schema["type"]})
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _module_prose(of: object) -> str:
    """The first paragraph of the module that holds a type or step."""
    module = getmodule(type(of))
    text = (getdoc(module) or "").partition("\n\n")[0] if module else ""
    return " ".join(text.split())
