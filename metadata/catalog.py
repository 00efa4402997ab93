"""One tenant's resolved model: objects, fields, layouts, views, permission sets, flows.

Frozen and joined by reference: after `compile` a dangling name cannot exist. Types here look things up and do
nothing else. Everything above reads them; only `metadata.compile` makes them.

Objects and fields refer to each other, so an `ObjectType` is made first and the mappings it holds are filled
before the Catalog leaves the compiler: `fields`, `views`, and `late`, which holds the rest under "body".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from metadata.label import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from formula.issue import Issue
    from formula.types import Type
    from metadata.kinds import FieldSort

OnDelete: TypeAlias = Literal["restrict", "set_null", "cascade"]
Anything: TypeAlias = object  # within `Field` the name `object` is the field's own

__all__ = [
    "App", "Body", "Catalog", "Field", "FieldPath", "FieldRight", "Flow", "Global", "Grant", "Index", "Label",
    "Layer", "Layout", "ListView", "Move", "ObjectType", "OnDelete", "Option", "Order", "PermissionSet", "Process",
    "RecordStart", "Related", "Rule", "Scope", "Section", "Step", "UnknownNameError",
]  # fmt: skip


class UnknownNameError(LookupError):
    """A path names nothing: `part` is unknown on `object`, where `names` would have been possible."""

    def __init__(self, path: str, part: str, object: str, names: tuple[str, ...]) -> None:  # noqa: A002
        super().__init__(f"{object} has no field {part!r} (in {path!r})")
        self.path = path
        self.part = part
        self.object = object
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Option:
    """One choice of a picklist. `code` is stored; `id` survives a rename; `attributes` are typed by the field."""

    id: str
    code: str
    label: Label
    color: str | None
    attributes: Mapping[str, object]
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One field of one object. `column` is the first name it had; `id` is the same in every tenant, for ever.

    `default` is a Formula, a plain value as the document wrote it, or None. `attributes` types what its options
    carry (`stage.probability`), `parts` what the kind adds behind a dot (`amount.company`).
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
    on_delete: OnDelete = "set_null"
    options: tuple[Option, ...] = ()
    attributes: Mapping[str, Type]
    system: bool = False
    retired: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def formula(self) -> Formula | None:
        """The expression of a computed field."""
        return self.object.late["body"].formulas.get(self.name)

    @property
    def default(self) -> Anything:
        """A Formula, a plain value, or None."""
        return self.object.late["body"].defaults.get(self.name)

    @property
    def parts(self) -> Mapping[str, Type]:
        """What stands behind a dot, besides the fields of the linked object."""
        return self.attributes or self.sort.parts

    def option(self, code: str) -> Option | None:
        """The option with this code, or None."""
        return next((option for option in self.options if option.code == code), None)


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
        """What a formula sees."""
        return self.field.parts[self.part] if self.part else self.field.sort.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Global:
    """The key of a formula's reference to something outside the record: `$user.id`, `$old.stage`, `$org.currency`.

    `path` is the field of the user, or of the record itself for `$old`; None for `$org`.
    """

    root: Literal["$user", "$old", "$org"]
    path: FieldPath | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A save is refused with `message`, shown `at` a field, while `when` is true."""

    id: str
    name: str
    when: Formula
    message: Label
    at: Field | None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """A picklist may become `to` only coming from `sources` (None: from anywhere), with `require` filled."""

    to: Option
    sources: tuple[Option, ...] | None
    require: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Process:
    """The allowed moves of one picklist, by the code moved to; a code without an entry is free."""

    field: Field
    moves: Mapping[str, Move]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """Fields that are filtered and sorted together. `id` is made of the fields' ids."""

    id: str
    fields: tuple[Field, ...]


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
class Body:
    """What an object has beside fields and views; made when all fields of all objects exist."""

    title: Field | None
    formulas: Mapping[str, Formula]
    defaults: Mapping[str, object]
    rules: tuple[Rule, ...]
    indexes: tuple[Index, ...]
    layout: Layout
    process: Process | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObjectType:
    """A kind of record. `table` is the first name it had. `number` is the pattern of its record numbers, or None."""

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
    retired: bool = False
    aliases: tuple[str, ...] = ()

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
        """The form; one section with all fields when no document gives one."""
        return self.late["body"].layout

    @property
    def process(self) -> Process | None:
        """The allowed moves of a picklist."""
        return self.late["body"].process

    def field(self, name: str) -> Field | None:
        """The field with this name, or with this former name."""
        found = self.fields.get(name)
        return found or next((field for field in self.fields.values() if name in field.aliases), None)


class Scope(StrEnum):
    """Whose records a grant reaches. Own records are in every scope but `none`."""

    NONE = "none"
    OWN = "own"
    BELOW = "below"
    """Own, and those of people below me."""
    DEPARTMENT = "department"
    DEPARTMENTS = "departments"
    """My department and all below it."""
    ALL = "all"


class FieldRight(StrEnum):
    """What a grant allows on one field."""

    NONE = "none"
    READ = "read"
    EDIT = "edit"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grant:
    """What a permission set allows on one object. `fields` lists the exceptions from `field_default`."""

    create: bool
    read: Scope
    update: Scope
    delete: Scope
    fields: Mapping[str, FieldRight]
    field_default: FieldRight

    def right(self, field: str) -> FieldRight:
        """The right on the field with this name."""
        return self.fields.get(field, self.field_default)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PermissionSet:
    """Grants by object name, already expanded for every object that `"*"` covers; and rights of their own."""

    id: str
    name: str
    label: Label
    grants: Mapping[str, Grant]
    rights: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordStart:
    """A flow starts when a record of `object` was created, updated or deleted and `when` is true.

    `becomes`: only if it was not true before the change.
    """

    object: ObjectType
    on: frozenset[Literal["create", "update", "delete"]]
    when: Formula | None
    becomes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """One step of a flow. In `config`, at any depth, a text that began with `=` is a Formula over the start record."""

    id: str
    kind: str
    label: Label | None
    config: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """What happens after a save. `version` is the digest of the definition; `run_as` says with whose grants."""

    id: str
    name: str
    version: str
    label: Label
    start: RecordStart
    run_as: Literal["system", "starter"]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class App:
    """Navigation: which objects a group of users sees, in this order."""

    id: str
    name: str
    label: Label
    icon: str
    objects: tuple[ObjectType, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One package the Catalog was made of; `namespace` is "" for the packages that own unprefixed names."""

    name: str
    namespace: str
    version: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
    warnings: tuple[Issue, ...] = ()

    def object(self, name: str) -> ObjectType:
        """The object with this name. Raises `KeyError`."""
        return self.objects[name]

    def path(self, object: ObjectType, name: str) -> FieldPath:  # noqa: A002
        """The path `name` ("account.owner.name", "stage.probability") from `object`.

        Raises `UnknownNameError`, also for a path through a field that is no link.
        """
        return path(object, name)


def path(object: ObjectType, name: str) -> FieldPath:  # noqa: A001, A002
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
