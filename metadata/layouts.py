"""Step of the compiler: forms and record pages, of an object and of its record types.

A layout document is made of parts – sections, child tables, related lists – and of tabs and a sidebar that
say where the parts stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.types import Kind
from metadata import codes
from metadata.attachments import beside
from metadata.catalog import ChildTable, Field, Layout, Related, Section, Tab
from metadata.conditions import VISIBLE, condition
from metadata.names import nearest
from metadata.presentation import TIMELINE
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metadata.catalog import ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.label import Label
    from metadata.node import Node

_COLUMNS = 2
_PARTS = ("sections", "children", "related")


def layout(
    checker: Checker, object_: ObjectType, record_type: tuple[str, str] | None = None
) -> Layout | None:
    """The layout document of an object, or of one of its record types (name and code); None without one."""
    draft = checker.draft
    name = object_.name if record_type is None else f"{object_.name}.{record_type[0]}"
    thing = draft.things.get("layout", {}).get(name)
    if thing is None or thing.broken:
        return None
    return _Reading(checker, object_, thing.root, "" if record_type is None else record_type[1]).layout()


def plain_layout(object_: ObjectType) -> Layout:
    """A section with all the fields of an object's own and its record type, where no document says more."""
    fields = tuple(f for f in object_.fields.values() if not beside(f))
    own = tuple(f for f in fields if (not f.system or f.name == RECORD_TYPE) and not f.retired)
    return Layout(sections=(Section(id="fields", label=object_.label, columns=_COLUMNS, fields=own),))


def check_layouts(draft: Draft) -> None:
    """Layouts of objects and record types that do not exist."""
    for thing in draft.of("layout"):
        owner, _, name = thing.name.partition(".")
        object_ = draft.object(owner, thing.root.walk("layout"))
        known = [] if object_ is None else draft.documents[object_.name].root.entries("record_types")
        if object_ is not None and name and name not in known:
            at = thing.root.walk("record_type")
            message = f"{object_.name} has no record type `{name}`"
            draft.report(at, codes.NOT_AMONG, message, hint=nearest(name, known))


