"""What all types made of parts share: an address, a name, a place on the map. A base of types, itself none.

One value is a frozen mapping of those parts that are filled, in their customary order; it is kept whole, as
canonical JSON, and each part once more in a column of its own, for filters, groups and indexes. Formulas see
the value itself as text of one line, which lists sort by.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import msgspec

from engine.codec import text_form
from engine.codes import NOT_JSON, TOO_LONG, UNKNOWN_PART, WRONG_KIND
from engine.fields.contract import TEXT_PART, FieldType, Stored, spoken
from engine.fields.json import parse
from engine.fields.plain_text import clean
from engine.problem import Refusal
from engine.sort_key import sort_key
from formula.condition import TEXTUAL, Operator
from formula.types import TEXT

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.codec import Form
    from engine.database import Dialect
    from engine.fields.contract import Codec
    from formula.types import Type

Value: TypeAlias = "Mapping[str, Any]"

_PARTS = "Its parts are {parts}."
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: `read` turns what was sent for it into its value, or None for blank; `form` keeps that."""

    name: str
    type: Type
    read: Callable[[object], Any]
    form: Callable[[Dialect], Form]
    schema: Mapping[str, object]


def text_part(name: str, longest: int) -> Part:
    """A part that is a line of text of at most `longest` characters."""
    return Part(
        name=name,
        type=TEXT,
        read=partial(read_line, name, longest),
        form=text_form,
        schema={"type": ["string", "null"], "maxLength": longest},
    )


def read_line(name: str, longest: int, raw: object) -> str | None:
    """Return input as one line without white space at its ends, None when blank; raises `Refusal`."""
    text = clean(str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw)
    if text is None:
        return None
    line = " ".join(text.split())
    if len(line) > longest:
        message = "The {part} has {count} characters; {longest} are allowed."
        part = name.replace("_", " ")
        raise Refusal(TOO_LONG, message, "Shorten it.", part=part, count=len(line), longest=longest)
    return line


class Composite(FieldType):
    """A field made of parts; the subclass says of which, how they read in one line, and how a line parts."""

    __slots__ = ()

    operators: ClassVar[tuple[Operator, ...]] = TEXTUAL
    pieces: ClassVar[tuple[Part, ...]]

    @abstractmethod
    def line(self, value: Value) -> str:
        """Return how a value reads in one line; never blank."""

    @abstractmethod
    def split(self, text: str) -> Mapping[str, object]:
        """Return the parts of clean text that is not blank; raises `Refusal`."""

    def check(self, value: Value) -> None:
        """Raise `Refusal` where parts that are sound do not go together."""

    def _form(self, value: Value) -> str | None:  # noqa: ARG002  (of use to types with a `normal` part)
        """Return the form in which a value is compared, the part called `normal`."""
        return None

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def parts(self) -> Mapping[str, Type]:
        named = {piece.name: piece.type for piece in self.pieces}
        return MappingProxyType(named | {self.normal: TEXT} if self.normal else named)

    @property
    def derived(self) -> Mapping[str, Codec]:
        made: dict[str, Codec] = {piece.name: partial(_part, piece.name) for piece in self.pieces}
        return MappingProxyType(made | {self.normal: self._form} if self.normal else made)

    @property
    def seen(self) -> Codec:
        return self.line

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        text = text_form(dialect).type
        value = Stored(role="value", suffix="", type=text, encode=encode, decode=decode)
        line = Stored(role="part", part=TEXT_PART, suffix="__text", type=text, derive=self.line)
        key = Stored(role="sort", suffix="__sort", type=text, derive=self._key)
        pieces = (_column(piece, dialect) for piece in self.pieces)
        if not self.normal:
            return (value, key, line, *pieces)
        suffix = f"__{self.normal}"
        form = Stored(role="part", part=self.normal, suffix=suffix, type=text, derive=self._form)
        return (value, key, line, *pieces, form)

    def convert(self, raw: object, zone: tzinfo | None = None) -> Value | None:  # noqa: ARG002  (needs none)
        given = self._given(raw)
        for name in given:
            self._check_name(name)
        read = {piece.name: piece.read(given.get(piece.name)) for piece in self.pieces}
        filled = {name: part for name, part in read.items() if part is not None}
        if not filled:
            return None
        value = MappingProxyType(filled)
        self.check(value)
        return value

    def json(self, value: Value | None) -> dict[str, Any] | None:
        return None if value is None else dict(value)

    @property
    def shown(self) -> Codec:
        return dict

    @property
    def json_schema(self) -> dict[str, object]:
        properties = {piece.name: piece.schema for piece in self.pieces}
        return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}

    def _given(self, raw: object) -> Mapping[str, object]:
        if isinstance(raw, Mapping):
            return raw
        if raw is not None and not isinstance(raw, str):
            message = "Expected an object with the parts of the value, not {kind}."
            raise Refusal(WRONG_KIND, message, _PARTS, kind=spoken(raw), parts=self._names)
        text = clean(raw)
        if text is None:
            return {}
        return self._parsed(text) if text.lstrip().startswith("{") else self.split(text)

    def _parsed(self, text: str) -> Mapping[str, object]:
        try:
            found = parse(text)
        except (ValueError, RecursionError):
            message = "The text begins like a JSON object but is none."
            raise Refusal(NOT_JSON, message, _PARTS, parts=self._names) from None
        assert isinstance(found, Mapping)
        return found

    def _check_name(self, name: object) -> None:
        known = [piece.name for piece in self.pieces]
        if name in known:
            return
        near = get_close_matches(str(name), known, n=1)
        hint = "Did you mean {near}?" if near else _PARTS
        raise Refusal(
            UNKNOWN_PART, "There is no part “{name}”.", hint, name=name, near="".join(near), parts=self._names
        )

    def _key(self, value: Value) -> str:
        return sort_key(self.line(value))

    @property
    def _names(self) -> str:
        return ", ".join(piece.name for piece in self.pieces)


def encode(value: Value) -> str:
    """Return the canonical text of a value: equal values have equal texts."""
    return _ENCODER.encode(dict(value)).decode()


def decode(text: str) -> Value:
    """Return the value of a canonical text; numbers are exact."""
    return MappingProxyType(parse(text))


def _part(name: str, value: Value) -> Any:
    return value.get(name)


def _column(piece: Part, dialect: Dialect) -> Stored:
    form = piece.form(dialect)
    return Stored(
        role="part",
        part=piece.name,
        suffix=f"__{piece.name}",
        type=form.type,
        encode=form.encode,
        decode=form.decode,
        derive=partial(_part, piece.name),
    )
