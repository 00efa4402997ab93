"""A Catalog from a few lines, for tests of the data half: objects of fields, without documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.fields import field_kinds
from formula.language import language
from metadata.catalog import Body, Catalog, Field, Index, Label, Layout, ObjectType
from metadata.system import SYSTEM_FIELDS

KINDS = field_kinds()
LANGUAGE = language()


@dataclass(frozen=True, kw_only=True)
class F:
    """A field to be: its kind, the kind's options, and what all kinds have."""

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    column: str = ""
    default: Any = None


@dataclass(frozen=True, kw_only=True)
class O:  # noqa: E742
    """An object to be."""

    fields: Mapping[str, F]
    title: str | None = None
    indexes: Sequence[Sequence[str]] = ()
    table: str = ""


def text(**options: Any) -> F:
    """A text field."""
    return F(kind="text", options=options)


def link(to: str, **more: Any) -> F:
    """A lookup."""
    return F(kind="lookup", options={"to": to}, more=more)


def catalog(objects: Mapping[str, O]) -> Catalog:
    """The Catalog of these objects, which link to each other by name."""
    made = {name: _object(name, wanted) for name, wanted in objects.items()}
    for name, wanted in objects.items():
        _fill(made, made[name], wanted)
    return Catalog(
        objects=MappingProxyType(made),
        apps={},
        permission_sets={},
        flows={},
        layers=(),
        digest="-".join(sorted(objects)),
        languages=("en",),
    )


def _label(name: str) -> Label:
    return Label(texts={"en": name})


def _object(name: str, wanted: O) -> ObjectType:
    return ObjectType(
        id=name,
        name=name,
        table=wanted.table or name,
        label=_label(name),
        plural=_label(name),
        icon="",
        number=None,
        features=frozenset(),
        fields={},
        views={},
        late={},
        package="test",
    )


def _fill(made: Mapping[str, ObjectType], target: ObjectType, wanted: O) -> None:
    fields: dict[str, Field] = target.fields  # type: ignore[assignment]
    for system in SYSTEM_FIELDS:
        spec = F(kind=system.kind, options=system.options)
        fields[system.name] = _field(made, target, system.name, spec, system=True)
    for name, spec in wanted.fields.items():
        fields[name] = _field(made, target, name, spec)
    target.late["body"] = Body(  # type: ignore[index]
        title=fields[wanted.title] if wanted.title else None,
        formulas={},
        defaults={name: spec.default for name, spec in wanted.fields.items() if spec.default is not None},
        rules=(),
        indexes=tuple(
            Index(id=".".join(names), fields=tuple(fields[name] for name in names))
            for names in wanted.indexes
        ),
        layout=Layout(),
        processes={},
    )


def _field(
    made: Mapping[str, ObjectType], target: ObjectType, name: str, spec: F, *, system: bool = False
) -> Field:
    sort = KINDS[spec.kind].bind(spec.options)
    return Field(
        id=spec.id or f"{target.id}.{name}",
        name=name,
        column=spec.column or name,
        label=_label(name),
        help=None,
        object=target,
        sort=sort,
        target=made.get(sort.target or ""),
        members=made.get((sort.element.target if sort.element else None) or ""),
        attributes={},
        system=system,
        **spec.more,
    )
