"""A field as an input of a form: one function per field type, chosen by the type's class.

`raw` writes a stored value the way the control starts with it, which is also a way the type reads back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, cast

from engine.fields.boolean import Boolean
from engine.fields.currency import Currency
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.email import Email
from engine.fields.long_text import LongText
from engine.fields.lookup import Lookup
from engine.fields.numeric import Numeric
from engine.fields.percent import Percent
from engine.fields.phone import Phone
from engine.fields.picklist import Picklist
from engine.fields.plain_text import PlainText
from engine.fields.url import Url
from engine.money import currency_path
from metadata.catalog import FieldPath
from runtime.web.formats import symbol
from runtime.web.input import Choice, Input, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from engine.fields.contract import FieldType
    from metadata.catalog import Field
    from runtime.web.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A field with the text its input starts with; `title` names the record that a look-up holds now."""

    field: Field
    text: str
    title: str
    reader: Reader
    errors: tuple[str, ...] = ()
    autofocus: bool = False

    def input(self, kind: Kind, **more: object) -> Input:
        """An input of this kind with all that does not vary by type."""
        field, language = self.field, self.reader.language
        common: Mapping[str, object] = {
            "kind": kind, "name": field.name, "label": field.label.text(language), "value": self.text,
            "required": field.required, "hint": field.help.text(language) if field.help else "",
            "errors": self.errors, "autofocus": self.autofocus,
        }  # fmt: skip
        return Input(**{**common, **more})  # type: ignore[arg-type]  # both are keyword arguments of Input


def raw(sort: FieldType, value: object, reader: Reader) -> str:
    """A value as the text that its input starts with; "" for blank."""
    return "" if value is None else write(sort, value, reader)


def edit(edited: Edited) -> Input:
    """The input for a field."""
    return control(cast("FieldType", edited.field.sort), edited)


def is_wide(field: Field) -> bool:
    """Whether the field takes a whole line of a form or record page."""
    return isinstance(field.sort, LongText)


@singledispatch
def write(sort: FieldType, value: object, reader: Reader) -> str:  # noqa: ARG001  (dispatched on)
    """A value that is not None as text."""
    return str(value)


@write.register(Numeric)
def _(sort: Numeric, value: object, reader: Reader) -> str:  # noqa: ARG001
    return f"{value:f}"


@write.register(Percent)
def _(sort: Percent, value: object, reader: Reader) -> str:  # noqa: ARG001
    return f"{(cast('Decimal', value) * 100).normalize():f}"


@write.register(Boolean)
def _(sort: Boolean, value: object, reader: Reader) -> str:  # noqa: ARG001
    return "true" if value else "false"


@write.register(DateTime)
def _(sort: DateTime, value: object, reader: Reader) -> str:  # noqa: ARG001
    return cast("datetime", value).astimezone(reader.formats.zone).strftime("%Y-%m-%dT%H:%M")


@singledispatch
def control(sort: FieldType, edited: Edited) -> Input:  # noqa: ARG001  (dispatched on)
    """The input for a field of this type."""
    return edited.input("line")


@control.register(PlainText)
def _(sort: PlainText, edited: Edited) -> Input:
    return edited.input("line", limit=getattr(sort, "max", None))


@control.register(Email)
def _(sort: Email, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("line", type="email")


@control.register(Phone)
def _(sort: Phone, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("line", type="tel")


@control.register(Url)
def _(sort: Url, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("line", type="url")


@control.register(LongText)
def _(sort: LongText, edited: Edited) -> Input:
    return edited.input("area", limit=sort.max, wide=True)


@control.register(Numeric)
def _(sort: Numeric, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("decimal")


@control.register(Currency)
def _(sort: Currency, edited: Edited) -> Input:  # noqa: ARG001
    if currency_path(FieldPath(field=edited.field)):
        return edited.input("decimal")  # in the currency that another input of the form says
    reader = edited.reader
    return edited.input("decimal", prefix=symbol(reader.currency, reader.formats.locale))


@control.register(Percent)
def _(sort: Percent, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("decimal", suffix="%")


@control.register(Boolean)
def _(sort: Boolean, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("check", required=False)


@control.register(Date)
def _(sort: Date, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("date")


@control.register(DateTime)
def _(sort: DateTime, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("datetime")


@control.register(Picklist)
def _(sort: Picklist, edited: Edited) -> Input:  # noqa: ARG001
    language = edited.reader.language
    options = tuple(
        Choice(value=option.code, text=option.label.text(language))
        for option in edited.field.options
        if not option.retired or option.code == edited.text
    )
    return edited.input("choice", options=options)


@control.register(Lookup)
def _(sort: Lookup, edited: Edited) -> Input:  # noqa: ARG001
    field = edited.field
    chosen = (Choice(value=edited.text, text=edited.title or edited.text),) if edited.text else ()
    source = edited.reader.link(f"/lookup/{field.object.name}/{field.name}")
    return edited.input("lookup", options=chosen, source=source)
