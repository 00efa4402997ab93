"""What a list shows, as it stands in the address: view, words, filters, sort, groups, colours, place.

All state of a list is in its URL, so a link, a bookmark and the back button mean what they say. Pure: parsing
and writing are inverse (a test says so), and nothing here knows whether a name exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from metadata.views import MOST_COLORS
from runtime.web.joining import with_one_more, without_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Pairs = tuple[tuple[str, str], ...]

MOST_FOLDED = 30
"""Groups that an address folds; more would not fit into one."""
UNGROUPED = "-"
"""What the address says for no groups where the view has some."""

MOST_FILTERS = 20
"""Filters beyond these are ignored; nobody sets so many by hand."""

_PART = re.compile(r"(?:[^|\\]|\\.|\\$)+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One condition: a dotted field name, the code of an operator, and the values as they were typed.

    Several values mean any of them (none of them where the operator says no); a value is never "".
    """

    field: str
    operator: str
    values: tuple[str, ...] = ()

    def text(self) -> str:
        """The filter as one value of the address, such as `stage:equal:won|lost`."""
        joined = "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in self.values)
        return f"{self.field}:{self.operator}:{joined}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """Rows for which a filter holds are coloured or, with `cell`, only their cell of the filter's field."""

    color: str
    cell: bool
    filter: Filter

    def text(self) -> str:
        """The rule as one value of the address, such as `red:row:amount:less:0`."""
        return f"{self.color}:{'cell' if self.cell else 'row'}:{self.filter.text()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """`sort` is a field name, with "-" for descending; left blank, the view decides, as for `columns`.

    `view` is a view of the metadata, `mine` the id of one that a person saved. `logic` joins the filters
    by their numbers, from 1; left blank, all of them hold. `group` is written as `metadata.grouping` reads
    it; `folded` are the groups whose rows are put away, `within` is the one in which the page before ended.
    """

    view: str = ""
    mine: str = ""
    find: str = ""
    filters: tuple[Filter, ...] = ()
    logic: str = ""
    sort: str = ""
    group: str = ""
    folded: tuple[str, ...] = ()
    paints: tuple[Paint, ...] = ()
    columns: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    within: str | None = None

    def pairs(self) -> Pairs:
        """The state as parameters, in a fixed order, without what is blank."""
        single = (("view", self.view), ("mine", self.mine), ("q", self.find), ("logic", self.logic),
                  ("sort", self.sort), ("group", self.group), ("after", self.after),
                  ("before", self.before))  # fmt: skip
        return (
            *((name, value) for name, value in single if value),
            *((("in", self.within),) if self.within is not None else ()),
            *(("f", one.text()) for one in self.filters),
            *(("fold", value) for value in self.folded),
            *(("paint", one.text()) for one in self.paints),
            *(("col", name) for name in self.columns),
        )

    def query(self) -> str:
        """The state as the part of an address from the question mark on; "" for the plain list."""
        return self.query_with(())

    def query_with(self, more: Pairs) -> str:
        """Like `query`, with parameters that are not the list's own."""
        pairs = (*self.pairs(), *more)
        return f"?{urlencode(pairs, safe=':')}" if pairs else ""

    def first_page(self) -> ListState:
        """The same list from its beginning."""
        return replace(self, after="", before="", within=None)

    def at(self, *, after: str = "", before: str = "", within: str | None = None) -> ListState:
        """The same list at another place."""
        return replace(self, after=after, before=before, within=within)

    def viewing(self, view: str) -> ListState:
        """Another view of the metadata; it brings its own filters, sort and columns."""
        return ListState(view=view)

    def sorted_by(self, sort: str) -> ListState:
        """The same list in another order."""
        return replace(self.first_page(), sort=sort)

    def grouped_by(self, group: str) -> ListState:
        """The same list in other groups, all of them open; `UNGROUPED` for none."""
        return replace(self.first_page(), group=group, folded=())

    def without(self, unwanted: Filter) -> ListState:
        """The same list with one filter fewer; the logic goes on without it."""
        if unwanted not in self.filters:
            return self.first_page()
        place = self.filters.index(unwanted)
        logic = without_one(self.logic, len(self.filters), place + 1)
        return replace(
            self.first_page(), filters=self.filters[:place] + self.filters[place + 1 :], logic=logic
        )

    def joined_by(self, logic: str) -> ListState:
        """The same filters, joined in another way."""
        return replace(self.first_page(), logic=logic)

    def unfiltered(self) -> ListState:
        """The same list without any filter or words."""
        return replace(self.first_page(), filters=(), logic="", find="")

    def keeping(self, *changed: str) -> Pairs:
        """Parameters that a form must carry along when it sets those called `changed` itself."""
        return tuple(pair for pair in self.first_page().pairs() if pair[0] not in changed)


