"""Warnings about a formula that is well formed and yet cannot be meant so.

Conditions that are always or never true, branches that nothing reaches, parts that stand there twice. Only
what holds for every record is told. The checker calls `constants` before it folds a call, `doubts` when done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula import codes
from formula.expr import Call, Literal, Reference, children
from formula.printer import show
from formula.region import BLANK, places, profile, truth
from formula.suggest import did_you_mean
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formula.call import Report
    from formula.expr import Expr, Value
    from formula.region import Profile, Subject

_LONGEST = 60
_MOST = 100
"""Parts of one AND, OR or chain that are compared with each other; longer ones are made, not written."""
_BRANCHING = frozenset({"IF", "IFS"})
_TRUE_OF_ITSELF = frozenset({"=", "<=", ">="})
_COMPARING = frozenset({*_TRUE_OF_ITSELF, "<>", "<", ">"})
_LOOKED = _COMPARING | {"AND", "OR", "CASE", "IN", "ISBLANK", "ISNULL"}
_FILLED = frozenset({"NULLVALUE", "BLANKVALUE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where warnings go, and the text that they quote."""

    text: str
    warn: Report

    def said(self, expr: Expr) -> str:
        """A part as the person wrote it, in one line."""
        written = " ".join(self.text[expr.span.start : expr.span.end].split())
        return written if len(written) <= _LONGEST else f"{written[: _LONGEST - 3]}..."


def constants(call: Call, told: Told) -> None:
    """Warn of conditions of IF, AND and OR that depend on nothing; folding removes them."""
    name = call.function.name
    conditions = call.arguments[:1] if name == "IF" else call.arguments if name in ("AND", "OR") else ()
    for condition in conditions:
        if isinstance(condition, Literal):
            holds = condition.value is True
            message = f"this is {_always(condition)}, so {_effect(name, holds=holds)}"
            told.warn(codes.CONSTANT, condition.span, message, "compare with a field, or remove it")


def doubts(expr: Expr, told: Told) -> None:
    """Warn of everything in the expression that cannot be meant so, each thing once."""
    pending: list[tuple[Call, str]] = [(expr, "")] if isinstance(expr, Call) else []
    while pending:
        node, above = pending.pop()
        name = node.function.name
        parts: Sequence[Expr] = node.arguments
        if name in _BRANCHING:
            if above != "otherwise":
                _chain(_conditions(node), told)
            *parts, last = parts
            pending += [(last, "otherwise")] if isinstance(last, Call) else []
            name = ""
        elif name in _LOOKED and name != above:
            _look(name, node, told)
        pending += [(part, name) for part in parts if isinstance(part, Call)]


def _look(name: str, node: Call, told: Told) -> None:
    parts = node.arguments
    if name in ("AND", "OR"):
        _joined(name, _flat(name, node), told)
    elif name in _COMPARING:
        _itself(name, node, told)
        if name in ("=", "<>"):
            _options(name, parts, told)
    elif name in ("CASE", "IN"):
        labels = parts[1:-1:2] if name == "CASE" else parts[1:]
        _labels(name, labels, told)
        _options(name, (parts[0], *labels), told)
    elif name in ("ISBLANK", "ISNULL"):
        _never_blank(name, node, told)


def _always(literal: Literal) -> str:
    return "always blank" if literal.value is None else f"always {str(literal.value).lower()}"


def _effect(name: str, *, holds: bool) -> str:
    if name == "IF":
        return f"the {'third' if holds else 'second'} value of IF() is never used"
    if holds is (name == "OR"):
        return f"{name}() is {'always' if holds else 'never'} true"
    return f"it changes nothing in {name}()"


def _joined(word: str, parts: Sequence[Expr], told: Told) -> None:
    """Parts of one AND that exclude each other, of one OR that leave nothing out, and repeated ones."""
    if not 1 < len(parts) <= _MOST:
        return
    seen: set[str] = set()
    denied: set[str] = set()
    about: dict[Subject, list[Profile]] = {}
    alike = _alike(parts)
    for part in parts:
        text = show(part) if _form(part) in alike else ""
        inner = show(children(part)[0]) if text and _is_not(part) else ""
        if text in seen:
            message = f"{told.said(part)} stands in this {word}() already"
            told.warn(codes.REPEATED, part.span, message, "remove one of them")
            continue
        found = profile(part)
        if found is not None:
            about.setdefault(found.subject, []).append(found)
        elif word == "AND" and (inner in seen or text in denied):
            message = f"{told.said(part)} and its opposite stand in this AND(), which is never true"
            told.warn(codes.CONSTANT, part.span, message, "remove one of them, or join them by OR()")
        seen |= {text} - {""}
        denied |= {inner} - {""}
    for profiles in about.values():
        _together(word, profiles, told)


