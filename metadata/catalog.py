"""One tenant's resolved model: objects, fields, layouts, views, permission sets, flows.

Frozen and joined by reference: after `compile` a dangling name cannot exist. Types here look things up and do
nothing else. Everything above reads them; only `metadata.compile` makes them.

Objects and fields refer to each other, so an `ObjectType` is made first and the mappings it holds are filled
before the Catalog leaves the compiler: `fields`, `views`, and `late`, which holds the rest under "body".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from formula.exchange import COMPANY, COMPANY_CURRENCY, CURRENCY
from formula.types import Kind
from metadata.automation import Flow, RecordStart, Step
from metadata.body import Body
from metadata.label import Label
from metadata.option import Option
from metadata.permission import FieldRight, Grant, PermissionSet, Scope
from metadata.presentation import (
    App,
    ChildTable,
    ColorRule,
    Grouping,
    Layout,
    ListView,
    Order,
    Related,
    Section,
    Tab,
)
from metadata.record_type import ENTERED, NO_CONDITIONS, Conditions, Move, Process, RecordType
from metadata.rule import Index, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from formula.issue import Issue
    from formula.types import Type
    from metadata.derivation import Derivation
    from metadata.duplicate import DuplicateRule
    from metadata.kinds import FieldSort
    from metadata.permission import Membership, RestrictionRule, SharingRule
    from metadata.projection import Projection

OnDelete: TypeAlias = Literal["restrict", "set_null", "cascade"]
Anything: TypeAlias = object  # within `Field` the name `object` is the field's own

__all__ = [
    "App", "Body", "Catalog", "ChildTable", "ColorRule", "Conditions", "Field", "FieldPath", "FieldRight",
    "Flow", "Global", "Grant", "Grouping", "Index", "Label", "Layer", "Layout", "ListView", "Move",
    "ObjectType", "OnDelete", "Option", "Order", "PermissionSet", "Process", "RecordStart", "RecordType",
    "Related", "Rule", "Scope", "Section", "Step", "Tab", "UnknownNameError", "blank_of", "stages", "wholes",
]  # fmt: skip


class UnknownNameError(LookupError):
    """A path names nothing: `part` is unknown on `object`, where `names` would have been possible."""

    def __init__(self, path: str, part: str, object: str, names: tuple[str, ...]) -> None:  # noqa: A002
        super().__init__(f"{object} has no field {part!r} (in {path!r})")
        self.path = path
        self.part = part
        self.object = object
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Field:
    """One field of one object.

    `column` is the first name it had; `id` is the same in every tenant, for ever. A `hidden` one is kept and
    computed with, and no permission set reaches it.

    `default` is a Formula, a plain value as the document wrote it, or None. `attributes` types what its
    options carry (`stage.probability`), `parts` what the kind adds behind a dot (`amount.company`).

    `target` is the object that a link points to. Of a list of links it is None, for no path leads through a
    list; `members` is the object then. `others` are the objects that a link to one of several points to.
    """

    id: str
    name: str
    column: str
    label: Label
    help: Label | None
    object: ObjectType
    sort: FieldSort
    required: bool = False
    unique: bool = False
    searchable: bool = False
    target: ObjectType | None = None
    members: ObjectType | None = None
    others: tuple[ObjectType, ...] = ()
    on_delete: OnDelete = "set_null"
    options: tuple[Option, ...] = ()
    attributes: Mapping[str, Type]
    system: bool = False
    retired: bool = False
    hidden: bool = False
    aliases: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Field {self.object.name}.{self.name}>"

    @property
    def formula(self) -> Formula | None:
        """The expression of a field that is computed when it is read."""
        return self.object.late["body"].formulas.get(self.name)

    @property
    def derivation(self) -> Derivation | None:
        """What the stored value follows from, where it does."""
        return self.object.late["body"].derivations.get(self.name)

    @property
    def default(self) -> Anything:
        """A Formula, a plain value, or None."""
        return self.object.late["body"].defaults.get(self.name)

    @property
    def conditions(self) -> Conditions:
        """When it is visible, required, read-only."""
        return self.object.late["body"].conditions.get(self.name, NO_CONDITIONS)

    @property
    def depends_on(self) -> Field | None:
        """The picklist of the same object whose value says which options are allowed."""
        return self.object.late["body"].controllers.get(self.name)

    @property
    def parts(self) -> Mapping[str, Type]:
        """What stands behind a dot, besides the fields of the linked object."""
        return self.attributes or self.sort.parts

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.sort.many

    def other(self, code: str) -> ObjectType | None:
        """The object that a code in a value means, where it links to one of several."""
        return next((target for target in self.others if target.table == code), None)

    def option(self, code: str) -> Option | None:
        """The option with this code, or None."""
        return next((option for option in self.options if option.code == code), None)

    def attribute(self, option: Option | None, name: str) -> Anything:
        """What an option carries: None, but false for a truth value, where it does not say."""
        value = None if option is None else option.attributes.get(name)
        return blank_of(self.attributes[name]) if value is None else value


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPath:
    """A field of the root object, or of a record that a chain of at most ten lookups leads to.

    `part` is "" for the field itself, otherwise what stands behind it: an option attribute
    (`stage.probability`) or a companion (`amount.company`).
    """

    links: tuple[Field, ...] = ()
    field: Field
    part: str = ""

    @property
    def name(self) -> str:
        """The dotted name, as formulas and API calls write it."""
        names = [*(link.name for link in self.links), self.field.name]
        return ".".join([*names, self.part] if self.part else names)

    @property
    def root(self) -> ObjectType:
        """The object the path starts at."""
        return (self.links[0] if self.links else self.field).object

    @property
    def type(self) -> Type:
        """What a formula sees; of an amount, also which currency it is in."""
        type_ = self.field.parts[self.part] if self.part else self.field.sort.type
        if COMPANY not in self.field.sort.parts:
            return type_
        said = self.field.object.fields.get(CURRENCY)
        single = self.part or said is None or said.retired or not said.sort.stored
        own = ".".join([*(link.name for link in self.links), CURRENCY])
        return replace(type_, money=COMPANY_CURRENCY if single else own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Global:
    """The key of a reference beyond the record; that of `$user.x` and `$old.x` with the `path` to x."""

    root: Literal["$user", "$old", "$org", "$rates", "$calendar", "$objecttype"]
    path: FieldPath | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ObjectType:
    """A kind of record.

    `table` is the first name it had. `number` is the pattern of its record numbers, or None. A `singleton`
    has exactly one record.
    """

    id: str
    name: str
    table: str
    label: Label
    plural: Label
    icon: str
    number: str | None
    features: frozenset[str]
    fields: Mapping[str, Field]
    views: Mapping[str, ListView]
    late: Mapping[Literal["body"], Body]
    package: str
    singleton: bool = False
    retired: bool = False
    aliases: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<ObjectType {self.name}>"

    @property
    def title(self) -> Field | None:
        """The field people see as the record's name."""
        return self.late["body"].title

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Validation rules, in the order of the documents."""
        return self.late["body"].rules

    @property
    def indexes(self) -> tuple[Index, ...]:
        """Declared indexes."""
        return self.late["body"].indexes

    @property
    def layout(self) -> Layout:
        """The form where the record type has none of its own; all fields when no document gives one."""
        return self.late["body"].layout

    @property
    def processes(self) -> Mapping[str, Process]:
        """The allowed moves of picklists, by name, for records whose record type says nothing else."""
        return self.late["body"].processes

    @property
    def record_types(self) -> Mapping[str, RecordType]:
        """By the code that the field `record_type` holds; empty for an object without."""
        return self.late["body"].record_types

    @property
    def tree(self) -> Field | None:
        """The link to the record above, where the records are a tree."""
        return self.late["body"].tree

    @property
    def query(self) -> Projection | None:
        """What the records are computed from, where none is stored."""
        return self.late["body"].query

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The teams, pools and shares that open its records to others than their owners."""
        return self.late["body"].memberships

    @property
    def master(self) -> Field | None:
        """The link to the record that a record of this object is a part of."""
        return next((field for field in self.fields.values() if field.sort.owned and not field.retired), None)

    def layout_of(self, record_type: str | None) -> Layout:
        """The form of records of a record type; None: of those that have none."""
        found = self.record_types.get(record_type or "")
        return self.layout if found is None else found.layout

    def field(self, name: str) -> Field | None:
        """The field with this name, or with this former name."""
        found = self.fields.get(name)
        return found or next((field for field in self.fields.values() if name in field.aliases), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One package the Catalog was made of; `namespace` is "" for the packages that own unprefixed names."""

    name: str
    namespace: str
    version: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Catalog:
    """The whole model. `digest` is its identity: equal digests mean equal models.

    Mappings are keyed by the present name and keep the order of the documents.
    """

    objects: Mapping[str, ObjectType]
    apps: Mapping[str, App]
    permission_sets: Mapping[str, PermissionSet]
    flows: Mapping[str, Flow]
    layers: tuple[Layer, ...]
    digest: str
    languages: tuple[str, ...]
    sharing_rules: Mapping[str, SharingRule] = field(default_factory=dict)
    restriction_rules: Mapping[str, RestrictionRule] = field(default_factory=dict)
    warnings: tuple[Issue, ...] = ()

    def __repr__(self) -> str:
        return f"<Catalog {self.digest[:12]}>"

    def object(self, name: str) -> ObjectType:
        """The object with this name. Raises `KeyError`."""
        return self.objects[name]

    def path(self, object: ObjectType, name: str) -> FieldPath:  # noqa: A002
        """The path `name` ("account.owner.name", "stage.probability") from `object`.

        Raises `UnknownNameError`, also for a path through a field that is no link.
        """
        return path(object, name)


def processes_for(object: ObjectType, record_type: str | None) -> Mapping[str, Process]:  # noqa: A002
    """The allowed moves of picklists, by name, for records of a record type."""
    found = object.record_types.get(record_type or "")
    return object.processes if found is None else found.processes


def stages(object: ObjectType) -> Mapping[Field, Field]:  # noqa: A002
    """The picklists that have a process for some record, each with the field that says since when."""
    kinds = object.record_types.values()
    named = dict.fromkeys((*object.processes, *(name for kind in kinds for name in kind.processes)))
    since = ((object.fields[name], object.fields.get(f"{name}{ENTERED}")) for name in named)
    return {field: entered for field, entered in since if entered is not None}


def rate_date(object: ObjectType) -> Field | None:  # noqa: A002
    """The date at which the rate of a record's amounts is frozen; None: they follow the latest rate."""
    return object.late["body"].rate_date


def duplicate_rules(object: ObjectType) -> tuple[DuplicateRule, ...]:  # noqa: A002
    """The rules against duplicates of an object, in the order of the documents."""
    return object.late["body"].duplicates


def wholes(part: ObjectType) -> tuple[ObjectType, ...]:
    """What the records of an object are parts of, the nearest first."""
    above = part.master.target if part.master else None
    return () if above is None else (above, *wholes(above))


def blank_of(type_: Type) -> Literal[False] | None:
    """What stands where there is nothing to read, behind an empty lookup too: truth is never blank."""
    return False if type_.kind is Kind.BOOLEAN else None


def path(object: ObjectType, name: str) -> FieldPath:  # noqa: A002
    """See `Catalog.path`."""
    links: list[Field] = []
    here = object
    parts = name.split(".")
    for position, part in enumerate(parts):
        field = here.field(part)
        if field is None:
            raise UnknownNameError(name, part, here.name, tuple(here.fields))
        rest = parts[position + 1 :]
        if not rest:
            return FieldPath(links=tuple(links), field=field)
        if len(rest) == 1 and rest[0] in field.parts:
            return FieldPath(links=tuple(links), field=field, part=rest[0])
        if field.target is None:
            raise UnknownNameError(name, rest[0], f"{here.name}.{part}", tuple(field.parts))
        links.append(field)
        here = field.target
    raise UnknownNameError(name, name, object.name, tuple(object.fields))
