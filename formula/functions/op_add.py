"""`+` for numbers, dates and times; on texts it is `&`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from formula import moment, number
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import operator
from formula.sql.form import both
from formula.types import DATE, DATETIME, NUMBER, TIME, Kind, Type, sum_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from formula.call import Application
    from formula.emit import Emitter, Piece
    from formula.expr import Call, Expr


def _total(arguments: Sequence[Expr]) -> Type:
    result = arguments[0].type
    for argument in arguments[1:]:
        result = sum_type(result, argument.type)
    return result


def _check(application: Application) -> Expr | None:
    kinds = {argument.type.kind for argument in application.arguments}
    if kinds & {Kind.TEXT, Kind.ID} and kinds <= {Kind.TEXT, Kind.ID, Kind.NULL}:
        return replace(application, function=application.functions["&"]).resolve()
    if application.arguments[0].type.kind is Kind.TEXT:
        # Whoever begins with a text joins texts: the others are what is wrong.
        for argument in application.arguments[1:]:
            application.fit(argument, (Kind.TEXT,), "right")
        return None
    return application.fitted()


_MOVES: Mapping[Kind, Callable[..., Any]] = {
    Kind.DATE: moment.add_days,
    Kind.DATETIME: moment.add_to_instant,
    Kind.TIME: moment.add_to_time,
}


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    move = _MOVES.get(call.type.kind)
    if move is None:
        return emitter.chain(parts, number.add)
    if call.arguments[0].type.kind is Kind.NUMBER:
        return emitter.strict(parts, lambda count, start: emitter.invoke(move, start, count))
    return emitter.strict(parts, lambda start, count: emitter.invoke(move, start, count))


FUNCTION = Function(
    name="+",
    category="operator",
    signatures=(
        takes(left=NUMBER, right=NUMBER, repeats=True, returns=_total),
        takes(left=DATE, right=NUMBER, returns=DATE),
        takes(left=NUMBER, right=DATE, returns=DATE),
        takes(left=DATETIME, right=NUMBER, returns=DATETIME),
        takes(left=NUMBER, right=DATETIME, returns=DATETIME),
        takes(left=TIME, right=NUMBER, returns=TIME),
        takes(left=NUMBER, right=TIME, returns=TIME),
    ),
    prose=Prose(
        en="Adds numbers, or a number of days to a date or instant, or milliseconds to a time; joins texts.",
        zh="数字相加；日期或时间点加天数；时间加毫秒；文本相连。",
    ),
    examples=(
        ("1 + 2.5", "3.5"),
        ("DATE(2026, 1, 31) + 1.9", "DATE(2026, 2, 1)"),
        ("amount + null", "null"),
        ('"a" + null', '"a"'),
        ("DATE(9999, 12, 31) + 1", "#Error!"),
    ),
    python=Inline(build=_build),
    chains=True,
    check=_check,
    units=Units.MIXES,
    sql=both(operator.ADD),
    inner=tuple(_MOVES.values()),
)
