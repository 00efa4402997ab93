"""Pages of the formula language: its functions by category, its operators by how tightly they bind."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from formula.functions import Gap, Lenient, Strict
from formula.scope import Context, Need
from formula.sql import Backend
from formula.syntax import NEGATIVE, PRECEDENCE, RIGHT
from formula.types import Kind, Type
from runtime.reference.markdown import block, code, sections, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formula.functions import Function, Parameter, Signature
    from formula.language import Language

_OPERATOR = "operator"
_SPELLINGS = {"==": "=", "!=": "<>", "&&": "AND", "||": "OR"}
_FROM_THE_RIGHT = "from the right"
_ANY = 9
"""A parameter that takes this many kinds or more takes any value."""


def functions(language: Language) -> str:
    """Every function under its category: signatures, prose in both languages, examples, blanks, limits."""
    found = [function for function in language.functions.values() if function.category != _OPERATOR]
    found.sort(key=lambda function: (function.category, function.name))
    grouped = {category: list(members) for category, members in groupby(found, key=lambda one: one.category)}
    parts = [_ABOUT, table(("", "functions"), _contents(grouped)), _contexts()]
    for category, members in grouped.items():
        parts += [f"## {category.capitalize()} functions", *(_function(function) for function in members)]
    return sections(*parts)


def _contents(grouped: Mapping[str, Sequence[Function]]) -> Iterable[tuple[str, str]]:
    for category, members in grouped.items():
        links = (f"[{function.name}](#{function.name.lower()})" for function in members)
        yield category, " ".join(links)


def operators(language: Language) -> str:
    """Every operator: how tightly it binds, and what it does."""
    found = [function for function in language.functions.values() if function.category == _OPERATOR]
    return sections(
        "From loose to tight; operators of one line are worked off in the direction it says. "
        "Parentheses group. `!` and the sign `-` bind tightest of all, so `-2 ^ 2` is 4.",
        table(("operators", "grouped"), _levels()),
        *(_function(function) for function in sorted(found, key=lambda function: function.name)),
    )


_ABOUT = """
Names of functions may be written in any case. A parameter in brackets may be left out; `…` stands for more of
the same. Every example is a test, in Python and on both databases. The examples speak of an opportunity whose
`amount` is 1200.50 GBP, whose `stage` is `proposal`, whose `office` lies at 30.274085, 120.155070, and whose
`reason`, `discount`, `close_date`, `tags`, `depot` and `account` are blank, on 11 March 2026 in Shanghai.
Three lines link to it as `line.opportunity`: a desk for 300.01, two for 499.98, and three of something that
has no name and no price. `#Error!` stands for a value that cannot be computed; a query takes it for blank. A
function works everywhere – in each place of a formula, and in queries on SQLite and on PostgreSQL – unless
its entry says otherwise.
[What differs from Salesforce](differences.md).
"""


def _contexts() -> str:
    rows = [(place.title, *("yes" if need in place.serves else "–" for need in Need)) for place in Context]
    return sections(
        "Some functions need what not every place of a formula has:", table(("place", *Need), rows)
    )


def _function(function: Function) -> str:
    operator = function.category == _OPERATOR
    shapes = [_signature(function, signature, operator=operator) for signature in function.signatures]
    return sections(
        f"### {code(function.name)}" if operator else f"### {function.name}",
        block("\n".join(shapes)),
        function.prose.en,
        function.prose.zh,
        table(("example", "value"), ((code(text), code(value)) for text, value in function.examples)),
        *_limits(function),
    )


def _limits(function: Function) -> Iterable[str]:
    match function.python:
        case Strict() if function.signatures[0].parameters:
            yield "Blank when an argument is."
        case Lenient(never_null=True):
            yield "Never blank."
    if function.needs is not None:
        places = ", ".join(place.title for place in Context if function.legal_in(place))
        yield f"Needs {function.needs}: only in {places}."
    yield from _gaps(function)


def _gaps(function: Function) -> Iterable[str]:
    gaps: dict[str, list[str]] = {}
    for backend, form in function.sql.items():
        if isinstance(form, Gap):
            gaps.setdefault(form.reason, []).append(_DATABASES[Backend(backend)])
    for reason, databases in gaps.items():
        yield f"Not in a query on {' or '.join(databases)}: {reason}"


_DATABASES = {Backend.SQLITE: "SQLite", Backend.POSTGRESQL: "PostgreSQL"}


def _signature(function: Function, signature: Signature, *, operator: bool) -> str:
    shown = [_parameter(parameter, bare=operator) for parameter in signature.parameters]
    if not operator:
        inside = ", ".join([*shown, "…"] if signature.repeats else shown)
        return f"{function.name}({inside}) → {_result(signature)}"
    if function.name == NEGATIVE:
        return f"-{shown[0]} → {_result(signature)}"
    return f" {function.name} ".join(shown) + f" → {_result(signature)}"


def _parameter(parameter: Parameter, *, bare: bool) -> str:
    if parameter.kinds == (Kind.NULL,):
        return f"{parameter.name}: object.field"
    kinds = "any value" if len(parameter.kinds) >= _ANY else " or ".join(parameter.kinds)
    if bare:
        return kinds
    return f"[{parameter.name}: {kinds}]" if parameter.optional else f"{parameter.name}: {kinds}"


def _result(signature: Signature) -> str:
    if isinstance(signature.result, Type):
        return str(signature.result)
    kinds = {kind for parameter in signature.parameters for kind in parameter.kinds}
    return str(Kind.NUMBER) if kinds == {Kind.NUMBER} else "what its arguments are"


def _levels() -> Iterable[tuple[str, str]]:
    spelled = sorted((level, symbol) for symbol, level in PRECEDENCE.items() if symbol)
    for _, members in groupby(spelled, key=lambda pair: pair[0]):
        symbols = [symbol for _, symbol in members]
        same = [f"{code(s)} (= {code(_SPELLINGS[s])})" if s in _SPELLINGS else code(s) for s in symbols]
        yield " ".join(same), _FROM_THE_RIGHT if RIGHT.issuperset(symbols) else "from the left"
