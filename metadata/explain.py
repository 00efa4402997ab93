"""Where things come from: for each property the layer, the line, and the value below it.

Reads the layers again, so that a running Catalog need not carry documents. What uses a thing is told by
`metadata.uses`; `strata explain` prints both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metadata.identity import renames
from metadata.layers import merge
from metadata.names import nearest
from metadata.order import order
from metadata.package import KINDS
from metadata.verbs import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from formula.source import Place
    from metadata.merged import Merged, Path
    from metadata.node import Node, Plain
    from metadata.package import Package

_INSIDE: Mapping[str, tuple[str, ...]] = {
    "object": ("fields", "options"),
    "layout": ("sections",),
    "permission_set": ("objects", "fields"),
}
"""The collections that the names behind a dot lead into, by kind of document."""

_OF_OBJECT: Mapping[str, str] = {
    "rule": "rules",
    "invariant": "invariants",
    "duplicate": "duplicates",
    "view": "views",
    "record_type": "record_types",
}
"""Parts of an object with a mark of their own, as in identity.lock: `rule:deal.lost_needs_reason`."""

_PARTS = (
    "fields", "options", "rules", "invariants", "duplicates", "views", "record_types", "sections", "related",
    "children",
    "tabs",
)  # fmt: skip
"""Collections whose entries are explained one by one, and not with what holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which layer gave a property its value, where that stands, and what it stands in place of."""

    property: str
    value: Plain
    layer: str
    place: Place
    below: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a name names: `kind` is object, field, option, layout…; `text` leads to its translations."""

    kind: str
    name: str
    document: str
    path: Path
    text: Path


class NotFoundError(LookupError):
    """No layer has a thing of this name; `hint` says which one may have been meant."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"there is nothing called {name!r}")
        self.name = name
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """The layers, merged, with the layer that each file belongs to. Made once for any number of questions."""

    things: Mapping[str, Merged]
    owners: Mapping[int, str]

    def find(self, name: str) -> Subject:
        """What `name` names: `deal`, `deal.stage.won`, `rule:deal.big`, `layout:deal.main`, `flow:remind`.

        Without a mark it is an object or something of it, else whatever else bears the name. Raises
        `NotFoundError`.
        """
        mark, _, rest = name.rpartition(":")
        found = self._found(mark, rest)
        if found is None:
            raise NotFoundError(name, self._hint(mark, rest))
        return found

    def _found(self, mark: str, name: str) -> Subject | None:
        named = (subject for subject in self._candidates(mark, name) if self._node(subject) is not None)
        return next(named, None)

    def _candidates(self, mark: str, name: str) -> Iterator[Subject]:
        owner, _, part = name.partition(".")
        for kind in KINDS:
            if mark in ("", kind):
                yield from _inside(kind, name)
        for kind, collection in _OF_OBJECT.items():
            if mark in ("", kind) and part:
                text = ("objects", owner, collection, part)
                yield Subject(
                    kind=kind, name=name, document=f"object {owner}", path=(collection, part), text=text
                )
        if mark in ("", "view"):
            text = ("objects", owner, "views", part)
            yield Subject(kind="view", name=name, document=f"view {name}", path=(), text=text)

    def _node(self, subject: Subject) -> Node | None:
        thing = self.things.get(subject.document)
        here: Node | None = None if thing is None else thing.whole
        for name in subject.path:
            here = None if here is None else here.get(name)
        return here

    def _hint(self, mark: str, name: str) -> str:
        """What is near to the first part of a name that leads nowhere."""
        above: Node | None = None
        names = name.split(".")
        for count in range(1, len(names)):
            found = self._found(mark, ".".join(names[:count]))
            if found is None:
                return self._near(names[count - 1], above)
            above = self._node(found)
        return self._near(names[-1], above)

    def _near(self, name: str, above: Node | None) -> str:
        if above is None:
            return nearest(name, [document.partition(" ")[2] for document in self.things])
        return nearest(name, [entry for part in _PARTS for entry in above.entries(part)])

    def origins(self, subject: Subject) -> tuple[Origin, ...]:
        """Every property of the subject, in the order of the document; then what layers said of entries."""
        node, thing = self._node(subject), self.things[subject.document]
        if node is None:
            return ()
        if not node.mapping:
            return (self._origin("value", node),)
        found = [
            origin
            for name, below in node.mapping.items()
            if name not in _PARTS or not below.mapping
            for origin in self._leaves((name,), below)
        ]
        return (*found, *self._arranged(thing, subject.path))

    def _leaves(self, names: Path, node: Node) -> Iterator[Origin]:
        if node.mapping:
            for name, below in node.mapping.items():
                yield from self._leaves((*names, name), below)
            return
        yield self._origin(".".join(names), node)
        for item in node.items:
            if item.source is not node.source:
                yield self._origin(f"{'.'.join(names)}.{key_of(item)}", item)

    def _arranged(self, thing: Merged, path: Path) -> Iterator[Origin]:
        """Which entries are left out or placed: of the subject's collections, and the subject itself."""
        for where, arrangement in thing.arrangements.items():
            inside = where[: len(path)] == path
            said = [(name, "hidden", node) for name, node in arrangement.hidden.items()]
            said += [(n, "place", place.node) for n, place in arrangement.places.items() if place.node]
            for name, what, node in said:
                if not inside and (*where, name) != path:
                    continue
                title = ".".join((*where[len(path) :], name, what)) if inside else what
                value: Plain = True if what == "hidden" else node.plain()
                yield self._origin(title, node, value)

    def _origin(self, title: str, node: Node, value: Plain = None) -> Origin:
        place = node.source.place((node.key or node.span).start)
        below = None if node.below is None else self._origin(title, node.below)
        shown = node.plain() if value is None else value
        return Origin(
            property=title, value=shown, layer=self.owners[id(node.source)], place=place, below=below
        )


def _inside(kind: str, name: str) -> Iterator[Subject]:
    """The readings of a dotted name in a document of a kind; a layout of a record type has a dot itself."""
    parts = name.split(".")
    for length in (1, 2) if kind == "layout" else (1,):
        inner = parts[length:]
        collections = _INSIDE.get(kind, ())
        if len(inner) > len(collections):
            continue
        path = tuple(key for pair in zip(collections, inner, strict=False) for key in pair)
        document = ".".join(parts[:length])
        kinds = {"object": ("object", "field", "option"), "layout": ("layout", "section")}.get(kind, (kind,))
        yield Subject(
            kind=kinds[min(len(inner), len(kinds) - 1)],
            name=name,
            document=f"{kind} {document}",
            path=path,
            text=_text(kind, document, path),
        )


def _text(kind: str, name: str, path: Path) -> Path:
    """Where translations of a thing stand."""
    if kind in ("object", "layout"):
        return ("objects", name.partition(".")[0], *path)
    return (f"{kind}s", name)


def explanation(packages: Sequence[Package]) -> Explanation:
    """The answers about these layers."""
    layers, _ = order(packages)
    things, _ = merge(layers, renames(layers))
    return Explanation(
        things={f"{thing.kind} {thing.name}": thing for thing in things},
        owners={id(d.root.source): package.name for package in layers for d in package.documents},
    )
