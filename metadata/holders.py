"""The permission sets that a list names: who is bound by a rule, or may make a move.

Asked before the sets themselves are compiled, and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata import codes
from metadata.names import nearest

if TYPE_CHECKING:
    from metadata.draft import Draft
    from metadata.node import Node


def holders(draft: Draft, root: Node, name: str) -> frozenset[str]:
    """The permission sets that a list names, by their present names; unknown ones are reported."""
    known = {thing.name for thing in draft.of("permission_set")}
    former = {
        old: thing.name
        for thing in draft.of("permission_set")
        for old in draft.entry(thing.package, f"permission_set:{thing.name}").was
    }
    found: dict[str, None] = {}
    for node in root.elements(name):
        wanted = former.get(node.text, node.text)
        if wanted in found:
            draft.report(node, codes.REPEATED, f"`{wanted}` stands here twice")
        elif wanted in known:
            found[wanted] = None
        else:
            draft.report(
                node, codes.UNKNOWN_SET, f"there is no permission set `{wanted}`", hint=nearest(wanted, known)
            )
    return frozenset(found)
