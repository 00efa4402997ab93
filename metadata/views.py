"""Step of the compiler: list views, whether documents of their own or written inside an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.catalog import ColorRule, Grouping, ListView, Order
from metadata.criteria import where
from metadata.grouping import UNITS, dated, groupable, read
from metadata.names import has_prefix, is_name, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node

MOST_COLORS = 10
"""Colour rules of one view; each is a condition more in the statement of its list."""


def add_views(checker: Checker) -> None:
    """Give every object its views: those written in its document first."""
    draft = checker.draft
    for object_ in draft.objects.values():
        for name, node in draft.documents[object_.name].root.entries("views").items():
            _add(checker, object_, name, node, node)
    for thing in draft.of("view"):
        at = thing.root.get("object")
        if at is None:
            continue
        object_or_none = draft.object(at.text, at)
        if object_or_none is not None:
            _add(checker, object_or_none, thing.name.partition(".")[2], thing.root, thing.root.walk("view"))
    for object_ in draft.objects.values():
        _check_default(draft, object_)


def _add(checker: Checker, object_: ObjectType, name: str, node: Node, at: Node) -> None:
    """`at` is where the name stands."""
    draft = checker.draft
    package = draft.owner(node)
    foreign = package is not draft.documents[object_.name].package
    views = draft.parts[object_.name].views
    if not is_name(name):
        draft.report(at, codes.BAD_NAME, f"`{name}` is not a name", at_key=at is node)
    elif name in views:
        draft.report(
            at, codes.DEFINED_TWICE, f"{object_.name} has a view `{name}` already", at_key=at is node
        )
    elif foreign and not has_prefix(name, package.namespace):
        wanted = prefix(package.namespace)
        message = f"a view that {package.name} adds to {object_.name} begins with `{wanted}`"
        draft.report(at, codes.WRONG_PREFIX, message, hint=f"Call it `{wanted}{name}`.", at_key=at is node)
    else:
        views[name] = _view(checker, object_, name, node)
        draft.parts[object_.name].view_nodes[name] = node


def _view(checker: Checker, object_: ObjectType, name: str, node: Node) -> ListView:
    draft = checker.draft
    label = node.walk("label")
    columns = [draft.path(object_, item) for item in node.elements("columns")]
    order = [_order(draft, object_, item) for item in node.elements("order")]
    return ListView(
        id=draft.part_id(object_, node, "view:", name),
        name=name,
        label=draft.label(label, label.text or name, "objects", object_.name, "views", name),
        columns=tuple(path for path in columns if path is not None),
        where=where(checker, object_, node),
        order=tuple(item for item in order if item is not None),
        group=_group(draft, object_, node.get("group")),
        colors=tuple(_colors(checker, object_, name, node)),
        default=node.flag("default"),
    )


def _order(draft: Draft, object_: ObjectType, node: Node) -> Order | None:
    path = draft.path(object_, node, node.text.removeprefix("-"))
    return None if path is None else Order(path=path, descending=node.text.startswith("-"))


def _group(draft: Draft, object_: ObjectType, node: Node | None) -> Grouping | None:
    """The grouping a view names; None without one, or when it is wrong."""
    if node is None:
        return None
    if (said := read(node.text)) is None:
        hint = f"Write `stage`, or `-close_date:month`; units are {', '.join(UNITS)}."
        draft.report(node, codes.NOT_GROUPED, f"`{node.text}` names no groups", hint=hint)
        return None
    name, unit, descending = said
    path = draft.path(object_, node, name)
    if path is None:
        return None
    if not groupable(path):
        hint = "Group by a picklist, a checkbox, a date, a lookup or a line of text."
        draft.report(node, codes.NOT_GROUPED, f"rows cannot be grouped by `{path.name}`", hint=hint)
    elif unit and not dated(path):
        draft.report(node, codes.NOT_GROUPED, f"`{path.name}` is no date, so it has no `{unit}`")
    elif dated(path) and not unit:
        hint = f"Write `{name}:month`, or another of {', '.join(UNITS)}."
        draft.report(node, codes.NOT_GROUPED, f"`{path.name}` is a date and is grouped by a unit", hint=hint)
    else:
        return Grouping(path=path, unit=unit, descending=descending)
    return None


def _colors(checker: Checker, object_: ObjectType, view: str, node: Node) -> Iterator[ColorRule]:
    found = node.entries("colors")
    if len(found) > MOST_COLORS:
        message = f"the view has {len(found)} colour rules; {MOST_COLORS} are possible"
        checker.draft.report(node.walk("colors"), codes.TOO_MANY_COLORS, message)
    for name, rule in found.items():
        if (made := _color(checker, object_, view, name, rule)) is not None:
            yield made


def _color(checker: Checker, object_: ObjectType, view: str, name: str, node: Node) -> ColorRule | None:
    draft, when, at = checker.draft, node.walk("when"), node.get("field")
    if not is_name(name):
        draft.report(node, codes.BAD_NAME, f"`{name}` is not a name", at_key=True)
    condition = checker.check(object_, when, Context.FILTER, expect=BOOLEAN)
    field = None if at is None else draft.path(object_, at)
    label = node.walk("label")
    texts = draft.label(label, label.text or name, "objects", object_.name, "colors", view, name)
    if condition is None or (at is not None and field is None):
        return None
    return ColorRule(name=name, label=texts, color=node.string("color"), when=condition, field=field)


def _check_default(draft: Draft, object_: ObjectType) -> None:
    """At most one default per package; a higher layer's default wins over those below."""
    seen: dict[str, str] = {}
    for name, node in draft.parts[object_.name].view_nodes.items():
        if node.flag("default"):
            package = draft.owner(node).name
            other = seen.setdefault(package, name)
            if other != name:
                message = f"`{other}` is the default view of {object_.name} already"
                draft.report(node.walk("default"), codes.TWO_DEFAULTS, message)
