"""Step of the compiler: objects with their fields, options and system fields; links joined to their targets.

All objects come first, then all fields, so that a link finds its target wherever it is written. Formulas and
layouts follow in other modules, when every field exists.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.attachments import ATTACHMENTS, attachments_field
from metadata.catalog import Field, ObjectType
from metadata.draft import Parts
from metadata.kinds import ANY_OBJECT, BadOptionError
from metadata.names import is_name, is_system, nearest
from metadata.numbering import NUMBER, number_field, pattern_of, same_number
from metadata.options import attribute_types, options
from metadata.processes import entered_fields
from metadata.queries import is_query
from metadata.record_types import record_type_field
from metadata.shape import check
from metadata.system import RESERVED, SYSTEM_FIELDS, platform_field

if TYPE_CHECKING:
    from metadata.catalog import OnDelete, Option
    from metadata.draft import Draft
    from metadata.kinds import FieldSort
    from metadata.label import Label
    from metadata.layers import Merged
    from metadata.node import Node
    from metadata.system import SystemField

_ON_DELETE: tuple[OnDelete, ...] = ("restrict", "set_null", "cascade")
_SYSTEM = {field.name: field for field in SYSTEM_FIELDS}


def declare(draft: Draft) -> None:
    """Make every object, still without fields."""
    for thing in draft.things.get("object", {}).values():
        if thing.broken:
            draft.damaged.add(thing.name)
        elif not is_name(thing.name):
            draft.report(thing.root.walk("object"), codes.BAD_NAME, f"`{thing.name}` is not a name")
            draft.damaged.add(thing.name)
        elif is_system(thing.name):
            message = "names that begin with `s_` belong to the platform's own tables"
            draft.report(thing.root.walk("object"), codes.RESERVED_NAME, message)
            draft.damaged.add(thing.name)
        else:
            _declare(draft, thing)


def _declare(draft: Draft, thing: Merged) -> None:
    root, name, parts = thing.root, thing.name, Parts()
    entry = draft.entry(thing.package, name)
    label = root.string("label", name)
    at = root.walk("label")
    draft.parts[name] = parts
    draft.documents[name] = thing
    draft.aliases.update(dict.fromkeys(entry.was, name))
    draft.objects[name] = ObjectType(
        id=entry.id,
        name=name,
        table=entry.physical,
        label=draft.label(at, label, "objects", name, "label"),
        plural=draft.label(root.walk("plural"), root.string("plural", label), "objects", name, "plural"),
        icon=root.string("icon"),
        number=pattern_of(root),
        features=frozenset(node.text for node in root.elements("features")),
        fields=MappingProxyType(parts.fields),
        views=MappingProxyType(parts.views),
        late=MappingProxyType(parts.late),
        package=thing.package.name,
        singleton=root.flag("singleton"),
        retired=root.flag("retired"),
        aliases=entry.was,
    )


def add_fields(draft: Draft) -> None:
    """Give every object its fields: the platform's first, then those of the documents, in order."""
    for name, object_ in draft.objects.items():
        nodes = draft.documents[name].root.entries("fields")
        fields = draft.parts[name].fields
        for system in SYSTEM_FIELDS:
            if system.name not in nodes:
                fields[system.name] = _system_field(draft, object_, system)
        if NUMBER not in nodes and (number := number_field(draft, object_)) is not None:
            fields[NUMBER] = number
        if ATTACHMENTS not in nodes and (files := attachments_field(draft, object_)) is not None:
            fields[ATTACHMENTS] = files
        if (record_type := record_type_field(draft, object_)) is not None:
            fields[record_type.name] = record_type
        for field_name, node in nodes.items():
            field = _field(draft, object_, field_name, node)
            if field is None:
                draft.damaged.add(f"{name}.{field_name}")
            else:
                fields[field_name] = field
        fields.update(entered_fields(draft, object_, fields))
        _check_columns(draft, object_, nodes)


def _check_columns(draft: Draft, object_: ObjectType, nodes: dict[str, Node]) -> None:
    seen: dict[str, str] = {}
    for field in object_.fields.values():
        other = seen.setdefault(field.column, field.name)
        if other != field.name:
            message = f"`{field.name}` and `{other}` of {object_.name} have the same column `{field.column}`"
            draft.report(nodes[field.name], codes.LOCK_DAMAGED, message, at_key=True)


def _system_field(draft: Draft, object_: ObjectType, system: SystemField) -> Field:
    sort = draft.kinds.fields[system.kind].bind(system.options)
    target = draft.objects.get(sort.target or "")
    if sort.target and target is None:
        draft.damaged.add(f"{object_.name}.{system.name}")
    made = platform_field(object_, system.name, system.label, sort)
    return replace(made, target=target, on_delete="restrict")


def _field(draft: Draft, object_: ObjectType, name: str, node: Node) -> Field | None:
    if not (_name_is_free(draft, name, node) and same_number(draft, object_, name, node)):
        return None
    sort = _bind(draft, node)
    if sort is None:
        return None
    linked = sort.element.target if sort.element else sort.target
    target = draft.object(linked, node.walk("to")) if linked else None
    if linked and target is None:
        return None
    if target is not None and not _takes_links(draft, name, node.walk("to"), target):
        return None
    if sort.many and node.flag("unique"):
        message = f"`{name}` holds a list, and lists are not compared"
        draft.report(node.walk("unique"), codes.LIST_REFUSED, message)
    if sort.sealed:
        _refuse_uses(draft, name, node)
    others = _others(draft, name, sort, node)
    if others is None:
        return None
    if others:
        sort = sort.pointing(_codes(others))
    return _made(draft, object_, name, node, sort, target, others)


