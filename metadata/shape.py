"""The first pass of checking: does a document have the shape its JSON Schema asks for?

Turns what `jsonschema` finds into Issues at the right place, worded for the person who wrote the document.
Field types and steps are checked here too, each with the schema of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from metadata import codes
from metadata.accept import accept
from metadata.names import nearest
from metadata.schemas import DOCUMENTS, field_schema, load, step_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from formula.issue import Issue
    from metadata.accept import Accept
    from metadata.kinds import Kinds
    from metadata.node import Node
    from metadata.schemas import Schema

_TYPES = {
    "string": "a text", "boolean": "true or false", "integer": "a whole number", "number": "a number",
    "array": "a list, such as [a, b]", "object": "a mapping, such as {a: b}",
}  # fmt: skip
_FIELD_WORDS = "a name: lower-case letters, digits and single underscores"


@dataclass(frozen=True, slots=True)
class Validator:
    """One schema: `accept` says a quick yes, `errors` the whole truth."""

    schema: Schema
    accept: Accept

    def errors(self, value: object) -> Iterator[ValidationError]:
        """All that is wrong with a value."""
        from jsonschema import (
            Draft202012Validator,  # costs every start a twentieth of a second, if at the top
        )

        return iter(Draft202012Validator(self.schema).iter_errors(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """The validators of one set of kinds."""

    documents: Mapping[str, Validator]
    fields: Mapping[str, Validator]
    steps: Mapping[str, Validator]


def shapes(kinds: Kinds) -> Shapes:
    """Build the validators; a few milliseconds."""
    return Shapes(
        documents=MappingProxyType({kind: _validator(load(kind)) for kind in DOCUMENTS}),
        fields=MappingProxyType({n: _validator(field_schema(kind)) for n, kind in kinds.fields.items()}),
        steps=MappingProxyType({n: _validator(step_schema(kind)) for n, kind in kinds.steps.items()}),
    )


def _validator(schema: Schema) -> Validator:
    return Validator(schema, accept(schema))


def check(validator: Validator, node: Node) -> list[Issue]:
    """The Issues of one value against one schema, in the order of the file."""
    if validator.accept(node):
        return []
    found = {
        (issue.span, issue.message): issue
        for error in validator.errors(node.plain())
        for issue in _issues(error, node)
    }
    return sorted(found.values(), key=lambda issue: issue.span.start)


def _issues(error: ValidationError, root: Node) -> Iterator[Issue]:
    node = _at(root, error)
    schema: Any = error.schema
    wanted: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            known = schema.get("properties", {})
            for name, value in node.mapping.items():
                if name not in known:
                    hint = _unknown_hint(name, known, empty=value.value is None)
                    message = f"`{name}` is no property here"
                    yield value.issue(codes.UNKNOWN_PROPERTY, message, hint=hint, at_key=True)
        case "required":
            for name in wanted:
                if name not in node.mapping:
                    yield node.issue(codes.MISSING_PROPERTY, f"`{name}` is missing", at_key=True)
        case _:
            message, hint = _wording(error)
            yield node.issue(codes.WRONG_VALUE, message, hint=hint)


def _unknown_hint(name: str, known: Mapping[str, Any], *, empty: bool) -> str:
    near = nearest(name, known)
    if not near and empty:
        return "A text with a comma in it needs quotes inside { }."
    return near or f"Known are {', '.join(sorted(known)[:20])}."


def _at(root: Node, error: ValidationError) -> Node:
    node = root
    for step in error.absolute_path:
        node = node.items[step] if isinstance(step, int) else node.mapping[step]
    return node


def _wording(error: ValidationError) -> tuple[str, str]:
    """What is expected and, where it helps, a hint."""
    wanted: Any = error.validator_value
    found = _shown(error.instance)
    match error.validator:
        case "type":
            names = [wanted] if isinstance(wanted, str) else wanted
            text = " or ".join(_TYPES.get(name, name) for name in names)
            quote = "string" in names and not isinstance(error.instance, dict | list | str)
            return f"expected {text}, found {found}", "Put it into quotes." if quote else ""
        case "enum":
            choices = ", ".join(str(choice) for choice in wanted)
            return f"{found} is none of {choices}", nearest(str(error.instance), map(str, wanted))
        case "pattern" if "a-z0-9_" in wanted or wanted.startswith("^(["):
            return f"{found} is not {_FIELD_WORDS}", ""
        case "minItems" | "minProperties" | "minLength":
            return "this must not be empty", ""
        case "minimum" | "exclusiveMinimum":
            return f"{found} is less than {wanted}", ""
        case "maximum" | "exclusiveMaximum":
            return f"{found} is more than {wanted}", ""
        case "maxLength":
            return f"this is longer than {wanted} characters", ""
        case _:
            return error.message, ""


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return f"`{value}`"
