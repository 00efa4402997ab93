"""Layers of documents become one tree per object, layout, view…: definitions, then extensions in order.

An extension says with verbs what it does to a collection; `VERBS` lists them, so that another verb is one
more function. Places are kept: each value of the result still knows the file it came from. References are
not resolved here, and the shape of the result is checked afterwards, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.names import has_prefix, nearest, prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from formula.issue import Issue
    from metadata.node import Node
    from metadata.package import Document, Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A property that extensions change entry by entry.

    `keyed`: a mapping of named entries, else a list. `names`: the keys are new names and need the layer's
    prefix (fields, rules), else they refer to something (the objects of a permission set). `below`:
    collections inside each entry. `hard`: properties of an entry that nobody may change from above.
    """

    keyed: bool = True
    names: bool = False
    below: Mapping[str, Collection] = field(default_factory=dict)
    hard: frozenset[str] = frozenset()


_LIST = Collection(keyed=False)
_OPTIONS = Collection(names=True, hard=frozenset({"was"}))
_FIELDS = Collection(
    names=True,
    below=MappingProxyType({"options": _OPTIONS}),
    hard=frozenset({"type", "to", "from", "returns", "was", "locked"}),
)
_MOVES = Collection(names=False)

DOCUMENTS: Mapping[str, Collection] = MappingProxyType(
    {
        "object": Collection(
            below=MappingProxyType(
                {
                    "fields": _FIELDS,
                    "rules": Collection(names=True, hard=frozenset({"was"})),
                    "views": Collection(
                        names=True, below=MappingProxyType({"columns": _LIST, "order": _LIST})
                    ),
                    "record_types": Collection(
                        names=True,
                        below=MappingProxyType({"options": Collection()}),
                        hard=frozenset({"was"}),
                    ),
                    "indexes": _LIST,
                    "features": _LIST,
                }
            ),
            hard=frozenset({"object", "was", "locked"}),
        ),
        "layout": Collection(
            below=MappingProxyType(
                {
                    "highlights": _LIST,
                    "sections": Collection(names=True, below=MappingProxyType({"fields": _LIST})),
                    "related": Collection(names=True, below=MappingProxyType({"columns": _LIST})),
                    "children": Collection(
                        names=True, below=MappingProxyType({"columns": _LIST, "sum": _LIST})
                    ),
                    "tabs": Collection(names=True, below=MappingProxyType({"show": _LIST})),
                    "sidebar": _LIST,
                }
            ),
            hard=frozenset({"layout", "record_type"}),
        ),
        "view": Collection(
            below=MappingProxyType({"columns": _LIST, "order": _LIST}),
            hard=frozenset({"view", "object", "was"}),
        ),
        "permission_set": Collection(
            below=MappingProxyType(
                {"objects": Collection(below=MappingProxyType({"fields": Collection()})), "rights": _LIST}
            ),
            hard=frozenset({"permission_set", "was"}),
        ),
        "flow": Collection(below=MappingProxyType({"steps": _LIST}), hard=frozenset({"flow", "was"})),
        "app": Collection(below=MappingProxyType({"objects": _LIST}), hard=frozenset({"app", "was"})),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """One thing after all layers. `broken`: a file about it breaks off, so parts are unknown."""

    kind: str
    name: str
    root: Node
    package: Package
    broken: bool = False


@dataclass(slots=True)
class _Merge:
    """What one extension needs while it is applied."""

    package: Package
    owner: Package
    issues: list[Issue]


def merge(
    packages: Sequence[Package], former: Mapping[str, str] | None = None
) -> tuple[tuple[Merged, ...], tuple[Issue, ...]]:
    """Apply the layers in the order given: definitions of each, then its extensions.

    `former` maps former paths to present ones (`identity.renames`), so that what is written above follows.
    """
    things: dict[tuple[str, str], Merged] = {}
    issues: list[Issue] = []
    for package in packages:
        for document in package.documents:
            if not document.extends and document.kind in DOCUMENTS:
                named = document if document.kind == "object" else _followed(document, former or {})
                _define(things, package, named, issues)
        for document in package.documents:
            if document.extends:
                _extend(things, package, _followed(document, former or {}), issues)
    return tuple(things.values()), tuple(issues)


def _followed(document: Document, former: Mapping[str, str]) -> Document:
    """A document with the present names of the object it is about and of the fields it sets."""
    owner, _, rest = document.name.partition(".")
    owner = former.get(owner, owner)
    fields = document.root.get("fields")
    changed = None if fields is None else fields.get("set")
    root = document.root
    if fields is not None and changed is not None:
        names = {
            former.get(f"{owner}.{name}", name).rpartition(".")[2]: n for name, n in changed.mapping.items()
        }
        fields = fields.with_value({**fields.mapping, "set": changed.with_value(names)})
        root = root.with_value({**root.mapping, "fields": fields})
    return replace(document, name=f"{owner}.{rest}" if rest else owner, root=root)


def _define(
    things: dict[tuple[str, str], Merged], package: Package, document: Document, issues: list[Issue]
) -> None:
    key = (document.kind, document.name)
    first = things.get(key)
    if first is None:
        things[key] = Merged(
            kind=document.kind,
            name=document.name,
            root=document.root,
            package=package,
            broken=document.broken,
        )
        return
    place = first.root.source.place(first.root.span.start)
    hint = (
        "" if first.package is package else f"Write `extend: {document.kind} {document.name}` to change it."
    )
    message = f"{document.kind} `{document.name}` is already defined at {place}"
    issues.append(document.head.issue(codes.DEFINED_TWICE, message, hint=hint))


def _extend(
    things: dict[tuple[str, str], Merged], package: Package, document: Document, issues: list[Issue]
) -> None:
    key = (document.kind, document.name)
    base = things.get(key)
    if base is None:
        names = [name for kind, name in things if kind == document.kind]
        message = f"no layer defines {document.kind} `{document.name}`"
        issues.append(document.head.issue(codes.EXTENDS_NOTHING, message, hint=nearest(document.name, names)))
        return
    context = _Merge(package=package, owner=base.package, issues=issues)
    changes = {name: node for name, node in document.root.mapping.items() if name != "extend"}
    root = _set_entry(context, DOCUMENTS[document.kind], base.root, changes)
    things[key] = replace(base, root=root, broken=base.broken or document.broken)


def _set_entry(context: _Merge, rules: Collection, base: Node, changes: Mapping[str, Node]) -> Node:
    """The entry `base` with `changes`: collections by verbs, everything else replaced."""
    entries = dict(base.mapping)
    locked = {node.text for node in base.walk("locked").items} | rules.hard
    for name, node in changes.items():
        below = rules.below.get(name)
        if name in locked:
            context.issues.append(
                node.issue(codes.HARD_PROPERTY, f"`{name}` is fixed by {context.owner.name}", at_key=True)
            )
        elif below is not None:
            entries[name] = _change_collection(context, below, entries.get(name), node)
        elif name == "required" and base.flag("required") and node.value is not True:
            message = f"{context.owner.name} requires this field"
            context.issues.append(node.issue(codes.LOOSENED, message))
        else:
            entries[name] = node.over(entries.get(name))
    return base.with_value(entries)


def _change_collection(context: _Merge, rules: Collection, base: Node | None, change: Node) -> Node:
    if not rules.keyed:
        return _change_list(context, base, change)
    entries = dict(base.mapping) if base is not None else {}
    for verb, node in change.mapping.items():
        apply = VERBS.get(verb)
        if apply is None:
            hint = nearest(verb, VERBS) or f"Put `{verb}` under `add:` or `set:`."
            context.issues.append(
                node.issue(codes.UNKNOWN_VERB, f"`{verb}` is no verb of an extension", hint=hint, at_key=True)
            )
        else:
            apply(context, rules, entries, node)
    return (base or change).with_value(entries)


def _change_list(context: _Merge, base: Node | None, change: Node) -> Node:
    """A list given as a list replaces the one below; `add:` puts elements behind it."""
    if not isinstance(change.value, dict):
        return change
    items = list(base.items) if base is not None else []
    for verb, node in change.mapping.items():
        if verb == "add":
            items.extend(node.items)
        else:
            message = f"`{verb}` is no verb for a list"
            context.issues.append(
                node.issue(codes.UNKNOWN_VERB, message, hint="A list takes `add: […]`.", at_key=True)
            )
    return (base or change).with_value(items)


def _add(context: _Merge, rules: Collection, entries: dict[str, Node], node: Node) -> None:
    """New entries; their names carry the layer's prefix where others own the collection."""
    for name, entry in node.mapping.items():
        foreign = rules.names and context.package is not context.owner
        if name in entries:
            message = f"`{name}` exists already"
            context.issues.append(
                entry.issue(codes.EXISTS_BELOW, message, hint="Change it under `set:`.", at_key=True)
            )
            continue
        if foreign and not has_prefix(name, context.package.namespace):
            context.issues.append(_wrong_prefix(entry, name, context.package))
        entries[name] = entry


def _set(context: _Merge, rules: Collection, entries: dict[str, Node], node: Node) -> None:
    """Changes of entries that exist."""
    for name, entry in node.mapping.items():
        base = entries.get(name)
        if base is None:
            hint = nearest(name, entries) or "A new one goes under `add:`."
            message = f"there is no `{name}` to set"
            context.issues.append(entry.issue(codes.SETS_NOTHING, message, hint=hint, at_key=True))
        elif isinstance(base.value, dict) and isinstance(entry.value, dict):
            entries[name] = _set_entry(context, rules, base, entry.mapping)
        else:
            entries[name] = entry.over(base)


VERBS: Mapping[str, Callable[[_Merge, Collection, dict[str, Node], Node], None]] = MappingProxyType(
    {"add": _add, "set": _set}
)


def _wrong_prefix(node: Node, name: str, package: Package, *, at_key: bool = True) -> Issue:
    wanted = prefix(package.namespace)
    if not wanted:
        message = f"`{name}` uses `__`, which marks a namespace; {package.name} has none"
        return node.issue(codes.WRONG_PREFIX, message, at_key=at_key)
    local = name.split("__")[-1].removeprefix("x_")
    message = f"names that {package.name} adds begin with `{wanted}`"
    return node.issue(codes.WRONG_PREFIX, message, hint=f"Call it `{wanted}{local}`.", at_key=at_key)


def check_prefixes(things: Sequence[Merged]) -> tuple[Issue, ...]:
    """Objects, permission sets, flows and apps carry the prefix of the layer that defines them."""
    return tuple(
        _wrong_prefix(next(iter(thing.root.mapping.values())), thing.name, thing.package, at_key=False)
        for thing in things
        if thing.kind not in ("layout", "view") and not has_prefix(thing.name, thing.package.namespace)
    )
