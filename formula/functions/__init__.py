"""What a function of the language is: one declaration per file of this package.

Operators are functions too, under their symbol. Each module exposes `FUNCTION`; `formula.language`
walks the package, so that a new function is one new file. The reference page, the editor's
autocomplete, the tests and the back-ends all read these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from formula.types import Type

if TYPE_CHECKING:
    from formula.call import Application
    from formula.emit import Emitter, Piece
    from formula.expr import Call, Expr
    from formula.scope import Context, Need
    from formula.sql.form import Form
    from formula.types import Kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One text in the product's languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter and the kinds it takes; null is taken by all, as the first of them."""

    name: str
    kinds: Kinds
    optional: bool = False


class Units(StrEnum):
    """What a function makes of amounts of money; see `formula.money`."""

    NONE = "a plain value"
    KEEPS = "an amount like the first argument"
    CHOOSES = "one of the arguments"
    MIXES = "an amount like all arguments, which must be of one currency"
    COMPARES = "a plain value from arguments which must be of one currency"
    MULTIPLIES = "an amount if one argument is"
    GATHERS = "an amount like the second argument, of several records, which must all be of one currency"
    DIVIDES = "an amount by a plain number, or the ratio of amounts"


class Related(StrEnum):
    """Whether the first argument names a link of another object that leads here; see `formula.related`."""

    NEVER = "a value"
    PERHAPS = "a value or a link"
    ALWAYS = "a link"


ResultRule = Callable[[Sequence["Expr"]], Type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Parameters in order and the type of the result; `takes` writes one.

    `least`, `most`: how many arguments there may be; with `most` None the last parameter is given again
    and again. `result`: a Type, or a rule which gets the typed arguments.
    """

    parameters: tuple[Parameter, ...]
    result: Type | ResultRule
    least: int
    most: int | None

    @property
    def repeats(self) -> bool:
        """Whether the last parameter may be given again and again."""
        return self.most is None

    def counts(self, given: int) -> bool:
        """Whether so many arguments may be given."""
        return self.least <= given and (self.most is None or given <= self.most)


def takes(
    *, returns: Type | ResultRule, repeats: bool = False, **parameters: Type | Kinds | Parameter
) -> Signature:
    """A signature, its parameters by name in order: each of one type, of several kinds, or `optional`."""
    made = tuple(_parameter(name, accepted) for name, accepted in parameters.items())
    least = sum(not parameter.optional for parameter in made)
    return Signature(parameters=made, result=returns, least=least, most=None if repeats else len(made))


def optional(type_: Type) -> Parameter:
    """A parameter that may be left out; `takes` names it."""
    return Parameter(name="", kinds=(type_.kind,), optional=True)


def _parameter(name: str, accepted: Type | Kinds | Parameter) -> Parameter:
    match accepted:
        case Type(kind=kind):
            return Parameter(name=name, kinds=(kind,))
        case Parameter():
            return replace(accepted, name=name)
        case kinds:
            return Parameter(name=name, kinds=kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    """A Python function over values; when any argument is null the result is null and it is not called.

    `env`: the Env comes before the arguments. `safe`: it never raises, so that nobody need ask.
    """

    call: Callable[..., Any]
    env: bool = False
    safe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lenient:
    """A Python function over values that sees null as None. It must return None for the empty text.

    `env` and `safe` as for Strict. `never_null`: it returns something for any arguments.
    """

    call: Callable[..., Any]
    env: bool = False
    safe: bool = False
    never_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """Writes its own Python expression: for laziness, for choice by type, or for speed."""

    build: Callable[[Emitter, Call, tuple[Piece, ...]], Piece]


def _written_otherwise(_emitter: Emitter, call: Call, _parts: tuple[Piece, ...]) -> Piece:
    raise AssertionError(call.function.name)


REWRITTEN = Inline(build=_written_otherwise)
"""Of a function whose `check` says it with other functions, so that no back-end ever sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A back-end on which the function cannot run, and why; the reference page shows it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Function:
    """One function or operator: everything that is known about it.

    `check` replaces the choice of a signature for functions of an irregular shape (CASE) or with
    rules beyond types (ISCHANGED); it reports Issues and returns the typed expression, or None.
    `examples` are pairs of formula texts with equal values; `#Error!` stands for an error.
    `pure`: the same arguments always give the same value, so that constants may be folded.
    `chains`: an operator whose Call holds a whole row `a + b + c`, to be worked off from the left.
    `written`: which arguments of a Call a person wrote, where the check adds others. `units`: what its result
    has of the currencies of its arguments. `names`: how many arguments, from the first, name fields of other
    objects (see `formula.lookup`).
    `needs`: what the place of the formula must serve. `sql`: per back-end name, see `formula.sql`.
    `inner`: further functions of values, none of them null, that its SQL calls on SQLite, by their names.
    `related`: whether it looks at related records, in whose scope all arguments but the first then stand.
    `markup`: its text is HTML – a link, a picture, a new line – and is shown as that.
    """

    name: str
    signatures: tuple[Signature, ...]
    prose: Prose
    examples: tuple[tuple[str, str], ...]
    python: Strict | Lenient | Inline
    category: str = "operator"
    needs: Need | None = None
    chains: bool = False
    pure: bool = True
    check: Callable[[Application], Expr | None] | None = None
    sql: Mapping[str, Form | Gap] = field(default_factory=lambda: MappingProxyType({}))
    inner: tuple[Callable[..., Any], ...] = ()
    written: tuple[int, ...] | None = None
    units: Units = Units.NONE
    names: int = 0
    related: Related = Related.NEVER
    markup: bool = False

    def __repr__(self) -> str:
        return f"<Function {self.name}>"

    def legal_in(self, context: Context) -> bool:
        """Whether the function may stand in this place."""
        return self.needs is None or self.needs in context.serves
