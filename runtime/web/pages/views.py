"""The views of a list: those of the metadata, those the reader saved, and those that others share with her.

Each is a tab; she puts them into her own order and says which one opens first. A shared view is shown through
her own eyes: what of it she may not see is left out before its address is made, and told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from engine.advice import advice
from engine.problem import Problem
from runtime.codes import BAD_PARAMETER
from runtime.impersonation import refuse_acting
from runtime.saved_views import MOST, SavedView, Shelf
from runtime.web.component import Link
from runtime.web.pages.columns import find_path
from runtime.web.pages.filters import filterable
from runtime.web.pages.flash import Done
from runtime.web.pages.listed import listed_of
from runtime.web.pages.rights import sees, sets_up_views
from runtime.web.pages.target import target_of
from runtime.web.state import UNGROUPED, ListState, parse_state
from runtime.web.table import SaveView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.responses import Response

    from engine.database import Connection
    from metadata.catalog import ListView, ObjectType
    from runtime.web.pages.visit import Visit

ALL = "all"
"""What the address says for every record of an object that has no view."""
_DECLARED = "view:"
"""Begins the key of a view of the metadata; that of a saved one is its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One view as the reader has it: its key, name and state, how much of it she may not see."""

    key: str
    label: str
    state: ListState
    saved: SavedView | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabs:
    """All views in the reader's order; `default` is the key of the one that opens first, "" for none."""

    tabs: tuple[Tab, ...]
    default: str = ""

    def named(self, key: str) -> Tab | None:
        """The tab with this key."""
        return next((tab for tab in self.tabs if tab.key == key), None)


def opened(visit: Visit, target: ObjectType, state: ListState) -> tuple[ListState, Tabs]:
    """The state to show, and the reader's views; an address that says nothing opens her default one."""
    with visit.exchange.tenant.database.read() as connection:
        tabs = _tabs(visit, target, shelf_of(visit, target, connection))
    default = tabs.named(tabs.default)
    return (default.state if default is not None and not visit.exchange.query else state), tabs


def view_links(
    visit: Visit, target: ObjectType, view: ListView | None, state: ListState, tabs: Tabs
) -> Iterator[Link]:
    """A tab for each view; the one shown is current."""
    address, current = visit.reader.link(f"/o/{target.name}"), _current(target, view, state, tabs)
    for tab in tabs.tabs:
        icon = "" if tab.saved is None else "user" if tab.saved.owned and not tab.saved.shared else "share"
        yield Link(label=tab.label, href=address + tab.state.query(), icon=icon, current=tab is current)


def saving(visit: Visit, target: ObjectType, view: ListView | None, state: ListState, tabs: Tabs) -> SaveView:
    """How to keep what the list shows."""
    tab = _current(target, view, state, tabs)
    mine = tab if tab is not None and tab.saved is not None and tab.saved.owned else None
    address = visit.reader.link(f"/o/{target.name}/views")
    differs = _kept(tab.state) != _kept(state) if tab is not None and tab.saved is not None else bool(
        _kept(replace(state, view=""))
    )  # fmt: skip
    return SaveView(
        action=address, query=_kept(state), id=mine.key if mine else "", name=mine.label if mine else "",
        key=tab.key if tab else "", default=tab is not None and tab.key == tabs.default, changed=differs,
        share=f"{address}/share?id={mine.key}" if mine and sets_up_views(visit.signed_in) else "",
        moving=len(tabs.tabs) > 1 and tab is not None,
    )  # fmt: skip


def notices(visit: Visit, target: ObjectType, state: ListState, tabs: Tabs) -> Iterator[str]:
    """What is left out of the view that is shown."""
    del target
    if (tab := tabs.named(state.mine)) is not None and tab.left_out:
        yield visit.reader.text("list.not_seen", count=tab.left_out)


def change_views(visit: Visit) -> Response:
    """POST /o/{object}/views: what `do` names with a view, such as add, rename, choose, earlier."""
    refuse_acting(visit.signed_in.actor)
    target, form = target_of(visit), visit.exchange.form
    shown = replace(_parsed(str(form.get("query", ""))), mine=str(form.get("id", "")))
    perform = _DOINGS.get(str(form.get("do", "")))
    if perform is None:
        raise Problem(BAD_PARAMETER, "There is nothing else to do with a view.", status=400)
    with visit.signed_in.transaction() as connection:
        then = perform(shelf_of(visit, target, connection), visit, target, shown)
    address = visit.reader.link(f"/o/{target.name}")
    return visit.go(address + then.query(), _done(visit, target, str(form["do"]), then))


def _done(visit: Visit, target: ObjectType, did: str, then: ListState) -> Done:
    """What was done; of a view that is saved, whether its list asks a big table without an index."""
    if did in ("add", "update"):
        asked = listed_of(visit, target, then).query
        with visit.exchange.tenant.database.read() as connection:
            found = advice(visit.exchange.release, connection, target, asked.where, asked.order)
        if found is not None:
            return Done(what="view_unindexed", object=target.name, names=found.fields)
    return Done(what="view_removed" if did == "remove" else "view_saved", object=target.name)


def shelf_of(visit: Visit, target: ObjectType, connection: Connection) -> Shelf:
    """The reader's views of an object."""
    actor = visit.signed_in.actor
    return Shelf(
        connection=connection, user=actor.id or "", object=target.id, groups=actor.groups,
        places=actor.places,
    )  # fmt: skip


