"""DISTANCE: how far it is from one place to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from formula import codes, place
from formula.call import describe
from formula.expr import Call, Literal, Reference
from formula.functions import Function, Prose, Strict, takes
from formula.sql import trigonometry
from formula.sql.form import on_postgresql
from formula.types import LOCATION, NUMBER, TEXT

if TYPE_CHECKING:
    from formula.call import Application
    from formula.expr import Expr

_WITH_PLACES = 3


def _check(application: Application) -> Expr | None:
    """Places become their latitude and longitude, so that back-ends see nothing but numbers."""
    of_numbers: Application | None = application
    if len(application.arguments) == _WITH_PLACES:
        of_numbers = _in_degrees(application)
    call = None if of_numbers is None else of_numbers.fitted()
    return _with_unit(application, call) if isinstance(call, Call) else None


def _in_degrees(application: Application) -> Application | None:
    *places, unit = application.arguments
    found = [_degrees(application, given) for given in places]
    numbers = [number for pair in found for number in pair]
    known = len(numbers) == 2 * len(places)
    return replace(application, arguments=(*numbers, unit)) if known else None


def _degrees(application: Application, given: Expr) -> tuple[Expr, ...]:
    """Latitude and longitude of a place, or nothing after reporting."""
    match given:
        case Call(function=function) if function.name == "GEOLOCATION":
            return given.arguments
        case Reference(type=type_) if type_.location:
            parts = [application.known(f"{given.name}.{part}") for part in ("latitude", "longitude")]
            if None not in parts:
                return tuple(part for part in parts if part is not None)
    message = f"DISTANCE() measures from place to place: {describe(given)}"
    hint = "give a field of the type geo, or GEOLOCATION(latitude, longitude)"
    application.report(codes.WRONG_TYPE, given.span, message, hint)
    return ()


def _with_unit(application: Application, call: Call) -> Call | None:
    *degrees, unit = call.arguments
    if isinstance(unit, Literal) and str(unit.value).lower() in place.RADII:
        return replace(call, arguments=(*degrees, replace(unit, value=str(unit.value).lower())))
    hint = 'write "km" or "mi"'
    if isinstance(unit, Literal) and unit.value is not None:
        application.report(codes.UNKNOWN_OPTION, unit.span, f'there is no unit "{unit.value}"', hint)
    else:
        message = f"DISTANCE() needs its unit written out: {describe(unit)}"
        application.report(codes.NOT_A_LITERAL, unit.span, message, hint)
    return None


FUNCTION = Function(
    name="DISTANCE",
    category="math",
    signatures=(
        takes(place=LOCATION, other=LOCATION, unit=TEXT, returns=NUMBER),
        takes(
            latitude=NUMBER,
            longitude=NUMBER,
            other_latitude=NUMBER,
            other_longitude=NUMBER,
            unit=TEXT,
            returns=NUMBER,
        ),
    ),
    prose=Prose(
        en="How far it is as the crow flies from one place to another – each a field of the type geo or "
        'GEOLOCATION() – in kilometres ("km") or miles ("mi"). Blank where a place is.',
        zh='两地之间的直线距离，单位为公里（"km"）或英里（"mi"）；'
        "地点为 geo 类型的字段或 GEOLOCATION()，为空则结果为空。",
    ),
    examples=(
        (
            'ROUND(DISTANCE(GEOLOCATION(48.137154, 11.576124), GEOLOCATION(52.52, 13.405), "km"), 3)',
            "504.302",
        ),
        ('DISTANCE(office, GEOLOCATION(30.274085, 120.15507), "km")', "0"),
        ('DISTANCE(office, office, "mi") < 1', "true"),
        ('ROUND(DISTANCE(0, 0, 0, 180, "km"), 6)', "20015.115070"),
        ('DISTANCE(depot, office, "km")', "null"),
        ('DISTANCE(GEOLOCATION(91, 0), office, "km")', "#Error!"),
    ),
    python=Strict(call=place.distance),
    check=_check,
    sql=on_postgresql(trigonometry.DISTANCE),
)
