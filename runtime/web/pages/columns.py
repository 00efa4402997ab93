"""Which columns a list shows, in which order, and how each is sorted and edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.fields.boolean import Boolean
from engine.fields.date import Date
from engine.fields.lookup import Lookup
from engine.fields.numeric import Numeric
from engine.fields.picklist import Picklist
from metadata.catalog import FieldPath, Order, UnknownNameError, path
from runtime.web.display import aligned, sort_of
from runtime.web.editing import Edited, edit
from runtime.web.input import Choice
from runtime.web.pages import rights
from runtime.web.pages.rights import editable, may, readable, sees
from runtime.web.table import Column, Sorting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Field, ListView, ObjectType
    from runtime.web.pages.visit import Visit
    from runtime.web.state import ListState

MOST_COLUMNS = 20
WIDE, MEDIUM, NARROW = 240, 180, 130
HIDDEN = frozenset({"id", "version", "deleted_at"})
"""System fields that say nothing to people."""
IN_A_CELL = frozenset({
    "line", "check", "choice", "choices", "date", "datetime", "decimal", "lookup", "lookups", "tags", "time",
})  # fmt: skip
"""Inputs that fit into a cell; what is edited otherwise is edited on the record's page."""


def view_of(target: ObjectType, state: ListState) -> ListView | None:
    """The view asked for, else the default one, else the first; None for an object without views."""
    default = next((view for view in target.views.values() if view.default), None)
    return target.views.get(state.view) or default or next(iter(target.views.values()), None)


def shown_paths(
    visit: Visit, target: ObjectType, view: ListView | None, state: ListState
) -> tuple[FieldPath, ...]:
    """The columns in order, the title first; only those the reader may see."""
    wanted = [found for name in state.columns if (found := find_path(target, name))]
    if not wanted and view is not None:
        wanted = list(view.columns)
    if not wanted:
        wanted = [FieldPath(field=field) for field in target.fields.values() if not field.system][:6]
    title = [FieldPath(field=target.title)] if target.title else []
    seen = filter(visit.signed_in.policy.shows, dict.fromkeys([*title, *wanted]))
    return tuple(seen)[:MOST_COLUMNS]


def order_of(visit: Visit, target: ObjectType, view: ListView | None, state: ListState) -> tuple[Order, ...]:
    """The order asked for, else the view's; keys the reader may not see are left out."""
    chosen = find_path(target, state.sort.removeprefix("-")) if state.sort else None
    order = view.order if view else ()
    if chosen is not None:
        order = (Order(path=chosen, descending=state.sort.startswith("-")),)
    return tuple(one for one in order if sees(visit.signed_in, one.path))


def find_path(target: ObjectType, name: str) -> FieldPath | None:
    """The path called `name`, or None."""
    try:
        return path(target, name)
    except UnknownNameError:
        return None


def columns_of(
    visit: Visit, target: ObjectType, paths: tuple[FieldPath, ...], order: tuple[Order, ...], state: ListState
) -> tuple[Column, ...]:
    """The heads of the columns; each sorts by itself, and the other way round when it does already."""
    cards, language = _cards(paths[1:]), visit.reader.language
    address = visit.reader.link(f"/o/{target.name}")
    changing = may(visit.signed_in, target, "update")

    def column(place: int, shown: FieldPath) -> Column:
        mine = next((one for one in order[:1] if one.path == shown), None)
        upwards = mine is not None and not mine.descending
        sort = f"-{shown.name}" if upwards else shown.name
        sorting = address + state.sorted_by(sort).query() if sees(visit.signed_in, shown) else ""
        return Column(
            name=shown.name, label=heading(shown, language), width=_width(shown.field) if place else WIDE,
            end=aligned(shown.field), href=sorting, card=cards.get(shown, ""),
            sorted="" if mine is None else "ascending" if upwards else "descending",
            field=shown.field.name if changing and fits_a_cell(visit, shown) else "",
        )  # fmt: skip

    return tuple(column(place, shown) for place, shown in enumerate(paths))


def fits_a_cell(visit: Visit, shown: FieldPath) -> bool:
    """Whether the reader may be offered to edit the values of a column where they stand."""
    if shown.links or shown.part or not editable(visit.signed_in, shown.field):
        return False
    return edit(Edited(field=shown.field, text="", titles={}, reader=visit.reader)).kind in IN_A_CELL


def heading(shown: FieldPath, language: str) -> str:
    """What a column is called: the field, after the record it belongs to when that is another."""
    return " · ".join(field.label.text(language) for field in (*shown.links, shown.field))


def sortings(
    visit: Visit, paths: tuple[FieldPath, ...], order: tuple[Order, ...], state: ListState, address: str
) -> Iterator[Sorting]:
    """Both ways to sort by each column."""
    for shown in (one for one in paths if sees(visit.signed_in, one)):
        for descending in (False, True):
            label = heading(shown, visit.reader.language)
            yield Sorting(
                label=visit.reader.text("list.descending" if descending else "list.ascending", field=label),
                href=address + state.sorted_by(f"-{shown.name}" if descending else shown.name).query(),
                descending=descending,
                current=bool(order) and order[0].path == shown and order[0].descending == descending,
            )


def choosable(visit: Visit, target: ObjectType, paths: tuple[FieldPath, ...]) -> Iterator[Choice]:
    """The columns in their order, then every other field."""
    own = (field for field in in_order(target) if rights.shown(visit.signed_in, field))
    for shown in dict.fromkeys([*paths, *(FieldPath(field=field) for field in own)]):
        yield Choice(value=shown.name, text=heading(shown, visit.reader.language), current=shown in paths)


def offered(visit: Visit, target: ObjectType) -> Iterator[Field]:
    """The fields that can be asked about in filters, those of the bookkeeping last."""
    return (field for field in in_order(target) if readable(visit.signed_in, field))


def in_order(target: ObjectType) -> Iterator[Field]:
    """The fields that people choose from, those of the bookkeeping last."""
    alive = (field for field in target.fields.values() if not field.retired and field.name not in HIDDEN)
    return iter(sorted(alive, key=lambda one: one.system))


def _cards(paths: tuple[FieldPath, ...]) -> dict[FieldPath, str]:
    """What a phone shows of a row besides its title: a figure or day, a link, a status; see list.css."""
    wanted = {"m1": Numeric, "m3": Picklist, "m2": Lookup}
    found: dict[FieldPath, str] = {}
    for place, kind in wanted.items():
        first = next(
            (one for one in paths if one not in found and isinstance(sort_of(one.field), kind)), None
        )
        if first is not None:
            found[first] = place
    return found


def _width(field: Field) -> int:
    sort = sort_of(field)
    return NARROW if isinstance(sort, Numeric | Picklist | Date | Boolean) else MEDIUM
