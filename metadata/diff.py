"""The difference of two Catalogs, thing by thing, by id: a rename is a rename, wherever else it shows.

Pure, and about the model only; what it means for tables and rows is the engine's. Publishing prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, TypeAlias

from formula.expr import Formula
from metadata.catalog import (
    Catalog,
    Field,
    FieldPath,
    ObjectType,
    Option,
    Step,
    duplicate_rules,
    rate_date,
)
from metadata.derivation import expression
from metadata.kinds import ANY_OBJECT
from metadata.label import Label
from metadata.permission import MembershipKind, Reach, Scope
from metadata.presentation import ChildTable, Related, Section, Tab
from metadata.wording import Named, Path, Texts, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.record_type import Process, RecordType

Properties: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Anything with an id: `kind` is object, field, option, rule, view…; `name` its full present name.

    `object` is the id of the object that it is a part of, or "".
    """

    kind: str
    id: str
    name: str
    properties: Mapping[str, object]
    object: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Something that was not there. A new object brings `fields`, its own, which are not told again."""

    kind: str
    id: str
    name: str
    fields: tuple[str, ...] = ()

    def describe(self) -> str:
        """One line for a plan."""
        return f"+ {self.kind} {self.name}{': ' if self.fields else ''}{', '.join(self.fields)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The same thing under another name; no data moves. `name` is the new one in full, `old` the former."""

    kind: str
    id: str
    old: str
    name: str

    def describe(self) -> str:
        """One line for a plan."""
        return f"~ {self.kind} {self.old} is now {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Another value of one property."""

    kind: str
    id: str
    name: str
    property: str
    old: object
    new: object

    def describe(self) -> str:
        """One line for a plan."""
        return f"~ {self.kind} {self.name}: {self.property}{told(self.old, self.new)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """Something that is no longer there; its data stays."""

    kind: str
    id: str
    name: str

    def describe(self) -> str:
        """One line for a plan."""
        return f"- {self.kind} {self.name}"


_IDENTITY = frozenset({"id", "name", "code", "version"})
"""What a thing is known by, and the version of a flow, which follows from the rest."""

_WITHIN = frozenset({"field", "option", "index", "record type"})
"""Kinds that come and go with their object, without a word of their own."""

Change: TypeAlias = Added | Renamed | Changed | Retired


def diff(old: Catalog | None, new: Catalog) -> tuple[Change, ...]:
    """What changed from `old` (None: from nothing) to `new`, in the order of `new`; retired things last."""
    before = {} if old is None else {(thing.kind, thing.id): thing for thing in _things(old)}
    after = {(thing.kind, thing.id): thing for thing in _things(new)}
    changes: list[Change] = []
    for key, thing in after.items():
        was = before.get(key)
        if was is not None:
            changes.extend(_compare(was, thing))
        elif ("object", thing.object) in before or thing.kind not in _WITHIN:
            fields = _own_fields(new.objects[thing.name]) if thing.kind == "object" else ()
            changes.append(Added(kind=thing.kind, id=thing.id, name=thing.name, fields=fields))
    lost = (
        thing
        for key, thing in before.items()
        if key not in after and (("object", thing.object) in after or thing.kind not in _WITHIN)
    )
    return (*changes, *(Retired(kind=thing.kind, id=thing.id, name=thing.name) for thing in lost))


def _own_fields(object_: ObjectType) -> tuple[str, ...]:
    return tuple(field.name for field in object_.fields.values() if not field.system)


def _compare(old: Thing, new: Thing) -> Iterator[Change]:
    if old.name.rpartition(".")[2] != new.name.rpartition(".")[2]:
        yield Renamed(kind=new.kind, id=new.id, old=old.name, name=new.name)
    for name in {**old.properties, **new.properties}:
        was, now = old.properties.get(name), new.properties.get(name)
        if was != now:
            yield Changed(kind=new.kind, id=new.id, name=new.name, property=name, old=was, new=now)


def _things(catalog: Catalog) -> Iterator[Thing]:
    for object_ in catalog.objects.values():
        yield Thing(kind="object", id=object_.id, name=object_.name, properties=_object(object_))
        for field in object_.fields.values():
            yield from _field(object_, field)
        yield from _parts(object_)
    for kind, named in (
        ("permission set", catalog.permission_sets),
        ("sharing rule", catalog.sharing_rules),
        ("restriction rule", catalog.restriction_rules),
        ("flow", catalog.flows),
        ("app", catalog.apps),
    ):
        for name, value in named.items():
            yield Thing(kind=kind, id=value.id, name=name, properties=_slots(value))


def _object(object_: ObjectType) -> Properties:
    layout = {f"layout {name}": value for name, value in _slots(object_.layout).items()}
    declared = (each for each in object_.memberships if each.kind is not MembershipKind.SHARE)
    return {
        "label": _plain(object_.label),
        "plural": _plain(object_.plural),
        "icon": object_.icon,
        "title": _plain(object_.title),
        "number": object_.number,
        "features": tuple(sorted(object_.features)),
        "rate_date": _plain(rate_date(object_)),
        "follows": _plain(object_.late["body"].follows),
        **_processes(object_.processes, {}),
        "retired": object_.retired,
        **{each.kind.value: _plain(each) for each in declared},
        **layout,
    }


def _record_type(object_: ObjectType, record_type: RecordType) -> Properties:
    """What it says itself; what it has from its object is told there."""
    own = _slots(record_type)
    layout = {f"layout {name}": value for name, value in _slots(record_type.layout).items()}
    rest = {name: value for name, value in own.items() if name not in ("layout", "processes")}
    shown = {} if record_type.layout is object_.layout else layout
    return {**rest, **_processes(record_type.processes, object_.processes), **shown}


def _processes(own: Mapping[str, Process], general: Mapping[str, Process]) -> Properties:
    """Each process by its picklist, without those that are the object's."""
    return {f"process {name}": _plain(each) for name, each in own.items() if general.get(name) is not each}


