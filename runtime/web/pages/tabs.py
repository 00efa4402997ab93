"""The tabs of a record page: those of its layout, or one with everything and one for each related list.

Tabs with nothing that the reader may see are left out; the history comes last, for who may see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never
from urllib.parse import urlencode

from metadata.catalog import ChildTable, Related, Section
from runtime.web.component import Link
from runtime.web.pages.children import child_rows
from runtime.web.pages.history import history
from runtime.web.pages.related import FEW, MOST, counted, readable_link, related_list
from runtime.web.pages.rights import readable, sees_history
from runtime.web.pages.values import section_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.record import Record
    from metadata.catalog import Field, Layout
    from runtime.web.component import Component
    from runtime.web.pages.standing import Standing
    from runtime.web.pages.visit import Visit

DETAILS, HISTORY = "details", "history"
Part: TypeAlias = Section | ChildTable | Related


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTab:
    """A part of the page that is shown alone; `id` is in its address. The history has no parts."""

    id: str
    label: str
    parts: tuple[Part, ...] = ()

    @property
    def links(self) -> tuple[Field, ...]:
        """What makes up the number on the tab: the links of its lists, none where it has fields too."""
        lists = tuple(part.link for part in self.parts if not isinstance(part, Section))
        return lists if len(lists) == len(self.parts) else ()


def tabs_of(visit: Visit, layout: Layout) -> tuple[PageTab, ...]:
    """The tabs that hold something for this reader, at least one."""
    known = {part.id: part for part in _parts(visit, layout)}
    if layout.tabs:
        made = tuple(
            PageTab(
                id=tab.id,
                label=tab.label.text(visit.reader.language),
                parts=tuple(known[id_] for id_ in tab.show if id_ in known),
            )
            for tab in layout.tabs
        )
    else:
        made = tuple(_usual_tabs(visit, tuple(known.values())))
    filled = tuple(tab for tab in made if tab.parts) or made[:1]
    if not sees_history(visit.signed_in):
        return filled
    return (*filled, PageTab(id=HISTORY, label=visit.reader.text("record.history")))


def chosen_tab(tabs: tuple[PageTab, ...], id_: str) -> PageTab:
    """The tab of that id, else the first."""
    return next((one for one in tabs if one.id == id_), tabs[0])


def tab_links(
    tabs: tuple[PageTab, ...], chosen: PageTab, counts: Mapping[Field, int], address: str
) -> Iterator[Link]:
    """The tabs as links with the number of what they list."""
    for tab in tabs:
        number = sum(counts.get(link, 0) for link in tab.links)
        query = f"?{urlencode({'tab': tab.id})}" if tab is not tabs[0] else ""
        yield Link(label=tab.label, href=address + query, current=tab is chosen, count=counted(number))


def parts_of(
    visit: Visit, record: Record, tab: PageTab, standing: Standing, counts: Mapping[Field, int], address: str,
    focused: str = "",
) -> Iterator[Component]:  # fmt: skip
    """What stands in a tab, one below the other; `address` is the record's when the reader may change it."""
    if tab.id == HISTORY and not tab.parts:
        yield history(visit, record).component()
    for part in tab.parts:
        match part:
            case Section():
                if section := section_of(visit, record, part, standing, address, focused):
                    yield section.component()
            case ChildTable():
                yield child_rows(visit, record, part, count=counts[part.link], address=address).component()
            case Related():
                limit = MOST if len(tab.parts) == 1 else FEW
                yield related_list(visit, record, part, count=counts[part.link], limit=limit).component()
            case _:
                assert_never(part)


def _parts(visit: Visit, layout: Layout) -> Iterator[Part]:
    """What of the layout the reader may see at all."""
    for section in layout.sections:
        if any(readable(visit.signed_in, field) for field in section.fields):
            yield section
    lists: tuple[ChildTable | Related, ...] = (*layout.children, *layout.related)
    for part in lists:
        if readable_link(visit, part.link):
            yield part


def _usual_tabs(visit: Visit, parts: tuple[Part, ...]) -> Iterator[PageTab]:
    """Everything in one, then each related list by itself."""
    yield PageTab(id=DETAILS, label=visit.reader.text("record.details"), parts=parts)
    for part in parts:
        if isinstance(part, Related):
            yield PageTab(id=part.id, label=part.label.text(visit.reader.language), parts=(part,))