def _tabs(visit: Visit, target: ObjectType, shelf: Shelf) -> Tabs:
    views, placed = shelf.placed()
    at = {one.view: one.place for one in placed}
    found = [*_declared(visit, target), *(_saved(visit, target, view) for view in views)]
    known = {tab.key for tab in found}
    default = next((one.view for one in placed if one.default and one.view in known), "")
    return Tabs(tabs=tuple(sorted(found, key=lambda tab: at.get(tab.key, len(at)))), default=default)


def _declared(visit: Visit, target: ObjectType) -> Iterator[Tab]:
    for view in target.views.values():
        label = view.label.text(visit.reader.language)
        yield Tab(key=_DECLARED + view.name, label=label, state=ListState(view=view.name))
    if not target.views:
        yield Tab(key=_DECLARED + ALL, label=visit.reader.text("list.all"), state=ListState(view=ALL))


def _saved(visit: Visit, target: ObjectType, view: SavedView) -> Tab:
    state = replace(_parsed(view.query), mine=view.id)
    seen = state if view.owned else _as_seen(visit, target, state)
    left = (
        len(state.filters) + len(state.columns) + len(state.paints) + bool(state.sort) + bool(state.group)
        - len(seen.filters) - len(seen.columns) - len(seen.paints) - bool(seen.sort) - bool(seen.group)
    )  # fmt: skip
    return Tab(key=view.id, label=view.name, state=seen, saved=view, left_out=left)


def _as_seen(visit: Visit, target: ObjectType, state: ListState) -> ListState:
    """The state without what names a field that the reader may not see; her address never says its name."""
    known = {field.name for field in filterable(visit, target)}

    def seen(name: str) -> bool:
        path = find_path(target, name)
        return path is not None and sees(visit.signed_in, path)

    for one in state.filters:
        if one.field not in known:
            state = replace(state.without(one), mine=state.mine)
    group = state.group if state.group == UNGROUPED or seen(state.group.lstrip("-").partition(":")[0]) else ""
    return replace(
        state, columns=tuple(name for name in state.columns if seen(name)), group=group,
        folded=state.folded if group else (),
        paints=tuple(one for one in state.paints if one.filter.field in known),
        sort=state.sort if not state.sort or seen(state.sort.removeprefix("-")) else "",
    )  # fmt: skip


def _add(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:
    id_ = visit.exchange.tenant.gate.ids()
    if not shelf.add(id_, _name(visit), _kept(shown)):
        raise Problem(
            BAD_PARAMETER, f"One list keeps at most {MOST} views of yours, none endless.", status=422
        )
    if visit.exchange.form.get("default"):
        _arrange(shelf, visit, target, default=id_)
    return replace(shown, mine=id_)


def _update(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:  # noqa: ARG001
    shelf.update(shown.mine, _kept(shown))
    return shown


def _rename(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:  # noqa: ARG001
    shelf.rename(shown.mine, _name(visit))
    return shown


def _choose(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:
    _arrange(shelf, visit, target, default=_key(visit))
    return _there(shown, visit)


def _release(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:
    _arrange(shelf, visit, target, default="")
    return _there(shown, visit)


def _earlier(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:
    _arrange(shelf, visit, target, step=-1)
    return _there(shown, visit)


def _later(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:
    _arrange(shelf, visit, target, step=1)
    return _there(shown, visit)


def _remove(shelf: Shelf, visit: Visit, target: ObjectType, shown: ListState) -> ListState:  # noqa: ARG001
    shelf.remove(shown.mine)
    return ListState(view=shown.view or ALL)


_DOINGS: dict[str, Callable[[Shelf, Visit, ObjectType, ListState], ListState]] = {
    "add": _add, "update": _update, "rename": _rename, "choose": _choose, "release": _release,
    "earlier": _earlier, "later": _later, "remove": _remove,
}  # fmt: skip


def _arrange(
    shelf: Shelf, visit: Visit, target: ObjectType, *, default: str | None = None, step: int = 0
) -> None:
    """Note the order of the tabs as it is, the one that the form names `step` places on, and the default."""
    tabs = _tabs(visit, target, shelf)
    order, key = [tab.key for tab in tabs.tabs], _key(visit)
    if step and key in order and 0 <= (to := order.index(key) + step) < len(order):
        order.remove(key)
        order.insert(to, key)
    shelf.arrange(order, tabs.default if default is None else default)


def _key(visit: Visit) -> str:
    return str(visit.exchange.form.get("key", "") or visit.exchange.form.get("id", ""))


def _there(shown: ListState, visit: Visit) -> ListState:
    """Back to the view that the form names."""
    key = _key(visit)
    if key.startswith(_DECLARED):
        return ListState(view=key.removeprefix(_DECLARED))
    return replace(shown, mine=key)


def _current(target: ObjectType, view: ListView | None, state: ListState, tabs: Tabs) -> Tab | None:
    if (tab := tabs.named(state.mine)) is not None:
        return tab
    return tabs.named(_DECLARED + (view.name if view is not None else ALL if not target.views else ""))


def _parsed(query: str) -> ListState:
    return parse_state(parse_qsl(query.removeprefix("?"), keep_blank_values=True))


def _kept(state: ListState) -> str:
    """What a view keeps of a state: everything but the place and the view's own name."""
    return replace(state.first_page(), mine="").query()


def _name(visit: Visit) -> str:
    return str(visit.exchange.form.get("name", "")).strip() or visit.reader.text("list.my_view")
