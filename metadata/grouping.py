"""By which fields rows of a list can stand together, and the text that says so: `stage`, `-close_on:month`.

One spelling for documents, addresses of lists and saved views. Pure; used by the compiler and by lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from formula.types import Kind

if TYPE_CHECKING:
    from metadata.catalog import FieldPath

UNITS: Final = ("day", "week", "month", "quarter", "year")
"""The widths of a stretch of days; a week starts on Monday (ISO 8601)."""

DATED: Final = frozenset({Kind.DATE, Kind.DATETIME})
_PLAIN: Final = frozenset({Kind.PICKLIST, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME})
_TEXT: Final = "text"
_WRITTEN = re.compile(r"(?P<down>-?)(?P<name>[^:]+)(?::(?P<unit>[a-z]+))?")


def read(text: str) -> tuple[str, str, bool] | None:
    """Name of the path, unit ("" for none), whether descending; None for what is no such text."""
    found = _WRITTEN.fullmatch(text)
    if found is None or (found["unit"] and found["unit"] not in UNITS):
        return None
    return found["name"], found["unit"] or "", bool(found["down"])


def written(name: str, unit: str = "", *, descending: bool = False) -> str:
    """What `read` takes apart."""
    return f"{'-' if descending else ''}{name}{f':{unit}' if unit else ''}"


def groupable(path: FieldPath) -> bool:
    """Whether rows can be grouped: by options, yes and no, days, links to one object, and lines of text."""
    if path.part or path.field.many:
        return False
    kind = path.type.kind
    return (
        kind in _PLAIN or (kind is Kind.ID and path.field.target is not None) or path.field.sort.kind == _TEXT
    )


def dated(path: FieldPath) -> bool:
    """Whether a path is grouped by stretches of days."""
    return path.type.kind in DATED