def _field(object_: ObjectType, field: Field) -> Iterator[Thing]:
    name = f"{object_.name}.{field.name}"
    linked = field.target or field.members
    properties = {
        "label": _plain(field.label),
        "help": _plain(field.help),
        "type": field.sort.kind,
        "settings": field.sort if linked is None and not field.others else None,
        "required": field.required,
        "unique": field.unique,
        "searchable": field.searchable,
        "default": _plain(field.default),
        "formula": _plain(expression(field)),
        "roll-up": _plain(field.derivation if field.sort.rolls else None),
        "visible_when": _plain(field.conditions.visible),
        "required_when": _plain(field.conditions.required),
        "read_only_when": _plain(field.conditions.read_only),
        "depends_on": _plain(field.depends_on),
        "target": None if linked is None else linked.id,
        "targets": field.sort.targets if field.sort.targets == (ANY_OBJECT,) else _plain(field.others),
        "on_delete": field.on_delete,
        "retired": field.retired,
        "hidden": field.hidden,
    }
    yield Thing(kind="field", id=field.id, name=name, properties=properties, object=object_.id)
    # The options of the platform's own picklist are the record types, which are told by themselves.
    for option in () if field.system else field.options:
        name_ = f"{name}.{option.code}"
        yield Thing(kind="option", id=option.id, name=name_, properties=_slots(option), object=object_.id)


def _parts(object_: ObjectType) -> Iterator[Thing]:
    for name, record_type in object_.record_types.items():
        properties = _record_type(object_, record_type)
        name_ = f"{object_.name}.{name}"
        yield Thing(
            kind="record type", id=record_type.id, name=name_, properties=properties, object=object_.id
        )
    for rule in object_.rules:
        yield Thing(kind="rule", id=rule.id, name=f"{object_.name}.{rule.name}", properties=_slots(rule))
    for each in duplicate_rules(object_):
        name_ = f"{object_.name}.{each.name}"
        yield Thing(kind="duplicate rule", id=each.id, name=name_, properties=_slots(each))
    for held in object_.late["body"].invariants:
        name_ = f"{object_.name}.{held.name}"
        yield Thing(kind="invariant", id=held.id, name=name_, properties=_slots(held))
    for view in object_.views.values():
        yield Thing(kind="view", id=view.id, name=f"{object_.name}.{view.name}", properties=_slots(view))
    for index in object_.indexes:
        names = ", ".join(field.name for field in index.fields)
        yield Thing(
            kind="index",
            id=index.id,
            name=f"{object_.name}({names})",
            properties={"unique": index.unique},
            object=object_.id,
        )


def _slots(value: object) -> dict[str, object]:
    """The properties of a catalog type that are not its identity, comparable by content."""
    names: tuple[str, ...] = getattr(type(value), "__slots__", ())
    return {name: _plain(getattr(value, name)) for name in names if name not in _IDENTITY}


@singledispatch
def _plain(value: object) -> object:
    """A value that is equal to another one when both mean the same, across two Catalogs."""
    return Named(tuple(_slots(value).items())) if hasattr(type(value), "__slots__") else value


@_plain.register
def _(value: Label) -> object:
    return Texts(tuple(sorted(value.texts.items())))


@_plain.register
def _(value: Formula) -> object:
    return value.source.text + (" (blanks as zero)" if value.blanks == "as_zero" else "")


@_plain.register(Field)
@_plain.register(ObjectType)
@_plain.register(Option)
def _(value: Field | ObjectType | Option) -> object:
    return value.id


@_plain.register
def _(value: Reach) -> object:
    parts = (*value.scopes, *(f"where {formula.source.text}" for formula in value.where))
    return ", ".join(parts) or Scope.NONE.value


@_plain.register
def _(value: FieldPath) -> object:
    return Path((*(link.id for link in value.links), value.field.id, value.part))


@_plain.register
def _(value: Step) -> object:
    fields = {} if value.target is None else value.target.fields
    given = value.config.get("set")
    assigned = given if isinstance(given, Mapping) else {}
    values = tuple((fields[name].id if name in fields else name, _plain(v)) for name, v in assigned.items())
    rest = tuple((name, _plain(item)) for name, item in value.config.items() if name not in ("set", "object"))
    own = (("kind", value.kind), ("label", _plain(value.label)), ("object", _plain(value.target)))
    return Named((*own, ("set", Named(values)), *rest))


@_plain.register(str)
@_plain.register(int)
def _(value: str | int) -> object:
    return value


@_plain.register(tuple)
@_plain.register(list)
def _(value: tuple[object, ...] | list[object]) -> object:
    parts = [item for item in value if isinstance(item, ChildTable | Related | Section | Step | Tab)]
    if parts:
        return Named(tuple((part.id, _plain(part)) for part in parts))
    return tuple(_plain(item) for item in value)


@_plain.register(Mapping)
def _(value: Mapping[str, object]) -> object:
    return Named(tuple((name, _plain(item)) for name, item in value.items()))


@_plain.register
def _(value: frozenset) -> object:  # type: ignore[type-arg]
    return tuple(sorted(map(str, value)))
