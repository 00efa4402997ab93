"""The four verbs of an extension – add, set, hide, place – applied to one document.

`change` walks an extension beside the document it extends, as the table of `metadata.collection` says. What
is refused becomes an Issue, and the rest is applied all the same. What only the sum of all layers can tell,
the order of entries and which are left out, is noted in the thing's arrangements for `metadata.layers`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.collection import Collection, Properties
from metadata.merged import Arrangement, over
from metadata.names import has_prefix, nearest
from metadata.placing import Place
from metadata.refusal import fixed, loosened, nothing, wrong_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from metadata.collection import Direction
    from metadata.merged import Extension, Names, Path
    from metadata.node import Node
    from metadata.placing import Where

HIDDEN = "hidden"
_WHERE: Mapping[str, Where] = {"before": "before", "after": "after"}
_ENDS: Mapping[str, Where] = {"first": "first", "last": "last"}


@dataclass(slots=True, kw_only=True)
class _Entries:
    """The entries of one collection by name, a list's too, while verbs change them."""

    rules: Collection
    path: Path
    stem: str | None
    nodes: dict[str, Node]

    def arrangement(self, extension: Extension) -> Arrangement:
        return extension.thing.arrangements.setdefault(self.path, Arrangement())


def change(
    extension: Extension, rules: Properties, base: Node, changes: Mapping[str, Node], path: Path
) -> Node:
    """The thing `base`, which stands at `path`, with `changes` of its properties."""
    entries = dict(base.mapping)
    locked = rules.hard | {node.text for node in base.elements("locked")}
    for name, node in changes.items():
        if name in locked:
            extension.issues.append(fixed(extension, node, name))
            continue
        made = _property(extension, rules, entries.get(name), (*path, name), node)
        if made is None:
            entries.pop(name, None)
        else:
            entries[name] = made
    return base.with_value(entries)


def _property(
    extension: Extension, rules: Properties, base: Node | None, path: Path, node: Node
) -> Node | None:
    """One property after a change; None when the change takes it away."""
    below = rules.below.get(path[-1])
    if isinstance(below, Collection):
        return _collection(extension, below, base, node, path)
    if isinstance(below, Properties) and isinstance(node.value, dict):
        return change(extension, below, base or node.with_value({}), node.mapping, path)
    direction = rules.tightens.get(path[-1])
    if base is not None and direction is not None and _looser(direction, base, node):
        extension.issues.append(loosened(extension, base, node, path[-1], direction))
        return base
    extension.note(path, "set", node.plain(), base)
    return None if node.value is None else over(node, base)


def _looser(direction: Direction, base: Node, node: Node) -> bool:
    was, now = base.value, node.value
    if not isinstance(was, bool | int | Decimal):
        return False
    if now is None:
        return was is not False
    if not isinstance(now, bool | int | Decimal):
        return False
    return now < was if direction == "up" else now > was


def _collection(
    extension: Extension, rules: Collection, base: Node | None, node: Node, path: Path
) -> Node | None:
    """A collection after the verbs under `node`."""
    if base is not None and not isinstance(base.value, dict if rules.keyed else list):
        extension.issues.append(fixed(extension, node, path[-1]))
        return base
    if not isinstance(node.value, dict):
        return _whole(extension, rules, base, node, path)
    for verb, below in node.mapping.items():
        if verb not in VERBS:
            hint = nearest(verb, VERBS) or f"Put `{verb}` under `add:` or `set:`."
            message = f"`{verb}` is no verb of an extension"
            extension.issues.append(below.issue(codes.UNKNOWN_VERB, message, hint=hint, at_key=True))
    entries = entries_of(extension.thing.name, extension.names, rules, base, path)
    for verb, apply in VERBS.items():
        wanted = node.get(verb)
        if wanted is not None and _fits(extension, rules, verb, wanted):
            apply(extension, entries, wanted)
    made: dict[str, Node] | list[Node] = entries.nodes if rules.keyed else list(entries.nodes.values())
    return (base or node).with_value(made)


