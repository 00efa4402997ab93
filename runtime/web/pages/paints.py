"""The colours of a list: rules of its view and of the address, asked in the statement of the rows.

The first rule that holds colours the row, and of those for a column the first its cell. A rule that names
what the reader may not see, or that does not fit, colours nothing; the legend says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.planner import named_paths
from engine.problem import Problem
from engine.query import mark_name
from metadata.views import MOST_COLORS
from runtime.web.cell import tone
from runtime.web.grouped import Legend, Shade
from runtime.web.pages.filters import applied, told
from runtime.web.pages.rights import sees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.record import Record
    from formula.expr import Expr
    from metadata.catalog import FieldPath, ListView, ObjectType
    from runtime.web.pages.visit import Visit
    from runtime.web.state import ListState, Paint


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One colour rule in force, or with an `error` one that is not.

    `column` is the name of a path, "" for rows; `paint` is the rule of the address, None for one of the view.
    """

    shade: Shade
    when: Expr | None
    column: str = ""
    paint: Paint | None = None
    error: str = ""


def rules_of(visit: Visit, target: ObjectType, view: ListView | None, state: ListState) -> tuple[Rule, ...]:
    """The rules of the address, then those of the view."""
    return (*_painted(visit, target, state), *_declared(visit, view))[:MOST_COLORS]


def in_force(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Those that are asked; their places are those of the marks."""
    return tuple(rule for rule in rules if rule.when is not None)


def shades_of(
    rules: tuple[Rule, ...], paths: tuple[FieldPath, ...], record: Record
) -> tuple[Shade | None, tuple[Shade | None, ...]]:
    """The colour of a row, and of each cell."""
    held = [rule for place, rule in enumerate(in_force(rules)) if record.values.get(mark_name(place))]
    row = next((rule.shade for rule in held if not rule.column), None)
    columns = {rule.column: rule.shade for rule in reversed(held) if rule.column}
    return row, tuple(columns.get(path.name) for path in paths) if columns else ()


def legend(rules: tuple[Rule, ...], state: ListState, address: str) -> Iterator[Legend]:
    """The rules as the list tells them."""
    for rule in rules:
        rest = replace(state, paints=tuple(one for one in state.paints if one != rule.paint))
        remove = address + rest.query() if rule.paint is not None else ""
        yield Legend(shade=rule.shade, remove=remove, error=rule.error)


def _painted(visit: Visit, target: ObjectType, state: ListState) -> Iterator[Rule]:
    for paint, one in zip(
        state.paints, applied(visit, target, tuple(p.filter for p in state.paints)), strict=True
    ):
        shade = Shade(tone=tone(paint.color), label=told(visit, one))
        when, error = None, one.error
        try:
            when = visit.signed_in.condition(target, one.text) if one.text else None
        except Problem:
            error = visit.reader.text("list.filter_operator")
        column = paint.filter.field if paint.cell else ""
        yield Rule(shade=shade, when=when, column=column, paint=paint, error=error)


def _declared(visit: Visit, view: ListView | None) -> Iterator[Rule]:
    for one in view.colors if view is not None else ():
        paths = (*named_paths(one.when.expr), *((one.field,) if one.field is not None else ()))
        if all(sees(visit.signed_in, path) for path in paths):
            shade = Shade(tone=tone(one.color), label=one.label.text(visit.reader.language))
            yield Rule(shade=shade, when=one.when.expr, column=one.field.name if one.field else "")
