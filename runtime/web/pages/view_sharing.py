"""With whom a view is shared: the form for whoever has the right to set up views, and its answer.

A view says how to look and opens nothing: whoever receives it sees the records and fields that she may see.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.codes import NOT_FOUND
from engine.ids import canonical_id
from engine.planner import require_right
from engine.problem import Problem
from engine.query import Query
from engine.rights import VIEWS
from metadata.catalog import FieldPath, Order
from runtime.saved_views import DEPARTMENT, EVERYONE, GROUP, KINDS, USER, Share
from runtime.web.asking import Wanted, ask
from runtime.web.component import Link
from runtime.web.display import sort_of
from runtime.web.input import Choice
from runtime.web.pages.flash import Done
from runtime.web.pages.links import titles_for
from runtime.web.pages.rights import may, readable
from runtime.web.pages.target import target_of, title_of
from runtime.web.pages.views import shelf_of
from runtime.web.view_sharing import ShareForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from metadata.catalog import ObjectType
    from runtime.saved_views import SavedView
    from runtime.web.input import Input
    from runtime.web.pages.visit import Visit

MOST_GROUPS = 200
_LINKS = {USER: "owner", DEPARTMENT: "department"}
"""Fields of every object that lead to people and departments; their search finds whom to share with."""


def show_sharing(visit: Visit) -> Response:
    """GET /o/{object}/views/share?id=: the form."""
    target, view, shares = _asked(visit, str(visit.exchange.query.get("id", "")))
    held = {kind: tuple(one.subject for one in shares if one.kind == kind) for kind in KINDS}
    body = ShareForm(
        title=visit.reader.text("list.share_title", view=view.name), id=view.id, action=visit.here,
        back=f"{visit.reader.link(f'/o/{target.name}')}?mine={view.id}",
        everyone=bool(held[EVERYONE]), groups=tuple(_groups(visit, held[GROUP])),
        inputs=tuple(_inputs(visit, target, held)),
    ).component()  # fmt: skip
    crumb = Link(label=target.plural.text(visit.reader.language), href=visit.reader.link(f"/o/{target.name}"))
    return visit.page(title=view.name, body=body, crumbs=(crumb,), canvas=True)


def share_view(visit: Visit) -> Response:
    """POST /o/{object}/views/share: share the view with just those of the form."""
    form = visit.exchange.form
    target, view, _ = _asked(visit, str(form.get("id", "")))
    shares = [Share(kind=EVERYONE, subject="")] if form.get(EVERYONE) else []
    shares += [
        Share(kind=kind, subject=id_)
        for kind in (USER, GROUP, DEPARTMENT)
        for value in form.getlist(kind)
        if (id_ := canonical_id(str(value)))
    ]
    with visit.signed_in.transaction() as connection:
        shelf_of(visit, target, connection).share(view.id, shares)
    back = f"{visit.reader.link(f'/o/{target.name}')}?{view.query.removeprefix('?')}&mine={view.id}"
    return visit.go(back, Done(what="view_saved", object=target.name))


def _asked(visit: Visit, id_: str) -> tuple[ObjectType, SavedView, tuple[Share, ...]]:
    """The view that is to be shared; raises Problem without the right, and for one that is not hers."""
    require_right(visit.signed_in.policy, VIEWS, "share views")
    target = target_of(visit)
    with visit.exchange.tenant.database.read() as connection:
        shelf = shelf_of(visit, target, connection)
        found = next((view for view in shelf.views() if view.id == id_ and view.owned), None)
        shares = shelf.shares(id_)
    if found is None:
        raise Problem(NOT_FOUND, "There is no such view of yours.", status=404)
    return target, found, shares


def _groups(visit: Visit, held: tuple[str, ...]) -> Iterator[Choice]:
    """The groups that the sharer may read."""
    target = visit.exchange.release.catalog.objects.get(GROUP)
    if target is None or target.retired or not may(visit.signed_in, target, "read"):
        return
    title = target.title
    path = FieldPath(field=title) if title is not None and readable(visit.signed_in, title) else None
    asked = Query(
        object=target, fields=(path,) if path else (), order=(Order(path=path),) if path else (),
        limit=MOST_GROUPS,
    )  # fmt: skip
    for record in visit.signed_in.query(asked).records:
        yield Choice(value=record.id, text=title_of(record, visit), current=record.id in held)


def _inputs(visit: Visit, target: ObjectType, held: dict[str, tuple[str, ...]]) -> Iterator[Input]:
    for kind, name in _LINKS.items():
        field = target.fields.get(name)
        if field is None or field.target is None or not readable(visit.signed_in, field):
            continue
        if not may(visit.signed_in, field.target, "read"):
            continue
        titles = titles_for(visit, [(field, value) for value in held[kind]])
        asked = ask(
            sort_of(field), Wanted(field=field, values=held[kind], titles=titles, reader=visit.reader)
        )
        label = field.target.plural.text(visit.reader.language)
        for made in asked.inputs:
            yield replace(made, name=kind, key=f"share-{kind}", label=label, autofocus=False)
