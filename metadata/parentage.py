"""Step of the compiler: parts and wholes. A record is part of one other at most, three levels deep.

That keeps it plain who may see a part and who owns it: whoever sees and owns what it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata import codes

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.node import Node

DEEPEST = 3
"""Levels of parts below a whole."""


def check_parents(draft: Draft) -> None:
    """Report a second parent, parts of themselves, and chains that are too long."""
    for object_ in draft.objects.values():
        links = [field for field in object_.fields.values() if field.sort.owned and not field.retired]
        for second in links[1:]:
            message = f"{object_.name} is a part already, by `{links[0].name}`"
            draft.report(_node(draft, second), codes.PARENTAGE, message, at_key=True)
        if links:
            _check_chain(draft, object_, links[0])


def _check_chain(draft: Draft, object_: ObjectType, link: Field) -> None:
    names, here = [object_.name], link.target
    while here is not None and len(names) <= DEEPEST + 1:
        names.append(here.name)
        if here is object_:
            message = f"records would be parts of themselves: {' → '.join(names)}"
            draft.report(_node(draft, link), codes.PARENTAGE, message, at_key=True)
            return
        above = here.master
        here = above.target if above else None
    if len(names) > DEEPEST + 1:
        message = f"parts are at most {DEEPEST} levels deep: {' → '.join(names)}"
        draft.report(_node(draft, link), codes.PARENTAGE, message, at_key=True)


def _node(draft: Draft, field: Field) -> Node:
    return draft.documents[field.object.name].root.walk("fields", field.name)
