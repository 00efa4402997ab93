"""What one field type must know: its options, columns, conversion, operators, JSON and widget.

A type is one file in this package with a `FIELD: Kind`, found by `field_kinds()`; nothing else lists types,
and no code outside this package asks which type a field has. A concern that varies by type but belongs
elsewhere (an import cell, a mask) is a `singledispatch` over these classes in that concern's own file.

Values above the codecs are str, Decimal, bool, date and aware datetime, a frozen mapping of parts, or
a tuple of such values; blank is None.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from engine.fields.traits import Traits

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from engine.database import Dialect
    from formula.condition import Operator
    from formula.types import Type

Codec: TypeAlias = Callable[[Any], Any]
"""Turns one value that is not None into another form; None stands where no turning is needed."""

Role: TypeAlias = Literal["value", "sort", "part"]

TEXT_PART = "text"
"""The part of a value made of several: how it reads in one line. Formulas see it in the value's place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One column that a field keeps: its name is the field's column plus `suffix`.

    `part` names what stands behind the dot (`amount.company`) or `TEXT_PART`. `derive` makes the column's
    value, or None, from the field's value; without it the save sets the column by itself. `server_default` is
    SQL for rows which exist when the column is added; such a column is never NULL.
    """

    role: Role
    suffix: str
    type: TypeEngine[Any]
    part: str = ""
    indexed: bool = False
    encode: Codec | None = None
    decode: Codec | None = None
    derive: Codec | None = None
    server_default: str | None = None


class FieldType(Traits, ABC):
    """A field type bound to the options of one field. Subclasses are frozen dataclasses."""

    __slots__ = ()

    kind: ClassVar[str]
    widget: ClassVar[str]
    operators: ClassVar[tuple[Operator, ...]]
    many: ClassVar[bool] = False
    """Whether a value is a list; then `element` is what it lists, and the field has no column."""

    @property
    @abstractmethod
    def type(self) -> Type:
        """What formulas see."""

    @property
    def storage(self) -> str:
        """What the values are kept as, in a few words; a field may change its type within one storage."""
        return self.kind

    @property
    def normal(self) -> str:
        """Which of `derived` is the form to compare where spelling does not count; "" where there is none."""
        return ""

    @property
    def sealed(self) -> bool:
        """Whether the save encrypts a value; what is seen of it then tells nothing."""
        return False

    @property
    def stored(self) -> bool:
        """Whether the value has a column."""
        return True

    @property
    def plain(self) -> bool:
        """Whether a value is what formulas see of it, so that what a formula computes can stand for one."""
        parted = self.derived and not self.normal
        odd = self.computed or self.many or parted or self.seen or self.series or self.owned
        return self.stored and not odd

    @abstractmethod
    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        """Return the columns the field keeps, the value first; none for a computed field."""

    @abstractmethod
    def convert(self, raw: object, zone: tzinfo = UTC) -> Any:
        """Turn input (JSON, a form's or CSV's text, a native value) into a value the field can keep.

        Args:
            raw: what was sent; None, '' and white space are blank.
            zone: the zone of the person, for a date and time written without one.

        Returns:
            The value, or None for blank.

        Raises:
            Refusal: the field cannot take it.
        """

    def fit(self, value: Any) -> Any:
        """Turn a computed value of the field's formula type into one it can keep, rounding where it must.

        Raises:
            Refusal: it cannot be kept (too long, out of range).
        """
        return self.convert(value)

    def json(self, value: Any) -> Any:
        """Return `value` (None too) as JSON can hold it; a Decimal becomes an exact JSON number."""
        return value if value is None or self.shown is None else self.shown(value)

    @property
    def shown(self) -> Codec | None:
        """How JSON writes a value that is kept in another unit, as a percentage is; None where none is."""
        return None

    @property
    @abstractmethod
    def json_schema(self) -> dict[str, object]:
        """The JSON Schema (2020-12) of what `json` returns and the API accepts."""


def spoken(raw: object) -> str:
    """What kind of input `raw` is, in words for a message."""
    match raw:
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return "a number"
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(raw).__name__}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A field type as documents name it, with the JSON Schema of its options and what binds it to them.

    `home` is the option by which it is told the company's country; "" where it does not ask.
    """

    name: str
    schema: Mapping[str, object]
    bind: Callable[[Mapping[str, object]], FieldType]
    home: str = ""


def options_schema(*required: str, **properties: Mapping[str, object]) -> dict[str, object]:
    """Return the JSON Schema of a kind's options."""
    schema: dict[str, object] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema
