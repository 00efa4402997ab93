"""The views of a list: those of the metadata, which everybody shares, and those the reader saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from engine.problem import Problem
from runtime.codes import BAD_PARAMETER
from runtime.saved_views import MOST, SavedView, Shelf
from runtime.web.component import Link
from runtime.web.pages.flash import Done
from runtime.web.pages.target import target_of
from runtime.web.state import ListState, parse_state
from runtime.web.table import SaveView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.responses import Response

    from engine.database import Connection
    from metadata.catalog import ListView, ObjectType
    from runtime.web.pages.visit import Visit

ALL = "all"
"""What the address says for every record of an object that has no view."""


def opened(visit: Visit, target: ObjectType, state: ListState) -> tuple[ListState, tuple[SavedView, ...]]:
    """The state to show, and the reader's views; an address that says nothing opens her default one."""
    with visit.exchange.tenant.database.read() as connection:
        views = _shelf(visit, target, connection).views()
    default = next((view for view in views if view.default), None)
    if default is not None and not visit.exchange.query:
        return _state(default), views
    return state, views


def view_links(
    visit: Visit, target: ObjectType, view: ListView | None, state: ListState, views: tuple[SavedView, ...]
) -> Iterator[Link]:
    """A tab for each view; the one shown is current."""
    address, mine = visit.reader.link(f"/o/{target.name}"), _mine(state, views)
    for one in target.views.values():
        label = one.label.text(visit.reader.language)
        href = address + state.viewing(one.name).query()
        yield Link(label=label, href=href, current=one is view and mine is None)
    if not target.views:
        href = address + state.viewing(ALL).query()
        yield Link(label=visit.reader.text("list.all"), href=href, current=mine is None)
    for saved in views:
        yield Link(label=saved.name, href=address + _state(saved).query(), icon="user", current=saved is mine)


def saving(visit: Visit, target: ObjectType, state: ListState, views: tuple[SavedView, ...]) -> SaveView:
    """How to keep what the list shows."""
    mine = _mine(state, views)
    return SaveView(
        action=visit.reader.link(f"/o/{target.name}/views"), query=_kept(state),
        id=mine.id if mine else "", name=mine.name if mine else "", default=mine is not None and mine.default,
        changed=mine.query != _kept(state) if mine else bool(_kept(replace(state, view=""))),
    )  # fmt: skip


def change_views(visit: Visit) -> Response:
    """POST /o/{object}/views: what `do` names with a view: add, update, rename, choose, release, remove."""
    target, form = target_of(visit), visit.exchange.form
    shown = replace(_parsed(str(form.get("query", ""))), mine=str(form.get("id", "")))
    perform = _DOINGS.get(str(form.get("do", "")))
    if perform is None:
        raise Problem(BAD_PARAMETER, "There is nothing else to do with a view.", status=400)
    with visit.signed_in.transaction() as connection:
        then = perform(_shelf(visit, target, connection), visit, shown)
    address = visit.reader.link(f"/o/{target.name}")
    what = "view_removed" if not then.mine else "view_saved"
    return visit.go(address + then.query(), Done(what=what, object=target.name))


def _add(shelf: Shelf, visit: Visit, shown: ListState) -> ListState:
    id_ = visit.exchange.tenant.gate.ids()
    if not shelf.add(id_, _name(visit), _kept(shown)):
        raise Problem(
            BAD_PARAMETER, f"One list keeps at most {MOST} views of yours, none endless.", status=422
        )
    if visit.exchange.form.get("default"):
        shelf.choose(id_)
    return replace(shown, mine=id_)


def _update(shelf: Shelf, visit: Visit, shown: ListState) -> ListState:  # noqa: ARG001  (as all of these)
    shelf.update(shown.mine, _kept(shown))
    return shown


def _rename(shelf: Shelf, visit: Visit, shown: ListState) -> ListState:
    shelf.rename(shown.mine, _name(visit))
    return shown


def _choose(shelf: Shelf, visit: Visit, shown: ListState) -> ListState:  # noqa: ARG001
    shelf.choose(shown.mine)
    return shown


def _release(shelf: Shelf, visit: Visit, shown: ListState) -> ListState:  # noqa: ARG001
    shelf.choose("")
    return shown


def _remove(shelf: Shelf, visit: Visit, shown: ListState) -> ListState:  # noqa: ARG001
    shelf.remove(shown.mine)
    return ListState(view=shown.view or ALL)


_DOINGS: dict[str, Callable[[Shelf, Visit, ListState], ListState]] = {
    "add": _add, "update": _update, "rename": _rename, "choose": _choose, "release": _release,
    "remove": _remove,
}  # fmt: skip


def _shelf(visit: Visit, target: ObjectType, connection: Connection) -> Shelf:
    return Shelf(connection=connection, user=visit.signed_in.actor.id or "", object=target.id)


def _state(saved: SavedView) -> ListState:
    return replace(_parsed(saved.query), mine=saved.id)


def _parsed(query: str) -> ListState:
    return parse_state(parse_qsl(query.removeprefix("?"), keep_blank_values=True))


def _kept(state: ListState) -> str:
    """What a view keeps of a state: everything but the place and the view's own name."""
    return replace(state.first_page(), mine="").query()


def _mine(state: ListState, views: tuple[SavedView, ...]) -> SavedView | None:
    return next((view for view in views if view.id == state.mine), None)


def _name(visit: Visit) -> str:
    return str(visit.exchange.form.get("name", "")).strip() or visit.reader.text("list.my_view")
