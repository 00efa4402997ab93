"""A mapping with one more object, or one fewer: the record that a link names, or records below the row's own.

Pure. The wizard calls it; what it makes is an ordinary mapping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.transfer.mapping import Column, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.transfer.mapping import ImportMapping
    from metadata.catalog import Catalog, Field, ObjectType


def main_part(mapping: ImportMapping, catalog: Catalog) -> Part:
    """The part that the file is about: it is a part of no other's record, and none but such link to it."""
    named = {
        part.links[link] for part in mapping.objects for link in part.links if link != _master(part, catalog)
    }
    owned = {part.called for part in mapping.objects if _master(part, catalog) in part.links}
    found = (part for part in mapping.objects if part.called not in named | owned)
    return next(found, mapping.objects[-1])


def above(mapping: ImportMapping, part: Part, link: Field) -> ImportMapping:
    """The same, with the record that `link` of `part` leads to made or found from the row, by its title.

    A column that filled the link is the title of that record from now on.
    """
    target = link.target
    assert target is not None
    assert target.title is not None, "only links to objects with a title are offered"
    column = next((each for each in part.columns if each.field == link.name), None)
    name = _free(mapping, link.name)
    titled = (
        ()
        if column is None
        else (Column(column=column.column, field=target.title.name, values=column.values),)
    )
    added = Part(object=target.name, name=name, columns=titled, key=(target.title.name,))
    kept = tuple(each for each in part.columns if each is not column)
    changed = replace(part, columns=kept, links={**part.links, link.name: name})
    objects = (changed if each is part else each for each in mapping.objects)
    return replace(mapping, objects=(added, *objects))


def below(mapping: ImportMapping, part: Part, target: ObjectType) -> ImportMapping:
    """The same, with records of `target` that belong to that of `part`."""
    master = target.master
    assert master is not None, "only objects with a master are offered"
    name = _free(mapping, target.name)
    added = Part(object=target.name, name=name, columns=(), links={master.name: part.called})
    return replace(mapping, objects=(*mapping.objects, added))


def without(mapping: ImportMapping, name: str) -> ImportMapping:
    """The same without a part, and without links to it."""
    kept = (
        replace(each, links={link: to for link, to in each.links.items() if to != name})
        for each in mapping.objects
        if each.called != name
    )
    return replace(mapping, objects=tuple(kept))


def only_filled(mapping: ImportMapping, catalog: Catalog) -> ImportMapping:
    """The same without parts, beside the main one, that no column fills."""
    main = main_part(mapping, catalog).called
    for name in [each.called for each in mapping.objects if not each.columns and each.called != main]:
        mapping = without(mapping, name)
    return mapping


def reachable(
    target: ObjectType, among: Iterable[ObjectType]
) -> tuple[tuple[Field, ...], tuple[ObjectType, ...]]:
    """Links by which rows of `target` may bring other records, and the objects that may lie below them."""
    known = tuple(among)
    links = tuple(
        field
        for field in target.fields.values()
        if field.target in known
        and not (field.retired or field.system or field.sort.owned)
        and field.target.title is not None
    )
    return links, tuple(each for each in known if each.master is not None and each.master.target is target)


def _master(part: Part, catalog: Catalog) -> str | None:
    target = catalog.objects.get(part.object)
    return None if target is None or target.master is None else target.master.name


def _free(mapping: ImportMapping, name: str) -> str:
    taken = {each.called for each in mapping.objects}
    return next(
        each for each in (name, *(f"{name}_{number}" for number in range(2, 100))) if each not in taken
    )
