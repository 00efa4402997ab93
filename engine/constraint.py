"""What a table has beside columns: indexes and foreign keys, and the names they go by.

Pure descriptions, made by `tables.py` and `lists.py`; `steps.py` writes them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableIndex:
    """An index: column names in order, whether live rows must differ in them."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForeignKey:
    """A link whose target must exist when a transaction commits; with `cascade` the row goes with it."""

    name: str
    table: str
    column: str
    target: str
    cascade: bool = False


def index(table: str, columns: tuple[str, ...], *, unique: bool = False) -> TableIndex:
    """An index of a table, with its name."""
    prefix = "uq" if unique else "ix"
    name = short_name(f"{prefix}_{'.'.join((table, *columns))}")
    return TableIndex(name=name, table=table, columns=columns, unique=unique)


def foreign_key(table: str, column: str, target: str, *, cascade: bool = False) -> ForeignKey:
    """A link from a column to the records of a table, with its name."""
    name = short_name(f"fk_{table}.{column}")
    return ForeignKey(name=name, table=table, column=column, target=target, cascade=cascade)


def short_name(name: str) -> str:
    """A name that fits PostgreSQL's 63 bytes; what is cut off is told apart by a digest."""
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{name[: _LONGEST_NAME - 11]}~{digest}"
