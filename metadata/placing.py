"""The order of entries that several layers have placed: each beside the first of its anchors that lives.

Pure, and about names alone. Entries that nobody placed keep the order of the layers; the others hang on their
anchors, and several on one anchor come by layer, lower ones first, then by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from metadata.node import Node

Where: TypeAlias = Literal["before", "after", "first", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a layer wants an entry: `anchors` in order of preference; `height` is that of the layer."""

    where: Where
    anchors: tuple[str, ...] = ()
    height: int = 0
    node: Node | None = None


@dataclass(slots=True)
class _Tree:
    """The entries as they hang on each other: by anchor, those before and those after it."""

    before: dict[str, list[str]]
    after: dict[str, list[str]]

    def walk(self, name: str) -> Iterator[str]:
        for each in self.before.get(name, ()):
            yield from self.walk(each)
        yield name
        for each in self.after.get(name, ()):
            yield from self.walk(each)


def ordered(names: Sequence[str], places: Mapping[str, Place]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names in their order, and those of them whose place names no anchor that lives.

    A place of something that is not among `names` is left alone. Those without an anchor come behind the
    rest, only what is `last` behind them. Where entries are to hang on each other in a circle, the highest of
    them finds no anchor.
    """
    known = set(names)
    placed = [
        name for _, name in sorted((place.height, name) for name, place in places.items() if name in known)
    ]
    hung: dict[str, str] = {}
    beside = [name for name in placed if places[name].where in ("before", "after")]
    for name in beside:
        living = (anchor for anchor in places[name].anchors if anchor in known)
        anchor = next((each for each in living if not _leads(each, name, hung)), None)
        if anchor is not None:
            hung[name] = anchor
    tree = _Tree({}, {})
    for name, anchor in hung.items():
        side = tree.before if places[name].where == "before" else tree.after
        side.setdefault(anchor, []).append(name)
    first = [name for name in placed if places[name].where == "first"]
    last = [name for name in placed if places[name].where == "last"]
    lost = tuple(name for name in beside if name not in hung)
    roots = (*first, *(name for name in names if name not in places), *lost, *last)
    return tuple(each for root in roots for each in tree.walk(root)), lost


def _leads(name: str, to: str, hung: Mapping[str, str]) -> bool:
    """Whether `name` hangs, over others or not, on `to`, or is it."""
    here: str | None = name
    while here is not None and here != to:
        here = hung.get(here)
    return here == to
