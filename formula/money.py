"""Which currency an amount is in, followed through an expression; amounts of different ones are not mixed.

The money of a Number is the name that says its currency: `currency` and `account.currency` for amounts in the
currency of their record, `$org.currency` for those in the company's, `USD` for converted ones; empty for a
plain number. Only amounts in the currency of a record may differ from row to row, so only with them a plain
number means nothing: `amount > 1000` is refused, `amount > 0` and `amount.company > 1000` are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.exchange import COMPANY_CURRENCY, CURRENCY, PER
from formula.expr import Call, Literal, Reference, fold, of_related
from formula.functions import Units
from formula.printer import show

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formula.expr import Expr
    from formula.source import Span

PLAIN = ""
ANY = "*"
"""Of nothing and of zero, which are the same in every currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Amounts of different currencies that meet: where, what is wrong, and the mend."""

    span: Span
    message: str
    hint: str


def varies(money: str) -> bool:
    """Whether amounts of this money may differ in their currency from record to record."""
    return money != COMPANY_CURRENCY and money.rpartition(".")[2] == CURRENCY and not money.startswith(PER)


def money_of(expr: Expr, known: Callable[[Reference], str], found: list[Mixture]) -> str:
    """The money of an expression; what is mixed in it is appended to `found`.

    `known` says the money of a name.
    """

    def leave(node: Expr, parts: tuple[str, ...]) -> str:
        match node:
            case Literal(value=value):
                return PLAIN if value else ANY
            case Reference():
                return known(node).replace("$old.", "")
            case Call(type=type_, function=function) if not type_.money:
                units = Units.GATHERS if of_related(node.arguments) else function.units
                return _RULES[units](node, parts, found)
            case Call(type=type_):
                return type_.money

    money = fold(expr, leave)
    return PLAIN if money == ANY else money


def _plain(_call: Call, _parts: Sequence[str], _found: list[Mixture]) -> str:
    return PLAIN


def _kept(_call: Call, parts: Sequence[str], _found: list[Mixture]) -> str:
    return parts[0]


def _chosen(_call: Call, parts: Sequence[str], _found: list[Mixture]) -> str:
    """What may be in the currency of a record counts as that."""
    moneys = [money for money in parts if money not in (PLAIN, ANY)]
    if not moneys:
        return ANY if all(money == ANY for money in parts) else PLAIN
    return next(filter(varies, moneys), moneys[0])


def _mixed(call: Call, parts: Sequence[str], found: list[Mixture]) -> str:
    """All of one money; with the company's, or a converted amount, plain numbers are meant to be so too."""
    moneys = dict.fromkeys(money for money in parts if money != ANY)
    named = [money for money in moneys if money]
    if len(named) > 1 or (len(moneys) > 1 and any(map(varies, named))):
        place = parts.index(next(filter(varies, named), named[0]))
        other = next(n for n, money in enumerate(parts) if money not in (ANY, parts[place]))
        found.append(_mixture(call, place, other, parts))
    return next(filter(varies, named), named[0]) if named else _chosen(call, parts, found)


def _compared(call: Call, parts: Sequence[str], found: list[Mixture]) -> str:
    _mixed(call, parts, found)
    return PLAIN


def _product(_call: Call, parts: Sequence[str], _found: list[Mixture]) -> str:
    moneys = [money for money in parts if money not in (PLAIN, ANY)]
    if len(moneys) == 2 and moneys[0] == COMPANY_CURRENCY and moneys[1].startswith(PER):
        return moneys[1].removeprefix(PER)
    if ANY in parts and not moneys:
        return ANY
    return moneys[0] if len(moneys) == 1 and not moneys[0].startswith(PER) else PLAIN


def _quotient(call: Call, parts: Sequence[str], found: list[Mixture]) -> str:
    amount, by = parts
    if by == PER + amount and amount != PLAIN:
        return COMPANY_CURRENCY
    if by.startswith(PER) or by in (PLAIN, ANY):
        return PLAIN if by.startswith(PER) else amount
    if amount not in (PLAIN, ANY):
        _mixed(call, parts, found)
    return PLAIN


def _gathered(call: Call, parts: Sequence[str], found: list[Mixture]) -> str:
    """What is computed of related records: a count is no amount."""
    if len(parts) < 2 or not varies(parts[1]):
        return parts[1] if len(parts) > 1 else PLAIN
    amount = call.arguments[1]
    message = f"{show(amount)} is in the currency of {_owner(parts[1])}, and those may differ"
    found.append(Mixture(span=amount.span, message=message, hint=_mend(amount)))
    return PLAIN


_RULES = {
    Units.NONE: _plain,
    Units.KEEPS: _kept,
    Units.CHOOSES: _chosen,
    Units.MIXES: _mixed,
    Units.COMPARES: _compared,
    Units.MULTIPLIES: _product,
    Units.GATHERS: _gathered,
    Units.DIVIDES: _quotient,
}


def _mixture(call: Call, place: int, other: int, parts: Sequence[str]) -> Mixture:
    amount, against = show(call.arguments[place]), show(call.arguments[other])
    owner = _owner(parts[place])
    message = f"{amount} is in the currency of {owner}, and {against} is {_said(parts[other])}"
    return Mixture(span=call.arguments[place].span, message=message, hint=_mend(call.arguments[place]))


def _owner(money: str) -> str:
    links = money.rpartition(".")[0]
    if not varies(money):
        return "the company" if money == COMPANY_CURRENCY else money
    return f"its {links}" if links else "its record"


def _said(money: str) -> str:
    if money == PLAIN:
        return "a plain number"
    return f"in that of {_owner(money)}"


def _mend(amount: Expr) -> str:
    name = amount.written if isinstance(amount, Reference) and not amount.computed else "amount"
    return f'write {name}.company, or CONVERT({name}, "USD")'
