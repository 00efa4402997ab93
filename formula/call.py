"""One application of a function on its way from syntax to a typed Call.

The general case fits the arguments to a signature. Functions of an irregular shape bring their own
`check`, which works with the same small vocabulary: `count`, `fit`, `branches`, `make`, `report`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formula import codes
from formula.expr import Call, Literal, Reference
from formula.suggest import did_you_mean
from formula.types import BOOLEAN, TEXT, Kind, Type, join

if TYPE_CHECKING:
    from formula.expr import Expr
    from formula.functions import Function, Parameter, Signature
    from formula.issue import Code
    from formula.source import Span

_DAYS = frozenset({Kind.DATE, Kind.DATETIME})

Report = Callable[["Code", "Span", str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A function with typed arguments, not yet known to fit."""

    function: Function
    arguments: tuple[Expr, ...]
    at: Span
    span: Span
    functions: Mapping[str, Function]
    report: Report
    warn: Report
    known: Callable[[str], Expr | None]
    """What a name of the place means, or None; for what a function takes beside its arguments."""

    def resolve(self) -> Expr | None:
        """The typed expression, or None after reporting why there is none."""
        return self.fitted() if self.function.check is None else self.function.check(self)

    def fitted(self) -> Expr | None:
        """The Call by the signature that fits best."""
        candidates = [s for s in self.function.signatures if s.counts(len(self.arguments))]
        if not candidates:
            self._refuse_count()
            return None
        exact = (s for s in candidates if self._fitting(s) == 2 * len(self.arguments))
        return self.apply(next(exact, None) or max(candidates, key=self._likely))

    def apply(self, signature: Signature) -> Expr | None:
        """The Call by this signature, whose number of parameters fits."""
        parameters = _parameters(signature, len(self.arguments))
        pairs = zip(self.arguments, parameters, strict=True)
        fitted = [self.fit(argument, parameter.kinds, parameter.name) for argument, parameter in pairs]
        arguments = tuple(argument for argument in fitted if argument is not None)
        if len(arguments) < len(fitted):
            return None
        result = signature.result if isinstance(signature.result, Type) else signature.result(arguments)
        return Call(function=self.function, arguments=arguments, type=result, span=self.span)

    def count(self, least: int, most: int | None = None) -> bool:
        """Whether the number of arguments is in bounds; reports it if not."""
        if least <= len(self.arguments) <= (len(self.arguments) if most is None else most):
            return True
        self._refuse_count()
        return False

    def fit(self, expr: Expr, kinds: Sequence[Kind], what: str) -> Expr | None:
        """The expression as one of `kinds`: null takes the first kind, an Id may become Text."""
        kind = expr.type.kind
        if kind in kinds:
            return expr
        if kind is Kind.NULL:
            return retype(expr, Type(kind=kinds[0]))
        if kind is Kind.ID and Kind.TEXT in kinds:
            return self.text_of(expr)
        wanted = listed(kinds)
        place = f" for {what}" if what else ""
        message = (
            f"{shown(self.function.name)} expects {wanted}{place}, found {kind} because {describe(expr)}"
        )
        hint = self._way(kind, kinds)
        self.report(codes.WRONG_TYPE, expr.span, message, hint)
        return None

    def _way(self, kind: Kind, kinds: Sequence[Kind]) -> str:
        """How a person may mend an argument of the wrong kind."""
        if kind is Kind.TEXT and self.function.name == "TEXT":
            return "it is a text already: leave TEXT() out"
        others = {argument.type.kind for argument in self.arguments}
        if kind in _DAYS and others >= _DAYS:
            return "take the day of the instant with DATEVALUE()"
        return _conversion(kind, kinds)

    def branches(self, exprs: Sequence[Expr]) -> tuple[Expr, ...] | None:
        """The results of IF and its like, all of one kind; null takes the kind of the others."""
        known = [expr for expr in exprs if expr.type.kind is not Kind.NULL]
        if not known:
            return tuple(exprs)
        kinds = {expr.type.kind for expr in known}
        if kinds == {Kind.ID, Kind.TEXT}:
            return tuple(self.text_of(e) if e.type.kind is Kind.ID else retype(e, TEXT) for e in exprs)
        first = known[0]
        if not kinds.isdisjoint({Kind.PICKLIST, Kind.MULTIPICKLIST}):
            opaque = next(expr for expr in known if expr.type.kind in {Kind.PICKLIST, Kind.MULTIPICKLIST})
            message = f"a result cannot be a {opaque.type}: {describe(opaque)}"
            hint = "convert it with TEXT()" if opaque.type.kind is Kind.PICKLIST else "ask with INCLUDES()"
            self.report(codes.MIXED_TYPES, opaque.span, message, hint)
            return None
        for expr in known:
            if expr.type.kind is not first.type.kind:
                message = (
                    f"expected {first.type} like the first result, found {expr.type} because {describe(expr)}"
                )
                self.report(
                    codes.MIXED_TYPES, expr.span, message, _conversion(expr.type.kind, (first.type.kind,))
                )
                return None
        return tuple(retype(expr, first.type) for expr in exprs)

    def make(self, name: str, *arguments: Expr, type: Type = BOOLEAN) -> Call:  # noqa: A002
        """A Call of another function in this one's place; the arguments are known to fit."""
        return Call(function=self.functions[name], arguments=arguments, type=type, span=self.span)

    def text_of(self, expr: Expr) -> Expr:
        """TEXT() of an expression, in its place; the option codes of a literal null stay null."""
        call = self.make("TEXT", expr, type=TEXT)
        return replace(call, span=expr.span)

    def option(self, label: Expr, picklist: Expr) -> Expr | None:
        """A text literal as an option of a picklist, or None after reporting."""
        if not isinstance(label, Literal) or label.type.kind not in {Kind.TEXT, Kind.NULL}:
            message = f"expected an option code in quotes, found {describe(label)}"
            self.report(codes.NOT_A_LITERAL, label.span, message, f"compare with TEXT({_name_of(picklist)})")
            return None
        options = picklist.type.options
        if label.value is not None and options and label.value not in options:
            hint = did_you_mean(str(label.value), options) or f"options: {', '.join(options[:12])}"
            message = f'{_name_of(picklist)} has no option "{label.value}"'
            self.report(codes.UNKNOWN_OPTION, label.span, message, hint)
            return None
        return retype(label, TEXT)

    def _fitting(self, signature: Signature) -> int:
        parameters = _parameters(signature, len(self.arguments))
        score = 0
        for argument, parameter in zip(self.arguments, parameters, strict=True):
            kind = argument.type.kind
            score += 2 if kind in parameter.kinds else 1 if kind is Kind.NULL or kind is Kind.ID else -9
        return score

    def _likely(self, signature: Signature) -> tuple[int, bool]:
        """How well a signature fits; of two that fit as badly, the one that fits the first argument."""
        first = self.arguments[0].type.kind in signature.parameters[0].kinds if self.arguments else True
        return self._fitting(signature), first

    def _refuse_count(self) -> None:
        wanted = " or ".join(written(self.function.name, signature) for signature in self.function.signatures)
        given = len(self.arguments)
        message = f"{shown(self.function.name)} does not take {given} argument{'' if given == 1 else 's'}"
        self.report(codes.WRONG_COUNT, self.at, message, f"write {wanted}")


