"""Step of the compiler: when fields are visible, required, read-only, and which picklist one depends on."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.processes import option
from metadata.record_type import Conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node

VISIBLE, REQUIRED, READ_ONLY = "visible_when", "required_when", "read_only_when"


def conditions(checker: Checker, object_: ObjectType, root: Node) -> Mapping[str, Conditions]:
    """The conditions of an object's fields, by name; a field without any is left out."""
    found = {}
    for name, node in root.entries("fields").items():
        field = object_.fields.get(name)
        if field is not None and any(node.get(each) for each in (VISIBLE, REQUIRED, READ_ONLY)):
            found[name] = Conditions(
                visible=condition(checker, object_, node.get(VISIBLE)),
                required=_of_writable(checker, field, node.get(REQUIRED)),
                read_only=_of_writable(checker, field, node.get(READ_ONLY)),
            )
    return MappingProxyType(found)


def condition(checker: Checker, object_: ObjectType, node: Node | None) -> Formula | None:
    """The form condition in `node`; None when there is none, or a wrong one (reported)."""
    return None if node is None else checker.check(object_, node, Context.FORM, expect=BOOLEAN)


def _of_writable(checker: Checker, field: Field, node: Node | None) -> Formula | None:
    if node is not None and field.sort.computed:
        message = f"`{field.name}` is computed; nobody fills or changes it"
        checker.draft.report(node, codes.NOT_WRITABLE, message, hint="Only `visible_when` fits here.")
        return None
    return condition(checker, field.object, node)


def controllers(draft: Draft, object_: ObjectType, root: Node) -> Mapping[str, Field]:
    """The picklist that each dependent one follows, by the name of the dependent one."""
    found: dict[str, Field] = {}
    nodes = root.entries("fields")
    for name, node in nodes.items():
        field = object_.fields.get(name)
        if field is not None:
            above = _controller(draft, field, node)
            if above is not None:
                found[name] = above
    for name in found:
        if _in_circle(name, found):
            at = nodes[name].walk("depends_on")
            draft.report(at, codes.DEPENDENCY_CYCLE, f"`{name}` depends on itself in the end")
    return MappingProxyType(found)


def _controller(draft: Draft, field: Field, node: Node) -> Field | None:
    at = node.get("depends_on")
    above = None if at is None else draft.field(field.object, at)
    if at is not None and above is not None and (not above.options or above.many):
        draft.report(at, codes.NOT_A_PICKLIST, f"`{above.name}` is no picklist")
        return None
    for code, below in node.entries("options").items():
        when = below.get("when")
        if when is not None and at is None:
            message = f"`when` of `{code}` has no picklist to look at"
            hint = f"Say `depends_on:` at `{field.name}`."
            draft.report(when, codes.NO_CONTROLLER, message, hint=hint, at_key=True)
        if above is not None:
            for item in below.elements("when"):
                option(draft, above, item.text, item)
    return above


def _in_circle(start: str, above: Mapping[str, Field]) -> bool:
    """Whether following `depends_on` from a field leads back to it."""
    here, seen = above[start].name, {start}
    while here in above and here not in seen:
        seen.add(here)
        here = above[here].name
    return here == start
