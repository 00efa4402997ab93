"""Whether anybody needs what a layer hides: to fill it, to read the record's name, to open a list.

Two checks of the compiler: one of the merged documents, one of the views when formulas are typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.expr import references
from metadata import codes
from metadata.backlink import paths_in
from metadata.criteria import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formula.issue import Issue
    from metadata.catalog import FieldPath, ListView
    from metadata.draft import Draft
    from metadata.merged import Merged
    from metadata.node import Node


def check_hidden(things: Sequence[Merged]) -> tuple[Issue, ...]:
    """What nobody sees or may choose, and people must fill, read as the record's name, or begin with."""
    return tuple(
        node.issue(codes.HIDDEN_NEEDED, message, hint=hint)
        for thing in things
        if thing.kind == "object"
        for node, message, hint in _needed(thing.root)
    )


def _needed(root: Node) -> Iterator[tuple[Node, str, str]]:
    """Where an object needs what is hidden, what it is needed for, and the mend."""
    title = root.string("title")
    for name, node in root.entries("fields").items():
        required = node.flag("required") or node.string("type") == "master_detail"
        default = node.get("default")
        if node.flag("hidden") and name == title:
            yield node.walk("hidden"), f"`{name}` is what people see as the record's name", ""
        elif node.flag("hidden") and required and default is None:
            yield node.walk("hidden"), f"`{name}` is required and has no default", "Give it a default first."
        option = None if default is None else node.walk("options").get(default.text)
        if option is not None and option.flag("retired"):
            yield option.walk("retired"), f"`{node.string('default')}` is the default of this field", ""
    for name, node in root.entries("record_types").items():
        if node.flag("default") and node.flag("retired"):
            yield node.walk("retired"), f"`{name}` is the default record type", "Make another the default."


def check_conditions(draft: Draft) -> None:
    """Warn of views whose condition asks for a hidden field: whoever opens one is refused."""
    for object_ in draft.objects.values():
        for name, view in object_.views.items():
            for path in _hidden_paths(view):
                node = place(draft.parts[object_.name].view_nodes[name])
                message = f"`{path.name}` is hidden, so nobody can open the view `{name}`"
                hint = "Hide the view too, or set another condition."
                draft.warnings.append(node.issue(codes.HIDDEN_ASKED, message, hint=hint, severity="warning"))


def _hidden_paths(view: ListView) -> list[FieldPath]:
    if view.where is None:
        return []
    paths = [path for each in references(view.where.expr) for path in paths_in(each.key)]
    return [path for path in paths if path.field.hidden or any(link.hidden for link in path.links)]
