"""IN: whether a value is one of some values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from formula.expr import Call
from formula.functions import REWRITTEN, Function, Prose, takes
from formula.simplify import simplify
from formula.types import BOOLEAN, ELEMENTS

if TYPE_CHECKING:
    from formula.call import Application
    from formula.expr import Expr


def _check(application: Application) -> Expr | None:
    """`OR(value = first, value = second, …)`: what `=` says of types, options, ids and blanks holds."""
    if not application.count(2):
        return None
    value, *others = application.arguments
    found = [_equal(application, value, other) for other in others]
    tests = tuple(test for test in found if test is not None)
    return application.make("OR", *tests) if len(tests) == len(found) else None


def _equal(application: Application, value: Expr, other: Expr) -> Expr | None:
    equal = application.functions["="]
    test = replace(application, function=equal, arguments=(value, other), at=other.span).resolve()
    return simplify(test) if isinstance(test, Call) else test


FUNCTION = Function(
    name="IN",
    category="logical",
    signatures=(takes(value=ELEMENTS, option=ELEMENTS, repeats=True, returns=BOOLEAN),),
    prose=Prose(
        en="Whether a value equals one of the others, as `=` says; a picklist equals codes of options.",
        zh="值是否等于其余各值之一，规则与 `=` 相同；选项字段与选项代码比较。",
    ),
    examples=(
        ('IN(stage, "proposal", "won")', "true"),
        ('IN(name, "a", "b")', "false"),
        ("IN(amount, 1, 1200.5)", "true"),
        ("IN(discount, 0, 1)", "false"),
        ('IN(reason, "a", "")', "true"),
        ("IN(1 / 0, 1)", "#Error!"),
    ),
    python=REWRITTEN,
    check=_check,
)