def _refuse_uses(draft: Draft, name: str, node: Node) -> None:
    """Report what a secret value cannot be: each copy of it, in an index or a document, would tell it."""
    for use in ("unique", "searchable", "default"):
        if node.flag(use) or (use == "default" and node.get(use) is not None):
            draft.report(node.walk(use), codes.SECRET_REFUSED, f"`{name}` is secret: it takes no `{use}`")


def _codes(others: tuple[ObjectType, ...]) -> dict[str, str]:
    """Names → code. A code means its own object, whoever bears that name now: stored values hold codes."""
    former = {name: other.table for other in others for name in other.aliases}
    return (
        former
        | {other.name: other.table for other in others}
        | {other.table: other.table for other in others}
    )


def _takes_links(draft: Draft, name: str, at: Node, target: ObjectType) -> bool:
    """Whether an object has records of its own to link to; the answer to a query has none (reported)."""
    if is_query(draft, target):
        message = f"`{name}` cannot link to {target.name}, which is the answer to a query"
        draft.report(at, codes.QUERY, message, hint=f"Link to what {target.name} reads.")
    return not is_query(draft, target)


def _others(draft: Draft, name: str, sort: FieldSort, node: Node) -> tuple[ObjectType, ...] | None:
    """The objects of a link to one of several; None when one cannot be linked to (reported) or is damaged.

    Retired ones are left out: what points to their records stays, and points nowhere.
    """
    if sort.targets == (ANY_OBJECT,):
        return tuple(each for each in draft.objects.values() if not (each.retired or is_query(draft, each)))
    at = node.elements("to") if sort.targets else ()
    found = []
    for item in at:
        target = draft.object(item.text, item)
        if target is None or not _takes_links(draft, name, item, target):
            return None
        found.append(target)
    return tuple(each for each in found if not each.retired)


def _made(
    draft: Draft,
    object_: ObjectType,
    name: str,
    node: Node,
    sort: FieldSort,
    target: ObjectType | None,
    others: tuple[ObjectType, ...],
) -> Field:
    package = draft.owner(node)
    home = draft.documents[object_.name].package
    path = f"{object_.name if package is home else object_.id}.{name}"
    entry = draft.entry(package, path)
    draft.parts[object_.name].identities[name] = (package, path)
    required = node.flag("required") or sort.owned
    numbered = name == NUMBER and object_.number is not None
    return Field(
        id=entry.id,
        name=name,
        column=entry.physical,
        label=_text(draft, object_, name, node, "label") or draft.label(node, name),
        help=_text(draft, object_, name, node, "help"),
        object=object_,
        sort=sort,
        required=required,
        unique=(node.flag("unique") or numbered) and not sort.many,
        searchable=node.flag("searchable") or numbered,
        target=None if sort.many else target,
        members=target if sort.many else None,
        others=others,
        on_delete="cascade"
        if sort.owned
        else _on_delete(node, required=required and (target is not None or bool(others))),
        options=_options(draft, object_, name, node, entry.id),
        attributes=MappingProxyType({} if sort.many else attribute_types(node)),
        retired=node.flag("retired"),
        hidden=node.flag("hidden"),
        aliases=entry.was,
    )


def _options(draft: Draft, object_: ObjectType, name: str, node: Node, identity: str) -> tuple[Option, ...]:
    package, path = draft.parts[object_.name].identities[name]
    return options(draft, node, (object_.name, name), package, path, identity)


def _text(draft: Draft, object_: ObjectType, name: str, node: Node, what: str) -> Label | None:
    text = node.get(what)
    if text is None or not text.text:
        return None
    return draft.label(text, text.text, "objects", object_.name, "fields", name, what)


def _on_delete(node: Node, *, required: bool) -> OnDelete:
    given = node.string("on_delete")
    return next((name for name in _ON_DELETE if name == given), "restrict" if required else "set_null")


def _name_is_free(draft: Draft, name: str, node: Node) -> bool:
    if not is_name(name):
        draft.report(node, codes.BAD_NAME, f"`{name}` is not a name", at_key=True)
        return False
    system = _SYSTEM.get(name)
    same = (
        system is not None
        and node.string("type") == system.kind
        and node.string("to") == system.options.get("to")
    )
    if name in RESERVED or (system is not None and not same):
        message = f"every record has a `{name}` of the platform's own"
        draft.report(node, codes.RESERVED_NAME, message, at_key=True)
        return False
    return True


def _bind(draft: Draft, node: Node) -> FieldSort | None:
    """The field's kind with its options; None when type or shape are wrong (reported)."""
    kind = draft.kinds.fields.get(node.string("type"))
    if kind is None:
        _report_type(draft, node)
        return None
    issues = check(draft.shapes.fields[kind.name], node)
    if issues:
        draft.issues.extend(issues)
        return None
    own = kind.schema.get("properties", {})
    assert isinstance(own, dict)
    try:
        return kind.bind({name: below.plain() for name, below in node.mapping.items() if name in own})
    except BadOptionError as error:
        draft.report(node.walk(error.option), codes.BAD_OPTION, error.message, hint=error.hint)
        return None


def _report_type(draft: Draft, node: Node) -> None:
    given = node.get("type")
    if given is None:
        draft.report(node, codes.MISSING_PROPERTY, "`type` is missing", at_key=True)
        return
    hint = nearest(given.text, draft.kinds.fields) or f"There are {', '.join(sorted(draft.kinds.fields))}."
    draft.report(given, codes.UNKNOWN_TYPE, f"there is no field type `{given.plain()}`", hint=hint)
