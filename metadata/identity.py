"""Identity, not spelling: what a package defines, matched with its identity.lock.

`lock` moves renamed paths (`was:`), marks retired ones and adds new ones; `verify` tells what `lock` would
do, and what vanished without a word, as Issues. A thing that a package adds to somebody else's object is
filed under that object's id, so that a rename below moves nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.lock import Entry, Lock, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formula.issue import Issue
    from metadata.node import Node
    from metadata.package import Document, Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something with an identity: its path (`opportunity.amount`, `view:opportunity.all`) and its parent's.

    `mark` is the part of the path before the parent's path ("view:") and `was` a former name, or "".
    """

    path: str
    parent: str
    name: str
    slot: Slot
    node: Node
    was: str = ""
    mark: str = ""

    @property
    def old(self) -> str:
        """The path under the former name."""
        return f"{self.mark}{self.parent}.{self.was}" if self.parent else f"{self.mark}{self.was}"


def paths(packages: Sequence[Package]) -> dict[str, str]:
    """Path or former path → id, of all that these packages have locked."""
    found: dict[str, str] = {}
    for package in packages:
        for path, entry in package.lock.entries.items():
            for name in entry.was:
                found.setdefault(f"{path.rpartition('.')[0]}.{name}".lstrip("."), entry.id)
        found.update({path: entry.id for path, entry in package.lock.entries.items()})
    return found


def renames(packages: Sequence[Package]) -> dict[str, str]:
    """Former path → present path, unless something else bears the name now."""
    found: dict[str, str] = {}
    for package in packages:
        for path, entry in package.lock.entries.items():
            mark, _, rest = path.rpartition(":")
            stem = rest.rpartition(".")[0]
            for name in entry.was:
                former = f"{mark}:" * bool(mark) + f"{stem}." * bool(stem) + name
                if former not in package.lock.entries:
                    found[former] = path
    return found


def things(package: Package, below: Sequence[Package] = ()) -> tuple[Thing, ...]:
    """All that `package` defines and that has an identity, parents before children."""
    known = paths(below)
    known.update(
        {d.root.string("was"): d.name for d in package.documents if d.kind == "object" and d.root.get("was")}
    )
    found: dict[str, Thing] = {}
    for document in package.documents:
        for thing in _document_things(document, known):
            found.setdefault(thing.path, thing)
    return tuple(sorted(found.values(), key=lambda thing: thing.path.count(".")))


def _document_things(document: Document, known: dict[str, str]) -> Iterator[Thing]:
    root = document.root
    match document.kind, document.extends:
        case "object", False:
            yield _thing(document.name, "", document.head, root, slot="table")
            yield from _parts(document.name, root, ())
        case "object", True:
            owner = known.get(document.name, document.name)
            yield from _parts(owner, root, ("add",))
            for name, node in root.entries("fields", "set").items():
                path = f"{owner}.{name}"
                yield from _options(known.get(path, path), node.entries("options", "add"))
        case "view", False:
            parent, _, name = document.name.partition(".")
            yield _thing(name, known.get(parent, parent), document.head, root, mark="view:")
        case (("permission_set" | "sharing_rule" | "restriction_rule" | "flow" | "app"), False):
            yield _thing(document.name, "", document.head, root, mark=f"{document.kind}:")
        case _:
            return


def _parts(owner: str, root: Node, verb: tuple[str, ...]) -> Iterator[Thing]:
    """Fields with their options, rules and views of an object document, or of what an extension adds."""
    for name, node in root.entries("fields", *verb).items():
        yield _thing(name, owner, node, node, slot="column")
        yield from _options(f"{owner}.{name}", node.entries("options"))
    for kind, mark in (
        ("rules", "rule:"),
        ("invariants", "invariant:"),
        ("duplicates", "duplicate:"),
        ("views", "view:"),
    ):
        for name, node in root.entries(kind, *verb).items():
            yield _thing(name, owner, node, node, mark=mark)
    for name, node in root.entries("record_types", *verb).items():
        yield _thing(name, owner, node, node, slot="code", mark="record_type:")


def _options(owner: str, options: dict[str, Node]) -> Iterator[Thing]:
    for code, option in options.items():
        yield _thing(code, owner, option, option, slot="code")


