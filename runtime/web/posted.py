"""A value as the text that its inputs start with, and the text that a posted form holds for it.

Both are texts which the field's type reads back as the value: the parts of an address as a JSON object, the
values of a list one a line. By them two versions of a value are compared, and a draft is kept.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, cast

import msgspec

from engine.fields.boolean import Boolean
from engine.fields.composite import Composite
from engine.fields.datetime import DateTime
from engine.fields.duration import Duration, written
from engine.fields.file import FileField
from engine.fields.many import Many
from engine.fields.numeric import Numeric
from engine.fields.percent import Percent
from engine.fields.tags import Tags
from engine.fields.time import Time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, time
    from decimal import Decimal
    from typing import Protocol

    from engine.fields.contract import FieldType
    from runtime.web.reader import Reader

    class Posted(Protocol):
        """The fields of a posted form; a name may stand there several times."""

        def __contains__(self, name: object, /) -> bool: ...
        def getlist(self, name: str, /) -> Sequence[object]: ...


WHOLE = ":text"
"""Ends the name under which a form sends a value's whole text, whatever inputs the field has otherwise."""


def raw(sort: FieldType, value: object, reader: Reader) -> str:
    """A value as the text that its input starts with; "" for blank."""
    return "" if value is None else write(sort, value, reader)


def posted(sort: FieldType, form: Posted, name: str) -> str | None:
    """The text that a form holds for the field called `name` there; None when its inputs were not sent."""
    if name + WHOLE in form:
        return _last(form.getlist(name + WHOLE))
    return gather(sort, form, name)


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


@write.register(Duration)
def _(sort: Duration, value: object, reader: Reader) -> str:  # noqa: ARG001
    return written(cast("Decimal", value))


@write.register(Boolean)
def _(sort: Boolean, value: object, reader: Reader) -> str:  # noqa: ARG001
    return "true" if value else "false"


@write.register(DateTime)
def _(sort: DateTime, value: object, reader: Reader) -> str:  # noqa: ARG001
    return cast("datetime", value).astimezone(reader.formats.zone).strftime("%Y-%m-%dT%H:%M")


@write.register(Time)
def _(sort: Time, value: object, reader: Reader) -> str:  # noqa: ARG001
    moment = cast("time", value)
    return moment.isoformat(timespec="auto" if moment.microsecond or moment.second else "minutes")


@write.register(Composite)
def _(sort: Composite, value: object, reader: Reader) -> str:  # noqa: ARG001
    return _object({name: str(part) for name, part in cast("Mapping[str, object]", value).items()})


@write.register(Many)
def _(sort: Many, value: object, reader: Reader) -> str:
    return "\n".join(write(sort.of, each, reader) for each in cast("Iterable[object]", value))


@write.register(Tags)
def _(sort: Tags, value: object, reader: Reader) -> str:  # noqa: ARG001
    return ", ".join(map(str, cast("Iterable[object]", value)))


@write.register(FileField)
def _(sort: FileField, value: object, reader: Reader) -> str:  # noqa: ARG001
    return str(value)


@singledispatch
def gather(sort: FieldType, form: Posted, name: str) -> str | None:  # noqa: ARG001  (dispatched on)
    """The text for a field whose inputs may bear several names."""
    return _last(form.getlist(name)) if name in form else None


@gather.register(Composite)
def _(sort: Composite, form: Posted, name: str) -> str | None:
    names = [piece.name for piece in sort.pieces if f"{name}.{piece.name}" in form]
    if not names:
        return None
    parts = {part: _last(form.getlist(f"{name}.{part}")).strip() for part in names}
    return _object({part: text for part, text in parts.items() if text})


@gather.register(FileField)
def _(sort: FileField, form: Posted, name: str) -> str | None:  # noqa: ARG001
    """The one that was chosen last: what is uploaded now comes behind what is held."""
    if name not in form:
        return None
    return next((text for each in reversed(form.getlist(name)) if (text := _lines(each))), "")


@gather.register(Many)
def _(sort: Many, form: Posted, name: str) -> str | None:  # noqa: ARG001
    if name not in form:
        return None
    return "\n".join(text for each in form.getlist(name) if (text := _lines(each)))


@gather.register(Tags)
def _(sort: Tags, form: Posted, name: str) -> str | None:  # noqa: ARG001
    return _last(form.getlist(name)) if name in form else None


def part_texts(text: str) -> Mapping[str, str]:
    """The parts of a value from its text; of text which is none, nothing."""
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _object(parts: Mapping[str, str]) -> str:
    return msgspec.json.encode(parts).decode() if parts else ""


def _last(values: Sequence[object]) -> str:
    """A checkbox comes with a hidden "false" before it: the last value counts."""
    return _lines(values[-1])


def _lines(value: object) -> str:
    """A browser ends lines with two characters; here they end with a line feed."""
    return str(value).replace("\r\n", "\n")
