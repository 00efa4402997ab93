"""A field as an input of a form: one function per field type, chosen by the type's class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING, Literal, cast

from engine.fields.any_lookup import AnyLookup
from engine.fields.auto_number import AutoNumber
from engine.fields.boolean import Boolean
from engine.fields.color import Color
from engine.fields.composite import Composite
from engine.fields.currency import Currency
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.duration import Duration
from engine.fields.email import Email
from engine.fields.file import FileField, Files, name_of, size_of
from engine.fields.geo import Geo
from engine.fields.image import Image
from engine.fields.json import Json
from engine.fields.long_text import LongText
from engine.fields.lookup import Lookup
from engine.fields.many import Many
from engine.fields.many_to_many import ManyToMany
from engine.fields.multi_picklist import MultiPicklist
from engine.fields.numeric import Numeric
from engine.fields.percent import Percent
from engine.fields.person_name import PersonName
from engine.fields.phone import Phone
from engine.fields.picklist import Picklist
from engine.fields.plain_text import PlainText
from engine.fields.rating import Rating
from engine.fields.rich_text import RichText
from engine.fields.secret import Secret
from engine.fields.signature import Signature
from engine.fields.tags import Tags
from engine.fields.time import Time
from engine.fields.url import Url
from runtime.web.formats import symbol
from runtime.web.input import Choice, Input, Kind
from runtime.web.posted import part_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.composite import Part
    from engine.fields.contract import FieldType
    from metadata.catalog import Field
    from runtime.web.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A field with the text its input starts with.

    `titles` name the records that a look-up holds now, by what stands for them in the text. `offered` are the
    codes that a picklist may hold now, None for all that are not retired. `creates` is the form for a new
    record of a look-up's target, "" where the reader may make none.
    """

    field: Field
    text: str
    reader: Reader
    titles: Mapping[str, str]
    offered: frozenset[str] | None = None
    creates: str = ""
    required: bool | None = None
    hidden: bool = False
    fixed: bool = False
    errors: tuple[str, ...] = ()
    autofocus: bool = False

    def input(self, kind: Kind, **more: object) -> Input:
        """An input of this kind with all that does not vary by type."""
        field, language = self.field, self.reader.language
        common: Mapping[str, object] = {
            "kind": kind, "name": field.name, "label": field.label.text(language), "value": self.text,
            "required": field.required if self.required is None else self.required,
            "hint": field.help.text(language) if field.help else "",
            "errors": self.errors, "autofocus": self.autofocus, "hidden": self.hidden, "fixed": self.fixed,
        }  # fmt: skip
        return Input(**{**common, **more})  # type: ignore[arg-type]  # both are keyword arguments of Input

    def held(self, *values: str) -> tuple[Choice, ...]:
        """What a look-up holds now, as choices."""
        return tuple(Choice(value=one, text=self.titles.get(one, one), current=True) for one in values if one)

    @property
    def source(self) -> str:
        """Where the searches of a look-up are answered."""
        return self.reader.link(f"/lookup/{self.field.object.name}/{self.field.name}")


def edit(edited: Edited) -> Input:
    """The input for a field."""
    return control(cast("FieldType", edited.field.sort), edited)


def is_wide(field: Field) -> bool:
    """Whether the field takes a whole line of a form or record page."""
    return isinstance(field.sort, LongText | RichText | Json)


@singledispatch
def control(sort: FieldType, edited: Edited) -> Input:  # noqa: ARG001  (dispatched on)
    """The input for a field of this type."""
    return edited.input("line")


@control.register(PlainText)
def _(sort: PlainText, edited: Edited) -> Input:
    return edited.input("line", limit=getattr(sort, "max", None))


