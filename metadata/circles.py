"""Step of the compiler: no computed value follows from itself, over whichever objects, no stored from time.

A formula that is computed when it is read stands within those that refer to it, so that only so many may
stand on one another; one that is stored, and a roll-up, stands for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from formula.expr import Call, Reference, children
from formula.scope import GLOBALS, Context
from metadata import codes
from metadata.derivation import formula_paths, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formula.expr import Formula
    from formula.scope import Need
    from metadata.catalog import Field
    from metadata.draft import Draft
    from metadata.node import Node

MOST_NESTED = 30
"""Formula fields that may stand on one another; each is written out where the next one is computed."""


def check_circles(draft: Draft) -> None:
    """Report each circle of computed fields where it closes, and what stands on too many formulas.

    Where there is none: stored values that would change with the time or the reader.
    """
    walk = _Walk(draft)
    fields = [each for object_ in draft.objects.values() for each in object_.fields.values()]
    computed = [each for each in fields if each.formula or each.derivation]
    for start in computed:
        if start not in walk.heights:
            walk.visit(start)
    if not walk.faulty:
        for each in computed:
            _refuse_moving(draft, each)


def needs(given: Field) -> Iterator[Field]:
    """The computed fields that a computed one is made of."""
    derivation = given.derivation
    paths = reads(derivation) if derivation else formula_paths(given.formula) if given.formula else ()
    return (path.field for path in paths if path.field.formula or path.field.derivation)


@dataclass(slots=True)
class _Walk:
    """Depth first without recursion; `heights` says how many formulas stand under one, 0 while under way."""

    draft: Draft
    heights: dict[Field, int] = field(default_factory=dict)
    faulty: bool = False

    def visit(self, start: Field) -> None:
        trail: list[tuple[Field, Iterator[Field]]] = [(start, needs(start))]
        self.heights[start] = 0
        while trail:
            here, below = trail[-1]
            each = next(below, None)
            if each is None:
                self._leave(here)
                trail.pop()
            elif self.heights.get(each) == 0:
                fields = [one for one, _ in trail]
                self._refuse(here, [*fields[fields.index(each) :], each])
            elif each not in self.heights:
                self.heights[each] = 0
                trail.append((each, needs(each)))

    def _leave(self, here: Field) -> None:
        under = max((self.heights[each] for each in needs(here)), default=0)
        self.heights[here] = 1 if here.derivation else 1 + under
        if self.heights[here] == MOST_NESTED + 1:  # once for a tower: where it becomes too high
            self.faulty = True
            message = f"{here.name} stands on {MOST_NESTED} other formulas"
            self.draft.report(_node(self.draft, here), codes.FORMULA_NESTED, message)

    def _refuse(self, here: Field, circle: list[Field]) -> None:
        self.faulty = True
        whole = len({each.object.name for each in circle}) > 1
        names = (f"{each.object.name}.{each.name}" if whole else each.name for each in circle)
        message = f"formulas refer in a circle: {' → '.join(names)}"
        self.draft.report(_node(self.draft, here), codes.FORMULA_CYCLE, message)


def _refuse_moving(draft: Draft, given: Field) -> None:
    """A stored value stays when time passes: no formula within it may ask for the time or the reader."""
    if given.derivation is None:
        return
    seen: set[Field] = set()
    waiting = [each for each in needs(given) if each.formula]
    while waiting:
        each = waiting.pop()
        if each in seen or each.formula is None:
            continue
        seen.add(each)
        if (need := _moving(each.formula)) is not None:
            message = f"`{given.name}` is stored, and {each.object.name}.{each.name} in it needs {need}"
            hint = (
                "Store no value that changes by itself; leave out `stored`, or compute from dates that stay."
            )
            draft.report(_node(draft, given), codes.MOVING, message, hint=hint)
            return
        waiting += [below for below in needs(each) if below.formula]


def _moving(formula: Formula) -> Need | None:
    """What a formula takes from its place that changes without any record changing."""
    pending = [formula.expr]
    while pending:
        node = pending.pop()
        need = node.function.needs if isinstance(node, Call) else None
        if isinstance(node, Reference):
            need = GLOBALS.get(node.name.partition(".")[0])
        if need is not None and need not in Context.STORED_FIELD.serves:
            return need
        pending += children(node)
    return None


def _node(draft: Draft, here: Field) -> Node:
    node = draft.documents[here.object.name].root.walk("fields", here.name)
    return node.get("formula") or node.walk("from")
