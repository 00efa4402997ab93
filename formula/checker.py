"""Untyped tree to typed expression: names, contexts, types, and the blank rules written out.

Works bottom up and without recursion; what is constant is folded on the way. A part with a fault has
been reported and is None; what is built of it is not complained about again.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from formula import codes, related, slip
from formula.call import Application, describe, retype, shown, signature_of
from formula.doubt import Told, constants, doubts
from formula.expr import INSIDE, Call, Literal, Reference
from formula.functions import Related
from formula.issue import Issue
from formula.lookup import spelled
from formula.number import shortest
from formula.recovery import MOST
from formula.scope import GLOBALS, Need
from formula.simplify import simplify
from formula.source import Span
from formula.suggest import NOT_YET, did_you_mean, nearest
from formula.syntax import JUXTAPOSED, POSITIVE, Apply, Constant, Missing, Name
from formula.types import BOOLEAN, MAX_PRECISION, NULL, TEXT, Kind, number_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formula.expr import Expr
    from formula.functions import Function
    from formula.issue import Code, Severity
    from formula.scope import Context, Scope
    from formula.source import Source
    from formula.syntax import Node
    from formula.types import Type

_SPELLINGS = {"&&": "AND", "||": "OR", "!": "NOT", "==": "=", "!=": "<>"}
_ZERO = Decimal(0)
MOST_ZEROS = 128
"""Zeros behind the point before the first digit of a number; arithmetic keeps no more."""
_SHOWN = 8
"""How many names a hint lists at most."""
_DATED = frozenset({Kind.DATE, Kind.DATETIME, Kind.TIME})


class Checker:
    """The check of one text; `issues` and `warnings` fill up on the way."""

    def __init__(
        self, source: Source, scope: Scope, context: Context, functions: Mapping[str, Function], blanks: str
    ) -> None:
        self._source = source
        self._scope = scope
        self._context = context
        self._functions = functions
        self._as_zero = blanks == "as_zero"
        self.issues: list[Issue] = []
        self.warnings: list[Issue] = []
        self._told = Told(text=source.text, warn=self._warn)

    def check(self, root: Node, expect: Type | None) -> Expr | None:
        """The typed expression of the tree, or None when `issues` say why not."""
        expr = self._tree(root)
        if expr is not None and not self.issues:
            doubts(expr, self._told)
        return expr if expr is None or expect is None else self._expected(expr, expect)

    def _tree(self, root: Node) -> Expr | None:
        results: list[Expr | None] = []
        pending: list[tuple[Node | Reference, bool, Scope]] = [(root, False, self._scope)]
        while pending:
            if len(self.issues) >= MOST:
                return None
            node, entered, self._scope = pending.pop()
            if isinstance(node, Reference):
                results.append(node)
            elif not isinstance(node, Apply):
                results.append(self._leaf(node))
            elif not entered:
                pending.append((node, True, self._scope))
                pending.extend(
                    (argument, False, scope) for argument, scope in reversed(self._arguments(node))
                )
            else:
                start = len(results) - len(node.arguments)
                arguments = results[start:]
                del results[start:]
                results.append(self._apply(node, arguments))
        return results[0]

    def _arguments(self, node: Apply) -> Sequence[tuple[Node | Reference, Scope]]:
        """The arguments with the scopes they stand in: fields of other objects by their full names, as far as
        there are such, and links to related records with what is read of those.
        """
        function, here = self._functions.get(node.name.upper()), self._scope
        if function is not None and node.arguments and self._looks_at_related(function, node.arguments[0]):
            return self._within(node, node.arguments)
        names = 0 if function is None else function.names
        full = (
            [*map(self._full, node.arguments[:names]), *node.arguments[names:]] if names else node.arguments
        )
        return [(argument, here) for argument in full]

    def _looks_at_related(self, function: Function, first: Node) -> bool:
        if function.related is not Related.PERHAPS:
            return function.related is Related.ALWAYS
        parts = tuple(first.text.lower().split(".")) if isinstance(first, Name) else ()
        return bool(parts) and self._scope.resolve(parts) is None and self._scope.related(parts) is not None

    def _within(self, node: Apply, arguments: Sequence[Node]) -> Sequence[tuple[Node | Reference, Scope]]:
        """A link, and what is read of the records behind it; gaps, once it is said why there are none."""
        first, here = arguments[0], self._scope
        gaps = [(Missing(argument.span), here) for argument in arguments]
        if Need.RELATED not in self._context.serves:
            self._not_here(shown(node.name.upper()), Need.RELATED, node.at)
            return gaps
        text = first.text if isinstance(first, Name) else ""
        records = related.found(here, text, first.span, self._report)
        if records is None:
            return gaps
        link = replace(records.link, span=first.span)
        return [(link, here), *((argument, records.scope) for argument in arguments[1:])]

    def _full(self, node: Node) -> Node:
        name = spelled(node.text) if isinstance(node, Name) else ""
        known = name and self._scope.resolve(_plain(tuple(name.lower().split("."))))
        return Name(name, node.span) if known else node

    def _leaf(self, node: Name | Constant | Missing) -> Expr | None:
        match node:
            case Name():
                return self._name(node)
            case Constant():
                return self._constant(node)
            case Missing():
                return None

    def _constant(self, node: Constant) -> Expr | None:
        value = node.value
        if value is None:
            return Literal(value=None, type=NULL, span=node.span)
        if isinstance(value, bool):
            return Literal(value=value, type=BOOLEAN, span=node.span)
        if isinstance(value, str):
            return Literal(value=value or None, type=TEXT, span=node.span)
        digits = len(value.as_tuple().digits)
        if value.adjusted() < -MOST_ZEROS:
            self._report(codes.TOO_LONG, node.span, f"the number begins with more than {MOST_ZEROS} zeros")
            return None
        if digits > MAX_PRECISION:
            self._report(codes.TOO_LONG, node.span, f"the number has {digits} digits, more than 38")
            return None
        plain = shortest(value)
        return Literal(value=plain, type=number_of(plain), span=node.span)

    def _name(self, node: Name) -> Expr | None:
        parts = tuple(node.text.lower().split("."))
        need = GLOBALS.get(parts[0])
        if need is not None and need not in self._context.serves:
            self._not_here(parts[0], need, node.span)
            return None
        found = self._scope.resolve(parts) or self._scope.resolve(_plain(parts))
        if found is None:
            self._unknown(node, parts)
            return None
        placed = replace(found, span=node.span)
        return self._with_blank_rules(placed, dotted=len(parts) > 1)

    def _with_blank_rules(self, reference: Reference, *, dotted: bool) -> Expr:
        """Numbers as zero where the formula says so; a Boolean over a missing parent is false."""
        kind = reference.type.kind
        if kind is Kind.NUMBER and self._as_zero:
            zero = Literal(value=_ZERO, type=number_of(_ZERO), span=reference.span)
            return self._default(reference, zero)
        if kind is Kind.BOOLEAN and dotted:
            return self._default(reference, Literal(value=False, type=BOOLEAN, span=reference.span))
        return reference

    def _default(self, reference: Reference, value: Literal) -> Expr:
        function = self._functions["NULLVALUE"]
        return Call(function=function, arguments=(reference, value), type=reference.type, span=reference.span)

    def _unknown(self, node: Name, parts: tuple[str, ...]) -> None:
        """Report the first part of a path that leads nowhere, where it stands."""
        if len(parts) == 1 and parts[0] in GLOBALS:
            hint = "".join(f"write {node.text}.{name}" for name in [*self._scope.names(parts)][:1])
            self._report(codes.UNKNOWN_NAME, node.span, f"{node.text} alone has no value", hint)
            return
        known = int(parts[0] in GLOBALS)
        plain = _plain(parts)
        while known < len(parts) - 1 and self._scope.resolve(plain[: known + 1]) is not None:
            known += 1
        start = node.span.start + sum(len(part) + 1 for part in parts[:known])
        span = Span(start, start + len(parts[known]))
        written = node.text[span.start - node.span.start : span.end - node.span.start]
        owner = f" in {'.'.join(plain[:known])}" if known else ""
        names = [*self._scope.names(plain[:known])]
        near = nearest(plain[known], names)
        hint = f"did you mean {'.'.join((*plain[:known], near))}?" if near else ""
        hint = self._as_function(node.text) or hint or self._otherwise(node.text, plain[:known], names)
        self._report(codes.UNKNOWN_NAME, span, f"there is no {written}{owner}", hint)

    def _as_function(self, word: str) -> str:
        """A hint where a function lacks its parentheses: `TODAY`, `IF amount > 5`."""
        function = self._functions.get(word.upper()) if word[0].isalpha() else None
        return "" if function is None else f"it is a function: write {signature_of(function)}"

    def _otherwise(self, word: str, owner: tuple[str, ...], names: list[str]) -> str:
        """A hint for a name that no other is like."""
        if word.startswith("$") and not owner:
            return f"known are {', '.join(sorted(name for name in names if name.startswith('$')))}"
        if not owner:
            return slip.word(word) or _quotes(word)
        if names:
            return f"known are {', '.join(sorted(names)[:_SHOWN])}" if len(names) <= _SHOWN else ""
        found = self._scope.resolve(owner)
        return "" if found is None else f"{'.'.join(owner)} is of type {found.type} and leads nowhere"

    def _apply(self, node: Apply, arguments: list[Expr | None]) -> Expr | None:
        if node.name == JUXTAPOSED:
            return None
        if node.name == POSITIVE:
            return self._positive(node, arguments[0])
        name = _SPELLINGS.get(node.name, node.name.upper() if node.name[0].isalpha() else node.name)
        function = self._functions.get(node.name if node.name in self._functions else name)
        if function is None:
            self._unknown_function(node)
            return None
        if function.needs and not function.legal_in(self._context):
            if function.related is Related.NEVER or not arguments:
                self._not_here(shown(function.name), function.needs, node.at)
            return None
        typed = tuple(argument for argument in arguments if argument is not None)
        if len(typed) < len(arguments):
            return None
        expr = _flattened(self._application(function, typed, node).resolve())
        if not isinstance(expr, Call):
            return expr
        constants(expr, self._told)
        return related.shortened(simplify(expr), self._functions)

    def _not_here(self, what: str, need: Need, span: Span) -> None:
        self._report(
            codes.NOT_HERE, span, f"{what} is not available in {self._context.title}", f"it needs {need}"
        )

    def _application(self, function: Function, arguments: tuple[Expr, ...], node: Apply) -> Application:
        return Application(
            function=function, arguments=arguments, at=node.at, span=node.span, functions=self._functions,
            report=self._report, warn=self._warn, known=lambda name: self._known(name, node.span),
        )  # fmt: skip

    def _known(self, name: str, span: Span) -> Reference | None:
        found = self._scope.resolve(tuple(name.rpartition(INSIDE)[2].split(".")))
        return None if found is None else replace(found, span=span)

    def _positive(self, node: Apply, argument: Expr | None) -> Expr | None:
        if argument is None:
            return None
        application = self._application(self._functions["unary -"], (argument,), node)
        return application.fit(argument, (Kind.NUMBER,), "the value after the sign")

    def _unknown_function(self, node: Apply) -> None:
        names = [name for name in self._functions if name[0].isalpha() and " " not in name]
        if self._scope.resolve(_plain((node.name.lower(),))) is not None:
            hint = f"{node.name} is a field: write it without parentheses"
        elif node.name.upper() in NOT_YET:
            hint = "it is not available yet"
        else:
            hint = slip.function(node.name) or did_you_mean(node.name, names)
        self._report(codes.UNKNOWN_FUNCTION, node.at, f"there is no function {node.name}", hint)

    def _expected(self, expr: Expr, expect: Type) -> Expr | None:
        found, wanted = expr.type.kind, expect.kind
        if found is Kind.NULL:
            return retype(expr, expect)
        if found is wanted:
            return expr
        if found is Kind.TEXT and wanted is Kind.PICKLIST:
            return self._as_option(expr, expect)
        if found is Kind.ID and wanted is Kind.TEXT:
            return Call(function=self._functions["TEXT"], arguments=(expr,), type=TEXT, span=expr.span)
        hint = "convert it with TEXT()" if wanted is Kind.TEXT and found is not Kind.BOOLEAN else ""
        self._report(
            codes.WRONG_RESULT, expr.span, f"expected {wanted}, found {found} because {describe(expr)}", hint
        )
        return None

    def _as_option(self, expr: Expr, expect: Type) -> Expr | None:
        """A text as the new value of a picklist: a literal is checked now, other texts when saved."""
        if (
            isinstance(expr, Literal)
            and expr.value is not None
            and expect.options
            and expr.value not in expect.options
        ):
            hint = did_you_mean(str(expr.value), expect.options)
            self._report(codes.UNKNOWN_OPTION, expr.span, f'there is no option "{expr.value}"', hint)
            return None
        return expr

    def _report(self, code: Code, span: Span, message: str, hint: str = "") -> None:
        self.issues.append(self._issue(code, span, message, hint, "error"))

    def _warn(self, code: Code, span: Span, message: str, hint: str = "") -> None:
        self.warnings.append(self._issue(code, span, message, hint, "warning"))

    def _issue(self, code: Code, span: Span, message: str, hint: str, severity: Severity) -> Issue:
        return Issue(code=code, message=message, source=self._source, span=span, hint=hint, severity=severity)


def _plain(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A path as Salesforce spells it, in our names: `account__r.owner:user.tier__c` is account.owner.tier."""
    return tuple(part.partition(":")[0].removesuffix("__r").removesuffix("__c") for part in parts)


def _quotes(word: str) -> str:
    """A bare word may be a text whose quotes were forgotten: `stage = won`."""
    return "" if "." in word or word.startswith("$") else f'if it is meant as text, write "{word}"'


def _flattened(expr: Expr | None) -> Expr | None:
    """`a + b + c` as one Call of three: a long sum stays shallow for every back-end."""
    if not isinstance(expr, Call) or not expr.function.chains or expr.type.kind in _DATED:
        return expr
    first = expr.arguments[0]
    if isinstance(first, Call) and first.function is expr.function:
        return replace(expr, arguments=first.arguments + expr.arguments[1:])
    return expr