def _alike(parts: Sequence[Expr]) -> set[str]:
    """The forms that more than one part has; only those can be the same, or opposite."""
    forms = [_form(part) for part in parts]
    return {form for form in forms if forms.count(form) > 1}


def _form(part: Expr) -> str:
    """What a part is at first sight, whether negated or not."""
    while isinstance(part, Call) and part.function.name == "NOT":
        part = part.arguments[0]
    return part.function.name if isinstance(part, Call) else part.name if isinstance(part, Reference) else ""


def _is_not(part: Expr) -> bool:
    return isinstance(part, Call) and part.function.name == "NOT"


def _together(word: str, profiles: Sequence[Profile], told: Told) -> None:
    """Warn where the conditions about one subject come to one outcome, at the one that makes it so."""
    if len(profiles) < 2:
        return
    tried, known = places(profiles)
    left = [here for here in tried if here != BLANK][:1]
    if _open(word, profiles, left, known):
        return
    left, steps = list(tried), []
    for part in profiles:
        left = _open(word, [part], left, known)
        steps.append(left)
    if not left or (word == "OR" and left == [BLANK]):
        place = max(1, steps.index(left))
        _settled(word, profiles[: place + 1], left, told)


def _open(
    word: str, profiles: Sequence[Profile], tried: Iterable[int], known: Mapping[Value, int]
) -> list[int]:
    """The places where an AND may still be true, or an OR still be false."""
    wanted = word == "AND"
    return [
        here for here in tried if all((truth(each.expr, here, known) is True) is wanted for each in profiles)
    ]


def _settled(word: str, profiles: Sequence[Profile], left: Sequence[int], told: Told) -> None:
    *before, part = profiles
    tried, known = places(profiles)
    other = next((each for each in before if _open(word, (each, part), tried, known) == left), None)
    these = f"{told.said(part.expr)} and {told.said(other.expr) if other else 'the conditions before it'}"
    if word == "AND":
        message = f"{these} exclude each other, so AND() is never true"
        told.warn(codes.CONSTANT, part.expr.span, message, "change one of them, or join them by OR()")
        return
    when = f"true whenever {part.subject.name} is not blank" if left else "always true"
    message = f"{these} leave nothing out, so OR() is {when}"
    told.warn(codes.CONSTANT, part.expr.span, message, "change one of them, or join them by AND()")


def _conditions(node: Expr) -> list[Expr]:
    """The conditions of IF(a, …, IF(b, …, …)) or IFS(a, …, b, …), in the order in which they are tried."""
    found: list[Expr] = []
    while isinstance(node, Call) and node.function.name in _BRANCHING:
        found += node.arguments[:-1:2]
        node = node.arguments[-1]
    return found


def _chain(conditions: Sequence[Expr], told: Told) -> None:
    """Conditions that come too late: whenever they hold, one before them has been taken."""
    if len(conditions) < 2:
        return
    seen: set[str] = set()
    about: dict[Subject, list[Profile]] = {}
    alike = _alike(conditions[:_MOST])
    for place, condition in enumerate(conditions[:_MOST]):
        if isinstance(condition, Literal):
            if condition.value is not True or place < len(conditions) - 1:
                _unused(condition, told)
            continue
        found, text = profile(condition), show(condition) if _form(condition) in alike else ""
        before = [] if found is None else about.setdefault(found.subject, [])
        if text in seen or (found is not None and before and _covered(before, found)):
            message = f"{told.said(condition)} is never reached: conditions before it take all of its records"
            told.warn(codes.DEAD, condition.span, message, "put it first, or change one of them")
        if found is not None:
            before.append(found)
        seen |= {text} - {""}


