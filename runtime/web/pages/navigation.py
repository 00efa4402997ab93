"""The frame around pages: the reader's apps, the objects of the one she is in, and what she may create.

An app is chosen by its address (`/app/sales`) and kept in a cookie; a page of an object that this app lacks
shows the first app that has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codes import NOT_FOUND
from engine.problem import Problem
from engine.standing import DELEGATION
from runtime.packages import PLATFORM
from runtime.web.component import Link, ObjectLabel
from runtime.web.pages.notifications import unread
from runtime.web.pages.rights import imports_any, may, sees_history
from runtime.web.shell import Frame, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from metadata.catalog import App, ObjectType
    from runtime.web.pages.visit import Visit

COOKIE = "strata_app"


def frame(visit: Visit) -> Frame:
    """Navigation, creation and person for one visit."""
    apps = apps_of(visit)
    here = _app_here(visit, apps)
    actor = visit.signed_in.actor
    links = tuple(list_link(visit, target) for target in objects_of(visit, here)) if here else ()
    return Frame(
        app=_label(here, visit) if here else visit.reader.text("product.name"),
        apps=tuple(_app_link(visit, app, current=app is here) for app in apps),
        navigation=links,
        create=tuple(creatable(visit, here)),
        person=Person(name=actor.name, note=" · ".join(_sets(visit))),
        here=visit.here if visit.exchange.request.method == "GET" else (links[0].href if links else ""),
        unread=unread(visit),
        away=_stand_ins(visit),
        acting=actor.impersonator is not None,
        jobs=visit.reader.link("/jobs"),
        imports=visit.reader.link("/import") if imports_any(visit.signed_in) else "",
        changes=visit.reader.link("/change-sets") if sees_history(visit.signed_in) else "",
        bin=visit.reader.link("/bin") if links else "",
    )


def _stand_ins(visit: Visit) -> str:
    """The list of those who stand in for the reader; "" where she may see none."""
    target = visit.exchange.release.catalog.objects.get(DELEGATION)
    shown = target is not None and may(visit.signed_in, target, "read")
    return visit.reader.link(f"/o/{DELEGATION}") if shown else ""


def home(visit: Visit) -> str | None:
    """The address with which the reader's app opens, or None when she may see no object of any app."""
    app = _app_here(visit, apps_of(visit))
    return app_home(visit, app) if app else None


def enter_app(visit: Visit) -> Response:
    """GET /app/{app}: the app's first page; from now on its objects are the navigation."""
    wanted = visit.exchange.param("app")
    app = next((app for app in apps_of(visit) if app.name == wanted), None)
    if app is None:
        raise Problem(NOT_FOUND, "There is no such app that you may see.", status=404)
    response = visit.go(app_home(visit, app))
    response.set_cookie(COOKIE, app.name, path=visit.reader.link("/"), httponly=True, samesite="lax")
    return response


def apps_of(visit: Visit) -> tuple[App, ...]:
    """The apps in which the reader may see something: in the order of their layers, administration last."""
    catalog = visit.exchange.release.catalog
    apps = [app for app in catalog.apps.values() if any(objects_of(visit, app))]
    return tuple(sorted(apps, key=_of_the_platform))


def objects_of(visit: Visit, app: App) -> Iterator[ObjectType]:
    """The objects of an app that the reader may read."""
    return (target for target in app.objects if may(visit.signed_in, target, "read"))


def app_home(visit: Visit, app: App) -> str:
    """The address of the object that the app opens with, as far as the reader may see it."""
    targets = tuple(objects_of(visit, app))
    return list_link(visit, app.home if app.home in targets else targets[0]).href


def object_label(target: ObjectType, language: str) -> ObjectLabel:
    """An object's names and icon for a reader of `language`."""
    return ObjectLabel(
        label=target.label.text(language), plural=target.plural.text(language), icon=target.icon
    )


def list_link(visit: Visit, target: ObjectType) -> Link:
    """The way to the list of an object."""
    return Link(
        label=target.plural.text(visit.reader.language),
        href=visit.reader.link(f"/o/{target.name}"),
        icon=target.icon,
        current=_object_here(visit) == target.name,
    )


def creatable(visit: Visit, first: App | None) -> Iterator[Link]:
    """What the reader may create in her apps, that of the app `first` before the rest."""
    apps = sorted(apps_of(visit), key=lambda app: app is not first)
    for target in dict.fromkeys(target for app in apps for target in app.objects):
        if may(visit.signed_in, target, "create"):
            link = list_link(visit, target)
            label = visit.reader.text("record.new", object=target.label.text(visit.reader.language))
            yield Link(label=label, href=f"{link.href}/new", icon=link.icon, current=link.current)


def _app_here(visit: Visit, apps: tuple[App, ...]) -> App | None:
    chosen = visit.exchange.request.cookies.get(COOKIE)
    apps = tuple(sorted(apps, key=lambda app: app.name != chosen))
    name = _object_here(visit)
    having = (app for app in apps if any(target.name == name for target in app.objects))
    return next(having, apps[0] if apps else None)


def _object_here(visit: Visit) -> str | None:
    name = visit.exchange.request.path_params.get("object")
    return None if name is None else str(name)


def _app_link(visit: Visit, app: App, *, current: bool) -> Link:
    return Link(
        label=_label(app, visit),
        href=visit.reader.link(f"/app/{app.name}"),
        icon=app.icon or "apps",
        current=current,
    )


def _of_the_platform(app: App) -> bool:
    """Whether all objects of the app are those that every company has."""
    return all(target.package == PLATFORM for target in app.objects)


def _label(app: App, visit: Visit) -> str:
    return app.label.text(visit.reader.language)


def _sets(visit: Visit) -> Iterator[str]:
    known = visit.exchange.release.catalog.permission_sets
    for name in visit.signed_in.actor.permission_sets:
        if name in known:
            yield known[name].label.text(visit.reader.language)
