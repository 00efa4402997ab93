"""What a list shows and the question that asks for it, made from the state in an address.

The list, its further rows, one row after an edit and "all that match" are made from the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.query import Query
from runtime.web.display import showing, with_currencies
from runtime.web.pages.columns import columns_of, order_of, shown_paths, view_of
from runtime.web.pages.filters import read_filters, where_of
from runtime.web.pages.groups import folded_away, group_of
from runtime.web.pages.paints import in_force, rules_of, shades_of
from runtime.web.pages.rights import may
from runtime.web.table import Row

if TYPE_CHECKING:
    from engine.query import Group
    from engine.record import Record
    from formula.expr import Expr
    from metadata.catalog import FieldPath, ListView, ObjectType, Order
    from runtime.web.display import Showing
    from runtime.web.pages.filters import Applied
    from runtime.web.pages.paints import Rule
    from runtime.web.pages.visit import Visit
    from runtime.web.state import ListState
    from runtime.web.table import Column

ROWS = 50
"""Rows fetched at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """One list of one reader. `whole` is the condition of all its groups, the folded ones included."""

    visit: Visit
    target: ObjectType
    state: ListState
    view: ListView | None
    paths: tuple[FieldPath, ...]
    order: tuple[Order, ...]
    applied: tuple[Applied, ...]
    query: Query
    columns: tuple[Column, ...]
    showings: tuple[Showing, ...]
    whole: Expr | None = None
    group: Group | None = None
    rules: tuple[Rule, ...] = ()

    @property
    def address(self) -> str:
        """The plain list."""
        return self.visit.reader.link(f"/o/{self.target.name}")

    def narrowed(self, text: str) -> Expr | None:
        """The condition of the whole list and another one."""
        return where_of(self.visit, self.target, self.view, self.applied, self.state.logic, text)[0]

    @property
    def pickable(self) -> bool:
        """Whether rows can be chosen, to change or delete them."""
        return any(may(self.visit.signed_in, self.target, action) for action in ("update", "delete"))


def listed_of(visit: Visit, target: ObjectType, state: ListState, *, count: bool = False) -> Listed:
    """The list that a state describes, as far as the reader may see it."""
    view = view_of(target, state)
    paths, order = shown_paths(visit, target, view, state), order_of(visit, target, view, state)
    whole, applied = where_of(visit, target, view, read_filters(visit, target, state), state.logic)
    group, rules = group_of(visit, target, view, state), rules_of(visit, target, view, state)
    folded, where = folded_away(visit, group, state), whole
    if folded:
        where, _ = where_of(visit, target, view, applied, state.logic, *folded)
    query = Query(
        object=target, fields=with_currencies(paths, visit.signed_in.policy.sees), where=where, order=order,
        limit=ROWS, after=state.after or None, before=state.before or None, count=count,
        find=state.find or None, group=group,
        marks=tuple(rule.when for rule in in_force(rules) if rule.when is not None),
    )  # fmt: skip
    return Listed(
        visit=visit, target=target, state=state, view=view, paths=paths, order=order, applied=applied,
        query=query, columns=columns_of(visit, target, paths, order, state),
        showings=tuple(map(showing, paths)), whole=whole, group=group, rules=rules,
    )  # fmt: skip


def row_of(listed: Listed, record: Record) -> Row:
    """One record in the list's columns."""
    reader = listed.visit.reader
    cells = tuple(one.cell(record, reader) for one in listed.showings)
    title = (cells[0].text if cells else "") or reader.text("record.untitled")
    shade, shades = shades_of(listed.rules, listed.paths, record) if listed.rules else (None, ())
    return Row(
        id=record.id, title=title, href=f"{listed.address}/{record.id}", cells=cells,
        shade=shade, shades=shades,
    )  # fmt: skip
