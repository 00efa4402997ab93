"""Step of the compiler: what an object has beside its fields – title, defaults, rules, process, indexes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.catalog import Body, Index, Rule
from metadata.conditions import conditions, controllers
from metadata.duplicates import duplicate_rules
from metadata.formulas import blanks_of, formula_fields
from metadata.invariants import invariants
from metadata.layouts import layout, plain_layout
from metadata.memberships import memberships
from metadata.money import rate_date
from metadata.names import is_name
from metadata.processes import processes
from metadata.queries import projection
from metadata.record_type import RECORD_TYPE
from metadata.record_types import default_type, record_types
from metadata.values import value

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node
    from metadata.package import Package


def body(checker: Checker, object_: ObjectType) -> Body:
    """Everything late of one object."""
    draft = checker.draft
    root = draft.documents[object_.name].root
    title = root.get("title")
    _check_single(draft, object_, root)
    general = layout(checker, object_) or plain_layout(object_)
    moves = processes(checker, object_, root)
    return Body(
        title=None if title is None else _title(draft, object_, title),
        formulas=MappingProxyType(formula_fields(checker, object_)),
        defaults=MappingProxyType(_defaults(checker, object_, root)),
        rules=_rules(checker, object_, root),
        duplicates=duplicate_rules(checker, object_, root),
        indexes=_indexes(draft, object_, root),
        layout=general,
        processes=moves,
        conditions=conditions(checker, object_, root),
        controllers=controllers(draft, object_, root),
        record_types=record_types(checker, object_, general, moves),
        tree=_tree(draft, object_, root),
        query=projection(checker, object_),
        memberships=memberships(draft, object_, root),
        rate_date=rate_date(draft, object_, root),
        follows=_follows(draft, object_, root),
        derivations=MappingProxyType(draft.parts[object_.name].derivations),
        invariants=invariants(checker, object_, root),
    )


def _title(draft: Draft, object_: ObjectType, node: Node) -> Field | None:
    field = draft.field(object_, node)
    if field is not None and field.many:
        draft.report(node, codes.LIST_REFUSED, f"`{field.name}` holds a list and cannot name a record")
    _check_retired(draft, field, node)
    return field


def _follows(draft: Draft, object_: ObjectType, root: Node) -> Field | None:
    """The link to the record that decides who reads; None where there is none, or it is none (reported)."""
    node = root.get("follows")
    field = None if node is None else draft.field(object_, node)
    if node is None or field is None or field.others:
        return field
    draft.report(node, codes.NOT_A_LINK, f"`{field.name}` is no link to records of several objects")
    return None


def _tree(draft: Draft, object_: ObjectType, root: Node) -> Field | None:
    node = root.get("tree")
    field = None if node is None else draft.field(object_, node)
    if node is None or field is None:
        return None
    if field.target is object_ and not field.many and not field.sort.owned:
        return field
    message = f"`{field.name}` is no lookup to {object_.name}"
    draft.report(node, codes.NOT_A_TREE, message)
    return None


def _check_single(draft: Draft, object_: ObjectType, root: Node) -> None:
    """Report what goes ill with there being exactly one record."""
    odd = [(name, root.get(name)) for name in ("number", "tree")]
    odd += [
        (f"{field.name}: {field.on_delete}", root.walk("fields", field.name))
        for field in object_.fields.values()
        if field.on_delete == "cascade" and (field.target or field.others) and not field.system
    ]
    for name, node in odd if object_.singleton else ():
        if node is not None:
            draft.report(node, codes.SINGLE, f"`{name}` goes ill with `singleton:`", at_key=True)


def _defaults(checker: Checker, object_: ObjectType, root: Node) -> dict[str, object]:
    found = {}
    for name, node in root.entries("fields").items():
        given, field = node.get("default"), object_.fields.get(name)
        if given is None or field is None:
            continue
        if field.sort.computed:
            checker.draft.report(given, codes.WRONG_DEFAULT, f"`{name}` is computed and has no default")
            continue
        made = value(checker, object_, field, given, Context.DEFAULT)
        if made is not None:
            found[name] = made
    if (record_type := default_type(checker.draft, object_)) is not None:
        found[RECORD_TYPE] = record_type
    return found


def _rules(checker: Checker, object_: ObjectType, root: Node) -> tuple[Rule, ...]:
    made = (_rule(checker, object_, name, node) for name, node in root.entries("rules").items())
    return tuple(rule for rule in made if rule is not None)


def _rule(checker: Checker, object_: ObjectType, name: str, node: Node) -> Rule | None:
    draft = checker.draft
    when, message, at = node.get("when"), node.get("message"), node.get("at")
    if when is None or message is None:
        return None
    if not is_name(name):
        draft.report(node, codes.BAD_NAME, f"`{name}` is not a name", at_key=True)
        return None
    field = None if at is None else draft.field(object_, at)
    formula = checker.check(object_, when, Context.RULE, expect=BOOLEAN, blanks=blanks_of(node))
    if formula is None:
        return None
    active = node.get("active")
    return Rule(
        id=draft.part_id(object_, node, "rule:", name),
        name=name,
        when=formula,
        message=draft.label(message, message.text, "objects", object_.name, "rules", name),
        at=field,
        active=active is None or active.value is True,
    )


def _check_retired(draft: Draft, field: Field | None, node: Node) -> None:
    """A warning only: a layer above may retire what a layer below names."""
    if field is not None and field.retired:
        message = f"`{field.name}` is retired"
        draft.warnings.append(node.issue(codes.RETIRED, message, severity="warning"))


def _indexes(draft: Draft, object_: ObjectType, root: Node) -> tuple[Index, ...]:
    made: dict[str, Index] = {}
    owners: dict[str, Package] = {}
    for node in root.elements("indexes"):
        listed, unique = node.get("fields") or node, node.flag("unique")
        fields = draft.fields(object_, listed)
        for field, item in zip(fields, listed.items, strict=False):
            if not field.sort.stored:
                draft.report(item, codes.NOT_WRITABLE, f"`{field.name}` is computed and cannot be indexed")
            elif field.many:
                message = f"`{field.name}` holds a list, which has an index of its own"
                draft.report(item, codes.LIST_REFUSED, message)
            elif unique and not (field.sort.plain or field.target):
                draft.report(item, codes.LIST_REFUSED, f"`{field.name}` is made of parts, and never unique")
            _check_retired(draft, field, item)
        identity = f"index:{object_.id}({','.join(field.id for field in fields)})"
        if fields and len(fields) == len(listed.items):
            if identity in made and owners[identity] is draft.owner(node):
                draft.report(node, codes.REPEATED, "this index is listed already")
            made.setdefault(identity, Index(id=identity, fields=fields, unique=unique))
            owners.setdefault(identity, draft.owner(node))
    return tuple(made.values())