def retype(expr: Expr, type: Type) -> Expr:  # noqa: A002
    """A null literal (or anything known to be null) as a null of this type; other things as they are."""
    return Literal(value=None, type=type, span=expr.span) if expr.type.kind is Kind.NULL else expr


def bare(expr: Expr) -> Expr:
    """The field without the zero that `as_zero` put around it."""
    defaulted = isinstance(expr, Call) and expr.function.name == "NULLVALUE"
    return expr.arguments[0] if defaulted and isinstance(expr, Call) else expr


def rewrapped(given: Expr, result: Expr) -> Expr:
    """The result within the zero that `as_zero` put around the field it was made of."""
    if bare(given) is given or not isinstance(given, Call):
        return result
    return replace(given, arguments=(result, *given.arguments[1:]), type=result.type)


def joined(exprs: Sequence[Expr]) -> Type:
    """The common type of expressions of one kind."""
    result = exprs[0].type
    for expr in exprs[1:]:
        result = join(result, expr.type)
    return result


def describe(expr: Expr) -> str:
    """Why an expression has its type, for the end of a message."""
    match expr:
        case Literal(value=None):
            return "null is blank"
        case Literal(value=value):
            return f'"{value}" is text in quotes' if isinstance(value, str) else f"{value} is a {expr.type}"
        case Reference(written=name):
            return f"{name} is of type {expr.type}"
        case Call(function=function):
            verb = "gives" if not function.name[0].isalpha() else "returns"
            return f"{shown(function.name)} {verb} {expr.type}"