def _unused(condition: Literal, told: Told) -> None:
    effect = "nothing behind it is used" if condition.value is True else "its value is never used"
    message = f"this is {_always(condition)}, so {effect}"
    told.warn(codes.CONSTANT, condition.span, message, "compare with a field, or remove it")


def _covered(before: Sequence[Profile], part: Profile) -> bool:
    """Whether conditions before hold wherever this one does; its own constants tell soonest that not."""
    tried, known = places((*before, part))
    own = {known[point] + step for point in part.points for step in (0, -1, 1)} & {*tried}
    return not any(
        truth(part.expr, here, known) and not any(truth(each.expr, here, known) for each in before)
        for here in (*own, *tried)
    )


def _itself(symbol: str, node: Call, told: Told) -> None:
    """A comparison of something with itself."""
    left, right = node.arguments
    if isinstance(left, Literal) or _form(left) != _form(right) or show(left) != show(right):
        return
    if symbol not in _TRUE_OF_ITSELF:
        said = "never true"
    elif left.type.kind in (Kind.TEXT, Kind.BOOLEAN):
        said = "always true"
    else:
        said = f"true whenever {told.said(left)} is not blank"
    message = f"both sides are {told.said(left)}, so the comparison is {said}"
    told.warn(codes.CONSTANT, node.span, message, "compare with something else, or use ISBLANK()")


def _labels(name: str, labels: Iterable[Expr], told: Told) -> None:
    """Labels of CASE, or values of IN, that stand there twice."""
    seen: set[Value] = set()
    for label in labels:
        if isinstance(label, Literal) and label.value is not None:
            if label.value in seen:
                message = f"{told.said(label)} stands in this {name}() already, so this one is never used"
                told.warn(codes.REPEATED, label.span, message, "remove one of them")
            seen.add(label.value)


def _options(name: str, parts: Sequence[Expr], told: Told) -> None:
    """Texts that are compared with the TEXT() of a picklist, and are none of its options."""
    options = next((found for part in parts if (found := _options_of(part))), ())
    for part in parts if options else ():
        if isinstance(part, Literal) and part.value is not None and part.value not in options:
            outcome = "always true" if name == "<>" else "never true"
            message = f"the picklist has no option {told.said(part)}, so comparing with it is {outcome}"
            told.warn(codes.CONSTANT, part.span, message, did_you_mean(str(part.value), options))


def _options_of(part: Expr) -> tuple[str, ...]:
    made = isinstance(part, Call) and part.function.name == "TEXT"
    return children(part)[0].type.options if made else ()


def _never_blank(name: str, node: Call, told: Told) -> None:
    part = node.arguments[0]
    if name == "ISNULL" and part.type.kind is Kind.TEXT:
        message = f"{told.said(part)} is a text, and ISNULL() of a text is never true"
        told.warn(codes.CONSTANT, node.span, message, f"use ISBLANK({told.said(part)})")
    elif isinstance(part, Call) and _filled(part):
        reason = "this formula reads blank numbers as 0" if _as_zero(part) else "a value stands in its place"
        message = f"{told.said(part.arguments[0])} is never blank here: {reason}"
        hint = "let the formula say blanks: as_blank" if _as_zero(part) else "ask for the value inside"
        told.warn(codes.CONSTANT, node.span, message, hint)


def _filled(part: Call) -> bool:
    """Whether a value stands in place of a blank; of a text only BLANKVALUE puts it there."""
    instead = part.arguments[1] if part.function.name in _FILLED else None
    constant = isinstance(instead, Literal) and instead.value is not None
    return constant and (part.function.name == "BLANKVALUE" or part.type.kind is not Kind.TEXT)


def _as_zero(part: Call) -> bool:
    """Whether the checker wrote the NULLVALUE itself: it stands where the field stands."""
    return isinstance(part.arguments[0], Reference) and part.span == part.arguments[0].span


def _flat(word: str, expr: Expr) -> list[Expr]:
    """The parts of an AND or OR, those joined by the same word taken apart."""
    flat: list[Expr] = []
    pending = [expr]
    while pending:
        part = pending.pop()
        if isinstance(part, Call) and part.function.name == word:
            pending += reversed(part.arguments)
        else:
            flat.append(part)
    return flat
