"""`-` between numbers, dates and times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import moment, number
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import operator
from formula.sql.form import both
from formula.types import DATE, DATETIME, NUMBER, TIME, Kind, Type, sum_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from formula.emit import Emitter, Piece
    from formula.expr import Call, Expr


def _difference(arguments: Sequence[Expr]) -> Type:
    return sum_type(arguments[0].type, arguments[1].type)


_BY_SIDES: Mapping[tuple[Kind, Kind], Callable[..., Any]] = {
    (Kind.NUMBER, Kind.NUMBER): number.subtract,
    (Kind.DATE, Kind.NUMBER): moment.subtract_days,
    (Kind.DATETIME, Kind.NUMBER): moment.subtract_from_instant,
    (Kind.TIME, Kind.NUMBER): moment.subtract_from_time,
    (Kind.DATE, Kind.DATE): moment.days_between,
    (Kind.DATETIME, Kind.DATETIME): moment.days_between_instants,
    (Kind.TIME, Kind.TIME): moment.milliseconds_between,
}


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    left, right = (argument.type.kind for argument in call.arguments)
    return emitter.strict(parts, lambda *nodes: emitter.invoke(_BY_SIDES[left, right], *nodes))


FUNCTION = Function(
    name="-",
    category="operator",
    signatures=(
        takes(left=NUMBER, right=NUMBER, returns=_difference),
        takes(left=DATE, right=NUMBER, returns=DATE),
        takes(left=DATETIME, right=NUMBER, returns=DATETIME),
        takes(left=TIME, right=NUMBER, returns=TIME),
        takes(left=DATE, right=DATE, returns=NUMBER),
        takes(left=DATETIME, right=DATETIME, returns=NUMBER),
        takes(left=TIME, right=TIME, returns=NUMBER),
    ),
    prose=Prose(
        en="Subtracts numbers, or days from a date; the difference of two dates or instants is in days.",
        zh="数字相减；日期减天数；两个日期或时间点之差以天计。",
    ),
    examples=(
        ("3 - 0.5", "2.5"),
        ("DATE(2026, 3, 1) - DATE(2026, 2, 1)", "28"),
        ("DATE(2026, 3, 1) - 1", "DATE(2026, 2, 28)"),
        ("NOW() - NOW()", "0"),
        ("amount - discount", "null"),
        ("DATE(1, 1, 1) - 1", "#Error!"),
    ),
    python=Inline(build=_build),
    units=Units.MIXES,
    sql=both(operator.SUBTRACT),
    inner=(moment.days_between, moment.days_between_instants, moment.milliseconds_between),
)
