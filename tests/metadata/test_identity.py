"""Identities: a thing keeps its id through every rename, and no id is ever lost or given twice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.identity import lock, verify
from metadata.lock import Lock, parse
from metadata.package import LOCK, Package, from_files
from tests.metadata.samples import base, compiled

NAMES = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Item:
    """A field of a package that changes: `uid` is what the author means, `was` what the document says."""

    uid: int
    was: str = ""


def package(
    fields: Mapping[str, Item], current: Lock | None, retired: frozenset[str] = frozenset()
) -> Package:
    """An object with these fields."""
    lines = [
        f"  {name}: {{type: text, label: L{f', was: {item.was}' if item.was else ''}}}\n"
        for name, item in fields.items()
    ]
    listed = "".join(f"  - thing.{name}\n" for name in sorted(retired))
    files = {
        "package.yaml": "package: p\n" + (f"retired:\n{listed}" if listed else ""),
        "objects/thing.yaml": "object: thing\nlabel: T\nfields:\n" + ("".join(lines) or "  {}\n"),
    }
    if current is not None:
        files[LOCK] = current.render()
    return from_files(files, origin="p")


Step = tuple[str, str, str]
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "rename", "swap", "remove", "settle"]), *[st.sampled_from(NAMES)] * 2),
    max_size=12,
)


def change(fields: dict[str, Item], step: Step, uid: int) -> tuple[dict[str, Item], str]:
    """What an author does between two locks; the second value is a field that was removed, or ""."""
    kind, one, two = step
    match kind:
        case "add" if one not in fields:
            return {**fields, one: Item(uid)}, ""
        case "rename" if one in fields and two not in fields:
            rest = {name: item for name, item in fields.items() if name != one}
            return {**rest, two: Item(fields[one].uid, was=one)}, ""
        case "swap" if one in fields and two in fields and one != two:
            return {**fields, one: Item(fields[two].uid, two), two: Item(fields[one].uid, one)}, ""
        case "remove" if one in fields:
            return {name: item for name, item in fields.items() if name != one}, one
        case "settle":
            return {name: Item(item.uid) for name, item in fields.items()}, ""
        case _:
            return fields, ""


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_ids_follow_the_thing_through_any_history(steps: list[Step]) -> None:
    fields: dict[str, Item] = {}
    current = lock(package({}, None))
    ids: dict[int, str] = {}
    columns: dict[int, str] = {}
    seen: set[str] = set()
    for uid, step in enumerate(steps):
        # `was:` says what happened since the last lock; the author takes it out before the next change.
        settled = {name: Item(item.uid) for name, item in fields.items()}
        current = lock(package(settled, current))
        fields, removed = change(settled, step, uid)
        present = package(fields, current, frozenset([removed] if removed else []))
        after = lock(present)
        assert {entry.id for entry in current.entries.values()} <= {e.id for e in after.entries.values()}
        assert lock(replace(present, lock=after)).render() == after.render()
        assert not verify(replace(present, lock=after))
        for name, item in fields.items():
            entry = after.entries[f"thing.{name}"]
            assert ids.setdefault(item.uid, entry.id) == entry.id
            assert columns.setdefault(item.uid, entry.physical) == entry.physical
        seen |= {entry.id for entry in after.entries.values()}
        current = after
    assert len(set(ids.values())) == len(ids)
    assert len(set(columns.values())) == len(columns)


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_a_lock_is_read_as_it_was_written(steps: list[Step]) -> None:
    fields: dict[str, Item] = {}
    for uid, step in enumerate(steps):
        fields, _ = change(fields, step, uid)
    written = lock(package({name: Item(item.uid) for name, item in fields.items()}, None))
    again, issues = parse("identity.lock", written.render())
    assert not issues
    assert again.render() == written.render()


OBJECT = "object: {name}\nlabel: A\n{was}fields:\n  {field}: {{type: text, label: N}}\n"


def versions() -> tuple[Package, Package, Package]:
    """Three versions of a package: an object and its field are renamed twice."""
    found: list[Package] = []
    current = None
    for name, was, field in (
        ("alpha", "", "one"),
        ("beta", "was: alpha\n", "one"),
        ("gamma", "was: beta\n", "one"),
    ):
        files = {
            "package.yaml": "package: p\n",
            "objects/o.yaml": OBJECT.format(name=name, was=was, field=field),
        }
        if current is not None:
            files[LOCK] = current.render()
        made = from_files(files, origin="p")
        current = lock(made)
        found.append(replace(made, lock=current))
    return found[0], found[1], found[2]


def test_skipping_a_version_changes_no_id() -> None:
    first, _, third = versions()
    assert first.lock.entries["alpha.one"] == third.lock.entries["gamma.one"]
    assert third.lock.entries["gamma"].id == "alpha"
    assert third.lock.entries["gamma"].physical == "alpha"


def test_a_rename_below_moves_nothing_above() -> None:
    """The tenant's field is filed under the object's id, whatever the object is called by then."""
    old = base()
    tenant = {
        "objects/deal.yaml": "extend: object deal\nfields:\n  add:\n    x_one: {type: text, label: One}\n"
    }
    old = replace(old, lock=lock(old))
    before = lock(from_files(tenant), [old])
    text = old.files["objects/deal.yaml"].replace("object: deal", "object: bargain\nwas: deal")
    renamed = from_files({**old.files, "objects/deal.yaml": text, LOCK: old.lock.render()}, origin="base")
    renamed = replace(renamed, lock=lock(renamed))
    unchanged = from_files({**tenant, LOCK: before.render()})
    assert lock(unchanged, [renamed]).render() == before.render()
    followed = from_files(
        {"objects/deal.yaml": tenant["objects/deal.yaml"].replace("object deal", "object bargain")}
    )
    assert lock(followed, [renamed]).render() == before.render()


def test_former_names_stay_as_aliases() -> None:
    _, _, third = versions()
    catalog = compiled(base(), third)
    assert catalog.object("gamma").aliases == ("alpha", "beta")


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_lock_is_no_fault(text: str) -> None:
    assert parse("identity.lock", text)[1] == ()
