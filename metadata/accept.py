"""A quick yes to the shape of a value: what nearly every value of a big package gets.

A JSON Schema of simple keywords becomes closures over Nodes; where they say yes, `jsonschema` would too, many
times slower. A no, or a keyword not listed here, means only: ask `jsonschema`, which words the Issues.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from metadata.node import Node

Accept: TypeAlias = "Callable[[Node], bool]"

_SAYING_NOTHING = frozenset({"$schema", "$id", "$defs", "title", "description"})
_ABOUT = {
    "array": frozenset({"items", "minItems"}),
    "object": frozenset({"properties", "additionalProperties", "required", "minProperties"}),
}
_TYPES: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def accept(schema: Mapping[str, Any]) -> Accept:
    """The closure of a schema; one that always says no when a keyword is not known here."""
    if isinstance(schema.get("type"), list) and _ABOUT.keys() & set(schema["type"]):
        return _any(schema)
    keywords = schema.keys() - _SAYING_NOTHING
    if not keywords <= _MAKERS.keys():
        return lambda node: False  # noqa: ARG005
    tests = tuple(make(schema) for make in dict.fromkeys(_MAKERS[keyword] for keyword in sorted(keywords)))
    if len(tests) == 1:
        return tests[0]
    return lambda node: all(test(node) for test in tests)


def _any(schema: Mapping[str, Any]) -> Accept:
    """Of several types: a keyword about lists says nothing of mappings, nor the other way round."""
    tests = [accept(_only(schema, name)) for name in schema["type"]]
    return lambda node: any(test(node) for test in tests)


def _only(schema: Mapping[str, Any], type_: str) -> Mapping[str, Any]:
    others = frozenset[str]().union(*(words for name, words in _ABOUT.items() if name != type_))
    return {word: value for word, value in schema.items() if word not in others} | {"type": type_}


def _type(schema: Mapping[str, Any]) -> Accept:
    wanted = schema["type"]
    tests = tuple(
        _TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted) if name in _TYPES
    )
    if len(tests) == 1:
        test = tests[0]
        return lambda node: test(node.value)
    return lambda node: any(test(node.value) for test in tests)


def _enum(schema: Mapping[str, Any]) -> Accept:
    texts = frozenset(choice for choice in schema["enum"] if isinstance(choice, str))
    return lambda node: isinstance(node.value, str) and node.value in texts


def _const(schema: Mapping[str, Any]) -> Accept:
    return _enum({"enum": [schema["const"]]})


def _text(schema: Mapping[str, Any]) -> Accept:
    """Length and pattern: of texts only, but no other type passes them here either."""
    least, most = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    pattern = re.compile(schema.get("pattern", ""))
    return lambda node: (
        isinstance(node.value, str) and least <= len(node.value) <= most and bool(pattern.search(node.value))
    )


def _limits(schema: Mapping[str, Any]) -> Accept:
    least, most = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    return lambda node: isinstance(node.value, int | Decimal) and least <= node.value <= most


def _list(schema: Mapping[str, Any]) -> Accept:
    item, least = accept(schema.get("items", {})), schema.get("minItems", 0)
    return lambda node: (
        isinstance(node.value, list) and len(node.value) >= least and all(map(item, node.value))
    )


def _mapping(schema: Mapping[str, Any]) -> Accept:
    properties = {name: accept(below) for name, below in schema.get("properties", {}).items()}
    further = schema.get("additionalProperties", {})
    rest = accept(further) if isinstance(further, dict) else None
    if further is True:
        rest = accept({})
    required, least = schema.get("required", ()), schema.get("minProperties", 0)

    def test(node: Node) -> bool:
        entries = node.mapping
        if not isinstance(node.value, dict) or len(entries) < least:
            return False
        for name, below in entries.items():
            each = properties.get(name, rest)
            if each is None or not each(below):
                return False
        return all(name in entries for name in required)

    return test


def _case(schema: Mapping[str, Any]) -> Accept:
    """What a value of one type must be besides, `if: {type: string}`, `then: …`; no other `if` is known."""
    asked = schema.get("if", {})
    if asked.keys() != {"type"} or not isinstance(asked["type"], str):
        return lambda node: False  # noqa: ARG005
    concerned, then = _type(asked), accept(schema.get("then", {}))
    return lambda node: then(node) if concerned(node) else True


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Accept]] = {
    "type": _type, "enum": _enum, "const": _const,
    "minLength": _text, "maxLength": _text, "pattern": _text,
    "minimum": _limits, "maximum": _limits,
    "items": _list, "minItems": _list,
    "if": _case, "then": _case,
    "properties": _mapping, "additionalProperties": _mapping, "required": _mapping, "minProperties": _mapping,
}  # fmt: skip
