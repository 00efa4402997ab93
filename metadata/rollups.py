"""Steps of the compiler: roll-ups – which records they are over, what kind their value is, what they read.

The kind of a value follows from the field that is rolled up, which may be a roll-up itself; so fields get it
when all are declared, before anything refers to them. Conditions and paths follow with the other formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from formula.scope import Context
from formula.types import BOOLEAN, Kind
from metadata import codes
from metadata.backlink import backlinks, leads, name_of
from metadata.derivation import Rollup
from metadata.draft import DamagedError
from metadata.kinds import BadOptionError
from metadata.money import is_mixed
from metadata.names import nearest
from metadata.queries import is_query

if TYPE_CHECKING:
    from formula.expr import Formula
    from formula.issue import Code
    from metadata.catalog import Field, FieldPath, ObjectType
    from metadata.derivation import Function
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node

_PICKING = ("first", "last")
_ORDERED = (Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.TEXT)
COMPANY = "company"


def type_rollups(draft: Draft) -> None:
    """Give each roll-up the kind of its value; what is wrong is reported, and left out."""
    typing = _Typing(draft)
    for object_ in draft.objects.values():
        for each in tuple(object_.fields.values()):
            if each.sort.rolls:
                typing.settle(each)


def add_rollups(checker: Checker) -> None:
    """What each roll-up reads of its records; conditions that are wrong are reported."""
    draft = checker.draft
    for object_ in draft.objects.values():
        for each in object_.fields.values():
            if each.sort.rolls and not each.retired:
                node = _node(draft, each)
                link = rolled_link(draft, object_, node)
                made = None if link is None else _rollup(checker, link, node)
                if made is not None:
                    draft.parts[object_.name].derivations[each.name] = made


def in_company_currency(draft: Draft) -> None:
    """Amounts in the currencies of their records are rolled up as what they are worth to the company.

    Asked when no formula runs in a circle. A computed amount has no such worth, and is reported.
    """
    for object_ in draft.objects.values():
        derivations = draft.parts[object_.name].derivations
        for name, each in derivations.items():
            if not isinstance(each, Rollup) or each.value is None or not is_mixed(each.value):
                continue
            if COMPANY in each.value.field.sort.parts:
                derivations[name] = replace(each, value=replace(each.value, part=COMPANY))
                continue
            at = draft.documents[object_.name].root.walk("fields", name, "field")
            message = f"`{each.value.name}` is in each record's own currency, and these are not rolled up"
            draft.report(at, codes.MIXED_MONEY, message, hint="Make it of amounts with `.company`.")


def rolled_link(draft: Draft, object_: ObjectType, node: Node) -> Field | None:
    """The link that `from: object.link` names; None when it leads nowhere (reported) or is damaged."""
    at = node.walk("from")
    owner_name, _, name = at.text.partition(".")
    owner = draft.object(owner_name, at)
    link = None if owner is None else draft.field(owner, at, name)
    if owner is None or link is None:
        return None
    if not leads(link, object_):
        links = [name_of(each) for each in backlinks(draft.objects, object_) if not each.system]
        hint = nearest(at.text, links) or (f"There is {', '.join(sorted(links)[:8])}." if links else "")
        draft.report(at, codes.NOT_A_LINK, f"`{at.text}` does not point to {object_.name}", hint=hint)
    elif link.many or is_query(draft, owner):
        held = "holds a list of links" if link.many else "is shown by a query"
        draft.report(at, codes.ROLLUP, f"`{at.text}` {held}; a roll-up is over records with one link here")
    else:
        return link
    return None


@dataclass(slots=True)
class _Typing:
    """Settles roll-ups, those that others are over first; `under_way` are those that wait for their own."""

    draft: Draft
    settled: set[str] = field(default_factory=set)
    under_way: list[str] = field(default_factory=list)

    def settle(self, given: Field) -> None:
        place = f"{given.object.name}.{given.name}"
        if place in self.settled:
            return
        if place in self.under_way:
            circle = [*self.under_way[self.under_way.index(place) :], place]
            self._drop(given, codes.FORMULA_CYCLE, f"roll-ups refer in a circle: {' → '.join(circle)}")
            return
        self.under_way.append(place)
        self._settle(given)
        self.under_way.pop()
        self.settled.add(place)

    def _settle(self, given: Field) -> None:
        node = _node(self.draft, given)
        link = rolled_link(self.draft, given.object, node)
        target = None if link is None else self._target(link, node)
        fields = self.draft.parts[given.object.name].fields
        if link is None or (node.get("field") is not None and target is None):
            self._drop(given)
        if given.name not in fields:
            return
        try:
            sort = given.sort.rolling(node.string("function"), None if target is None else target.sort)
        except BadOptionError as error:
            at = node.get(error.option) or node
            self._drop(given)
            self.draft.report(at, codes.ROLLUP, error.message, hint=error.hint, at_key=at is node)
            return
        options = target.options if target is not None and sort.option_codes else ()
        fields[given.name] = replace(given, sort=sort, options=options)

    def _target(self, link: Field, node: Node) -> Field | None:
        """The field that is rolled up, settled; None without one, or where there is none (reported)."""
        at = node.get("field")
        path = None if at is None else self.draft.path(link.object, at)
        if path is None:
            return None
        if path.part and path.part != COMPANY:
            hint = "Make a formula field of it."
            self.draft.report(at or node, codes.ROLLUP, f"`{path.name}` is no field by itself", hint=hint)
            return None
        if path.field.sort.rolls:
            self.settle(path.field)
            try:
                path = self.draft.resolve(link.object, tuple(path.name.split(".")))
            except DamagedError:
                return None
        return None if path is None else path.field

    def _drop(self, given: Field, code: Code | None = None, message: str = "") -> None:
        self.draft.parts[given.object.name].fields.pop(given.name, None)
        self.draft.damaged.add(f"{given.object.name}.{given.name}")
        if code is not None:
            self.draft.report(_node(self.draft, given).walk("from"), code, message)


def _rollup(checker: Checker, link: Field, node: Node) -> Rollup | None:
    draft, child, function = checker.draft, link.object, cast("Function", node.string("function"))
    condition = node.get("where")
    where = None if condition is None else _where(checker, child, condition)
    order = _order(draft, child, node, function)
    value = None if (at := node.get("field")) is None else draft.path(child, at)
    if condition is not None and where is None:
        return None
    distinct = node.flag("distinct")
    return Rollup(link=link, function=function, value=value, where=where, order=order, distinct=distinct)


def _where(checker: Checker, child: ObjectType, node: Node) -> Formula | None:
    return checker.check(child, node, Context.STORED_FIELD, expect=BOOLEAN)


def _order(draft: Draft, child: ObjectType, node: Node, function: str) -> FieldPath | None:
    at = node.get("order")
    if at is None:
        if function in _PICKING:
            message = f"`{function}` needs `order:`, which says what comes first"
            draft.report(node.walk("function"), codes.ROLLUP, message, hint="Name a date or a number.")
        return None
    if function not in (*_PICKING, "list"):
        draft.report(at, codes.ROLLUP, f"`{function}` has no order", hint="Take it out.", at_key=True)
        return None
    path = draft.path(child, at)
    if path is not None and (path.field.many or path.type.kind not in _ORDERED):
        draft.report(at, codes.ROLLUP, f"`{path.name}` has no order: it is no number, text or time")
        return None
    return path


def _node(draft: Draft, given: Field) -> Node:
    return draft.documents[given.object.name].root.walk("fields", given.name)
