"""Whether anybody needs what a layer hides: to fill it, to read the record's name, to open a list.

Two checks of the compiler: one of the merged documents, one of the views when formulas are typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.expr import references
from metadata import codes
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.issue import Issue
    from metadata.catalog import ListView
    from metadata.draft import Draft
    from metadata.merged import Merged
    from metadata.node import Node


def _offered_default(field: Node) -> list[Issue]:
    """The default of a picklist is an option that people may choose."""
    default = field.get("default")
    option = None if default is None else field.walk("options").get(default.text)
    if option is None or not option.flag("retired"):
        return []
    message = f"`{field.string('default')}` is the default of this field"
    return [option.walk("retired").issue(codes.HIDDEN_NEEDED, message)]


def check_hidden(things: Sequence[Merged]) -> tuple[Issue, ...]:
    """Fields that nobody sees and that people must fill, or read as the name of the record."""
    issues = []
    for thing in things:
        title = thing.root.string("title")
        for name, node in thing.root.entries("fields").items() if thing.kind == "object" else ():
            issues += _offered_default(node)
            if not node.flag("hidden"):
                continue
            at = node.walk("hidden")
            if name == title:
                issues.append(
                    at.issue(codes.HIDDEN_NEEDED, f"`{name}` is what people see as the record's name")
                )
            elif node.flag("required") and node.get("default") is None:
                hint = "Give it a default first."
                issues.append(
                    at.issue(codes.HIDDEN_NEEDED, f"`{name}` is required and has no default", hint=hint)
                )
    return tuple(issues)


def check_conditions(draft: Draft) -> None:
    """Warn of views whose condition asks for a hidden field: whoever opens one is refused."""
    for object_ in draft.objects.values():
        for name, view in object_.views.items():
            for path in _hidden_paths(view):
                node = draft.parts[object_.name].view_nodes[name].walk("where")
                message = f"`{path.name}` is hidden, so nobody can open the view `{name}`"
                hint = "Hide the view too, or set another `where`."
                draft.warnings.append(node.issue(codes.HIDDEN_ASKED, message, hint=hint, severity="warning"))


def _hidden_paths(view: ListView) -> list[FieldPath]:
    if view.where is None:
        return []
    paths = [path for each in references(view.where.expr) if isinstance(path := each.key, FieldPath)]
    return [path for path in paths if path.field.hidden or any(link.hidden for link in path.links)]
