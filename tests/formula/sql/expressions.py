"""Random typed formulas over the nasty rows, made of the declarations of all functions.

A function brings a template for each list of kinds that its signatures take; what a signature cannot say –
an option written out, a constant power – stands in `MORE`. The kind of the result is the checker's to say.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from formula.functions import Gap
from formula.issue import Rejected
from formula.scope import Context
from formula.sql import Backend
from formula.types import Kind
from tests.formula.sql.rows import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from formula.functions import Function, Signature
    from formula.language import Language

BARE = {
    Kind.NUMBER: "amount", Kind.TEXT: "name", Kind.DATE: "day", Kind.DATETIME: "seen", Kind.TIME: "at",
    Kind.BOOLEAN: "won", Kind.PICKLIST: "stage", Kind.MULTIPICKLIST: "tags", Kind.ID: "owner",
}  # fmt: skip
"""A name of each kind."""
_P = "parent."
LEAVES: Mapping[Kind, tuple[str, ...]] = {
    Kind.NUMBER: (
        *("amount", "quantity", "rate") * 3,
        *("0", "1", "2", "2.5", "(-1)", "100", "3", "0.01", "1000", "1234567.89", "0.005", "(-0.00)"),
        *(
            "99999999999999999999",
            "12345678901234567890123456789012345678",
            "9.99999999999999999999999999999999999",
        ),
        *("0.00000000000000000000000000000012345678", "9223372036854775807", "12", "null", "$user.limit"),
        *(f"{_P}amount", f"{_P}rate", f"{_P}parent.quantity", "stage.probability"),
    ),
    Kind.TEXT: (
        *("name", "note") * 4,
        *('"a"', '""', '"ß"', '"🎉"', '"12.50"', '"İ"', '"x̂"', '"2026-03-29"', '"02:30:00"', '" "', '"%"'),
        *("$user.name", "null", f"{_P}name", f"{_P}parent.note", '"中文"', '"\'"', '"99999999999999999999"'),
    ),
    Kind.DATE: (
        *("day", "due", "day", "due", "TODAY()", "DATE(2024,2,29)", "DATE(2026,3,29)", "DATEVALUE(seen)"),
        *("$user.since", "null", f"{_P}day", f"{_P}parent.due", "DATE(2011,12,30)"),
    ),
    Kind.DATETIME: ("seen", "made", "seen", "made", "NOW()", f"{_P}seen", f"{_P}parent.made", "null"),
    Kind.TIME: ("at", "at", f"{_P}at", 'TIMEVALUE("23:59:59.999")', "null"),
    Kind.BOOLEAN: (
        *("won", "true", "false", f"{_P}won", f"{_P}parent.won", "stage.closed", f"NOT({_P}won)"),
        *('stage = "won"', 'stage <> "new"', f'{_P}stage = "lost"', 'stage = ""', "ISBLANK(name)"),
        *("owner = $user.id", f"{_P}owner = owner", "amount > 1000", 'name = "a"', "ISBLANK(stage)"),
        *("DATEVALUE(seen) = TODAY()", "day >= TODAY() - 30", "YEAR(day) = 2026", 'BEGINS(note, "a")'),
        *("DATEVALUE(made) <= TODAY() + 1", "DATEVALUE(seen) > DATE(2026,3,28)", f"YEAR({_P}day) > 2000"),
    ),
    Kind.PICKLIST: ("stage", f"{_P}stage", f"{_P}parent.stage"),
    Kind.MULTIPICKLIST: ("tags", "stages", "marks", "days", "team"),
    Kind.ID: ("owner", f"{_P}owner", f"{_P}parent.owner", "$user.id"),
}
_N, _T, _D, _I, _B, _P_ = Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.BOOLEAN, Kind.PICKLIST
MORE: Mapping[str, tuple[tuple[str, tuple[Kind, ...]], ...]] = {
    "^": (("({0} ^ 1)", (_N,)), ("({0} ^ 2)", (_N,)), ("({0} ^ 3)", (_N,)), ("({0} ^ {1})", (_N, _N))),
    "ROUND": (("ROUND({0}, 2)", (_N,)), ("ROUND({0}, -1)", (_N,)), ("ROUND({0}, quantity)", (_N,))),
    "TRUNC": (("TRUNC({0}, 1)", (_N,)), ("TRUNC({0}, quantity)", (_N,))),
    "CASE": (
        ('CASE({0}, "won", {1}, "lost", {2}, {3})', (_P_, _N, _N, _N)),
        ('CASE({0}, "new", {1}, null, {2}, {3})', (_P_, _T, _T, _T)),
        ('CASE({0}, "new", {1}, {2})', (_P_, _B, _B)),
        ("CASE({0}, 1, {1}, {2}, {3}, {4})", (_N, _N, _N, _N, _N)),
        ('CASE({0}, "a", {1}, {2}, {3}, {4})', (_T, _T, _T, _T, _T)),
        ("CASE({0}, {1}, {2}, {3}, {4}, {5})", (_D, _D, _I, _D, _I, _I)),
    ),
    "CONVERT": (
        ("CONVERT(amount, {0})", (_T,)), ('CONVERT(amount, "USD")', ()), ('CONVERT(amount, "CNY")', ()),
        ('CONVERT(parent.amount, "JPY")', ()), ('CONVERT(amount, "XAU")', ()),
    ),
    "CURRENCYRATE": (('CURRENCYRATE("USD")', ()), ('CURRENCYRATE("JPY")', ())),
    "IFS": (
        ("IFS({0}, {1}, {2}, {3})", (_B, _T, _B, _T)),
        ("IFS({0}, {1}, {2}, {3}, {4})", (_B, _N, _B, _N, _N)),
    ),
    "ISPICKVAL": (('ISPICKVAL({0}, "lost")', (_P_,)), ('ISPICKVAL({0}, "")', (_P_,))),
    "DISTANCE": (
        ('DISTANCE(GEOLOCATION(MOD({0}, 91), MOD({1}, 181)), GEOLOCATION({2}, {3}), "km")', (_N,) * 4),
        ('DISTANCE(MOD({0}, 90), MOD({1}, 180), MOD({2}, 90), {3}, "mi")', (_N,) * 4),
    ),
    "INCLUDES": (
        ("INCLUDES(tags, {0})", (_T,)), ("INCLUDES(marks, {0})", (_N,)), ("INCLUDES(days, {0})", (_D,)),
        ("INCLUDES(team, {0})", (Kind.ID,)), ('INCLUDES(stages, "won")', ()), ("INCLUDES(stages, stage)", ()),
        ('INCLUDES(tags, "a")', ()), ("INCLUDES(marks, 2.5)", ()), ("INCLUDES(team, $user.id)", ()),
    ),
}  # fmt: skip
"""Templates by hand, beside those of the signatures; a function may have no others."""
_WIDEST = 64
"""Lists of kinds of one signature; where there are more, parameters of one set of kinds take the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of a formula: a text with its own parts at `{0}`, `{1}` …"""

    kind: Kind
    template: str
    parts: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return self.template.format(*self.parts) if self.parts else self.template


Template = tuple[str, tuple[Kind, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """For each kind the functions that give it, each with its templates; rare ones apart."""

    usual: Mapping[Kind, Sequence[Sequence[Template]]]
    rare: Mapping[Kind, Sequence[Sequence[Template]]]

    def formula(self, random: Random, size: int) -> Node:
        """A formula of any kind with about so many functions."""
        kinds = [Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.BOOLEAN, Kind.BOOLEAN]
        return self._node(random, random.choice(kinds), size)

    def _node(self, random: Random, kind: Kind, size: int) -> Node:
        functions = self.rare if random.random() < 0.1 and self.rare.get(kind) else self.usual
        if size < 1 or not functions.get(kind):
            return Node(kind=kind, template=random.choice(LEAVES[kind]))
        template, kinds = random.choice(random.choice(functions[kind]))
        if not kinds:
            return Node(kind=kind, template=template)
        cuts = sorted(random.randint(0, size - 1) for _ in kinds[1:])
        sizes = [high - low for low, high in zip((0, *cuts), (*cuts, size - 1), strict=True)]
        parts = (self._node(random, part, left) for part, left in zip(kinds, sizes, strict=True))
        return Node(kind=kind, template=template, parts=tuple(parts))


def grammar(language: Language) -> Grammar:
    """The templates of every function that may stand in a formula field."""
    usual: dict[Kind, list[list[Template]]] = defaultdict(list)
    rare: dict[Kind, list[list[Template]]] = defaultdict(list)
    for function in language.functions.values():
        by_kind = defaultdict(list)
        for kind, template in templates(language, function):
            by_kind[kind].append(template)
        for kind, found in by_kind.items():
            (rare if _has_gap(function) else usual)[kind].append(found)
    return Grammar(usual=usual, rare=rare)


def templates(language: Language, function: Function) -> Iterator[tuple[Kind, Template]]:
    """A function's templates, each with the kind of its result; none where it may not stand."""
    if not function.legal_in(Context.FORMULA_FIELD):
        return
    for template in dict.fromkeys((*_declared(function), *MORE.get(function.name, ()))):
        text, kinds = template
        try:
            formula = checked(language, text.format(*(BARE[kind] for kind in kinds)))
        except Rejected:
            continue
        yield formula.type.kind, template


