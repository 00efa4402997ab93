"""Where things come from and where they are used: the answers of `strata explain`.

`origins` reads the layers again, so that a running Catalog need not carry documents; `uses` reads a Catalog.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.expr import Formula, references
from metadata.catalog import Field, FieldPath, Global
from metadata.identity import renames
from metadata.layers import merge
from metadata.order import order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formula.source import Place
    from metadata.catalog import Catalog, Layout, ObjectType, Process, Step
    from metadata.node import Node, Plain
    from metadata.package import Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which layer gave a property its value, and where that stands."""

    property: str
    value: Plain
    layer: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place that refers to a field: `kind` is formula, rule, view, layout, permission set, flow…"""

    kind: str
    name: str


def origins(packages: Sequence[Package], path: str) -> tuple[Origin, ...]:
    """Every property of `opportunity`, `opportunity.stage` or `opportunity.stage.won` with its origin.

    Empty when the layers have no such thing.
    """
    layers, _ = order(packages)
    things, _ = merge(layers, renames(layers))
    name, *rest = path.split(".")
    root = next((t.root for t in things if t.kind == "object" and t.name == name), None)
    keys = [key for pair in zip(("fields", "options"), rest, strict=False) for key in pair]
    for key in keys:
        root = None if root is None else root.get(key)
    if root is None:
        return ()
    owners = {id(d.root.source): package.name for package in layers for d in package.documents}
    skipped = {"fields", "options", "rules", "views"}
    return tuple(
        Origin(
            property=".".join(names),
            value=node.plain(),
            layer=owners[id(node.source)],
            place=node.source.place((node.key or node.span).start),
        )
        for names, node in _leaves(root, ())
        if names[0] not in skipped
    )


def _leaves(node: Node, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    for name, below in node.mapping.items():
        if below.mapping:
            yield from _leaves(below, (*names, name))
        else:
            yield (*names, name), below


def uses(catalog: Catalog, field: Field) -> tuple[Use, ...]:
    """Every place in the Catalog that refers to `field`, so that removing it can be judged."""
    found = [use for object_ in catalog.objects.values() for use in _in_object(object_, field)]
    for name, permission_set in catalog.permission_sets.items():
        grant = permission_set.grants.get(field.object.name)
        if grant is not None and field.name in grant.fields:
            found.append(Use(kind="permission set", name=name))
    for name, flow in catalog.flows.items():
        sets = any(_sets(step, field) for step in flow.steps)
        if sets or _reads((flow.start.when, [step.config for step in flow.steps]), field):
            found.append(Use(kind="flow", name=name))
    return tuple(dict.fromkeys(found))


def _in_object(object_: ObjectType, field: Field) -> Iterator[Use]:
    body = object_.late["body"]
    for kind, values in (("formula", body.formulas), ("default", body.defaults)):
        for name, value in values.items():
            if _reads(value, field):
                yield Use(kind=kind, name=f"{object_.name}.{name}")
    for name, found in body.conditions.items():
        if _reads((found.visible, found.required, found.read_only), field):
            yield Use(kind="condition", name=f"{object_.name}.{name}")
    for name, above in body.controllers.items():
        if above is field:
            yield Use(kind="dependent picklist", name=f"{object_.name}.{name}")
    for rule in object_.rules:
        if rule.at is field or _reads(rule.when, field):
            yield Use(kind="rule", name=f"{object_.name}.{rule.name}")
    for view in object_.views.values():
        paths = (*view.columns, *(item.path for item in view.order))
        if any(_on(path, field) for path in paths) or _reads(view.where, field):
            yield Use(kind="view", name=f"{object_.name}.{view.name}")
    yield from _in_pages(object_, field)


def _in_pages(object_: ObjectType, field: Field) -> Iterator[Use]:
    types = object_.record_types.items()
    layouts = {f"{object_.name}.{name}": each.layout for name, each in types}
    for name, layout in {object_.name: object_.layout, **layouts}.items():
        if _shows(layout, field) and (name == object_.name or layout is not object_.layout):
            yield Use(kind="layout", name=name)
    for name, record_type in types:
        if field.object is object_ and field.name in record_type.options:
            yield Use(kind="record type", name=f"{object_.name}.{name}")
    if object_.title is field:
        yield Use(kind="title", name=object_.name)
    if any(field in index.fields for index in object_.indexes):
        yield Use(kind="index", name=object_.name)
    processes = (object_.process, *(record_type.process for _, record_type in types))
    if any(_moves(process, field) for process in processes if process is not None):
        yield Use(kind="process", name=object_.name)


def _shows(layout: Layout, field: Field) -> bool:
    sections, children = layout.sections, layout.children
    shown = {*layout.highlights, layout.path, *(f for section in sections for f in section.fields)}
    shown |= {f for table in children for f in (table.link, *table.columns, *table.sum)}
    related = any(r.link is field or any(_on(path, field) for path in r.columns) for r in layout.related)
    return field in shown or related or any(_reads(section.visible, field) for section in sections)


def _moves(process: Process, field: Field) -> bool:
    return process.field is field or any(field in move.require for move in process.moves.values())


def _on(path: FieldPath, field: Field) -> bool:
    return path.field is field or field in path.links


def _reads(value: object, field: Field) -> bool:
    """Whether a formula in `value`, at any depth, refers to the field."""
    match value:
        case Formula():
            keys = (reference.key for reference in references(value.expr))
            paths = (key.path if isinstance(key, Global) else key for key in keys)
            return any(isinstance(path, FieldPath) and _on(path, field) for path in paths)
        case Mapping():
            return any(_reads(item, field) for item in value.values())
        case list() | tuple():
            return any(_reads(item, field) for item in value)
        case _:
            return False


def _sets(step: Step, field: Field) -> bool:
    given = step.config.get("set")
    return step.target is field.object and isinstance(given, Mapping) and field.name in given
