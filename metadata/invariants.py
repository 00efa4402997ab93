"""Step of the compiler: invariants – what must hold of a record, whoever changed what it follows from.

An invariant reads the record alone, its roll-ups and stored formulas included: what lies behind a link could
change without the record being locked, so that two savers would each see the other's past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.expr import references
from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.catalog import FieldPath
from metadata.derivation import formula_paths
from metadata.formulas import blanks_of
from metadata.names import is_name
from metadata.rule import Invariant

if TYPE_CHECKING:
    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from metadata.formulas import Checker
    from metadata.node import Node


def invariants(checker: Checker, object_: ObjectType, root: Node) -> tuple[Invariant, ...]:
    """The invariants of an object; those that are wrong are reported and left out."""
    made = (_invariant(checker, object_, name, node) for name, node in root.entries("invariants").items())
    return tuple(each for each in made if each is not None)


def check_invariants(checker: Checker) -> None:
    """Report what reads beyond its record, when all formulas of all fields are known and run in no circle."""
    for object_ in checker.draft.objects.values():
        nodes = checker.draft.documents[object_.name].root.entries("invariants")
        for each in object_.late["body"].invariants:
            for name, formula in (("holds", each.holds), ("when", each.when)):
                if formula is not None and (path := _beyond(formula)) is not None:
                    message = (
                        f"`{path.name}` is read behind a link, where another save may change it meanwhile"
                    )
                    hint = "Keep it on the record: as a roll-up, or a formula field with `stored: true`."
                    node = nodes[each.name].walk(name)
                    checker.draft.report(node, codes.INVARIANT, message, hint=hint)


def _invariant(checker: Checker, object_: ObjectType, name: str, node: Node) -> Invariant | None:
    draft = checker.draft
    holds, message, at, when = (node.get(each) for each in ("holds", "message", "at", "when"))
    if holds is None or message is None:
        return None
    if not is_name(name):
        draft.report(node, codes.BAD_NAME, f"`{name}` is not a name", at_key=True)
        return None
    field = None if at is None else draft.field(object_, at)
    blanks = blanks_of(node)
    formula = checker.check(object_, holds, Context.STORED_FIELD, expect=BOOLEAN, blanks=blanks)
    condition = None
    if when is not None:
        condition = checker.check(object_, when, Context.STORED_FIELD, expect=BOOLEAN, blanks=blanks)
    if formula is None or (when is not None and condition is None):
        return None
    active = node.get("active")
    return Invariant(
        id=draft.part_id(object_, node, "invariant:", name),
        name=name,
        holds=formula,
        when=condition,
        message=draft.label(message, message.text, "objects", object_.name, "invariants", name),
        at=field,
        active=active is None or active.value is True,
    )


def _beyond(formula: Formula) -> FieldPath | None:
    """A path behind a link that a formula reads, or that one of the formulas within it does."""
    waiting = [ref.key for ref in references(formula.expr) if isinstance(ref.key, FieldPath)]
    seen = set()
    while waiting:
        path = waiting.pop()
        if path.links:
            return path
        if path.field.formula is not None and path.field not in seen:
            seen.add(path.field)
            waiting += formula_paths(path.field.formula)
    return None