@control.register(AutoNumber)
def _(sort: AutoNumber, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("fixed")


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


@control.register(RichText)
def _(sort: RichText, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("rich", wide=True)


@control.register(Json)
def _(sort: Json, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("code", wide=True)


@control.register(Secret)
def _(sort: Secret, edited: Edited) -> Input:
    return edited.input("line", type="password", limit=sort.max)


@control.register(Color)
def _(sort: Color, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("color", placeholder="#3b5bdb")


@control.register(Numeric)
def _(sort: Numeric, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("decimal")


@control.register(Currency)
def _(sort: Currency, edited: Edited) -> Input:  # noqa: ARG001
    reader = edited.reader  # already the one to whom amounts are shown in the record's own currency
    return edited.input("decimal", prefix=symbol(reader.currency, reader.formats.locale))


@control.register(Percent)
def _(sort: Percent, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("decimal", suffix="%")


@control.register(Duration)
def _(sort: Duration, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("line", placeholder="1:30")


@control.register(Rating)
def _(sort: Rating, edited: Edited) -> Input:
    return edited.input("rating", limit=int(sort.max))


@control.register(Boolean)
def _(sort: Boolean, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("check", required=False)


@control.register(Date)
def _(sort: Date, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("date")


@control.register(DateTime)
def _(sort: DateTime, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("datetime")


@control.register(Time)
def _(sort: Time, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("time")


@control.register(Picklist)
def _(sort: Picklist, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("choice", options=_options(edited, frozenset({edited.text})))


@control.register(MultiPicklist)
def _(sort: MultiPicklist, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("choices", options=_options(edited, frozenset(edited.text.split("\n"))))


@control.register(Many)
def _(sort: Many, edited: Edited) -> Input:
    one = control(sort.of, replace(edited, text=""))
    return edited.input("lines", type=one.type, limit=one.limit)


@control.register(Tags)
def _(sort: Tags, edited: Edited) -> Input:  # noqa: ARG001
    return edited.input("tags")


@control.register(Lookup)
def _(sort: Lookup, edited: Edited) -> Input:  # noqa: ARG001
    options = edited.held(edited.text)
    return edited.input("lookup", options=options, source=edited.source, create=edited.creates)


@control.register(ManyToMany)
def _(sort: ManyToMany, edited: Edited) -> Input:  # noqa: ARG001
    options = edited.held(*edited.text.split("\n"))
    return edited.input("lookups", options=options, source=edited.source, create=edited.creates)


@control.register(AnyLookup)
def _(sort: AnyLookup, edited: Edited) -> Input:  # noqa: ARG001
    language, held = edited.reader.language, edited.text.partition("/")[0]
    targets = tuple(
        Choice(
            value=target.name, text=target.label.text(language), current=held in (target.table, target.name)
        )
        for target in edited.field.others
        if not target.retired
    )
    return edited.input("any", options=edited.held(edited.text), source=edited.source, targets=targets)


@control.register(FileField)
def _(sort: FileField, edited: Edited) -> Input:
    return _files(sort, edited, several=False)


@control.register(Files)
def _(sort: Files, edited: Edited) -> Input:
    one = sort.of
    assert isinstance(one, FileField)
    return _files(one, edited, several=True)


@control.register(Composite)
def _(sort: Composite, edited: Edited) -> Input:
    texts, name, text = part_texts(edited.text), edited.field.name, edited.reader.text
    parts = tuple(
        Input(
            kind="line", name=f"{name}.{piece.name}", key=f"{name}-{piece.name}",
            value=texts.get(piece.name, ""), label=text(f"part.{piece.name}"), wide=piece.name == "street",
            autofocus=edited.autofocus and number == 0,
        )
        for number, piece in enumerate(_ordered(sort, edited.reader))
    )  # fmt: skip
    return edited.input("parts", parts=parts, wide=not isinstance(sort, Geo), autofocus=False)


def _files(sort: FileField, edited: Edited, *, several: bool) -> Input:
    """What is held as boxes to keep or leave out, and an input for more."""
    held = tuple(
        Choice(value=value, text=name_of(value), current=True, note=_size(value, edited.reader))
        for value in filter(None, edited.text.split("\n"))
    )
    accept = ",".join((*sort.types, *(f".{each}" for each in sort.extensions)))
    way: Literal["file", "image", "signature"] = "file"
    if isinstance(sort, Image):
        way = "signature" if isinstance(sort, Signature) else "image"
    return edited.input(
        "file", options=held, accept=accept, several=several, way=way, limit=sort.max_size,
        source=edited.reader.link("/files"), wide=several or way == "signature",
    )  # fmt: skip


def _size(value: str, reader: Reader) -> str:
    size = size_of(value)
    return "" if size is None else reader.formats.size(int(size))


def _ordered(sort: Composite, reader: Reader) -> tuple[Part, ...]:
    """The parts in the order in which readers of this language write them."""
    eastern = reader.language.startswith("zh")
    if isinstance(sort, PersonName) and not eastern:
        order = ("salutation", "given", "family", "suffix")
        return tuple(sorted(sort.pieces, key=lambda piece: order.index(piece.name)))
    return sort.pieces


def _options(edited: Edited, held: frozenset[str]) -> tuple[Choice, ...]:
    """The options of a picklist; those that are not offered now are there for when they are."""
    language, offered = edited.reader.language, edited.offered
    return tuple(
        Choice(
            value=option.code,
            text=option.label.text(language),
            current=option.code in held,
            hidden=offered is not None and option.code not in offered | held,
        )
        for option in edited.field.options
        if not option.retired or option.code in held
    )
