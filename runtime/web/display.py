"""A field's value as a cell: one function per field type, chosen by the type's class.

Computed fields look like the type they return. A type without an entry is shown as text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING, cast

from engine.fault import SUFFIX as ERROR
from engine.fields.any_lookup import AnyLookup, id_of, object_of
from engine.fields.boolean import Boolean
from engine.fields.color import Color
from engine.fields.composite import Composite
from engine.fields.computed import Computed
from engine.fields.currency import Currency
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.duration import Duration, written
from engine.fields.email import Email
from engine.fields.file import FileField, media_type_of, name_of, size_of
from engine.fields.file import id_of as file_of
from engine.fields.json import Json
from engine.fields.long_text import LongText
from engine.fields.lookup import Lookup
from engine.fields.many import Many
from engine.fields.many_to_many import ManyToMany
from engine.fields.numeric import Numeric
from engine.fields.percent import Percent
from engine.fields.phone import Phone
from engine.fields.picklist import Picklist
from engine.fields.rating import Rating
from engine.fields.rich_text import RichText, plain
from engine.fields.secret import DOTS, Secret
from engine.fields.tags import Tags
from engine.fields.time import Time
from engine.fields.url import Url
from engine.files.preview import has_preview_of
from engine.money import currency_path
from runtime.web.cell import BLANK, Cell, tone
from runtime.web.markup import cleaned, holds_markup, words
from runtime.web.stays import is_stay, needed, stay_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime, time

    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field, FieldPath
    from runtime.web.reader import Reader

PEOPLE = frozenset({"user"})
"""Objects whose records are people: shown with an avatar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value with what a type may need to show it.

    `title` is the name of the record a look-up leads to, `titles` those of a list of links, in its order.
    `files` begins the addresses of the files that the field holds, "" where nothing is known of the record.
    """

    value: object
    field: Field
    title: str | None
    reader: Reader
    titles: tuple[str | None, ...] = ()
    files: str = ""


def cell(
    path: FieldPath,
    value: object,
    title: str | None,
    reader: Reader,
    titles: tuple[str | None, ...] = (),
    files: str = "",
) -> Cell:
    """The cell for the value of `path` in a record.

    `title` is what the record holds under `<path>.title`, `titles` what it holds under `<path>.titles`;
    `files` is where the record's page has the field's files, see `files_at`.
    """
    if value is None:
        return Cell(kind="blank", end=aligned(path.field))
    if path.part and not isinstance(path.field.sort, Currency):
        return _part(value, reader)
    if isinstance(value, str) and isinstance(path.field.sort, Computed) and holds_markup(path.field):
        return _marked(value, reader)
    made = Shown(value=value, field=path.field, title=title, reader=reader, titles=titles, files=files)
    return show(sort_of(path.field), made)


def _marked(text: str, reader: Reader) -> Cell:
    html = cleaned(text, reader.link)
    return Cell(kind="markup", text=words(html), html=html)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A path with the names under which a record holds what its cell needs; made once for many records."""

    path: FieldPath
    value: str
    title: str
    titles: str
    error: str
    currency: str
    files: bool
    stay: bool

    def cell(self, record: Record, reader: Reader) -> Cell:
        """The cell for a record that was fetched with the path."""
        values = record.values
        if (why := values.get(self.error)) is not None:
            shown = reader.text("record.error")
            return Cell(kind="error", text=shown, why=reader.said(why), end=aligned(self.path.field))
        if self.stay and (told := stay_cell(self.path, record, reader)) is not None:
            return told
        title = values.get(self.title)
        if self.currency and (code := values.get(self.currency)):
            reader = replace(reader, currency=str(code))
        return cell(
            self.path, values.get(self.value), None if title is None else str(title), reader,
            values.get(self.titles) or (), files_at(self.path, record, reader) if self.files else "",
        )  # fmt: skip


def showing(path: FieldPath) -> Showing:
    """How cells of a path are made."""
    name, said = path.name, currency_path(path)
    return Showing(
        path=path, value=name, title=f"{name}.title", titles=f"{name}.titles", error=f"{name}{ERROR}",
        currency=said.name if said else "", files=not path.links and holds_files(path.field),
        stay=is_stay(path),
    )  # fmt: skip


