"""Step of the compiler: forms and record pages, and the lists of records that point to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata import codes
from metadata.catalog import Field, Layout, Related, Section
from metadata.names import nearest

if TYPE_CHECKING:
    from metadata.catalog import ObjectType
    from metadata.draft import Draft
    from metadata.node import Node

_COLUMNS = 2


def layout(draft: Draft, object_: ObjectType) -> Layout:
    """The layout document of an object; without one, a section with all its own fields."""
    thing = draft.things.get("layout", {}).get(object_.name)
    if thing is None or thing.broken:
        own = tuple(field for field in object_.fields.values() if not field.system and not field.retired)
        return Layout(sections=(Section(id="fields", label=object_.label, columns=_COLUMNS, fields=own),))
    root = thing.root
    return Layout(
        highlights=draft.fields(object_, root.get("highlights")),
        path=_path(draft, object_, root.get("path")),
        sections=_sections(draft, object_, root),
        related=_related(draft, object_, root),
    )


def check_layouts(draft: Draft) -> None:
    """Layouts of objects that do not exist."""
    for thing in draft.of("layout"):
        draft.object(thing.name, thing.root.walk("layout"))


def _path(draft: Draft, object_: ObjectType, node: Node | None) -> Field | None:
    field = None if node is None else draft.field(object_, node)
    if node is not None and field is not None and not field.options:
        draft.report(node, codes.NOT_A_PICKLIST, f"`{field.name}` is no picklist")
        return None
    return field


def _sections(draft: Draft, object_: ObjectType, root: Node) -> tuple[Section, ...]:
    made = []
    seen: dict[Field, str] = {}
    for name, node in root.entries("sections").items():
        fields = draft.fields(object_, node.get("fields"))
        for field in fields:
            other = seen.setdefault(field, name)
            if other != name:
                at = next(item for item in node.elements("fields") if draft.field(object_, item) is field)
                draft.report(at, codes.REPEATED, f"`{field.name}` is in section `{other}` already")
        label = node.walk("label")
        columns = node.get("columns")
        text = draft.label(label, label.text or name, "objects", object_.name, "sections", name)
        width = columns.value if columns is not None and isinstance(columns.value, int) else _COLUMNS
        made.append(Section(id=name, label=text, columns=width, fields=fields))
    return tuple(made)


def _related(draft: Draft, object_: ObjectType, root: Node) -> tuple[Related, ...]:
    made = []
    for name, node in root.entries("related").items():
        link = _link(draft, object_, node)
        if link is None:
            continue
        paths = [draft.path(link.object, item) for item in node.elements("columns")]
        label = node.walk("label")
        made.append(
            Related(
                id=name,
                link=link,
                label=draft.label(label, label.text or name, "objects", object_.name, "related", name),
                columns=tuple(path for path in paths if path is not None),
            )
        )
    return tuple(made)


def _link(draft: Draft, object_: ObjectType, node: Node) -> Field | None:
    """The lookup that `from: object.field` names; it must point to this object."""
    at = node.get("from")
    if at is None or "." not in at.text:
        return None
    owner_name, _, name = at.text.partition(".")
    owner = draft.object(owner_name, at)
    field = None if owner is None else draft.field(owner, at, name)
    if owner is None or field is None or field.target is object_:
        return field
    links = [
        f"{other.name}.{each.name}"
        for other in draft.objects.values()
        for each in other.fields.values()
        if each.target is object_ and not each.system
    ]
    hint = nearest(at.text, links) or (f"There is {', '.join(sorted(links)[:8])}." if links else "")
    draft.report(at, codes.NOT_A_LINK, f"`{at.text}` does not point to {object_.name}", hint=hint)
    return None
