"""Which groups of an Aggregate are answered, and in which order: `count >= 3 && sum(amount) > 1000`.

A condition names the measures that are asked for, as `sum(amount)` or `sum.amount`, and is typed by the
formula language. In SQL it stands around the grouped query, over columns that are computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

import sqlalchemy as sa

from engine import codes
from engine.problem import Detail, Problem
from engine.query import Function, Measure
from engine.view import LONGEST, refused
from formula.codes import UNKNOWN_NAME
from formula.expr import Reference, levels
from formula.issue import Rejected
from formula.scope import Context
from formula.source import Source
from formula.sql import SqlColumn, Unwritable, condition_sql
from formula.sql.translation import DEEPEST
from formula.suggest import nearest
from formula.types import BOOLEAN, NUMBER, Type, number
from metadata.codes import MIXED_MONEY
from metadata.money import mixtures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lark import Token

    from engine.database import Dialect
    from engine.query import Aggregate
    from engine.release import Release
    from formula.expr import Expr
    from formula.language import Language

FIELD = "having"
COUNTED = number(18, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The key of a name that stands for a measure: its place among those that are asked for."""

    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureScope:
    """The names of measures: `count`, `sum.amount`."""

    measures: Sequence[Measure]

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        """The measure of this name, or None."""
        name = ".".join(parts)
        for place, measure in enumerate(self.measures):
            if name in _names(measure):
                return Reference(name=name, type=_type(measure), key=Figure(place=place))
        return None

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        """The measures, and what follows their functions."""
        known = [name for measure in self.measures for name in _names(measure)]
        if not prefix:
            return known
        start = ".".join(prefix) + "."
        return [name.removeprefix(start) for name in known if name.startswith(start)]

    def related(self, _parts: tuple[str, ...]) -> None:
        """None: a group is not linked to."""

    def links(self) -> Iterable[str]:
        """None."""
        return ()


def written(measure: Measure) -> str:
    """A measure as people write it: `sum(amount)`."""
    return f"{measure.function}({measure.path.name})" if measure.path else str(measure.function)


def having(release: Release, measures: Sequence[Measure], text: str) -> Expr:
    """The condition of a text over figures; raises `Problem` with every mistake in it.

    A measure that is no part of the question is a mistake.
    """
    if len(text) > LONGEST:
        raise Problem(codes.BAD_QUERY, f"A condition has at most {LONGEST} characters.")
    scope = FigureScope(measures=measures)
    calls = list(_calls(release.language, text))
    strange = [_strange(start, name, measures) for start, _, name in calls if not _known(scope, name)]
    if strange:
        raise Problem(codes.BAD_QUERY, "The condition is not understood.", details=strange)
    source = Source(path=FIELD, text=_spelled(text, calls))
    try:
        expr = release.language.check(source, scope, Context.REPORT, expect=BOOLEAN).expr
    except Rejected as rejected:
        raise refused(FIELD, ((e.code, e.span, e.message, e.hint) for e in rejected.issues)) from rejected
    if levels(expr) > DEEPEST:
        raise Problem(codes.BAD_QUERY, f"A condition nests at most {DEEPEST} levels deep.")
    if mixed := mixtures(expr):
        raise refused(FIELD, ((MIXED_MONEY, each.span, each.message, each.hint) for each in mixed))
    return expr


def narrowed(
    rows: sa.Select[Any], asked: Aggregate, dialect: Dialect, figures: Sequence[SqlColumn], shown: int
) -> sa.Select[Any]:
    """The groups that fulfil the condition, in their order.

    `rows` are the grouped ones, their columns `c0`, `c1`…: `shown` of them are answered, and `figures` are
    how formulas see the measures, each with its column there as the name of its element.
    """
    groups = rows.subquery("g")
    columns = [groups.c[f"c{n}"] for n in range(shown)]
    outer: sa.Select[Any] = sa.select(*columns)
    if asked.having is not None:
        outer = outer.where(_condition(asked.having, dialect, _column(groups, figures, dialect)))
    return outer.order_by(*_order(asked, groups, figures))


