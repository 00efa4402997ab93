"""What people see of an object: the form, the lists, the apps it stands in. Types of the Catalog only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formula.expr import Formula
    from metadata.catalog import Field, FieldPath, ObjectType
    from metadata.label import Label


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """A titled group of fields on a form, laid out in `columns` columns."""

    id: str
    label: Label
    columns: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Related:
    """A list of the records whose `link` points at the record shown."""

    id: str
    link: Field
    label: Label
    columns: tuple[FieldPath, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """How one object's records are shown and edited. `path` is the picklist drawn as a row of stages."""

    highlights: tuple[Field, ...] = ()
    path: Field | None = None
    sections: tuple[Section, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One sort key."""

    path: FieldPath
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListView:
    """A named list of an object: columns, condition, order."""

    id: str
    name: str
    label: Label
    columns: tuple[FieldPath, ...]
    where: Formula | None = None
    order: tuple[Order, ...] = ()
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class App:
    """Navigation: which objects a group of users sees, in this order."""

    id: str
    name: str
    label: Label
    icon: str
    objects: tuple[ObjectType, ...]
