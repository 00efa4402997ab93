"""Links of other objects that lead to an object: what the functions of related records name.

`order.contact` is the link `contact` of orders, where contacts are asked for. A link to several objects and a
list of links lead to each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.expr import Reference
from formula.scope import Inside
from formula.types import NULL
from metadata.catalog import FieldPath, Global

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from metadata.catalog import Field, ObjectType


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlink:
    """The key of a link that leads to the record at hand; `field` is of the other object."""

    field: Field


def backlink(objects: Mapping[str, ObjectType], target: ObjectType, parts: tuple[str, ...]) -> Field | None:
    """The link that `("order", "contact")` names, if it leads to `target`."""
    if len(parts) != 2 or (other := objects.get(parts[0])) is None or other.retired:
        return None
    found = other.field(parts[1])
    return found if found is not None and leads(found, target) else None


def backlinks(objects: Mapping[str, ObjectType], target: ObjectType) -> Iterator[Field]:
    """All links that lead to `target`."""
    for other in objects.values():
        if not other.retired:
            yield from (field for field in other.fields.values() if leads(field, target))


def leads(link: Field, target: ObjectType) -> bool:
    """Whether a field is a link that may lead to records of `target`."""
    return not link.retired and (target in (link.target, link.members) or target in link.others)


def name_of(link: Field) -> str:
    """How a link is named from outside of its object."""
    return f"{link.object.name}.{link.name}"


def link_reference(link: Field) -> Reference:
    """The name of a link that leads to the record at hand."""
    return Reference(name=name_of(link), type=NULL, key=Backlink(field=link), records=True)


def paths_in(key: Hashable) -> tuple[FieldPath, ...]:
    """What the key of a name reads: a path, that of the user or of related records too, or a link."""
    match key:
        case FieldPath():
            return (key,)
        case Global(path=FieldPath() as path):
            return (path,)
        case Backlink(field=link):
            return (FieldPath(field=link),)
        case Inside(key=inner):
            return paths_in(inner)
        case _:
            return ()
