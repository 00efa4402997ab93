"""Layers above a package add, set, hide and place; the cases are in layers.yaml."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.collection import DOCUMENTS, Collection, Properties
from metadata.identity import renames
from metadata.layers import merge
from metadata.merged import Merged
from metadata.package import Package, from_files
from metadata.placing import Place, ordered
from metadata.schemas import load
from tests.metadata.samples import BASE, base, compiled
from tests.metadata.test_broken import line, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from formula.issue import Issue

CASES = yaml.safe_load(Path(__file__).with_name("layers.yaml").read_text("utf-8"))


def stack(case: "Mapping[str, Any]") -> list[Package]:
    """The packages of a case, the lowest first."""
    below = from_files({**BASE, **case.get("base", {})}, origin="base")
    names = [
        str(yaml.safe_load(files.get("package.yaml", "package: tenant"))["package"])
        for files in case["layers"]
    ]
    return [
        below,
        *(from_files(files, origin=name) for files, name in zip(case["layers"], names, strict=True)),
    ]


def merged(packages: "Sequence[Package]") -> "tuple[dict[str, Merged], tuple[Issue, ...]]":
    """What comes of the packages, by kind and name."""
    things, issues = merge(packages, renames(packages))
    return {f"{thing.kind} {thing.name}": thing for thing in things}, issues


def found(thing: Merged, path: str, like: object) -> object:
    """The value at a path; for a mapping its keys, where a list is wanted."""
    here: Any = thing.root.plain()
    for name in path.split("."):
        here = here[name]
    return list(here) if isinstance(here, dict) and isinstance(like, list) else here


@pytest.mark.parametrize("case", CASES, ids=[case["claim"] for case in CASES])
def test_layers_make_of_each_other(case: dict[str, Any]) -> None:
    things, issues = merged(stack(case))
    for document, wanted in case.get("shows", {}).items():
        told = {path: found(things[document], path, value) for path, value in wanted.items()}
        assert told == wanted, document
    lines = [line(issue) for issue in issues]
    wanted_issues = case.get("issues", [])
    unmet = [wanted for wanted in wanted_issues if not any(matches(wanted, each) for each in lines)]
    assert not unmet, "\n".join(["wanted:", *unmet, "found:", *lines])
    assert len(lines) == len(wanted_issues), "\n".join(lines)


NAMES = ("a", "b", "c", "d", "e", "f")
places = st.dictionaries(
    st.sampled_from(NAMES),
    st.builds(
        Place,
        where=st.sampled_from(["before", "after", "first", "last"]),
        anchors=st.lists(st.sampled_from((*NAMES, "gone")), max_size=3).map(tuple),
        height=st.integers(0, 3),
    ),
)
some = st.lists(st.sampled_from(NAMES), unique=True)


@given(some, places)
def test_placing_loses_nothing_and_keeps_the_order_of_what_nobody_placed(
    names: list[str], wanted: dict[str, Place]
) -> None:
    order, _ = ordered(names, wanted)
    assert sorted(order) == sorted(names)
    assert [name for name in order if name not in wanted] == [name for name in names if name not in wanted]


@given(some, places)
def test_placing_again_changes_nothing(names: list[str], wanted: dict[str, Place]) -> None:
    order, _ = ordered(names, wanted)
    assert ordered(order, wanted)[0] == order


@given(st.permutations(NAMES), places)
def test_an_entry_with_a_living_anchor_that_stands_still_is_on_its_side(
    names: list[str], wanted: dict[str, Place]
) -> None:
    order, lost = ordered(names, wanted)
    for name, place in wanted.items():
        anchor = next((anchor for anchor in place.anchors if anchor in names), None)
        if anchor is None or anchor in wanted or place.where in ("first", "last"):
            continue
        assert name not in lost
        assert (order.index(name) < order.index(anchor)) is (place.where == "before")


COLUMNS = ("name", "account.name", "stage", "amount", "close_on", "reason")
column = st.sampled_from(COLUMNS)
change = st.fixed_dictionaries(
    {},
    optional={
        "add": st.lists(column, unique=True, min_size=1),
        "hide": st.lists(column, unique=True, min_size=1),
        "place": st.dictionaries(
            column,
            st.sampled_from(["first", "last"])
            | st.builds(lambda side, anchor: {side: [anchor]}, st.sampled_from(["after", "before"]), column),
        ),
    },
).filter(bool)


def columns(changes: "Sequence[object]") -> list[str]:
    """The columns of `deal.mine` under layers with these changes, one layer each."""
    packages = [base()]
    for number, each in enumerate(changes):
        manifest = f"package: p{number}\nnamespace: p{number}\nrequires: {{{packages[-1].name}: '>=0'}}\n"
        text = yaml.safe_dump({"extend": "view deal.mine", "columns": each}, sort_keys=False)
        packages.append(from_files({"package.yaml": manifest, "v.yaml": text}, origin=f"p{number}"))
    things, _ = merged(packages)
    return [item.text for item in things["view deal.mine"].root.elements("columns")]


@settings(deadline=None)
@given(st.lists(change, max_size=3), change)
def test_saying_the_same_twice_says_nothing_more(below: list[object], last: object) -> None:
    """But a place belongs to the highest layer that gives it, and so stands behind those of lower ones."""
    once, twice = columns([*below, last]), columns([*below, last, last])
    assert sorted(once) == sorted(twice)
    if not any("place" in change for change in (*below, last)):  # type: ignore[operator]
        assert once == twice


@settings(deadline=None)
@given(st.lists(change, max_size=2), column)
def test_what_is_hidden_and_added_again_stands_where_it_stood(below: list[object], name: str) -> None:
    before = columns([*below, {"add": [name]}])
    assert columns([*below, {"add": [name]}, {"hide": [name]}, {"add": [name]}]) == before


@settings(deadline=None)
@given(st.lists(change, max_size=3))
def test_what_no_layer_hides_or_places_stays_in_its_order(changes: "list[dict[str, Any]]") -> None:
    touched = {name for each in changes for name in (*each.get("hide", ()), *each.get("place", ()))}
    own = [name for name in columns([]) if name not in touched]
    assert [name for name in columns(changes) if name in own] == own


def test_the_order_in_which_layers_are_given_does_not_matter() -> None:
    case = next(case for case in CASES if case["claim"].startswith("of several anchors"))
    packages = stack(case)
    catalogs = [compiled(*(packages[at] for at in order)) for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0))]
    fields = [
        [name for name, field in c.object("account").fields.items() if not field.system] for c in catalogs
    ]
    assert len({catalog.digest for catalog in catalogs}) == 1
    assert fields == [["size", "name", "x_c", "mod__z", "x_a", "x_b", "parent"]] * 3


def lists(schema: "Mapping[str, Any]", path: tuple[str, ...] = ()) -> "Iterator[tuple[str, ...]]":
    """Every property of a document kind that holds entries, with the collections that it lies in."""
    for name, below in schema.get("properties", {}).items():
        entries = below.get("additionalProperties")
        if below.get("type") == "array" or isinstance(entries, dict):
            yield (*path, name)
        if isinstance(entries, dict):
            yield from lists(entries, (*path, name))
        yield from lists(below, (*path, name))


def table(rules: "Properties | Collection", path: tuple[str, ...] = ()) -> "Iterator[tuple[str, ...]]":
    """Every collection of the table of layers, in the same form."""
    inner = rules.of if isinstance(rules, Collection) else rules
    if isinstance(inner, Properties):
        for name, below in inner.below.items():
            if isinstance(below, Collection):
                yield (*path, name)
            yield from table(below, (*path, name))


WHOLE = {
    ("object", "query", "group"),
    ("object", "views", "criteria"),
    ("view", "criteria"),
    ("object", "duplicates", "match"),
}
"""Lists that are hard, or set, as a whole: the numbers of a logic are those of its rows.

An entry of the `match` of a rule against duplicates bears no name by which it could be changed.
"""


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_list_of_a_document_can_be_changed_entry_by_entry(kind: str) -> None:
    missing = set(lists(load(kind))) - set(table(DOCUMENTS[kind]))
    assert {path for path in missing if (kind, *path) not in WHOLE} == set()


def test_a_view_that_asks_for_a_hidden_field_is_told() -> None:
    own = {"a.yaml": "extend: object deal\nfields: {hide: [stage]}\n"}
    found = compiled(base(), from_files(own, origin="tenant")).warnings
    assert [(each.code.id, str(each.place)) for each in found] == [("M418", "base/views/deal/mine.yaml:5:8")]