def parse_state(pairs: Sequence[tuple[str, str]]) -> ListState:
    """The state in the parameters of an address; what cannot be understood is left out.

    A form for one filter sends `field`, `op` and any number of `value`, and in `was` the filter that it
    replaces; with a `color` it is a colour rule, for the cell only if there is `cell`. The form of columns
    sends, without script, the column that moves as `up` or `down`.
    """
    single = dict(reversed(pairs))
    columns = tuple(dict.fromkeys(value for name, value in pairs if name == "col" and value))
    made, painted = _made(pairs, single), _paints(pairs)
    if made is not None and single.get("color"):
        painted = (*painted, Paint(color=single["color"], cell=bool(single.get("cell")), filter=made))
        made = None
    found, made = _filters(pairs, single, made)
    logic = single.get("logic", "").strip()
    return ListState(
        view=single.get("view", ""),
        mine=single.get("mine", ""),
        find=single.get("q", "").strip(),
        filters=(*found, made) if made else found,
        logic=with_one_more(logic, len(found)) if made else logic,
        sort=single.get("sort", ""),
        group=single.get("group", ""),
        folded=tuple(dict.fromkeys(value for name, value in pairs if name == "fold"))[:MOST_FOLDED],
        paints=tuple(dict.fromkeys(painted))[:MOST_COLORS],
        columns=_moved(columns, single.get("up", ""), single.get("down", "")),
        after=single.get("after", ""),
        before="" if single.get("after") else single.get("before", ""),
        within=single.get("in"),
    )


def parse_filter(text: str) -> Filter | None:
    """The filter that `Filter.text` wrote, or None."""
    field, _, rest = text.partition(":")
    operator, _, joined = rest.partition(":")
    values = (_ESCAPED.sub(r"\1", part) for part in _PART.findall(joined))
    return Filter(field=field, operator=operator, values=_said(values)) if field and operator else None


def parse_paint(text: str) -> Paint | None:
    """The rule that `Paint.text` wrote, or None."""
    color, _, rest = text.partition(":")
    where, _, condition = rest.partition(":")
    found = parse_filter(condition)
    if found is None or not color or where not in ("row", "cell"):
        return None
    return Paint(color=color, cell=where == "cell", filter=found)


def _paints(pairs: Sequence[tuple[str, str]]) -> tuple[Paint, ...]:
    return tuple(one for name, text in pairs if name == "paint" and (one := parse_paint(text)))


def _made(pairs: Sequence[tuple[str, str]], single: dict[str, str]) -> Filter | None:
    """The filter that a form sends."""
    if not (single.get("field") and single.get("op")):
        return None
    values = _said(value.strip() for name, value in pairs if name == "value")
    return Filter(field=single["field"], operator=single["op"], values=values)


def _filters(
    pairs: Sequence[tuple[str, str]], single: dict[str, str], made: Filter | None
) -> tuple[tuple[Filter, ...], Filter | None]:
    """Those of the address, the one of a form in the place of what it replaces; else that one comes after."""
    given = [one for name, text in pairs if name == "f" and (one := parse_filter(text))]
    was = parse_filter(single.get("was", ""))
    replaced = [made if made is not None and one == was else one for one in given]
    found = tuple(dict.fromkeys(replaced))[:MOST_FILTERS]
    return found, None if was in given or made in found or len(found) == MOST_FILTERS else made


def _said(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _moved(columns: tuple[str, ...], up: str, down: str) -> tuple[str, ...]:
    """The columns after one has changed places with its neighbour."""
    order = list(columns)
    for name, step in ((up, -1), (down, 1)):
        if name in order and 0 <= (to := order.index(name) + step) < len(order):
            order.remove(name)
            order.insert(to, name)
    return tuple(order)
