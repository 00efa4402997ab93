"""Step of the compiler: the record types of an object, and the field that says which one a record is of.

The field comes with the other fields, so that formulas can name it; what a record type chooses (options,
layout, process) follows when every field exists.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.catalog import Option
from metadata.label import Label
from metadata.layouts import layout
from metadata.names import is_code
from metadata.processes import option, processes
from metadata.record_type import RECORD_TYPE, RecordType
from metadata.system import platform_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.catalog import Field, Layout, ObjectType, Process
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.lock import Entry
    from metadata.node import Node

_LABEL = Label(texts={"en": "Record type", "zh-CN": "记录类型", "zh-TW": "記錄類型"})
_PICKLIST = "picklist"


def record_type_field(draft: Draft, object_: ObjectType) -> Field | None:
    """The field of an object with record types; None for one without."""
    nodes = _nodes(draft, object_)
    if not nodes:
        return None
    taken = draft.documents[object_.name].root.entries("fields").get(RECORD_TYPE)
    if taken is not None:
        message = "the platform adds this field to an object with record types"
        draft.report(taken, codes.RESERVED_NAME, message, at_key=True)
        return None
    options = tuple(_option(draft, object_, name, node) for name, node in nodes.items())
    given = {each.code: {"label": each.label.text(each.label.language)} for each in options}
    sort = draft.kinds.fields[_PICKLIST].bind({"options": given})
    made = platform_field(object_, RECORD_TYPE, _LABEL, sort)
    return replace(made, required=True, options=options)


def record_types(
    checker: Checker, object_: ObjectType, general: Layout, moves: Mapping[str, Process]
) -> Mapping[str, RecordType]:
    """The record types of an object by code; `general` and `moves` hold where one says nothing else."""
    draft = checker.draft
    nodes = _nodes(draft, object_)
    default = default_type(draft, object_)
    made = {}
    for name, node in nodes.items():
        entry = _entry(draft, object_, name, node)
        own = processes(checker, object_, node, name)
        made[entry.physical] = RecordType(
            id=entry.id,
            name=entry.physical,
            label=_label(draft, object_, node, entry),
            icon=node.string("icon"),
            default=entry.physical == default,
            active=not node.flag("retired"),
            options=MappingProxyType(_options(draft, object_, node)),
            layout=layout(checker, object_, (name, entry.physical)) or general,
            processes=MappingProxyType({**moves, **own}) if own else moves,
        )
    return MappingProxyType(made)


def default_type(draft: Draft, object_: ObjectType) -> str | None:
    """The code that a new record gets: the one that the highest layer marks, else the first in use."""
    alive = {n: node for n, node in _nodes(draft, object_).items() if not node.flag("retired")}
    marked: dict[str, str] = {}
    for name, node in alive.items():
        if node.flag("default"):
            at = node.walk("default")
            other = marked.setdefault(draft.owner(at).name, name)
            if other != name:
                draft.report(at, codes.TWO_DEFAULTS, f"`{other}` is the default record type already")
    above = [marked[package.name] for package in reversed(draft.packages) if package.name in marked]
    first = next(iter([*above, *alive]), None)
    return None if first is None else _entry(draft, object_, first, alive[first]).physical


def _nodes(draft: Draft, object_: ObjectType) -> dict[str, Node]:
    return draft.documents[object_.name].root.entries("record_types")


def _option(draft: Draft, object_: ObjectType, name: str, node: Node) -> Option:
    if not is_code(name):
        draft.report(node, codes.BAD_NAME, f"`{name}` is not a name", at_key=True)
    entry = _entry(draft, object_, name, node)
    return Option(
        id=entry.id,
        code=entry.physical,
        label=_label(draft, object_, node, entry),
        color=None,
        attributes=MappingProxyType({}),
        retired=node.flag("retired"),
    )


def _entry(draft: Draft, object_: ObjectType, name: str, node: Node) -> Entry:
    package = draft.owner(node)
    home = draft.documents[object_.name].package
    owner = object_.name if package is home else object_.id
    return draft.entry(package, f"record_type:{owner}.{name}")


def _label(draft: Draft, object_: ObjectType, node: Node, entry: Entry) -> Label:
    label = node.walk("label")
    path = ("objects", object_.name, "record_types", entry.physical, "label")
    return draft.label(label, label.text or entry.physical, *path)


def _options(draft: Draft, object_: ObjectType, node: Node) -> dict[str, frozenset[str]]:
    """The codes that a record type leaves of each picklist it names."""
    found = {}
    for name, below in node.entries("options").items():
        field = draft.field(object_, below, name, at_key=True)
        if field is None:
            continue
        if not field.options or field.name == RECORD_TYPE:
            draft.report(below, codes.NOT_A_PICKLIST, f"`{name}` is no picklist of its own", at_key=True)
            continue
        chosen = [option(draft, field, item.text, item) for item in below.items]
        found[field.name] = frozenset(each.code for each in chosen if each is not None)
        _check_default(draft, field, below, found[field.name])
    return found


def _check_default(draft: Draft, field: Field, node: Node, left: frozenset[str]) -> None:
    """A constant that every new record begins with must be among the options that are left."""
    given = draft.documents[field.object.name].root.entries("fields")[field.name].get("default")
    if given is not None and field.option(given.text) is not None and given.text not in left:
        message = f"`{field.name}` begins with `{given.text}`, which this record type does not have"
        hint = "Add it, or make the default a formula over `record_type`."
        draft.report(node, codes.WRONG_DEFAULT, message, hint=hint, at_key=True)