def _condition(
    expr: Expr, dialect: Dialect, column: Callable[[Reference], SqlColumn]
) -> sa.ColumnElement[bool]:
    try:
        return condition_sql(expr, dialect.backend, column)
    except Unwritable as gap:
        raise Problem(codes.BAD_QUERY, f"The database cannot answer this condition: {gap}") from gap


def _column(
    groups: sa.FromClause, figures: Sequence[SqlColumn], dialect: Dialect
) -> Callable[[Reference], SqlColumn]:
    def column(reference: Reference) -> SqlColumn:
        match reference.key:
            case Figure(place=place):
                figure = figures[place]
            case _:
                message = f"{reference.name} cannot be asked for here."
                raise Problem(codes.BAD_QUERY, message, hint="Name the measures.")
        element: sa.ColumnElement[Any] = groups.c[str(figure.element)]
        if not dialect.sqlite and figure.type == COUNTED:
            element = sa.cast(element, sa.NUMERIC())
        return SqlColumn(element=element, type=figure.type)

    return column


def _order(
    asked: Aggregate, groups: sa.FromClause, figures: Sequence[SqlColumn]
) -> Iterator[sa.ColumnElement[Any]]:
    """The asked order, then the groups' own, so that it is the same each time."""
    wide = len(asked.group)
    for each in asked.order:
        name = f"c{each.place}" if each.place < wide else str(figures[each.place - wide].element)
        column = groups.c[name]
        yield sa.nulls_last(column.desc() if each.descending else column.asc())
    yield from (sa.nulls_last(groups.c[f"c{n}"]) for n in range(wide))


def _type(measure: Measure) -> Type:
    match measure.function:
        case Function.COUNT | Function.DISTINCT:
            return COUNTED
        case Function.SUM | Function.AVG:
            money = measure.path.type.money if measure.path else ""
            return Type(kind=NUMBER.kind, money=money)
        case Function.MIN | Function.MAX:
            return measure.path.type if measure.path else NUMBER
        case _:
            assert_never(measure.function)


def _names(measure: Measure) -> tuple[str, ...]:
    """An amount that is asked for in the company's currency has both names."""
    if measure.path is None:
        return (str(measure.function),)
    name = f"{measure.function}.{measure.path.name}"
    return (name, name.removesuffix(".company")) if measure.path.part == "company" else (name,)


def _calls(language: Language, text: str) -> Iterator[tuple[int, int, str]]:
    """Where the text has `sum(amount)` or `count()`: from, to, and the name of the measure."""
    reading = language.tables.parse_interactive(text)
    tokens = [*reading.lexer_thread.lex(reading.parser_state)]  # type: ignore[no-untyped-call]
    for place, token in enumerate(tokens):
        if token.type != "NAME" or str(token).lower() not in set(Function):
            continue
        kinds = [each.type for each in tokens[place + 1 : place + 4]]
        if kinds[:2] == ["OPEN", "CLOSE"]:
            yield _start(token), _start(tokens[place + 2]) + 1, str(token).lower()
        elif kinds == ["OPEN", "NAME", "CLOSE"]:
            name = f"{token}.{tokens[place + 2]}".lower()
            yield _start(token), _start(tokens[place + 3]) + 1, name


def _start(token: Token) -> int:
    return token.start_pos or 0


def _spelled(text: str, calls: Iterable[tuple[int, int, str]]) -> str:
    """The text with `sum(amount)` as the name `sum.amount`, all else in its place."""
    for start, end, name in calls:
        text = text[:start] + name.ljust(end - start) + text[end:]
    return text


def _known(scope: FigureScope, name: str) -> bool:
    return scope.resolve(tuple(name.split("."))) is not None


def _strange(start: int, name: str, measures: Sequence[Measure]) -> Detail:
    function, _, path = name.partition(".")
    said = f"{function}({path})"
    near = nearest(said, [written(measure) for measure in measures])
    hint = f"did you mean {near}?" if near else f"add {said} to the measures"
    message = f"{said} is not among the measures"
    return Detail(field=FIELD, column=start + 1, code=UNKNOWN_NAME.id, message=message, hint=hint)
