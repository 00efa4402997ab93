"""identity.lock: path → stable id and physical name. Entries are never removed and never reused.

The value and its text form; `metadata.identity` says when entries are made, moved and missed. An id is the
first path the thing had (`opportunity.amount`; `~2` behind it when the path is used again).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from metadata import codes
from metadata.reader import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.issue import Issue
    from metadata.node import Node

Slot = Literal["table", "column", "code", ""]
"""What the physical name names; "" for things that have none (rules, views, flows…)."""

_SLOTS: tuple[Slot, ...] = ("table", "column", "code")
_HEADER = "# Identities, written by `strata lock`. Never edit: a changed id loses the data behind it.\n"
_WORD = r'("[^"]*"|[^"{}\[\],\s]+)'
_LINE = re.compile(
    rf"{_WORD}: \{{id: {_WORD}(?:, (table|column|code): {_WORD})?"
    r"(?:, was: \[([^\]]+)\])?(, retired: true)?\}\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The identity of one thing.

    `physical` is the first name it had, made unique among its neighbours; `was` are the former names, oldest
    first, whose renames are done.
    """

    id: str
    slot: Slot = ""
    physical: str = ""
    was: tuple[str, ...] = ()
    retired: bool = False

    def render(self) -> str:
        """The entry as it stands behind its path."""
        parts = [f"id: {_quoted(self.id)}"]
        if self.slot:
            parts.append(f"{self.slot}: {_quoted(self.physical)}")
        if self.was:
            parts.append(f"was: [{', '.join(map(_quoted, self.was))}]")
        if self.retired:
            parts.append("retired: true")
        return "{" + ", ".join(parts) + "}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All identities of one package, by present path."""

    entries: Mapping[str, Entry]

    def render(self) -> str:
        """The text of identity.lock: YAML, sorted by path, the same for the same entries."""
        lines = [f"{_quoted(path)}: {entry.render()}\n" for path, entry in sorted(self.entries.items())]
        return _HEADER + "".join(lines)


EMPTY = Lock(entries=MappingProxyType({}))


def parse(path: str, text: str) -> tuple[Lock, tuple[Issue, ...]]:
    """Read identity.lock; damaged entries are left out and reported."""
    written = _as_written(text)
    return (written, ()) if written is not None else _as_yaml(path, text)


def _as_written(text: str) -> Lock | None:
    """The entries of a text that `render` wrote, without a YAML parser; None when it is not quite that."""
    entries: dict[str, Entry] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        found = _LINE.match(line)
        if found is None:
            return None
        path, identity, slot, physical, was, retired = found.groups(default="")
        entries[path.strip('"')] = Entry(
            id=identity.strip('"'),
            slot=next((each for each in _SLOTS if each == slot), ""),
            physical=physical.strip('"'),
            was=tuple(name.strip('"') for name in was.split(", ")) if was else (),
            retired=bool(retired),
        )
    lock = Lock(entries=MappingProxyType(entries))
    unique = len({entry.id for entry in entries.values()}) == len(entries)
    return lock if unique and lock.render() == text else None


def _as_yaml(path: str, text: str) -> tuple[Lock, tuple[Issue, ...]]:
    reading = read(path, text)
    if reading.root is None:
        empty = not any(line.strip() and not line.startswith("#") for line in text.splitlines())
        return EMPTY, () if empty else reading.issues
    issues = list(reading.issues)
    entries: dict[str, Entry] = {}
    taken: dict[str, str] = {}
    for name, node in reading.root.mapping.items():
        entry = _entry(node)
        if entry is None:
            issues.append(node.issue(codes.LOCK_DAMAGED, f"the entry of `{name}` has no id", at_key=True))
        elif (other := taken.setdefault(entry.id, name)) != name:
            message = f"`{name}` and `{other}` have the same id `{entry.id}`"
            issues.append(node.issue(codes.LOCK_DAMAGED, message, at_key=True))
        else:
            entries[name] = entry
    return Lock(entries=MappingProxyType(entries)), tuple(issues)


def _entry(node: Node) -> Entry | None:
    if not node.string("id"):
        return None
    slot: Slot = next((slot for slot in _SLOTS if node.get(slot) is not None), "")
    physical = node.string(slot) if slot else ""
    if slot and not physical:
        return None
    was = tuple(item.text for item in node.elements("was"))
    return Entry(id=node.string("id"), slot=slot, physical=physical, was=was, retired=node.flag("retired"))


def _quoted(text: str) -> str:
    """A text as YAML: quoted where a plain one would be read as something else."""
    plain = text.replace("_", "").replace(".", "").replace("~", "").replace("-", "").replace(":", "")
    safe = plain.isalnum() and plain.isascii() and text[0].isalpha() and ": " not in text and text[-1] != ":"
    return (
        text
        if safe and text.lower() not in {"true", "false", "null", "yes", "no", "on", "off"}
        else f'"{text}"'
    )