def files_at(path: FieldPath, record: Record, reader: Reader) -> str:
    """What begins the addresses of the files in a field of a record."""
    return reader.link(f"/o/{record.object.name}/{record.id}/files/{path.field.name}")


def holds_files(field: Field) -> bool:
    """Whether the field's values are files."""
    sort = cast("FieldType", field.sort)
    return isinstance(sort.element or sort, FileField)


def record_cell(path: FieldPath, record: Record, reader: Reader) -> Cell:
    """The cell for a path of a record that was fetched with it."""
    return showing(path).cell(record, reader)


def _part(value: object, reader: Reader) -> Cell:
    """The cell of what stands behind a dot: a part of a value, or what an option carries."""
    match value:
        case bool():
            return Cell(kind="text", text=reader.text("record.yes" if value else "record.no"))
        case Decimal():
            return Cell(kind="number", text=reader.formats.number(value))
        case _:
            return Cell(kind="text", text=str(value))


def in_its_currency(path: FieldPath, record: Record, reader: Reader) -> Reader:
    """The reader to whom an amount of the record is shown in the currency that the record says for it."""
    said = currency_path(path)
    code = record.values.get(said.name) if said else None
    return replace(reader, currency=code) if code else reader


def with_currencies(paths: Sequence[FieldPath], sees: Callable[[FieldPath], bool]) -> tuple[FieldPath, ...]:
    """What to fetch so that amounts show their own currency, and stages their labels: the paths and, where it
    may be seen, that.
    """
    said = {path: None for shown in paths if (path := currency_path(shown)) and path not in paths}
    return (*paths, *filter(sees, (*said, *needed(paths))))


def sort_of(field: Field) -> FieldType:
    """The field's type; for a computed field the type it returns."""
    sort = cast("FieldType", field.sort)
    return sort.returns if isinstance(sort, Computed) else sort


def aligned(field: Field) -> bool:
    """Whether a column of this field ends at the line's end, as figures do."""
    return isinstance(sort_of(field), Numeric)


@singledispatch
def show(sort: FieldType, shown: Shown) -> Cell:  # noqa: ARG001  (dispatched on)
    """The cell of a value that is not None."""
    return Cell(kind="text", text=str(shown.value))


@show.register(Numeric)
def _(sort: Numeric, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="number", text=shown.reader.formats.number(cast("Decimal", shown.value)), end=True)


@show.register(Currency)
def _(sort: Currency, shown: Shown) -> Cell:
    text = shown.reader.formats.money(cast("Decimal", shown.value), shown.reader.currency, scale=sort.scale)
    return Cell(kind="number", text=text, end=True)


@show.register(Percent)
def _(sort: Percent, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="number", text=shown.reader.formats.percent(cast("Decimal", shown.value)), end=True)


@show.register(Boolean)
def _(sort: Boolean, shown: Shown) -> Cell:  # noqa: ARG001
    name = "yes" if shown.value else "no"
    return Cell(kind="flag", text=shown.reader.text(f"record.{name}"), tone="yes" if shown.value else "")


@show.register(Date)
def _(sort: Date, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="number", text=shown.reader.formats.date(cast("date", shown.value)))


@show.register(DateTime)
def _(sort: DateTime, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="number", text=shown.reader.formats.datetime(cast("datetime", shown.value)))


@show.register(LongText)
def _(sort: LongText, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="long", text=str(shown.value))


@show.register(Email)
def _(sort: Email, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="text", text=str(shown.value), href=f"mailto:{shown.value}")


@show.register(Phone)
def _(sort: Phone, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="text", text=str(shown.value), href=f"tel:{''.join(str(shown.value).split())}")


@show.register(Url)
def _(sort: Url, shown: Shown) -> Cell:  # noqa: ARG001
    address = str(shown.value)
    safe = address.lower().startswith(("https://", "http://"))
    return Cell(kind="text", text=address, href=address if safe else "")


