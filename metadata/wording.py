"""A changed property in words, for a line of a plan: `grants: + x_visit`, `label (en) “Size” → “Staff”`.

The plain forms in which `metadata.diff` compares properties, and how two of them are told apart. Only what
differs is told, at any depth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Texts:
    """A text by language, sorted."""

    of: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Things by name, in order: the entries of a mapping, or the properties of one thing."""

    of: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The ids of the fields along a path, and what stands behind the last one."""

    ids: tuple[str, ...]


def told(old: object, new: object) -> str:
    """What differs, to be written right behind the name of the property."""
    match old, new:
        case (Texts() | None, Texts() | None):
            return f" {', '.join(_languages(_texts(old), _texts(new)))}"
        case (Named() | None | (), Named() | None | ()):
            return f": {_parts(_entries(old), _entries(new))}"
        case (tuple(), tuple()):
            return f": {_items(old, new)}"
        case _ if _settings(old) and _settings(new):
            return f": {_parts(_settings(old), _settings(new))}"
        case _:
            return f" {_shown(old)} → {_shown(new)}"


def _languages(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for language in {**old, **new}:
        before, now = old.get(language), new.get(language)
        if before != now:
            yield f"({language}) {_quoted(before)} → {_quoted(now)}"


def _parts(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """What came, what went, what is another; `another order` when it is only that."""
    lines = [f"+ {name}{_value(value)}" for name, value in new.items() if name not in old]
    lines += [f"- {name}" for name in old if name not in new]
    both = ((name, old[name], new[name]) for name in old if name in new)
    lines += [f"{name}{told(before, now)}" for name, before, now in both if before != now]
    return "; ".join(lines) or "another order"


def _items(old: tuple[object, ...], new: tuple[object, ...]) -> str:
    """Lists of names by what came and went; lists of other things by position."""
    if any(isinstance(item, Named | tuple) for item in (*old, *new)):
        return _parts(_numbered(old), _numbered(new))
    lines = [f"+ {_shown(item)}" for item in new if item not in old]
    lines += [f"- {_shown(item)}" for item in old if item not in new]
    return ", ".join(lines) or "another order"


def _numbered(items: tuple[object, ...]) -> dict[str, object]:
    return {f"no. {place}": item for place, item in enumerate(items, 1)}


def _texts(value: object) -> dict[str, str]:
    return dict(value.of) if isinstance(value, Texts) else {}


def _entries(value: object) -> dict[str, object]:
    return dict(value.of) if isinstance(value, Named) else {}


def _settings(value: object) -> dict[str, object]:
    """What a field type was bound to."""
    if not is_dataclass(value) or isinstance(value, type | Path):
        return {}
    return {item.name: getattr(value, item.name) for item in fields(value)}


def _value(value: object) -> str:
    return f" {_shown(value)}" if isinstance(value, str | int) and value != "" else ""


def _quoted(text: str | None) -> str:
    return "none" if text is None else f"“{text}”"


def _shown(value: object) -> str:
    match value:
        case None | () | "":
            return "none"
        case True | False:
            return "yes" if value else "no"
        case Path(ids=ids):
            return ".".join(id_.rpartition(".")[2] for id_ in ids if id_)
        case tuple():
            return ", ".join(map(_shown, value))
        case Named() | Texts():
            return "another"
        case _:
            return str(value)