class _Reading:
    """One layout document while its parts are made."""

    def __init__(self, checker: Checker, object_: ObjectType, root: Node, record_type: str) -> None:
        self.checker = checker
        self.draft = checker.draft
        self.object = object_
        self.root = root
        self.record_type = record_type

    def layout(self) -> Layout:
        draft, root = self.draft, self.root
        made = Layout(
            highlights=draft.fields(self.object, root.get("highlights")),
            path=self._path(root.get("path")),
            sections=self._sections(),
            children=self._children(),
            related=self._related(),
            tabs=self._tabs(),
            sidebar=self._sidebar(),
        )
        self._check_shown()
        self._check_required(made)
        return made

    def _label(self, kind: str, name: str, node: Node) -> Label:
        """A record type's layout has translations of its own, and else shares those of the object's."""
        label = node.walk("label")
        path = ("objects", self.object.name, kind, name)
        own = (*path[:2], "record_types", self.record_type, *path[2:])
        found = own if own in self.draft.texts.nodes else path
        return self.draft.label(label, label.text or name, *found)

    def _path(self, node: Node | None) -> Field | None:
        field = None if node is None else self.draft.field(self.object, node)
        if node is not None and field is not None and (not field.options or field.many):
            self.draft.report(node, codes.NOT_A_PICKLIST, f"`{field.name}` is no picklist")
            return None
        return field

    def _sections(self) -> tuple[Section, ...]:
        made = []
        seen: dict[Field, str] = {}
        for name, node in self.root.entries("sections").items():
            fields = self.draft.fields(self.object, node.get("fields"))
            self._check_repeated(name, node, fields, seen)
            columns = node.get("columns")
            made.append(
                Section(
                    id=name,
                    label=self._label("sections", name, node),
                    columns=columns.value if columns and isinstance(columns.value, int) else _COLUMNS,
                    fields=fields,
                    visible=condition(self.checker, self.object, node.get(VISIBLE)),
                    collapsed=node.flag("collapsed"),
                )
            )
        return tuple(made)

    def _check_repeated(self, name: str, node: Node, fields: Iterable[Field], seen: dict[Field, str]) -> None:
        for field in fields:
            other = seen.setdefault(field, name)
            if other != name:
                items = node.elements("fields")
                at = next(item for item in items if self.draft.field(self.object, item) is field)
                self.draft.report(at, codes.REPEATED, f"`{field.name}` is in section `{other}` already")

    def _children(self) -> tuple[ChildTable, ...]:
        made = []
        for name, node in self.root.entries("children").items():
            link = self._link(node)
            if link is not None and link.many:
                message = f"`{link.name}` holds a list; its records are not parts of one {self.object.name}"
                self.draft.report(node.walk("from"), codes.LIST_REFUSED, message)
            if link is None or link.many:
                continue
            made.append(
                ChildTable(
                    id=name,
                    link=link,
                    label=self._label("children", name, node),
                    columns=self.draft.fields(link.object, node.get("columns")),
                    sum=self._sums(link, node),
                )
            )
        return tuple(made)

    def _sums(self, link: Field, node: Node) -> tuple[Field, ...]:
        fields = self.draft.fields(link.object, node.get("sum"))
        for item in node.elements("sum"):
            field = link.object.field(item.text)
            if field is not None and field.sort.type.kind is not Kind.NUMBER:
                self.draft.report(item, codes.NOT_A_NUMBER, f"`{field.name}` cannot be summed")
        return tuple(field for field in fields if field.sort.type.kind is Kind.NUMBER)

    def _related(self) -> tuple[Related, ...]:
        made = []
        for name, node in self.root.entries("related").items():
            link = self._link(node)
            if link is None:
                continue
            paths = [self.draft.path(link.object, item) for item in node.elements("columns")]
            made.append(
                Related(
                    id=name,
                    link=link,
                    label=self._label("related", name, node),
                    columns=tuple(path for path in paths if path is not None),
                )
            )
        return tuple(made)

    def _link(self, node: Node) -> Field | None:
        """The link that `from: object.field` names; it must point to this object."""
        at = node.get("from")
        if at is None or "." not in at.text:
            return None
        owner_name, _, name = at.text.partition(".")
        owner = self.draft.object(owner_name, at)
        field = None if owner is None else self.draft.field(owner, at, name)
        if owner is None or field is None or self.object in (field.target, field.members, *field.others):
            return field
        links = [
            f"{other.name}.{each.name}"
            for other in self.draft.objects.values()
            for each in other.fields.values()
            if self.object in (each.target, each.members, *each.others) and not each.system
        ]
        hint = nearest(at.text, links) or (f"There is {', '.join(sorted(links)[:8])}." if links else "")
        message = f"`{at.text}` does not point to {self.object.name}"
        self.draft.report(at, codes.NOT_A_LINK, message, hint=hint)
        return None

    def _tabs(self) -> tuple[Tab, ...]:
        known = [name for kind in _PARTS for name in self.root.entries(kind)]
        made = []
        for name, node in self.root.entries("tabs").items():
            show = self._named(node.elements("show"), known)
            made.append(Tab(id=name, label=self._label("tabs", name, node), show=show))
        return tuple(made)

    def _sidebar(self) -> tuple[str, ...]:
        return self._named(self.root.elements("sidebar"), [TIMELINE, *self.root.entries("related")])

    def _named(self, items: Iterable[Node], known: list[str]) -> tuple[str, ...]:
        for item in items:
            if item.text not in known:
                hint = nearest(item.text, known) or f"There is {', '.join(known)}."
                self.draft.report(item, codes.NOT_AMONG, f"the layout has no `{item.text}`", hint=hint)
        return tuple(item.text for item in items if item.text in known)

    def _check_shown(self) -> None:
        """Tabs and sidebar show every part once; where there are tabs, a name means one part."""
        places = [tab.elements("show") for tab in self.root.entries("tabs").values()]
        shown: set[str] = set()
        for item in (item for items in (*places, self.root.elements("sidebar")) for item in items):
            if item.text in shown:
                self.draft.report(item, codes.REPEATED, f"`{item.text}` is shown already")
            shown.add(item.text)
        if not places:
            return
        parts: set[str] = set()
        for kind in _PARTS:
            for name, node in self.root.entries(kind).items():
                if name in parts:
                    message = f"the layout has another part `{name}`; its tabs could not tell them apart"
                    self.draft.report(node, codes.REPEATED, message, at_key=True)
                elif name not in shown:
                    self._warn(node, f"`{name}` stands in no tab")
                parts.add(name)

    def _check_required(self, made: Layout) -> None:
        """What must be filled and cannot be on this form; a part's link to its whole comes by itself."""
        inside = {field for section in made.sections for field in section.fields}
        nodes = self.draft.documents[self.object.name].root.entries("fields")
        for field in self.object.fields.values():
            if field in inside or field.system or field.sort.owned or field.retired or not field.required:
                continue
            if nodes[field.name].get("default") is None:
                self._warn(self.root.walk("sections"), f"`{field.name}` is required and in no section")

    def _warn(self, node: Node, message: str) -> None:
        self.draft.warnings.append(node.issue(codes.NOT_SHOWN, message, at_key=True, severity="warning"))