def _thing(name: str, parent: str, node: Node, root: Node, *, slot: Slot = "", mark: str = "") -> Thing:
    path = f"{mark}{parent}.{name}" if parent else f"{mark}{name}"
    return Thing(path=path, parent=parent, name=name, slot=slot, node=node, was=root.string("was"), mark=mark)


def lock(package: Package, below: Sequence[Package] = ()) -> Lock:
    """The lock that fits the package: renames moved, retired marked, new entries added; nothing removed.

    `below` are the packages under it; without them, what extends an object is filed under the name written.
    Locking twice changes nothing.
    """
    present = things(package, below)
    entries = _moved(dict(package.lock.entries), present)
    here = {thing.path for thing in present}
    for path, entry in entries.items():
        if path not in here and path in package.retired:
            entries[path] = replace(entry, retired=True)
    for thing in present:
        _forget(thing, entries, here)
    used = {entry.id for entry in entries.values()} | set(paths(below).values())
    for thing in present:
        former = entries.get(thing.path)
        if former is not None and not former.retired:
            continue
        if former is not None:
            entries[_free(thing.path, entries)] = former
        entries[thing.path] = _new(thing, entries, used)
        used.add(entries[thing.path].id)
    return Lock(entries=MappingProxyType(dict(sorted(entries.items()))))


def _forget(thing: Thing, entries: dict[str, Entry], here: set[str]) -> None:
    """Drop a former name that the document states no more and something else bears by now."""
    entry = entries.get(thing.path)
    if entry is None or not entry.was:
        return
    kept = tuple(n for n in entry.was if n == thing.was or replace(thing, was=n).old not in here)
    if kept != entry.was:
        entries[thing.path] = replace(entry, was=kept)


def _moved(entries: dict[str, Entry], present: Sequence[Thing]) -> dict[str, Entry]:
    """Apply the renames not done yet, each level at once, so that two things may exchange their names."""
    renamed = [thing for thing in present if thing.was]
    for depth in sorted({thing.path.count(".") for thing in renamed}):
        level = [thing for thing in renamed if thing.path.count(".") == depth]
        pending = {thing.old: thing for thing in level if _renames(thing, entries)}
        if pending:
            entries = _move(entries, pending)
    return entries


def _renames(thing: Thing, entries: dict[str, Entry]) -> bool:
    current = entries.get(thing.path)
    done = current is not None and not current.retired and thing.was in current.was
    return not done and thing.old in entries and thing.old != thing.path


def _move(entries: dict[str, Entry], pending: dict[str, Thing]) -> dict[str, Entry]:
    moved: dict[str, Entry] = {}
    kept: dict[str, Entry] = {}
    for path, entry in entries.items():
        thing = pending.get(path)
        if thing is not None:
            moved[thing.path] = replace(entry, was=(*entry.was, thing.was), retired=False)
            continue
        target = next((new for new in _carried(path, pending)), None)
        if target is not None:
            moved[target] = entry
        else:
            kept[path] = entry
    for path, entry in kept.items():
        moved[_free(path, moved) if path in moved else path] = entry
    return moved


def _carried(path: str, pending: dict[str, Thing]) -> Iterator[str]:
    """Where a part of a renamed thing goes: `deal.amount`, `view:deal.all` for parts of `opportunity`."""
    mark, _, rest = path.rpartition(":")
    for old, thing in pending.items():
        if not thing.mark and rest.startswith(f"{old}."):
            yield f"{mark}:{thing.path}{rest[len(old) :]}" if mark else f"{thing.path}{rest[len(old) :]}"


def _free(path: str, entries: dict[str, Entry]) -> str:
    """A path for an entry whose own path is taken by something new."""
    number = 1
    while f"{path}~{number}" in entries:
        number += 1
    return f"{path}~{number}"


def _new(thing: Thing, entries: dict[str, Entry], used: set[str]) -> Entry:
    """A fresh identity: the path, and the name made unique among its neighbours, past and present."""
    parent = thing.parent
    if parent in entries:
        parent = entries[parent].id
    base = f"{thing.mark}{parent}.{thing.name}" if parent else f"{thing.mark}{thing.name}"
    number = 1
    while (f"{base}~{number}" if number > 1 else base) in used:
        number += 1
    identity = f"{base}~{number}" if number > 1 else base
    if not thing.slot:
        return Entry(id=identity)
    return Entry(id=identity, slot=thing.slot, physical=_physical(thing, entries))