def _whole(extension: Extension, rules: Collection, base: Node | None, node: Node, path: Path) -> Node | None:
    """A list given as a list: welcome where nothing is below, else it would be a copy."""
    if rules.keyed or not isinstance(node.value, list):
        message = f"`{path[-1]}` of an extension holds add, set, hide or place"
        extension.issues.append(node.issue(codes.WRONG_VALUE, message))
        return base
    if base is not None and base.items:
        hint = f"Write `{path[-1]}: {{add: […], hide: […], place: {{…}}}}`."
        message = f"`{path[-1]}` is given as a whole; what is added below later would be lost"
        extension.issues.append(node.issue(codes.COPIED, message, hint=hint, at_key=True))
        return base
    extension.note(path, "set", node.plain(), base)
    return over(node, base)


def entries_of(object_: str, names: Names, rules: Collection, base: Node | None, path: Path) -> _Entries:
    """The entries of a collection by their present names, of the document of the object `object_`."""
    stem = rules.stem
    if stem is not None:
        stem = stem.format(object=object_.partition(".")[0], entry=path[-2] if len(path) > 1 else "")
    found = _Entries(rules=rules, path=path, stem=stem, nodes={})
    if base is not None and rules.keyed:
        found.nodes = {names.present(stem, name): node for name, node in base.mapping.items()}
    for number, item in enumerate(base.items if base is not None else (), 1):
        name = names.present(stem, key_of(item) or str(number))
        found.nodes[name if name not in found.nodes else f"{name}~{number}"] = item
    return found


def key_of(item: Node) -> str:
    """What an element of a list is called: a name without `-`, the `id` of a step, the fields of an index.

    Those a rule shares with are `group desk` and `department D01`.
    """
    fields = item.items or item.elements("fields")
    if fields:
        return ", ".join(each.text for each in fields)
    for kind in ("group", "department"):
        if item.string(kind):
            return f"{kind} {item.string(kind)}"
    return item.string("id") if isinstance(item.value, dict) else str(item.value).removeprefix("-")


def _fits(extension: Extension, rules: Collection, verb: str, node: Node) -> bool:
    """Whether what stands under a verb has its form, and the collection allows the verb."""
    if rules.growing and verb != "add":
        extension.issues.append(fixed(extension, node, verb))
        return False
    wanted = list if verb == "hide" or (verb == "add" and not rules.keyed) else dict
    if isinstance(node.value, wanted):
        return True
    form = "a list, such as [a, b]" if wanted is list else "a mapping, such as {a: b}"
    extension.issues.append(node.issue(codes.WRONG_VALUE, f"`{verb}` takes {form} here"))
    return False


def _add(extension: Extension, entries: _Entries, node: Node) -> None:
    """New entries; their names carry the layer's prefix where others own the collection.

    What a list has already is not added again, so that a layer below may add the same later.
    """
    rules, seen = entries.rules, set()
    pairs = node.mapping.items() if rules.keyed else [(key_of(item), item) for item in node.items]
    for written, entry in pairs:
        name = extension.names.present(entries.stem, written)
        if name in seen:
            extension.issues.append(entry.issue(codes.REPEATED, f"`{written}` stands here twice"))
        elif name in entries.nodes and rules.keyed:
            hint = "Change it under `set:`."
            message = f"`{name}` exists already"
            extension.issues.append(entry.issue(codes.EXISTS_BELOW, message, hint=hint, at_key=True))
        elif name in entries.nodes:
            entries.arrangement(extension).hidden.pop(name, None)
        else:
            if rules.names and extension.foreign and not has_prefix(name, extension.package.namespace):
                extension.issues.append(wrong_prefix(entry, name, extension.package))
            entries.nodes[name or str(len(entries.nodes) + 1)] = entry
            extension.note((*entries.path, name), "add", entry.plain(), None)
        seen.add(name)


