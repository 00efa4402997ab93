"""What a list shows, as it stands in the address: view, words, filters, sort, columns, place.

All state of a list is in its URL, so a link, a bookmark and the back button mean what they say. Pure: parsing
and writing are inverse (a test says so), and nothing here knows whether a name exists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Sequence

Pairs = tuple[tuple[str, str], ...]

MOST_FILTERS = 20
"""Filters beyond these are ignored; nobody sets so many by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One condition: a dotted field name, the code of an operator, and the value as it was typed."""

    field: str
    operator: str
    value: str = ""

    def text(self) -> str:
        """The filter as one value of the address."""
        return f"{self.field}:{self.operator}:{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """`sort` is a field name, with "-" for descending; left blank, the view decides, as for `columns`."""

    view: str = ""
    find: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    columns: tuple[str, ...] = ()
    after: str = ""
    before: str = ""

    def pairs(self) -> Pairs:
        """The state as parameters, in a fixed order, without what is blank."""
        single = (("view", self.view), ("q", self.find), ("sort", self.sort), ("after", self.after),
                  ("before", self.before))  # fmt: skip
        return (
            *((name, value) for name, value in single if value),
            *(("f", one.text()) for one in self.filters),
            *(("col", name) for name in self.columns),
        )

    def query(self) -> str:
        """The state as the part of an address from the question mark on; "" for the plain list."""
        pairs = self.pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    def first_page(self) -> ListState:
        """The same list from its beginning."""
        return replace(self, after="", before="")

    def at(self, *, after: str = "", before: str = "") -> ListState:
        """The same list at another place."""
        return replace(self, after=after, before=before)

    def viewing(self, view: str) -> ListState:
        """Another saved view; it brings its own filters, sort and columns."""
        return ListState(view=view)

    def sorted_by(self, sort: str) -> ListState:
        """The same list in another order."""
        return replace(self.first_page(), sort=sort)

    def without(self, unwanted: Filter) -> ListState:
        """The same list with one filter fewer."""
        return replace(self.first_page(), filters=tuple(one for one in self.filters if one != unwanted))

    def keeping(self, *changed: str) -> Pairs:
        """Parameters that a form must carry along when it sets those called `changed` itself."""
        return tuple(pair for pair in self.first_page().pairs() if pair[0] not in changed)


def parse_state(pairs: Sequence[tuple[str, str]]) -> ListState:
    """The state in the parameters of an address; what cannot be understood is left out.

    A form that adds one filter sends it as `field`, `op` and `value`.
    """
    single = dict(reversed(pairs))
    filters = [one for name, text in pairs if name == "f" and (one := _filter(text))]
    if single.get("field") and single.get("op"):
        filters.append(Filter(field=single["field"], operator=single["op"], value=single.get("value", "")))
    return ListState(
        view=single.get("view", ""),
        find=single.get("q", "").strip(),
        filters=tuple(dict.fromkeys(filters))[:MOST_FILTERS],
        sort=single.get("sort", ""),
        columns=tuple(dict.fromkeys(value for name, value in pairs if name == "col" and value)),
        after=single.get("after", ""),
        before="" if single.get("after") else single.get("before", ""),
    )


def _filter(text: str) -> Filter | None:
    field, _, rest = text.partition(":")
    operator, _, value = rest.partition(":")
    return Filter(field=field, operator=operator, value=value) if field and operator else None
