"""The frame around pages: the objects of the apps that the reader may read, and what she may create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.component import Link, ObjectLabel
from runtime.web.pages.rights import may
from runtime.web.shell import Frame, NavigationGroup, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import App, ObjectType
    from runtime.web.pages.visit import Visit


def frame(visit: Visit) -> Frame:
    """Navigation, creation and person for one visit."""
    groups = tuple(_groups(visit))
    items = [item for group in groups for item in group.items]
    actor = visit.signed_in.actor
    return Frame(
        app=groups[0].label if groups else visit.reader.text("product.name"),
        navigation=tuple(
            NavigationGroup(label=group.label if number else "", items=group.items)
            for number, group in enumerate(groups)
        ),
        create=tuple(_creatable(visit)),
        person=Person(name=actor.name, note=" · ".join(_sets(visit))),
        here=visit.here if visit.exchange.request.method == "GET" else (items[0].href if items else ""),
    )


def home(visit: Visit) -> str | None:
    """The address of the first object the reader may see, or None when there is none."""
    return next((item.href for group in _groups(visit) for item in group.items), None)


def apps_of(visit: Visit) -> tuple[App, ...]:
    """All apps, those of later layers first: the company's own before the standard, administration last."""
    return tuple(visit.exchange.release.catalog.apps.values())[::-1]


def object_label(target: ObjectType, language: str) -> ObjectLabel:
    """An object's names and icon for a reader of `language`."""
    return ObjectLabel(
        label=target.label.text(language), plural=target.plural.text(language), icon=target.icon
    )


def list_link(visit: Visit, target: ObjectType) -> Link:
    """The way to the list of an object."""
    path = f"/o/{target.name}"
    here = visit.exchange.request.path_params.get("object") == target.name
    return Link(
        label=target.plural.text(visit.reader.language),
        href=visit.reader.link(path),
        icon=target.icon,
        current=here,
    )


def _groups(visit: Visit) -> Iterator[NavigationGroup]:
    shown: set[str] = set()
    for app in apps_of(visit):
        targets = [
            target
            for target in app.objects
            if target.name not in shown and may(visit.signed_in, target, "read")
        ]
        shown |= {target.name for target in targets}
        if targets:
            yield NavigationGroup(label=_label(app, visit), items=tuple(list_link(visit, t) for t in targets))


def _creatable(visit: Visit) -> Iterator[Link]:
    for app in apps_of(visit):
        for target in app.objects:
            if may(visit.signed_in, target, "create"):
                link = list_link(visit, target)
                label = visit.reader.text("record.new", object=target.label.text(visit.reader.language))
                yield Link(label=label, href=f"{link.href}/new", icon=link.icon, current=link.current)


def _label(app: App, visit: Visit) -> str:
    return app.label.text(visit.reader.language)


def _sets(visit: Visit) -> Iterator[str]:
    known = visit.exchange.release.catalog.permission_sets
    for name in visit.signed_in.actor.permission_sets:
        if name in known:
            yield known[name].label.text(visit.reader.language)
