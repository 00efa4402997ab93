"""Groups and colours of a list, as plain values: heads between rows, shades of rows and cells, the legend.

`pages/groups.py` and `pages/paints.py` make them; nothing here asks for data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHead:
    """What stands above the rows of a group. `fold` is the list with it folded, or with it open again.

    `figures` are how many records it has and the sums over them; `load` fetches them where they take longer.
    `goes_on` says that its first rows are on the page before.
    """

    is_head: ClassVar[bool] = True
    label: Cell
    figures: tuple[str, ...] = ()
    load: str = ""
    fold: str = ""
    folded: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFigures:
    """The figures of one head, when they are fetched by themselves."""

    figures: tuple[str, ...]

    def component(self) -> Component:
        """What takes the place of the promise in the head."""
        return component("head_figures.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A colour with what it means: colour alone tells nobody anything."""

    tone: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """One colour rule as the list tells it; with an `error` it is not in force. `remove` takes it away."""

    shade: Shade
    remove: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How rows are grouped: `by` is the name of the field, "" for not at all, `ways` lead to other groups.

    `turn` is the same the other way round; `fold` and `open` put all rows away and take them out again.
    """

    by: str
    ways: tuple[Link, ...]
    turn: str = ""
    fold: str = ""
    open: str = ""
