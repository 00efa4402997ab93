"""A JSON document: what another system sent along, settings of an integration. Opaque to formulas.

The value is the document's canonical text – keys in order, no spaces, numbers exact – so that two documents
which say the same are equal; the API shows the document itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import msgspec

from engine.codec import text_form
from engine.codes import NOT_JSON, TOO_LONG, WRONG_KIND
from engine.fields.contract import FieldType, Kind, Stored, options_schema, spoken
from engine.fields.plain_text import clean
from engine.problem import Refusal
from engine.sentence import said
from formula.condition import EQUALITY, Operator
from formula.types import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec
    from formula.types import Type

_DEEPEST = 64
_HINT = 'Send an object or a list, such as {"plan": "gold"}.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Json(FieldType):
    """An object or a list of at most `max` characters; anything smaller has a type of its own."""

    kind: ClassVar[str] = "json"
    widget: ClassVar[str] = "json"
    operators: ClassVar[tuple[Operator, ...]] = (Operator.CONTAINS, *EQUALITY[2:])

    max: int = 100_000

    @property
    def type(self) -> Type:
        return TEXT

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        return (Stored(role="value", suffix="", type=text_form(dialect).type),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        document = _parsed(raw) if isinstance(raw, str) else raw
        if document is None:
            return None
        if not isinstance(document, dict | list):
            message = said("Expected a JSON object or list, not {kind}.", kind=spoken(document))
            raise Refusal(WRONG_KIND, message, _HINT)
        if _depth(document) > _DEEPEST:
            message = said("The document is nested more than {deepest} deep.", deepest=_DEEPEST)
            raise Refusal(NOT_JSON, message, "Flatten it.")
        text = _canonical(document)
        if len(text) > self.max:
            longest = "The document has {length} characters; {longest} are allowed."
            raise Refusal(TOO_LONG, longest, "Shorten it.", length=len(text), longest=self.max)
        return text

    @property
    def shown(self) -> Codec:
        return parse

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["object", "array", "null"]}


def parse(text: str) -> Any:
    """Return the document of a JSON text; numbers with decimals are Decimals, as they are written.

    Raises `ValueError` where it is no JSON by RFC 8259, `NaN` included.
    """
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _parsed(raw: str) -> object:
    text = clean(raw)
    if text is None:
        return None
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:
        message = said("The text is not JSON.")
        if isinstance(error, json.JSONDecodeError):
            place = "The text is not JSON at line {line}, column {column}."
            message = said(place, line=error.lineno, column=error.colno)
        raise Refusal(NOT_JSON, message, _HINT) from error


def _depth(document: object) -> int:
    """How many objects and lists stand in one another, counted without recursion."""
    deepest, pending = 0, [(document, 1)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, dict | list):
            deepest = max(deepest, depth)
            pending += [(child, depth + 1) for child in (node.values() if isinstance(node, dict) else node)]
    return deepest


def _canonical(document: object) -> str:
    try:
        text = msgspec.json.Encoder(decimal_format="number", order="sorted").encode(document).decode()
    except (TypeError, ValueError, UnicodeEncodeError) as error:
        raise Refusal(NOT_JSON, "The document holds something JSON cannot.", _HINT) from error
    clean(text.replace("\\u0000", "\0"))
    return text


def bind(options: Mapping[str, object]) -> Json:
    """Bind to `max` (characters of the canonical text)."""
    return Json(**options)  # type: ignore[arg-type]  # the schema has checked them


FIELD = Kind(
    name="json",
    schema=options_schema(
        max={"type": "integer", "minimum": 2, "maximum": 1_000_000, "description": "Characters; 100000."},
    ),
    bind=bind,
)
