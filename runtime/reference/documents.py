"""The page of document kinds, read from the JSON Schemas that the compiler checks with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata.schemas import DOCUMENTS, Schema, load
from runtime.reference.markdown import code, sections, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABOUT = """
A file of a package is one YAML document. Its first key says what it is: `object: account`, `view: my_open`,
`extend: object account`; a translation begins with `language:`. Properties marked * must be given; `name.…`
stands for an entry under a name of your choice, `[]` for an element of a list.
"""


def documents() -> str:
    """One table of properties a kind."""
    return sections(_ABOUT, *(_kind(load(kind)) for kind in DOCUMENTS))


def _kind(schema: Schema) -> str:
    rows = list(properties(schema))
    return sections(
        f"## {schema['title']}", str(schema["description"]), table(("property", "value", ""), rows)
    )


def properties(schema: Schema, above: str = "") -> Iterator[tuple[str, str, str]]:
    """The properties of a schema at any depth: path, form of the value, description."""
    required = schema.get("required", ())
    for name, below in schema.get("properties", {}).items():
        path = f"{above}{name}"
        yield code(path) + ("*" if name in required else ""), form(below), below.get("description", "")
        yield from _inside(below, path)
    further = schema.get("additionalProperties")
    if isinstance(further, dict) and further.get("type") != "object" and "anyOf" not in further and above:
        yield code(f"{above}name"), form(further), further.get("description", "")
    elif isinstance(further, dict):
        yield from properties(_chosen(further), f"{above}name." if above else "name.")


def form(schema: Schema) -> str:
    """What a value looks like, in a few words."""
    if "const" in schema:
        return code(str(schema["const"]))
    if "enum" in schema:
        return ", ".join(code(str(choice)) for choice in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"list of {form(schema.get('items', {}))}"
        case "object":
            return "mapping"
        case "string" if "pattern" in schema and "a-z0-9]*" in schema["pattern"]:
            return "name"
        case "string":
            return "text"
        case "integer":
            return _between("whole number", schema)
        case list() as types:
            return " or ".join(form({"type": one}) for one in types)
        case str() as other:
            return _between(other, schema)
        case _:
            return "value"


def _between(name: str, schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    return name if least is None or most is None else f"{name} {least}–{most}"


def _inside(schema: Schema, path: str) -> Iterator[tuple[str, str, str]]:
    if schema.get("type") == "array":
        yield from properties(schema.get("items", {}), f"{path}[].")
    else:
        yield from properties(schema, f"{path}.")


def _chosen(schema: Schema) -> Schema:
    """Of several forms that a value may have, the one with properties."""
    found: Schema = next((case for case in schema.get("anyOf", ()) if "properties" in case), schema)
    return found
