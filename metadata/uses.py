"""Where an object, a field or an option is used: the answer that makes a removal safe.

Walks the Catalog by its types: whatever a rule, a layout or a flow holds at any depth is looked at, so that a
new property is found without a word here. Called by `strata explain` and by whoever plans a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from formula.expr import Formula, Literal, fold, references
from metadata.automation import Step
from metadata.backlink import paths_in
from metadata.catalog import Field, FieldPath, ObjectType, Option, duplicate_rules, rate_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Catalog
    from metadata.permission import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place that refers to a thing: `kind` is formula, rule, view, layout, permission set, flow…"""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """One option of one field."""

    field: Field
    option: Option


Target: TypeAlias = Field | ObjectType | Choice


def uses(catalog: Catalog, target: Target) -> tuple[Use, ...]:
    """Every place in the Catalog that refers to `target`, each once, objects first."""
    found = [use for object_ in catalog.objects.values() for use in _in_object(object_, target)]
    for name, permission_set in catalog.permission_sets.items():
        if _granted(permission_set.grants, target):
            found.append(Use(kind="permission set", name=name))
    rules = (("sharing rule", catalog.sharing_rules), ("restriction rule", catalog.restriction_rules))
    for kind, named in rules:
        found += [Use(kind=kind, name=name) for name, rule in named.items() if _holds(rule, target)]
    for name, flow in catalog.flows.items():
        if _holds((flow.start, flow.steps), target):
            found.append(Use(kind="flow", name=name))
    for name, app in catalog.apps.items():
        if _holds(app.objects, target):
            found.append(Use(kind="app", name=name))
    return tuple(dict.fromkeys(found))


def _in_object(object_: ObjectType, target: Target) -> Iterator[Use]:
    for field in object_.fields.values():
        if not field.system:
            yield from (
                Use(kind=kind, name=f"{object_.name}.{field.name}") for kind in _in_field(field, target)
            )
    for rule in object_.rules:
        if _holds(rule, target):
            yield Use(kind="rule", name=f"{object_.name}.{rule.name}")
    for each in duplicate_rules(object_):
        if _holds(each, target):
            yield Use(kind="duplicate rule", name=f"{object_.name}.{each.name}")
    for kept in object_.late["body"].invariants:
        if _holds(kept, target):
            yield Use(kind="invariant", name=f"{object_.name}.{kept.name}")
    for view in object_.views.values():
        if _holds(view, target):
            yield Use(kind="view", name=f"{object_.name}.{view.name}")
    if _holds(object_.layout, target):
        yield Use(kind="layout", name=object_.name)
    yield from _in_record_types(object_, target)
    whole = (
        ("title", object_.title), ("index", object_.indexes), ("process", tuple(object_.processes.values())),
        ("money", rate_date(object_)),
    )  # fmt: skip
    declared = ((each.kind.value, each) for each in object_.memberships)
    held = (*whole, *declared)
    yield from (Use(kind=kind, name=object_.name) for kind, value in held if _holds(value, target))


def _in_record_types(object_: ObjectType, target: Target) -> Iterator[Use]:
    general = tuple(object_.processes.values())
    for name, record_type in object_.record_types.items():
        if record_type.layout is not object_.layout and _holds(record_type.layout, target):
            yield Use(kind="layout", name=f"{object_.name}.{name}")
        own = (each for each in record_type.processes.values() if each not in general)
        if _narrowed(object_, record_type.options, target) or any(_holds(each, target) for each in own):
            yield Use(kind="record type", name=f"{object_.name}.{name}")


def _in_field(field: Field, target: Target) -> Iterator[str]:
    """What of a field refers to the target, other than itself."""
    if field is target:
        return
    if target in (field.target, field.members, *field.others):
        yield "link"
    derivation = "roll-up" if field.sort.rolls else "formula"
    held = (
        ("formula", field.formula),
        (derivation, field.derivation),
        ("default", field.default),
        ("condition", field.conditions),
    )
    yield from (kind for kind, value in held if _holds(value, target))
    if isinstance(target, Choice):
        if field is target.field and field.default == target.option.code:
            yield "default"
        if field.depends_on is target.field and any(
            target.option.code in (o.when or ()) for o in field.options
        ):
            yield "picklist"
    elif field.depends_on is target:
        yield "picklist"


def _narrowed(object_: ObjectType, options: Mapping[str, frozenset[str]], target: Target) -> bool:
    match target:
        case Field():
            return target.object is object_ and target.name in options
        case Choice():
            field = target.field
            return field.object is object_ and target.option.code in options.get(field.name, ())
        case _:
            return False


def _granted(grants: Mapping[str, Grant], target: Target) -> bool:
    """Whether a permission set names the target, or a condition of a grant reads it."""
    match target:
        case Field():
            grant = grants.get(target.object.name)
            named = grant is not None and target.name in grant.fields
        case ObjectType():
            named = target.name in grants
        case _:
            named = False
    return named or any(_holds(grant.reaches, target) for grant in grants.values())


def _holds(value: object, target: Target) -> bool:
    """Whether a value of the Catalog refers to the target, at any depth."""
    match value:
        case Formula():
            return _computes(value, target)
        case FieldPath():
            return value.field is target or target in value.links
        case Field() | ObjectType():
            return value is target
        case Option():
            return isinstance(target, Choice) and value is target.option
        case Step():
            return _steps(value, target)
        case Mapping():
            return any(_holds(item, target) for item in value.values())
        case list() | tuple():
            return any(_holds(item, target) for item in value)
        case _ if type(value).__module__.startswith(f"{__package__}."):
            slots: tuple[str, ...] = getattr(type(value), "__slots__", ())
            return any(_holds(getattr(value, name), target) for name in slots)
        case _:
            return False


def _computes(formula: Formula, target: Target) -> bool:
    paths = [path for reference in references(formula.expr) for path in paths_in(reference.key)]
    if isinstance(target, Choice):
        reads = any(path.field is target.field for path in paths)
        return reads and target.option.code in _constants(formula)
    return any(_holds(path, target) for path in paths)


def _constants(formula: Formula) -> frozenset[object]:
    found: set[object] = set()
    fold(formula.expr, lambda node, _: found.add(node.value) if isinstance(node, Literal) else None)
    return frozenset(found)


def _steps(step: Step, target: Target) -> bool:
    given = step.config.get("set")
    values = given if isinstance(given, Mapping) else {}
    if isinstance(target, Field) and step.target is target.object and target.name in values:
        return True
    if isinstance(target, Choice) and step.target is target.field.object:
        return values.get(target.field.name) == target.option.code
    return step.target is target or _holds(step.config, target)