def _physical(thing: Thing, entries: dict[str, Entry]) -> str:
    depth = thing.path.count(".")
    stem = thing.mark + (f"{thing.parent}." if thing.parent else "")
    taken = {
        entry.physical
        for path, entry in entries.items()
        if entry.slot == thing.slot and path.startswith(stem) and path.count(".") == depth
    }
    number, name = 1, thing.name
    while name in taken:
        number += 1
        name = f"{thing.name}_{number}"
    return name


def verify(package: Package, below: Sequence[Package] = (), wanted: Lock | None = None) -> tuple[Issue, ...]:
    """Issues where documents and identity.lock do not agree; a package without a lock gets one in all."""
    present = things(package, below)
    if present and not package.lock.entries:
        message = f"package {package.name} has no identity.lock"
        return (
            package.manifest.issue(codes.NOT_LOCKED, message, hint="Run `strata lock` on it.", at_key=True),
        )
    wanted = wanted or lock(package, below)
    current = {entry.id: entry for entry in package.lock.entries.values()}
    issues = [issue for thing in present for issue in _check_thing(thing, current, wanted)]
    return (*issues, *_vanished(package, {thing.path for thing in present}, wanted))


def _check_thing(thing: Thing, current: dict[str, Entry], wanted: Lock) -> Iterator[Issue]:
    """`current` is by id: what only follows a renamed parent has its identity already."""
    goal = wanted.entries[thing.path]
    entry = current.get(goal.id)
    parent = wanted.entries.get(thing.parent)
    if parent is not None and parent.id not in current:
        return  # the parent is reported
    if thing.was and thing.was not in goal.was:
        message = f"`was: {thing.was}` names nothing that identity.lock knows"
        yield thing.node.walk("was").issue(codes.WAS_UNKNOWN, message)
    elif entry is None or not set(goal.was) <= set(entry.was):
        action = f"the rename of `{thing.was}` to `{thing.name}`" if thing.was else f"`{thing.path}`"
        message = f"{action} is not in identity.lock"
        yield thing.node.issue(codes.NOT_LOCKED, message, hint="Run `strata lock`.", at_key=True)


def _vanished(package: Package, present: set[str], wanted: Lock) -> Iterator[Issue]:
    """Entries nobody defines any more, leaving out the parts of something that vanished itself."""
    lost = [path for path, entry in wanted.entries.items() if path not in present and not entry.retired]
    retired = [path for path, entry in wanted.entries.items() if entry.retired]
    # Of a file that breaks off nobody knows what it would have defined.
    unknown = [*package.lost, *(document.name for document in package.documents if document.broken)]
    for path in lost:
        stem = path.rpartition(":")[2]
        if stem not in unknown and not any(stem.startswith(f"{o}.") for o in (*lost, *retired, *unknown)):
            message = f"`{path}` was in {package.name} and is not any more"
            hint = f"Write `was:` where it went, or list `{path}` under `retired:` in package.yaml."
            yield package.manifest.issue(codes.VANISHED, message, hint=hint, at_key=True)


def succeed(package: Package, former: Package) -> tuple[Issue, ...]:
    """Issues where `package`, to be put in place of `former`, does not carry on its identities.

    A folder that never had what is published would drop it without a word. Called before a publish; ids tell,
    so that renames and retirements are no matter.
    """
    known = {entry.id for entry in package.lock.entries.values()}
    lost = [path for path, entry in former.lock.entries.items() if entry.id not in known]
    tops = [path for path in lost if not any(path.rpartition(":")[2].startswith(f"{one}.") for one in lost)]
    return tuple(_not_carried_on(package, path) for path in tops)


def _not_carried_on(package: Package, path: str) -> Issue:
    message = f"`{path}` is published for {package.name}, and this folder does not know it"
    hint = (
        "Add to the folder that was published before, its identity.lock included; "
        f"to remove it, list `{path}` under `retired:` there."
    )
    return package.manifest.issue(codes.VANISHED, message, hint=hint, at_key=True)
