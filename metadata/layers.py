"""Layers of documents become one tree per object, layout, view…: definitions, then extensions in order.

An extension says with verbs what it does (`metadata.verbs`, by the table of `metadata.collection`). When all
layers are applied, the collections are finished: placed entries in their places, hidden ones left out. Places
in files are kept: each value of the result still knows the layer it came from and what it stands in place of.
References are not resolved here, and the shape of the result is checked afterwards, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from metadata import codes
from metadata.collection import DOCUMENTS, Collection, Properties
from metadata.merged import Arrangement, Extension, Merged, Names
from metadata.names import has_prefix, nearest
from metadata.placing import ordered
from metadata.refusal import wrong_prefix
from metadata.verbs import change, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formula.issue import Issue
    from metadata.merged import Path
    from metadata.node import Node
    from metadata.package import Document, Package

__all__ = ["DOCUMENTS", "Merged", "check_prefixes", "merge"]


@dataclass(slots=True, kw_only=True)
class _Merge:
    """The things so far, by kind and name, and what is wrong."""

    names: Names
    owners: Mapping[int, Package]
    things: dict[tuple[str, str], Merged] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def merge(
    packages: Sequence[Package], former: Mapping[str, str] | None = None
) -> tuple[tuple[Merged, ...], tuple[Issue, ...]]:
    """Apply the layers in the order given: definitions of each, then its extensions.

    `former` maps former paths to present ones (`identity.renames`), so that what is written above follows.
    """
    owners = {id(document.root.source): package for package in packages for document in package.documents}
    merging = _Merge(names=Names(former=former or {}, gone=_gone(packages)), owners=owners)
    for height, package in enumerate(packages):
        for document in package.documents:
            if not document.extends and document.kind in DOCUMENTS:
                named = document if document.kind == "object" else _followed(document, merging.names.former)
                _define(merging, package, named)
        for document in package.documents:
            if document.extends:
                _extend(merging, package, height, _followed(document, merging.names.former))
    done = [_finished(thing, merging) for thing in merging.things.values()]
    return tuple(done), tuple(merging.issues)


def _gone(packages: Sequence[Package]) -> frozenset[str]:
    return frozenset(
        path for package in packages for path, entry in package.lock.entries.items() if entry.retired
    )


def _followed(document: Document, former: Mapping[str, str]) -> Document:
    """A document with the present name of the object it is about."""
    owner, _, rest = document.name.partition(".")
    owner = former.get(owner, owner)
    return replace(document, name=f"{owner}.{rest}" if rest else owner)


def _define(merging: _Merge, package: Package, document: Document) -> None:
    key = (document.kind, document.name)
    first = merging.things.get(key)
    if first is None:
        merging.things[key] = Merged(
            kind=document.kind,
            name=document.name,
            root=document.root,
            whole=document.root,
            package=package,
            broken=document.broken,
        )
        return
    place = first.root.source.place(first.root.span.start)
    hint = (
        "" if first.package is package else f"Write `extend: {document.kind} {document.name}` to change it."
    )
    message = f"{document.kind} `{document.name}` is already defined at {place}"
    merging.issues.append(document.head.issue(codes.DEFINED_TWICE, message, hint=hint))


def _extend(merging: _Merge, package: Package, height: int, document: Document) -> None:
    key = (document.kind, document.name)
    base = merging.things.get(key)
    if base is None:
        merging.issues.append(_extends_nothing(merging, document))
        return
    extension = Extension(
        package=package,
        height=height,
        thing=base,
        names=merging.names,
        owners=merging.owners,
        issues=merging.issues,
    )
    changes = {name: node for name, node in document.root.mapping.items() if name != "extend"}
    whole = change(extension, DOCUMENTS[document.kind], base.whole, changes, ())
    merging.things[key] = replace(base, whole=whole, broken=base.broken or document.broken)


def _extends_nothing(merging: _Merge, document: Document) -> Issue:
    if document.kind == "object" and document.name in merging.names.gone:
        message = f"object `{document.name}` was removed below"
        return document.head.issue(codes.DELETED_BELOW, message, hint="Take this extension out.")
    names = [name for kind, name in merging.things if kind == document.kind]
    message = f"no layer defines {document.kind} `{document.name}`"
    return document.head.issue(codes.EXTENDS_NOTHING, message, hint=nearest(document.name, names))


def _finished(thing: Merged, merging: _Merge) -> Merged:
    """The thing with its entries in their places, and without those that are left out."""
    root = thing.whole
    for path, arrangement in thing.arrangements.items():
        root = _arranged(root, path, path, arrangement, thing, merging)
    left_out = {name for part in _SHOWN for name in _hidden(thing, part)}
    return replace(thing, root=_unshown(root, left_out) if left_out else root)


_SHOWN = ("sections", "children", "related")
"""What tabs and the sidebar of a layout show by name."""


def _hidden(thing: Merged, collection: str) -> Iterable[str]:
    found = thing.arrangements.get((collection,))
    return () if found is None or thing.kind != "layout" else found.hidden


def _unshown(root: Node, left_out: set[str]) -> Node:
    """A layout whose tabs and sidebar do not name what is left out; a tab that shows but that goes too."""
    entries = dict(root.mapping)
    if (sidebar := entries.get("sidebar")) is not None:
        entries["sidebar"] = sidebar.with_value([n for n in sidebar.items if n.text not in left_out])
    if (tabs := entries.get("tabs")) is not None:
        entries["tabs"] = tabs.with_value(
            {name: made for name, tab in tabs.mapping.items() if (made := _tab(tab, left_out)) is not None}
        )
    return root.with_value(entries)


def _tab(tab: Node, left_out: set[str]) -> Node | None:
    show = tab.get("show")
    if show is None or not show.items:
        return tab
    kept = [item for item in show.items if item.text not in left_out]
    return tab.with_value({**tab.mapping, "show": show.with_value(kept)}) if kept else None


def _arranged(
    node: Node, rest: Path, path: Path, arrangement: Arrangement, thing: Merged, merging: _Merge
) -> Node:
    """`node` with the collection that lies at `rest` below it arranged; `path` is all of the way."""
    if rest:
        below = _entry(node, rest[0])
        if below is None:
            return node
        made = _arranged(below, rest[1:], path, arrangement, thing, merging)
        if isinstance(node.value, list):
            return node.with_value([made if item is below else item for item in node.items])
        return node.with_value({name: made if it is below else it for name, it in node.mapping.items()})
    rules = _rules(thing.kind, path)
    nodes = entries_of(thing.name, merging.names, rules, node, path).nodes
    names, lost = ordered(tuple(nodes), arrangement.places)
    merging.issues += _misplaced(arrangement, nodes, lost)
    kept = [name for name in names if name not in arrangement.hidden]
    return node.with_value({n: nodes[n] for n in kept} if rules.keyed else [nodes[n] for n in kept])


def _entry(node: Node, name: str) -> Node | None:
    if isinstance(node.value, list):
        return next((item for item in node.items if item.string("id") == name), None)
    return node.get(name)


def _rules(kind: str, path: Path) -> Collection:
    """The rules of the collection at a path, in which properties and names of entries take turns."""
    here: Properties | Collection = DOCUMENTS[kind]
    for name in path:
        here = here.below[name] if isinstance(here, Properties) else here.of
    assert isinstance(here, Collection)
    return here


def _misplaced(arrangement: Arrangement, nodes: Mapping[str, Node], lost: Sequence[str]) -> list[Issue]:
    issues = []
    for name, place in arrangement.places.items():
        node = place.node
        if node is None:
            continue
        if name not in nodes:
            message, hint = f"there is no `{name}` to place", nearest(name, nodes)
            issues.append(
                node.issue(codes.PLACES_NOTHING, message, hint=hint, at_key=True, severity="warning")
            )
        elif name in lost:
            anchors = ", ".join(f"`{each}`" for each in place.anchors)
            message = f"`{name}` comes last: it cannot stand beside {anchors}"
            hint = next(
                filter(None, (nearest(each, nodes) for each in place.anchors if each not in nodes)), ""
            )
            issues.append(node.issue(codes.NO_ANCHOR, message, hint=hint, severity="warning"))
    return issues


def check_prefixes(things: Sequence[Merged]) -> tuple[Issue, ...]:
    """Objects, permission sets, rules, flows and apps carry the prefix of the layer that defines them."""
    return tuple(
        wrong_prefix(next(iter(thing.root.mapping.values())), thing.name, thing.package, at_key=False)
        for thing in things
        if thing.kind not in ("layout", "view") and not has_prefix(thing.name, thing.package.namespace)
    )
