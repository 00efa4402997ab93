"""Figures over amounts in several currencies: split or in the company's currency, never added as they are.

Where an object's records say their own `currency`, a sum, average, least or greatest of an amount is asked of
its company companion instead, and bears that name, `amount.company`; unless the records are grouped by their
currency. A computed amount has no companion: it is refused, unless it is made of companions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import codes
from engine.fields.currency import Currency
from engine.fields.formula import Formula
from engine.problem import Problem
from engine.query import Bucket, Function
from engine.tables import CURRENCY_FIELD
from formula.expr import references
from metadata.catalog import FieldPath
from metadata.derivation import expression

if TYPE_CHECKING:
    from engine.query import Aggregate, Measure
    from metadata.catalog import Field

MIXING = frozenset({Function.SUM, Function.AVG, Function.MIN, Function.MAX})
"""Functions that compare or add the values of several records."""


def in_one_currency(asked: Aggregate) -> Aggregate:
    """The same question, with no figure over different currencies.

    Raises `Problem` for a computed amount that cannot be brought into one.
    """
    split = {(path.links, path.field) for path in asked.group if not isinstance(path, Bucket)}
    measures = tuple(_measured(measure, split) for measure in asked.measures)
    return asked if measures == asked.measures else replace(asked, measures=measures)


def currency_path(path: FieldPath) -> FieldPath | None:
    """Where the currency of an amount is said; None where it is the company's."""
    currency = path.field.object.fields.get(CURRENCY_FIELD)
    if path.part or currency is None or not _mixed(path.field):
        return None
    return FieldPath(links=path.links, field=currency)


def _measured(measure: Measure, split: set[tuple[tuple[Field, ...], Field]]) -> Measure:
    path = measure.path
    if path is None or path.part or measure.function not in MIXING or not _mixed(path.field):
        return measure
    said = currency_path(path)
    if said is not None and (said.links, said.field) in split:
        return measure
    if expression(path.field) is None:
        return replace(measure, path=replace(path, part="company"))
    raise Problem(
        codes.BAD_QUERY,
        f"{path.name} is in each record's own currency, and these cannot be added.",
        hint="Group by the currency, or make the field of amounts in the company's currency (`.company`).",
    )


def _mixed(field: Field) -> bool:
    """Whether records may hold it in different currencies."""
    if isinstance(field.sort, Currency):
        return _is_stored(field.object.fields.get(CURRENCY_FIELD))
    formula = expression(field)
    if formula is None or not isinstance(field.sort, Formula):
        return False
    if not isinstance(field.sort.returns, Currency):
        return False
    paths = [ref.key for ref in references(formula.expr) if isinstance(ref.key, FieldPath)]
    return any(not path.part and _mixed(path.field) for path in paths)


def _is_stored(field: Field | None) -> bool:
    return field is not None and field.sort.stored and not field.retired
