"""A list of values of one type: several e-mail addresses, options, records. A base of types, itself none.

The values are rows of a table of the field's own (`engine/lists.py`), so the field has no column. A value is
a tuple without repeats, in the order in which it was given; a list without values is None. `listed` gives
a scalar type the option `many`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from engine.codes import TOO_MANY
from engine.fields.contract import FieldType, Kind
from engine.problem import Refusal
from formula.condition import LISTED, Operator
from formula.types import Kind as FormulaKind
from formula.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec, Stored

MOST = 200
"""How many values a list may have: it is read whole, wherever it is shown."""

LINES = re.compile(r"[\r\n]+")
MARKS = re.compile(r"[,;、，；\r\n]+")
"""What parts the values of a text that lists short words."""

MANY = {"type": "boolean", "description": f"Whether it holds a list of values, {MOST} at most; false."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(FieldType):
    """Up to `most` values that the type `of` takes; a text gives one in each line."""

    kind: ClassVar[str] = "list"
    widget: ClassVar[str] = "lines"
    operators: ClassVar[tuple[Operator, ...]] = LISTED
    many: ClassVar[bool] = True
    parting: ClassVar[re.Pattern[str]] = LINES

    of: FieldType
    most: int = MOST

    @property
    def element(self) -> FieldType:
        return self.of

    @property
    def type(self) -> Type:
        held = self.of.type
        coded = held.kind is FormulaKind.PICKLIST
        return Type(
            kind=FormulaKind.MULTIPICKLIST, options=self.of.option_codes, element=None if coded else held
        )

    @property
    def storage(self) -> str:
        return f"list of {self.of.storage}"

    @property
    def option_codes(self) -> tuple[str, ...]:
        return self.of.option_codes

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:  # noqa: ARG002  (its table has them)
        return ()

    def convert(self, raw: object, zone: tzinfo | None = None) -> tuple[Any, ...] | None:
        """Take a list, a text of several values, or a single value.

        Raises:
            Refusal: of the first value that the element's type refuses, or because there are too many.
        """
        options = () if zone is None else (zone,)
        values = (self.of.convert(part, *options) for part in self._parts(raw))
        found = tuple(dict.fromkeys(value for value in values if value is not None))
        if len(found) > self.most:
            message = "The list has {count} values; {most} are allowed."
            raise Refusal(TOO_MANY, message, "Leave some out.", count=len(found), most=self.most)
        return found or None

    def fit(self, value: Any) -> tuple[Any, ...] | None:
        return self.convert([self.of.fit(part) for part in value or ()])

    def json(self, value: Any) -> Any:
        return None if value is None else [self.of.json(part) for part in value]

    @property
    def shown(self) -> Codec | None:
        show = self.of.shown
        return None if show is None else lambda value: [show(part) for part in value]

    @property
    def json_schema(self) -> dict[str, object]:
        items = _never_null(self.of.json_schema)
        return {"type": ["array", "null"], "items": items, "maxItems": self.most, "uniqueItems": True}

    def _parts(self, raw: object) -> Iterator[object]:
        match raw:
            case str():
                yield from self.parting.split(raw)
            case list() | tuple():
                for part in raw:
                    yield from self.parting.split(part) if isinstance(part, str) else (part,)
            case _:
                yield raw


def _never_null(schema: Mapping[str, object]) -> dict[str, object]:
    """The schema of a value within a list, where blank is left out."""
    kinds, codes = schema.get("type"), schema.get("enum")
    held = dict(schema)
    if isinstance(kinds, list):
        named = [kind for kind in kinds if kind != "null"]
        held["type"] = named[0] if len(named) == 1 else named
    if isinstance(codes, list):
        held["enum"] = [code for code in codes if code is not None]
    return held


def listed(kind: Kind) -> Kind:
    """The kind with the option `many`."""
    properties = kind.schema["properties"]
    assert isinstance(properties, dict)

    def bind(options: Mapping[str, object]) -> FieldType:
        own = {name: value for name, value in options.items() if name != "many"}
        return Many(of=kind.bind(own)) if options.get("many") else kind.bind(own)

    return replace(kind, schema={**kind.schema, "properties": {**properties, "many": MANY}}, bind=bind)
