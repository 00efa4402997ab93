"""Steps of the compiler: no formula mixes amounts of different currencies; the date that freezes their rate.

Where an object has a field `currency`, an amount is in the currency of its record. Whether a computed amount
is so too follows from its formula. The engine asks the same of conditions that come with a request.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from formula.exchange import COMPANY_CURRENCY
from formula.issue import Issue
from formula.money import money_of, varies
from formula.scope import Inside
from formula.types import Kind
from metadata import codes
from metadata.catalog import FieldPath, Global
from metadata.derivation import Rollup, expression

if TYPE_CHECKING:
    from formula.expr import Expr, Reference
    from formula.money import Mixture
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node


def currency_of(path: FieldPath, known: dict[Field, str] | None = None) -> str:
    """The money of a path, as `formula.money` names it: empty for what is no amount.

    `known`: what is found out about formula fields on the way, kept for the next question.
    """
    money, derivation = path.type.money, path.field.derivation
    if isinstance(derivation, Rollup):
        return COMPANY_CURRENCY if derivation.value and currency_of(derivation.value, known) else money
    formula = expression(path.field)
    if money or path.part or formula is None:
        return money
    known = {} if known is None else known
    if path.field not in known:
        known[path.field] = money_of(formula.expr, partial(_of_name, known), [])
    inner = known[path.field]
    return ".".join([*(link.name for link in path.links), inner]) if varies(inner) else inner


def is_mixed(path: FieldPath) -> bool:
    """Whether different records may hold the amount in different currencies."""
    return varies(currency_of(path))


def mixtures(expr: Expr, known: dict[Field, str] | None = None) -> list[Mixture]:
    """Where an expression compares or adds amounts of different currencies; `known` as for `currency_of`."""
    found: list[Mixture] = []
    money_of(expr, partial(_of_name, {} if known is None else known), found)
    return found


def rate_date(draft: Draft, object_: ObjectType, root: Node) -> Field | None:
    """The field of `money: {rate_date: …}`; None where there is none, or it is no stored date (reported)."""
    node = root.walk("money").get("rate_date")
    field = None if node is None else draft.field(object_, node)
    if node is None or field is None:
        return None
    if field.sort.stored and not field.many and field.sort.type.kind in (Kind.DATE, Kind.DATETIME):
        return field
    draft.report(node, codes.NOT_A_DATE, f"`{field.name}` is no date that is stored")
    return None


def check_money(checker: Checker) -> None:
    """Report what mixes currencies; when all formulas of all fields are known, and run in no circle."""
    known: dict[Field, str] = {}
    for formula in checker.checked:
        checker.draft.issues += [
            Issue(
                code=codes.MIXED_MONEY,
                message=mixture.message,
                source=formula.source,
                span=mixture.span,
                hint=mixture.hint,
            )
            for mixture in mixtures(formula.expr, known)
        ]


def _of_name(known: dict[Field, str], reference: Reference) -> str:
    match reference.key:
        case FieldPath() as path:
            return currency_of(path, known)
        case Global(path=FieldPath() as path):
            return currency_of(path, known)
        case Inside(key=key):
            return _of_name(known, replace(reference, key=key))
        case _:
            return reference.type.money