def _declared(function: Function) -> Iterator[Template]:
    for signature in function.signatures:
        most = signature.least + 2 if signature.most is None else signature.most
        for count in range(signature.least, most + 1):
            for kinds in _kinds(signature, count):
                yield _spelled(function.name, count), kinds


def _kinds(signature: Signature, count: int) -> Iterator[tuple[Kind, ...]]:
    """Lists of kinds that a signature takes, whether or not they go together."""
    parameters = (signature.parameters + signature.parameters[-1:] * count)[:count]
    choices = [[kind for kind in parameter.kinds if kind in BARE] for parameter in parameters]
    every = list(product(*choices))
    if len(every) <= _WIDEST:
        yield from every
        return
    sets = list(dict.fromkeys(map(tuple, choices)))
    for chosen in product(*sets):
        yield tuple(chosen[sets.index(tuple(choice))] for choice in choices)


def _spelled(name: str, count: int) -> str:
    places = [f"{{{n}}}" for n in range(count)]
    if name[0].isalpha() and " " not in name:
        return f"{name}({', '.join(places)})"
    symbol = name.removeprefix("unary ")
    return f"({symbol}{places[0]})" if count == 1 else f"({f' {symbol} '.join(places)})"


def _has_gap(function: Function) -> bool:
    """What PostgreSQL cannot do shall not keep the whole formula from it too often."""
    return function.name == "^" or isinstance(function.sql.get(Backend.POSTGRESQL), Gap)


def smallest(node: Node, fails: Callable[[Node], bool]) -> Node:
    """A part of the formula, or the formula with parts made plainer, which still fails."""
    found = True
    while found:
        found = False
        for plainer in _plainer(node):
            if len(str(plainer)) < len(str(node)) and fails(plainer):
                node, found = plainer, True
                break
    return node


def _plainer(node: Node) -> Iterator[Node]:
    yield from node.parts
    for place, part in enumerate(node.parts):
        leaves = (Node(kind=part.kind, template=leaf) for leaf in sorted(LEAVES[part.kind], key=len)[:6])
        grand = [each for each in _below(part) if each.kind is part.kind]
        for other in (*leaves, *grand, *_plainer(part)):
            if other.kind is part.kind:
                yield Node(
                    kind=node.kind,
                    template=node.template,
                    parts=(*node.parts[:place], other, *node.parts[place + 1 :]),
                )


def _below(node: Node) -> Iterator[Node]:
    for part in node.parts:
        yield part
        yield from _below(part)