def shown(name: str) -> str:
    """A function's name in a message: `ROUND()`, but `+`."""
    return f"{name}()" if name[0].isalpha() and " " not in name else name.removeprefix("unary ")


def signature_of(function: Function) -> str:
    """How a function is written, by the first of its signatures."""
    return written(function.name, function.signatures[0]) if function.signatures else f"{function.name}(…)"


def written(name: str, signature: Signature) -> str:
    """A signature as a person writes the call: `ROUND(number, digits)`."""
    names = [f"[{p.name}]" if p.optional else p.name for p in signature.parameters]
    if signature.repeats:
        names.insert(-1 if names[-1] == "otherwise" else len(names), "...")
    return f"{name}({', '.join(names)})"


def _parameters(signature: Signature, given: int) -> tuple[Parameter, ...]:
    parameters = signature.parameters
    missing = given - len(parameters)
    return parameters[:given] if missing <= 0 else parameters + parameters[-1:] * missing


def _name_of(expr: Expr) -> str:
    """The field whose options are meant, also of its earlier value."""
    if isinstance(expr, Call) and expr.arguments and isinstance(expr.arguments[0], Reference):
        expr = expr.arguments[0]
    return expr.written if isinstance(expr, Reference) else describe(expr).split(" ", 1)[0]


def listed(kinds: Sequence[Kind]) -> str:
    """Kinds as a sentence names them: `Number, Date or Text`."""
    *most, last = kinds
    return f"{', '.join(most)} or {last}" if most else str(last)


def _conversion(found: Kind, wanted: Sequence[Kind]) -> str:
    """How a person may turn the kind found into one that is wanted."""
    if found is Kind.BOOLEAN:
        return _chosen(wanted)
    if found is Kind.MULTIPICKLIST:
        return "ask with INCLUDES() whether it has a value" if wanted else ""
    if tuple(wanted) == (Kind.BOOLEAN,):
        return "compare it, for example with = or ISBLANK()"
    if Kind.TEXT in wanted:
        return "convert it with TEXT()"
    if Kind.NUMBER in wanted and found is Kind.TEXT:
        return "convert it with VALUE()"
    if Kind.DATE in wanted and found in {Kind.DATETIME, Kind.TEXT}:
        return "convert it with DATEVALUE()"
    if Kind.DATETIME in wanted and found in {Kind.DATE, Kind.TEXT}:
        return "convert it with DATETIMEVALUE()"
    if Kind.TIME in wanted and found in {Kind.DATETIME, Kind.TEXT}:
        return "convert it with TIMEVALUE()"
    return ""


def _chosen(wanted: Sequence[Kind]) -> str:
    """What to do with a Boolean where something else is wanted."""
    if len(wanted) > 2:
        return "it is true or false and never blank"
    example = {Kind.TEXT: '"yes", "no"', Kind.NUMBER: "1, 0"}.get(wanted[0], "")
    return f"choose a value with IF(…, {example})" if example else ""
