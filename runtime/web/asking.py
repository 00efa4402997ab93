"""How a filter asks for its values: one function per field type, chosen by the type's class.

Options are ticked, days are named or picked, records are searched, everything else is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING

from engine.fields.any_lookup import AnyLookup
from engine.fields.boolean import Boolean
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.lookup import Lookup
from engine.fields.picklist import Picklist
from formula.period import PERIODS, period
from runtime.web.conditions import ME, USER
from runtime.web.editing import Edited, control
from runtime.web.input import Choice, Input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import FieldType
    from metadata.catalog import Field
    from runtime.web.reader import Reader

TYPED = frozenset({"line", "decimal", "date", "datetime", "time", "lookup", "any"})
"""Kinds of input that hold one value; a field edited otherwise is filtered by text."""
NAME = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The field, the values its filter has now, and the titles of the records among them by id."""

    field: Field
    values: tuple[str, ...]
    titles: Mapping[str, str]
    reader: Reader

    def input(self, sort: FieldType, place: int, text: str) -> Input:
        """The input for one value."""
        made = control(sort, Edited(field=self.field, text=text, titles={}, reader=self.reader))
        if made.kind not in TYPED:
            made = Input(kind="line", name=NAME, label=made.label, value=text)
        return replace(
            made, name=NAME, key=f"filter-{place}", required=False, hint="", errors=(), wide=False,
            autofocus=place == 0,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form shows for the values; see `FilterForm`."""

    options: tuple[Choice, ...] = ()
    periods: tuple[Choice, ...] = ()
    inputs: tuple[Input, ...] = ()


@singledispatch
def ask(sort: FieldType, wanted: Wanted) -> Asked:
    """How to ask for values of this type: an input for each there is, and one more."""
    if sort.element is not None:
        return ask(sort.element, wanted)
    texts = (*wanted.values, "")
    return Asked(inputs=tuple(wanted.input(sort, place, text) for place, text in enumerate(texts)))


@ask.register(Picklist)
def _(sort: Picklist, wanted: Wanted) -> Asked:  # noqa: ARG001  (dispatched on)
    language = wanted.reader.language
    return Asked(options=tuple(
        Choice(
            value=option.code, text=option.label.text(language), current=option.code in wanted.values
        )
        for option in wanted.field.options if not option.retired or option.code in wanted.values
    ))  # fmt: skip


@ask.register(Boolean)
def _(sort: Boolean, wanted: Wanted) -> Asked:  # noqa: ARG001
    text = wanted.reader.text
    said = (("true", text("record.yes")), ("false", text("record.no")))
    return Asked(options=tuple(Choice(value=v, text=t, current=v in wanted.values) for v, t in said))


@ask.register(Date)
@ask.register(DateTime)
def _(sort: FieldType, wanted: Wanted) -> Asked:
    """A period by name, or a day."""
    periods = tuple(
        Choice(value=name, text=wanted.reader.text(f"period.{name}"), current=name in wanted.values)
        for name in PERIODS
    )
    days = [value for value in wanted.values if period(value) is None] or [""]
    inputs = (replace(wanted.input(sort, place, day), kind="date") for place, day in enumerate(days))
    return Asked(periods=periods, inputs=tuple(inputs))


@ask.register(Lookup)
def _(sort: Lookup, wanted: Wanted) -> Asked:
    """Records, any number of them; and the reader herself where people are asked for."""
    me = (Choice(value=ME, text=wanted.reader.text("list.me"), current=ME in wanted.values),)
    chosen = tuple(
        Choice(value=id_, text=wanted.titles.get(id_) or id_, current=True)
        for id_ in wanted.values if id_ != ME
    )  # fmt: skip
    search = replace(wanted.input(sort, 0, ""), kind="lookups", options=chosen)
    return Asked(options=me if sort.to == USER else (), inputs=(search,))


@ask.register(AnyLookup)
def _(sort: AnyLookup, wanted: Wanted) -> Asked:
    """One record of one of the objects."""
    text = wanted.values[0] if wanted.values else ""
    held = (Choice(value=text, text=wanted.titles.get(text) or text, current=True),) if text else ()
    return Asked(inputs=(replace(wanted.input(sort, 0, text), options=held),))
