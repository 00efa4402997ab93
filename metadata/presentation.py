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
    """A titled group of fields on a form, laid out in `columns` columns.

    `visible` shows it only while it is true; a `collapsed` one opens when somebody asks for it.
    """

    id: str
    label: Label
    columns: int
    fields: tuple[Field, ...]
    visible: Formula | None = None
    collapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Related:
    """A list of the records whose `link` points at the record shown."""

    id: str
    link: Field
    label: Label
    columns: tuple[FieldPath, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChildTable:
    """The records whose `link` points at the record shown, edited as rows of its form.

    `sum` are number fields of theirs whose total stands below; they need not be among the columns.
    """

    id: str
    link: Field
    label: Label
    columns: tuple[Field, ...]
    sum: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tab:
    """A page of the record's page; `show` are ids of sections, child tables and related lists, in order."""

    id: str
    label: Label
    show: tuple[str, ...]


TIMELINE = "timeline"
"""What a sidebar shows besides related lists."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """How one object's records are shown and edited. `path` is the picklist drawn as a row of stages.

    Without `tabs` everything stands in the order sections, children, related. `sidebar` are ids of related
    lists, and `TIMELINE`.
    """

    highlights: tuple[Field, ...] = ()
    path: Field | None = None
    sections: tuple[Section, ...] = ()
    children: tuple[ChildTable, ...] = ()
    related: tuple[Related, ...] = ()
    tabs: tuple[Tab, ...] = ()
    sidebar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One sort key."""

    path: FieldPath
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Rows with the same value stand together below a head; dates by their `unit`, such as `month`."""

    path: FieldPath
    unit: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ColorRule:
    """Rows that fulfil a condition are coloured, or only their cells of `field`; `label` says why."""

    name: str
    label: Label
    color: str
    when: Formula
    field: FieldPath | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListView:
    """A named list of an object: columns, condition, order, groups; of its colours the first that fits."""

    id: str
    name: str
    label: Label
    columns: tuple[FieldPath, ...]
    where: Formula | None = None
    order: tuple[Order, ...] = ()
    group: Grouping | None = None
    colors: tuple[ColorRule, ...] = ()
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class App:
    """Navigation: which objects a group of users sees, in this order; `home` is the one it opens with."""

    id: str
    name: str
    label: Label
    icon: str
    objects: tuple[ObjectType, ...]
    home: ObjectType
