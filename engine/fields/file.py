"""A file, such as a contract.

The value is a line of text, `018f…/48213/application/pdf/合同.pdf`: id, size in bytes, media type, name. A
file never changes, so what the line says stays true, and lists, history and exports tell a file without
asking what it is. Of what writers send only the id counts: the save completes it (`engine/files/linking.py`)
and refuses files that are not there, not theirs or not allowed. Formulas see the name, and parts behind a
dot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from engine.codec import id_form, number_form, text_form
from engine.codes import UNKNOWN_PART, WRONG_KIND
from engine.fields.contract import TEXT_PART, FieldType, Kind, Stored, options_schema, spoken
from engine.fields.many import MOST, Many
from engine.fields.plain_text import clean
from engine.files.codes import FILE_TOO_LARGE, FILE_TYPE, NO_FILE
from engine.files.name import extension, file_name
from engine.ids import CANONICAL, canonical_id
from engine.problem import Refusal
from engine.sort_key import sort_key
from formula.condition import TEXTUAL, Operator
from formula.types import ID, TEXT, Type
from formula.types import Kind as FormulaKind

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec
    from engine.files.file import File

NUMBER = Type(kind=FormulaKind.NUMBER, scale=0)
MAX_SIZE = 25 * 1024 * 1024
"""Bytes that a file may have where its field does not say."""

_HINT = "Upload the file first, and send the id that this answers."
_IN_BRACKETS = re.compile(rf"\(({CANONICAL.pattern})\)\s*$", re.IGNORECASE)
_SIZE = re.compile(r"[0-9]{1,13}")
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_PARTING = re.compile(r"[\r\n]+|(?<=\));\s*")


def written(file: File) -> str:
    """The value that stands for a file."""
    return f"{file.id}/{file.size}/{file.media_type}/{file.name}"


def id_of(value: str) -> str:
    """The id of the file in a value."""
    return value.partition("/")[0]


def size_of(value: str) -> Decimal | None:
    """Its size in bytes; None while the value is not complete."""
    size = _pieces(value)[1]
    return Decimal(size) if size else None


def media_type_of(value: str) -> str:
    """Its media type; "" while the value is not complete."""
    return "/".join(filter(None, _pieces(value)[2:4]))


def name_of(value: str) -> str:
    """Its name; the id while the value is not complete."""
    return _pieces(value)[4] or id_of(value)


def shown(value: str) -> dict[str, Any]:
    """A value as JSON has it; the id alone while it is not complete."""
    if "/" not in value:
        return {"id": value}
    return {"id": id_of(value), "name": name_of(value), "size": size_of(value), "type": media_type_of(value)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileField(FieldType):
    """A file of at most `max_size` bytes.

    `types` are media types, `image/*` for all of a family, `extensions` endings of names, in lower case; none
    of either: all.
    """

    kind: ClassVar[str] = "file"
    widget: ClassVar[str] = "file"
    operators: ClassVar[tuple[Operator, ...]] = TEXTUAL

    max_size: int = MAX_SIZE
    types: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def storage(self) -> str:
        return "file"

    @property
    def parts(self) -> Mapping[str, Type]:
        return MappingProxyType({"id": ID, "name": TEXT, "size": NUMBER, "media_type": TEXT})

    @property
    def derived(self) -> Mapping[str, Codec]:
        return MappingProxyType({"id": id_of, "name": name_of, "size": size_of, "media_type": media_type_of})

    @property
    def seen(self) -> Codec:
        return name_of

    @property
    def shown(self) -> Codec:
        return shown

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        text, id_, size = text_form(dialect).type, id_form(dialect), number_form(dialect, 0)
        forms = {"id": id_, "size": size}
        return (
            Stored(role="value", suffix="", type=text),
            Stored(role="sort", suffix="__sort", type=text, derive=_key),
            Stored(role="part", part=TEXT_PART, suffix="__text", type=text, derive=name_of),
            *(
                Stored(
                    role="part", part=name, suffix=f"__{name}", type=form.type, derive=derive,
                    encode=form.encode, decode=form.decode,
                )
                for name, derive in self.derived.items()
                for form in (forms.get(name) or text_form(dialect),)
            ),
        )  # fmt: skip

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        """Take the id of a file, what JSON has of one, or a text such as exports write: `name (id)`."""
        if isinstance(raw, Mapping):
            return self._of_parts(raw)
        if raw is not None and not isinstance(raw, str):
            message = "Expected the id of a file, not {kind}."
            raise Refusal(WRONG_KIND, message, _HINT, kind=spoken(raw))
        text = clean(raw)
        if text is None or not (text := text.strip()):
            return None
        bracketed = _IN_BRACKETS.search(text)
        return _read(bracketed[1]) if bracketed else _whole(_read(id_of(text)), *_pieces(text)[1:])

    def check(self, file: File) -> None:
        """Raise `Refusal` for a file that this field does not take."""
        if file.size > self.max_size:
            message = "“{name}” has {size} bytes; {most} are allowed here."
            raise Refusal(
                FILE_TOO_LARGE,
                message,
                FILE_TOO_LARGE.mend,
                name=file.name,
                size=file.size,
                most=self.max_size,
            )
        if not self.takes(file.media_type) or (
            self.extensions and extension(file.name) not in self.extensions
        ):
            message = "“{name}” is of a kind that is not taken here: {type}."
            hint = "Taken are {kinds}."
            kinds = ", ".join((*self.types, *(f".{each}" for each in self.extensions)))
            raise Refusal(FILE_TYPE, message, hint, name=file.name, type=file.media_type, kinds=kinds)

    def takes(self, media_type: str) -> bool:
        """Whether a file of this media type may stand here."""
        family = f"{media_type.partition('/')[0]}/*"
        return not self.types or media_type in self.types or family in self.types

    @property
    def json_schema(self) -> dict[str, object]:
        properties = {
            "id": {"type": "string", "format": "uuid"}, "name": {"type": "string"},
            "size": {"type": "integer"}, "type": {"type": "string"},
        }  # fmt: skip
        held = {"type": "object", "properties": properties, "required": ["id"], "additionalProperties": False}
        return {"oneOf": [held, {"type": "string", "format": "uuid"}, {"type": "null"}]}

    def _of_parts(self, raw: Mapping[object, object]) -> str | None:
        if not raw:
            return None
        for name in raw:
            if name not in ("id", "name", "size", "type"):
                hint = "Its parts are {parts}."
                message = "There is no part “{name}”."
                raise Refusal(UNKNOWN_PART, message, hint, name=name, parts="id, name, size, type")
        if (given := raw.get("id")) is None or given == "":
            return None
        size, type_, name = (raw.get(each) or "" for each in ("size", "type", "name"))
        return _whole(_read(given), str(size), *str(type_).partition("/")[::2], str(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Files(Many):
    """Up to `most` files; what a text lists stands in lines, or as exports write it."""

    kind: ClassVar[str] = "files"
    widget: ClassVar[str] = "files"
    parting: ClassVar[re.Pattern[str]] = _PARTING


def _read(given: object) -> str:
    found = canonical_id(given) if isinstance(given, str) else None
    if found is None:
        raise Refusal(NO_FILE, "“{raw}” is no file.", _HINT, raw=given)
    return found


def _whole(id_: str, size: str, family: str, kind: str, name: str) -> str:
    """A value that is complete where all its pieces are sound; otherwise the id alone stands for the file."""
    sound = _SIZE.fullmatch(size) and _TYPE.fullmatch(f"{family}/{kind}") and name and file_name(name) == name
    return f"{id_}/{size}/{family}/{kind}/{name}" if sound else id_


def _pieces(value: str) -> tuple[str, str, str, str, str]:
    found = value.split("/", 4)
    id_, size, family, kind, name = (*found, *[""] * (5 - len(found)))
    return id_, size, family, kind, name


def _key(value: str) -> str:
    return sort_key(name_of(value))


SIZE = {
    "type": "integer",
    "minimum": 1,
    "maximum": 5 * 2**30,
    "description": f"Bytes a file may have; {MAX_SIZE:,}.",
}
TYPES = {
    "type": "array",
    "items": {"type": "string", "pattern": "^[a-z]+/([a-z0-9.+-]+|[*])$"},
    "minItems": 1,
    "uniqueItems": True,
    "description": "Media types that are taken, image/* for a family; all.",
}
EXTENSIONS = {
    "type": "array",
    "items": {"type": "string", "pattern": "^[a-z0-9]{1,16}$"},
    "minItems": 1,
    "uniqueItems": True,
    "description": "Endings of names that are taken, without the dot; all.",
}
LISTED: dict[str, Mapping[str, object]] = {
    "many": {"type": "boolean", "description": "Whether it holds a list of files; false."},
    "max_count": {
        "type": "integer", "minimum": 1, "maximum": MOST, "description": f"Files in the list; {MOST}.",
    },
}  # fmt: skip


def listed(one: FieldType, options: Mapping[str, object]) -> FieldType:
    """The type, or where `many` says so a list of it."""
    if not options.get("many"):
        return one
    return Files(of=one, most=int(str(options.get("max_count", MOST))))


def texts(options: Mapping[str, object], name: str) -> tuple[str, ...]:
    """An option that lists texts."""
    given = options.get(name) or ()
    assert isinstance(given, list | tuple)
    return tuple(map(str, given))


def bind(options: Mapping[str, object]) -> FieldType:
    """Bind to the limits."""
    one = FileField(
        max_size=int(str(options.get("max_size", MAX_SIZE))),
        types=texts(options, "types"),
        extensions=texts(options, "extensions"),
    )
    return listed(one, options)


FIELD = Kind(
    name="file",
    schema=options_schema(max_size=SIZE, types=TYPES, extensions=EXTENSIONS, **LISTED),
    bind=bind,
)
