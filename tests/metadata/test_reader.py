"""YAML is read exactly: scalars as YAML 1.2 says, places to the character, also inside blocks and quotes."""

from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.embedded import embedded
from metadata.node import Node
from metadata.reader import read


def root(text: str) -> Node:
    """The tree of a text without faults."""
    reading = read("f.yaml", text)
    assert not reading.issues
    assert reading.root is not None
    return reading.root


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True), ("false", False), ("yes", "yes"), ("on", "on"), ("null", None), ("~", None),
        ("12", 12), ("-3", -3), ("1.50", Decimal("1.50")), (".5", Decimal("0.5")), ("007", "007"),
        ("2024-01-31", "2024-01-31"), ("1e3", "1e3"), ("12:30", "12:30"), ("'12'", "12"), ('"true"', "true"),
        ("", None), ("'-'", "-"), ("1_000", "1_000"), ("0x1F", "0x1F"),
    ],
)  # fmt: skip
def test_a_scalar_means_what_yaml_1_2_says(written: str, value: object) -> None:
    found = root(f"a: {written}\n").mapping["a"].value
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts_whatever_they_look_like() -> None:
    assert list(root("on: 1\nno: 2\n10: 3\n2024-01-01: 4\n").mapping) == ["on", "no", "10", "2024-01-01"]


def test_a_byte_order_mark_moves_no_place() -> None:
    node = root("\N{BYTE ORDER MARK}a: b\n").mapping["a"]
    assert node.source.place(node.span.start).column == 4


def test_places_count_characters_not_bytes() -> None:
    node = root('a: "商机😀"\nb: x\n').mapping["b"]
    assert str(node.source.place(node.span.start)) == "f.yaml:2:4"


def test_nesting_is_bounded() -> None:
    reading = read("f.yaml", "a: " + "[" * 5000 + "]" * 5000)
    assert [issue.code.id for issue in reading.issues] == ["M101"]


def test_a_file_that_breaks_off_keeps_its_beginning() -> None:
    reading = read("f.yaml", "object: a\nfields:\n  one: {type: text}\n  two: {type: 'te\n")
    assert reading.root is not None
    assert reading.root.plain() == {"object": "a", "fields": {"one": {"type": "text"}, "two": {}}}
    assert len(reading.issues) == 1


BLOCKS = [
    "a: one two # comment\n",
    "a: >-\n  one two\n  three\n",
    "a: >-  # why\n    one\n    two\n\n    three\n",
    "a: |\n  one\n    two\n\n  three\n",
    "a: |2\n    one\n  two\n",
    "a: 'it''s one\n  two'\n",
    'a: "one\\n\\ttwo \\"three\\" \\u00fc \\x41 four \\\n   five"\n',
    "a: one\n  two\n  three\n",
    "a:\n- x: >\n    one\n    two\n",
    "a: {x: one two, y: 'three'}\n",
]


def texts(node: Node) -> list[Node]:
    """All text scalars of a tree."""
    if node.text:
        return [node]
    return [found for below in (*node.mapping.values(), *node.items) for found in texts(below)]


@pytest.mark.parametrize("document", BLOCKS)
def test_every_letter_of_an_embedded_text_maps_to_itself_in_the_file(document: str) -> None:
    for node in texts(root(document)):
        source = embedded(node)
        for position, character in enumerate(source.text):
            host, offset = source.origin(position)
            if character.isalpha() and host.text[offset] != "\\":
                assert host.text[offset] == character


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="ab \n\t'\"\\:#ü商😀=&-{}[],", min_size=1, max_size=40),
    st.sampled_from(["'", '"', "|", ">", None]),
)
def test_whatever_a_text_is_written_like_its_letters_are_found_again(text: str, style: str | None) -> None:
    document = yaml.dump({"k": text}, default_style=style, allow_unicode=True, width=20)
    node = root(document).walk("k") if style is None else next(iter(root(document).mapping.values()))
    assert node.plain() == text or not node.text
    source = embedded(node) if node.text else None
    for position, character in enumerate(source.text if source else ""):
        assert source is not None
        host, offset = source.origin(position)
        if character in "abü商😀" and host.text[offset] != "\\":
            assert host.text[offset] == character
    if source is not None:
        offsets = list(source.offsets)
        assert offsets == sorted(offsets)
        assert len(offsets) == len(source.text) + 1


def test_the_equals_sign_of_a_formula_is_left_out_and_its_places_kept() -> None:
    node = root("a: ='x' & y\n").mapping["a"]
    source = embedded(node, 1)
    assert source.text == "'x' & y"
    assert source.place(0).column == 5
