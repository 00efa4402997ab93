"""Step of the compiler: conditions that a document builds of rows, `criteria:` with `logic:`, not as a text.

They become the Formula that a person would write; what is wrong in a row is placed at the row, what is wrong
in the logic at its column.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from formula.criteria import Criteria, Faulty, Row, compiled
from formula.issue import Issue
from formula.scope import Context
from formula.source import Source
from formula.types import BOOLEAN
from metadata import codes
from metadata.draft import MAX_HOPS, DamagedError, TooManyHopsError
from metadata.embedded import embedded

if TYPE_CHECKING:
    from formula.criteria import Fault
    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from metadata.formulas import Checker
    from metadata.node import Node

WHERE, CRITERIA, LOGIC = "where", "criteria", "logic"


def where(checker: Checker, object_: ObjectType, node: Node) -> Formula | None:
    """The condition of a node, by its `where:` or its `criteria:`; None without one, or when it is wrong."""
    text, rows = node.get(WHERE), node.get(CRITERIA)
    alone = node.get(LOGIC) if rows is None else None
    if alone is not None:
        hint = "Add `criteria:`, or remove it."
        checker.draft.report(alone, codes.WRONG_VALUE, "`logic` joins rows of `criteria`", hint=hint)
    if text is not None and rows is not None:
        message = "the condition is said twice, as `where` and as `criteria`"
        checker.draft.report(rows, codes.WRONG_VALUE, message, hint="Set one of them to null.", at_key=True)
        return None
    if text is not None:
        return checker.check(object_, text, Context.FILTER, expect=BOOLEAN)
    return None if rows is None else _built(checker, object_, node, rows)


def place(node: Node) -> Node:
    """Where the condition of a node stands, for Issues about it."""
    return node.walk(CRITERIA if node.get(CRITERIA) is not None else WHERE)


def _built(checker: Checker, object_: ObjectType, node: Node, rows: Node) -> Formula | None:
    draft = checker.draft
    made = Criteria(rows=tuple(_row(item) for item in rows.items), logic=node.string(LOGIC))
    try:
        formula = compiled(draft.language, made, checker.scope(object_), Context.FILTER)
    except Faulty as faulty:
        draft.issues.extend(_issue(node, rows, fault) for fault in faulty.faults)
        return None
    except DamagedError:
        return None
    except TooManyHopsError:
        draft.report(rows, codes.TOO_MANY_HOPS, f"a path in it follows more than {MAX_HOPS} links")
        return None
    draft.warnings.extend(
        rows.issue(warning.code, warning.message, hint=warning.hint, severity="warning")
        for warning in formula.warnings
    )
    return _placed(formula, rows)


def _row(item: Node) -> Row:
    one = item.get("value")
    given = item.elements("values") if one is None else [one]
    return Row(
        field=item.string("field"),
        operator=item.string("operator"),
        values=tuple(value.value for value in given),
    )


def _issue(node: Node, rows: Node, fault: Fault) -> Issue:
    """A fault at its row, or at its column of the logic."""
    if fault.row:
        return rows.items[fault.row - 1].issue(fault.code, fault.message, hint=fault.hint)
    text = node.get(LOGIC)
    if text is None:
        return rows.issue(fault.code, fault.message, hint=fault.hint)
    source = embedded(text)
    return Issue(code=fault.code, message=fault.message, source=source, span=fault.span, hint=fault.hint)


def _placed(formula: Formula, rows: Node) -> Formula:
    """The formula with a source that leads to the rows, wherever in its text one looks."""
    text = formula.source.text
    offsets = (rows.span.start,) * (len(text) + 1)
    source = Source(path=rows.source.path, text=text, host=rows.source, offsets=offsets)
    return replace(formula, source=source)