def _set(extension: Extension, entries: _Entries, node: Node) -> None:
    """Changes of entries that exist."""
    for written, wanted in node.mapping.items():
        name = extension.names.present(entries.stem, written)
        base, path = entries.nodes.get(name), (*entries.path, name)
        if base is None:
            extension.issues.append(nothing(extension, entries.stem, entries.nodes, wanted, written, "set"))
        elif isinstance(entries.rules.of, Collection):
            entries.nodes[name] = _collection(extension, entries.rules.of, base, wanted, path) or base
        elif isinstance(base.value, dict) and isinstance(wanted.value, dict):
            changes = {what: below for what, below in wanted.mapping.items() if what != HIDDEN}
            entries.nodes[name] = change(extension, entries.rules.of, base, changes, path)
            if (flag := wanted.get(HIDDEN)) is not None:
                _show(extension, entries, name, flag, hidden=flag.value is True)
        else:
            extension.note(path, "set", wanted.plain(), base)
            entries.nodes[name] = over(wanted, base)


def _hide(extension: Extension, entries: _Entries, node: Node) -> None:
    """Entries that people no longer see; whatever hangs on them stays."""
    for item in node.items:
        name = extension.names.present(entries.stem, key_of(item))
        if name not in entries.nodes:
            extension.issues.append(nothing(extension, entries.stem, entries.nodes, item, name, "hide"))
        else:
            _show(extension, entries, name, item, hidden=True)


def _show(extension: Extension, entries: _Entries, name: str, node: Node, *, hidden: bool) -> None:
    """Hide an entry or show it again, by its own property or by leaving it out; `node` says so."""
    base, off = entries.nodes[name], entries.rules.off
    locked = {item.text for item in base.elements("locked")}
    if HIDDEN in locked or (off is not None and off[0] in locked):
        message = f"{extension.thing.package.name} does not let `{name}` be hidden"
        extension.issues.append(node.issue(codes.HARD_PROPERTY, message))
        return
    extension.note((*entries.path, name), "hide" if hidden else "show", None, base)
    if off is not None:
        was = base.get(off[0])
        said = replace(node, value=off[1] if hidden else not off[1], key=None)
        entries.nodes[name] = base.with_value({**base.mapping, off[0]: over(said, was)})
    elif hidden:
        entries.arrangement(extension).hidden[name] = node
    else:
        entries.arrangement(extension).hidden.pop(name, None)


def _place(extension: Extension, entries: _Entries, node: Node) -> None:
    """Where entries stand among the others; whether anchors live is known when all layers are applied."""
    for written, spec in node.mapping.items():
        name = extension.names.present(entries.stem, written)
        place = _read_place(extension, entries, spec)
        if place is None:
            hint = "Write {after: [a, b]}, {before: [a]}, first or last."
            extension.issues.append(spec.issue(codes.WRONG_VALUE, "this is no place", hint=hint))
            continue
        entries.arrangement(extension).places[name] = place
        extension.note((*entries.path, name), "place", spec.plain(), None)


def _read_place(extension: Extension, entries: _Entries, spec: Node) -> Place | None:
    end = _ENDS.get(spec.text)
    if end is not None:
        return Place(where=end, height=extension.height, node=spec)
    where = _WHERE.get(next(iter(spec.mapping), ""))
    if where is None or len(spec.mapping) != 1:
        return None
    given = spec.mapping[where]
    texts = [item.text for item in given.items] or [given.text]
    if not all(texts):
        return None
    anchors = tuple(extension.names.present(entries.stem, text) for text in texts)
    return Place(where=where, anchors=anchors, height=extension.height, node=spec)


VERBS: Mapping[str, Callable[[Extension, _Entries, Node], None]] = MappingProxyType(
    {"add": _add, "set": _set, "hide": _hide, "place": _place}
)
