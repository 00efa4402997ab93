"""Step of the compiler: permission sets, with `"*"` expanded to every object and apps' lists of objects."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.catalog import App, FieldRight, Grant, PermissionSet, Scope
from metadata.memberships import elsewhere
from metadata.names import nearest
from metadata.permission import NOWHERE, Reach

if TYPE_CHECKING:
    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.layers import Merged
    from metadata.node import Node

ANY = "*"
E = TypeVar("E", bound=StrEnum)


def add_permission_sets(checker: Checker) -> None:
    """Compile every permission set."""
    draft = checker.draft
    for thing in draft.of("permission_set"):
        label = thing.root.walk("label")
        draft.permission_sets[thing.name] = PermissionSet(
            id=draft.entry(thing.package, f"permission_set:{thing.name}").id,
            name=thing.name,
            label=draft.label(label, label.text or thing.name, "permission_sets", thing.name),
            grants=MappingProxyType(_grants(checker, thing)),
            rights=frozenset(node.text for node in thing.root.elements("rights")),
        )


def _grants(checker: Checker, thing: Merged) -> dict[str, Grant]:
    draft, nodes = checker.draft, thing.root.entries("objects")
    found: dict[str, Grant] = {}
    general = nodes.get(ANY)
    if general is not None:
        found.update({name: _grant(checker, None, general) for name in draft.objects})
    for name, node in nodes.items():
        object_ = None if name == ANY else draft.object(name, node, at_key=True)
        if object_ is not None:
            found[object_.name] = _grant(checker, object_, node)
    return found


def _grant(checker: Checker, object_: ObjectType | None, node: Node) -> Grant:
    rights = {}
    for name, right in node.entries("fields").items():
        field = (
            None if name == ANY or object_ is None else checker.draft.field(object_, right, name, at_key=True)
        )
        if field is not None:
            rights[field.name] = _member(FieldRight, right, FieldRight.NONE)
            if rights[field.name] is FieldRight.MASKED and not field.sort.maskable:
                message = f"`{field.name}` is no text that can be shown in part"
                checker.draft.report(right, codes.WRONG_VALUE, message, hint="Write none, read or edit.")
    given = node.entries("fields")
    return Grant(
        create=node.flag("create"),
        read=_reach(checker, object_, node.get("read")),
        update=_reach(checker, object_, node.get("update")),
        delete=_reach(checker, object_, node.get("delete")),
        fields=MappingProxyType(rights),
        field_default=_member(FieldRight, given.get(ANY), FieldRight.NONE) if given else FieldRight.EDIT,
    )


def _reach(checker: Checker, object_: ObjectType | None, node: Node | None) -> Reach:
    """What a scope, a condition, or a list of them opens."""
    items = () if node is None else node.items or (node,)
    scopes: dict[Scope, None] = {}
    where: list[Formula] = []
    for item in items:
        scope = _member(Scope, item, Scope.NONE)
        if scope in scopes:
            checker.draft.report(item, codes.REPEATED, f"`{scope}` stands here twice")
        elif scope is not Scope.NONE:
            scopes[scope] = None
        elif (formula := _condition(checker, object_, item.get("where"))) is not None:
            where.append(formula)
    return Reach(scopes=tuple(scopes), where=tuple(where)) if scopes or where else NOWHERE


def _condition(checker: Checker, object_: ObjectType | None, node: Node | None) -> Formula | None:
    """The condition in `node`; None when there is none, or one that does not fit (reported)."""
    if node is None:
        return None
    if object_ is None:
        message = f"a condition is about the fields of one object, and `{ANY}` stands for many"
        checker.draft.report(node, codes.WRONG_VALUE, message, hint="List the object by its name.")
        return None
    if object_.master is not None:
        hint = "Write a scope, such as `all`: what may be done with parts that are there for the reader."
        checker.draft.report(node, codes.DECIDED_ELSEWHERE, elsewhere(checker.draft, object_), hint=hint)
        return None
    return checker.check(object_, node, Context.SHARING, expect=BOOLEAN)


def _member(members: type[E], node: Node | None, default: E) -> E:
    """The member a text names; the default when there is none, or a wrong one (the shape check has told)."""
    return next((member for member in members if node is not None and member.value == node.text), default)


def add_apps(draft: Draft) -> None:
    """Compile every app."""
    for thing in draft.of("app"):
        label = thing.root.walk("label")
        found = [draft.object(node.text, node) for node in thing.root.elements("objects")]
        objects = tuple(object_ for object_ in found if object_ is not None)
        home = _home(draft, thing.root.get("home"), objects)
        if home is None:
            continue
        draft.apps[thing.name] = App(
            id=draft.entry(thing.package, f"app:{thing.name}").id,
            name=thing.name,
            label=draft.label(label, label.text or thing.name, "apps", thing.name),
            icon=thing.root.string("icon"),
            objects=objects,
            home=home,
        )


def _home(draft: Draft, node: Node | None, objects: tuple[ObjectType, ...]) -> ObjectType | None:
    """The object an app opens with: the first one, unless the document names another of them."""
    home = None if node is None else draft.object(node.text, node)
    if node is not None and home is not None and home not in objects:
        hint = nearest(node.text, [each.name for each in objects]) or f"Add `{home.name}` to `objects`."
        message = f"`{home.name}` is not among the app's objects"
        draft.report(node, codes.NOT_AMONG, message, hint=hint)
    return home or next(iter(objects), None)