@show.register(Picklist)
def _(sort: Picklist, shown: Shown) -> Cell:  # noqa: ARG001
    option = shown.field.option(str(shown.value))
    if option is None:
        return Cell(kind="badge", text=str(shown.value))
    return Cell(kind="badge", text=option.label.text(shown.reader.language), tone=tone(option.color))


@show.register(Lookup)
def _(sort: Lookup, shown: Shown) -> Cell:
    if shown.title is None:
        return BLANK
    kind = "person" if sort.to in PEOPLE else "text"
    return Cell(kind=kind, text=shown.title, href=shown.reader.link(f"/o/{sort.to}/{shown.value}"))  # type: ignore[arg-type]


@show.register(Time)
def _(sort: Time, shown: Shown) -> Cell:  # noqa: ARG001
    value = cast("time", shown.value)
    return Cell(kind="number", text=value.strftime("%H:%M:%S" if value.second else "%H:%M"))


@show.register(Duration)
def _(sort: Duration, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="number", text=written(cast("Decimal", shown.value)), end=True)


@show.register(Rating)
def _(sort: Rating, shown: Shown) -> Cell:
    full = int(cast("Decimal", shown.value))
    said = shown.reader.text("record.stars", count=full, most=int(sort.max))
    rest = Cell(kind="text", text="★" * (int(sort.max) - full))
    return Cell(kind="stars", text=said, items=(Cell(kind="text", text="★" * full), rest))


@show.register(Color)
def _(sort: Color, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="color", text=str(shown.value))


@show.register(RichText)
def _(sort: RichText, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="rich", text=plain(str(shown.value)), html=str(shown.value))


@show.register(Json)
def _(sort: Json, shown: Shown) -> Cell:  # noqa: ARG001
    return Cell(kind="code", text=str(shown.value))


@show.register(Secret)
def _(sort: Secret, shown: Shown) -> Cell:  # noqa: ARG001
    """Dots, whatever the value: a row of another kind than a Record may hold it sealed."""
    return Cell(kind="text", text=DOTS)


@show.register(Composite)
def _(sort: Composite, shown: Shown) -> Cell:
    return Cell(kind="text", text=sort.line(cast("Mapping[str, object]", shown.value)))


@show.register(FileField)
def _(sort: FileField, shown: Shown) -> Cell:  # noqa: ARG001
    value = str(shown.value)
    href = f"{shown.files}/{file_of(value)}" if shown.files else ""
    size = size_of(value)
    pictured = href and size is not None and has_preview_of(media_type_of(value), int(size))
    return Cell(
        kind="file", text=name_of(value), href=href, thumb=f"{href}?preview" if pictured else "",
        note=shown.reader.formats.size(int(size)) if size is not None else "",
    )  # fmt: skip


@show.register(AnyLookup)
def _(sort: AnyLookup, shown: Shown) -> Cell:  # noqa: ARG001
    code, id_ = object_of(str(shown.value)), id_of(str(shown.value))
    target = next((other for other in shown.field.others if other.table == code), None)
    if shown.title is None or target is None:
        return BLANK
    return Cell(kind="text", text=shown.title, href=shown.reader.link(f"/o/{target.name}/{id_}"))


@show.register(Many)
def _(sort: Many, shown: Shown) -> Cell:
    return _list(
        show(sort.of, replace(shown, value=value)) for value in cast("Iterable[object]", shown.value)
    )


@show.register(Tags)
def _(sort: Tags, shown: Shown) -> Cell:  # noqa: ARG001
    return _list(Cell(kind="badge", text=str(value)) for value in cast("Iterable[object]", shown.value))


@show.register(ManyToMany)
def _(sort: ManyToMany, shown: Shown) -> Cell:
    ids = cast("Sequence[str]", shown.value)
    titles = (*shown.titles, *(None for _ in ids[len(shown.titles) :]))
    pairs = zip(ids, titles, strict=False)
    return _list(show(sort.of, replace(shown, value=id_, title=title)) for id_, title in pairs)


def _list(cells: Iterable[Cell]) -> Cell:
    """Cells as one; without those that show nothing."""
    items = tuple(one for one in cells if one.kind != "blank")
    return Cell(kind="list", text=", ".join(one.text for one in items), items=items) if items else BLANK
