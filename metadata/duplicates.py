"""Step of the compiler: an object's rules against duplicates, with the fields of all objects they look at."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.duplicate import ALIKE, Compared, DuplicateRule, Side
from metadata.names import is_name

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.duplicate import Action, Criteria, How, Unseen
    from metadata.formulas import Checker
    from metadata.node import Node


def duplicate_rules(checker: Checker, object_: ObjectType, root: Node) -> tuple[DuplicateRule, ...]:
    """The rules of an object, in the order of the documents; wrong ones are reported and left out."""
    made = (_rule(checker, object_, name, node) for name, node in root.entries("duplicates").items())
    return tuple(rule for rule in made if rule is not None)


def _rule(checker: Checker, object_: ObjectType, name: str, node: Node) -> DuplicateRule | None:
    draft = checker.draft
    if not is_name(name):
        draft.report(node, codes.BAD_NAME, f"`{name}` is not a name", at_key=True)
        return None
    match = tuple(_criteria(item) for item in node.elements("match"))
    own = _own(draft, object_, node)
    others = [
        _side(draft, other, below) for other, below in node.entries("with").items() if other != object_.name
    ]
    when = node.get("when")
    formula = None if when is None else checker.check(object_, when, Context.RULE, expect=BOOLEAN)
    if own is None or not all(match) or not match or (when is not None and formula is None):
        return None
    sides = (own, *(side for side in others if side is not None))
    for side in sides:
        _check(draft, node, side, match)
    active, label = node.get("active"), node.walk("label")
    return DuplicateRule(
        id=_identity(draft, object_, node, name),
        name=name,
        label=draft.label(label, node.string("label", name), "objects", object_.name, "duplicates", name),
        match=match,
        sides=sides,
        action=cast("Action", node.string("action", "warn")),
        unseen=cast("Unseen", node.string("unseen", "tell")),
        when=formula,
        active=active is None or active.value is True,
    )


def _identity(draft: Draft, object_: ObjectType, node: Node, name: str) -> str:
    package = draft.owner(node)
    home = draft.documents[object_.name].package
    return draft.entry(package, f"duplicate:{object_.name if package is home else object_.id}.{name}").id


def _criteria(node: Node) -> Criteria:
    return tuple(_compared(name, below) for name, below in node.mapping.items())


def _compared(name: str, node: Node) -> Compared:
    """`normalised`, or `{fuzzy: 85}`; the schema has seen to the shape."""
    if isinstance(node.value, dict):
        return Compared(name=name, how="fuzzy", at_least=int(str(node.walk("fuzzy").value)))
    return Compared(name=name, how=cast("How", node.text), at_least=ALIKE if node.text == "fuzzy" else 100)


def _own(draft: Draft, object_: ObjectType, node: Node) -> Side | None:
    """The fields of the object itself: those of the criteria, with what `with` adds for it."""
    fields: dict[str, tuple[Field, ...]] = {}
    for item in node.elements("match"):
        for name in item.mapping:
            found = draft.field(object_, item.walk(name), name, at_key=True)
            if found is None:
                return None
            fields[name] = (found,)
    more = node.entries("with").get(object_.name)
    added = _side(draft, object_.name, more) if more is not None else None
    return Side(object=object_, fields=MappingProxyType(fields | dict(added.fields if added else {})))


def _side(draft: Draft, name: str, node: Node) -> Side | None:
    target = draft.object(name, node, at_key=True)
    if target is None:
        return None
    fields = {}
    for slot, below in node.mapping.items():
        listed = below.items if isinstance(below.value, list) else (below,)
        found = [draft.field(target, item) for item in listed]
        fields[slot] = tuple(field for field in found if field is not None)
    return Side(object=target, fields=MappingProxyType(fields))


def _check(draft: Draft, node: Node, side: Side, match: tuple[Criteria, ...]) -> None:
    """Report fields that cannot be compared so, and names that no criteria has."""
    hows: dict[str, set[How]] = {}
    for compared in (each for criteria in match for each in criteria):
        hows.setdefault(compared.name, set()).add(compared.how)
    for name, fields in side.fields.items():
        if name not in hows:
            message = f"no entry of `match` compares `{name}`"
            draft.report(node.walk("with", side.object.name, name), codes.WRONG_VALUE, message, at_key=True)
        for field in fields:
            _check_field(draft, node, field, hows.get(name, set()))


def _check_field(draft: Draft, node: Node, field: Field, hows: set[How]) -> None:
    sort = field.sort.element or field.sort
    named = f"{field.object.name}.{field.name}"
    if not field.sort.stored or sort.sealed:
        draft.report(node, codes.WRONG_VALUE, f"`{named}` is computed or secret: its values are not compared")
    elif "normalised" in hows and not sort.normal:
        hint = "Give the field `normalise:`, or compare it `exact`."
        draft.report(node, codes.WRONG_VALUE, f"`{named}` has no normalised form", hint=hint)
