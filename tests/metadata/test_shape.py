"""Shapes: the schemas are valid and published whole, and a quick yes is never a wrong one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from formula.source import Source, Span
from metadata.accept import accept
from metadata.node import Node
from metadata.schemas import DOCUMENTS, load, published
from metadata.shape import shapes
from tests.metadata.fake_kinds import KINDS
from tests.metadata.samples import base

SOURCE = Source(path="f", text="")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.decimals(-2, 2, places=1),
    st.sampled_from(["", "a", "ab", "B", "own", "text"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from("abc"), below, max_size=3),
    max_leaves=8,
)
LEAVES = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "boolean", "integer", "number", "array", "object"])}
    ),
    st.just({"type": ["string", "number"]}),
    st.just({"enum": ["a", "own"]}),
    st.just({"const": "text"}),
    st.just({"type": "string", "minLength": 1, "maxLength": 1}),
    st.just({"type": "string", "pattern": "^[a-z]+$"}),
    st.just({"type": "number", "minimum": 0, "maximum": 2}),
    st.just({"not": {"type": "string"}}),
    st.fixed_dictionaries(
        {
            "if": st.sampled_from([{"type": "string"}, {"type": ["string"]}, {"minLength": 1}]),
            "then": st.just({"enum": ["a", "own"]}),
        }
    ),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": below, "minItems": st.integers(0, 2)}),
        st.fixed_dictionaries(
            {
                "properties": st.dictionaries(st.sampled_from("abc"), below, max_size=2),
                "additionalProperties": st.booleans() | below,
                "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
                "minProperties": st.integers(0, 1),
            }
        ),
    ),
    max_leaves=6,
)


def node(value: Any) -> Node:
    """A value as the reader would give it."""
    if isinstance(value, dict):
        return Node({name: node(below) for name, below in value.items()}, SOURCE, Span(0, 0))
    if isinstance(value, list):
        return Node([node(below) for below in value], SOURCE, Span(0, 0))
    return Node(value, SOURCE, Span(0, 0))


@settings(max_examples=1000, deadline=None)
@given(SCHEMAS, VALUES)
def test_a_quick_yes_is_what_jsonschema_says_too(schema: dict[str, Any], value: Any) -> None:
    if accept(schema)(node(value)):
        assert Draft202012Validator(schema).is_valid(value)


def test_the_schemas_in_use_are_known_to_the_quick_check() -> None:
    """Otherwise every document would take the slow way unnoticed."""
    found = shapes(KINDS)
    for package in (base(),):
        slow = [d.root.source.path for d in package.documents if d.kind != "translation"]
        quick = [
            d.root.source.path
            for d in package.documents
            if d.kind != "translation" and found.documents[d.kind].accept(d.root)
        ]
        assert quick == slow


@pytest.mark.parametrize("kind", [*DOCUMENTS, "field"])
def test_a_schema_is_a_schema_and_describes_every_property(kind: str) -> None:
    schema = load(kind)
    Draft202012Validator.check_schema(schema)
    plain = {"rules", "process", "start", "objects", *("permission_sets", "flows", "apps")}
    assert all("description" in below for name, below in schema["properties"].items() if name not in plain)


def test_the_published_schemas_know_every_field_type_and_step() -> None:
    found = published(KINDS)
    for schema in found.values():
        Draft202012Validator.check_schema(schema)
    document = {"object": "a", "label": "A", "fields": {"one": {"type": "text", "label": "One", "max": 3}}}
    validator = Draft202012Validator(found["object"])
    assert validator.is_valid(document)
    assert not validator.is_valid(json.loads(json.dumps(document).replace("max", "maxx")))
    assert not validator.is_valid({**document, "fields": {"one": {"type": "txt", "label": "One"}}})
