"""DISTANCE on PostgreSQL: the series of `formula.trigonometry`, in numeric and never in binary floats.

A row of selects, one within the other: each names what the next one uses more than once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.expr import Literal
from formula.place import DECIMALS, MOST_LATITUDE, MOST_LONGITUDE, RADIANS, RADII
from formula.sql.form import Form, any_fails, either
from formula.sql.fragment import Sql, listed, sql
from formula.sql.term import Term
from formula.trigonometry import ARC_SERIES, HALVINGS, PI, SINE_SERIES
from formula.types import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from formula.expr import Call
    from formula.sql.form import Translator

_PLACES, _FINE = 50, 100
"""Decimal places of a sine, and of what roots are taken of."""
_FIFTEEN = f"CAST(to_char({{0}}, '9.{'9' * 14}EEEE') AS numeric)"


def _added(series: Sequence[Decimal], name: str) -> str:
    """Factors of 1, x, x², … as SQL over the column x."""
    *others, total = [f"{factor:.{_PLACES}f}" for factor in series]
    for factor in reversed(others):
        total = f"{factor} + round({name} * ({total}), {_PLACES})"
    return total


def _within(select: str, inner: str) -> str:
    # OFFSET 0 keeps the planner from writing a column out wherever it is named.
    return f"SELECT {select} FROM ({inner} OFFSET 0) AS given"  # noqa: S608 - nothing but constants


def _sines(angles: Mapping[str, str], inner: str) -> str:
    """The sines of angles in degrees, under their names."""
    turned = ", ".join(
        f"round(({angle}) * {RADIANS:f}, {_PLACES}) AS {name}" for name, angle in angles.items()
    )
    squared = ", ".join(f"round({name} * {name}, {_PLACES}) AS {name}2" for name in angles)
    added = ", ".join(
        f"round({name} * ({_added(SINE_SERIES, f'{name}2')}), {_PLACES}) AS {name}" for name in angles
    )
    return _within(added, _within(f"*, {squared}", _within(turned, inner)))


def _arc(inner: str) -> str:
    """The arc tangent of t."""
    for _ in range(HALVINGS):
        inner = _within(f"h, round(t / (1 + sqrt(1 + round(t * t, {_FINE}))), {_FINE}) AS t", inner)
    squared = _within(f"h, t, round(t * t, {_PLACES}) AS t2", inner)
    return _within(f"h, {2**HALVINGS} * t * ({_added(ARC_SERIES, 't2')}) AS arc", squared)


_GIVEN = "SELECT {0} AS n1, {1} AS e1, {2} AS n2, {3} AS e2"
_MOST = {"n1": MOST_LATITUDE, "e1": MOST_LONGITUDE, "n2": MOST_LATITUDE, "e2": MOST_LONGITUDE}
_ROUNDED = _within(
    ", ".join(
        f"round(CASE WHEN abs({name}) <= {most} THEN {name} END, {DECIMALS}) AS {name}"
        for name, most in _MOST.items()
    ),
    _GIVEN,
)
_ANGLES = {
    "up": "(n1 - n2) / 2",
    "across": "LEAST(abs(e1 - e2), 360 - abs(e1 - e2)) / 2",
    "pole1": "90 - abs(n1)",
    "pole2": "90 - abs(n2)",
}
_SHARE = _within(
    # LEAST passes over a null.
    f"LEAST(round(up * up + pole1 * pole2 * across * across, {_FINE}), 1) + 0 * (up + across) AS h",
    _sines(_ANGLES, _ROUNDED),
)
"""The square of the sine of half the angle between two places: the haversine."""
_ROOT = _within("h, sqrt(CASE WHEN h > 1 - h THEN (1 - h) / h ELSE h / (1 - h) END) AS t", _SHARE)
_HALF_ANGLE = f"CASE WHEN h > 1 - h THEN {PI / 2:.{_PLACES}f} - arc ELSE arc END"
_NOWHERE = " OR ".join(f"abs({{{place}}}) > {most}" for place, most in enumerate(_MOST.values()))


def _distance(translator: Translator, call: Call) -> Term:
    *degrees, unit = call.arguments
    assert isinstance(unit, Literal)
    chosen = _FIFTEEN.replace("{0}", f"{2 * RADII[str(unit.value)]} * ({_HALF_ANGLE})")
    written = f"({_within(chosen, _arc(_ROOT))})"
    return Term(sql=sql(written, *(translator.term(part).sql for part in degrees)), type=NUMBER)


def _distance_fails(translator: Translator, call: Call) -> Sql | None:
    terms = [translator.term(part).sql for part in call.arguments[:-1]]
    given = listed(" AND ", [sql("{0} IS NOT NULL", term) for term in terms])
    return either(any_fails(translator, call), sql(f"({{4}} AND ({_NOWHERE}))", *terms, given))


DISTANCE = Form(value=_distance, fails=_distance_fails)
