"""A figure over the records that link to the one at hand: how many, their sum, the latest one's value.

The kind of the value follows from the field that is rolled up, which is known when all fields are
(`metadata/rollups.py`); the save keeps the value right (`engine/derived`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from engine.fields.computed import Computed, kept
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.currency import Currency
from engine.fields.duration import Duration
from engine.fields.integer import Integer
from engine.fields.long_text import LongText
from engine.fields.number import Number
from engine.fields.numeric import Numeric
from engine.fields.percent import Percent
from engine.fields.text import Text
from formula.types import Kind as Value
from metadata.kinds import BadOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Dialect
    from formula.condition import Operator
    from formula.types import Type
    from metadata.kinds import FieldSort

FUNCTIONS = ("count", "sum", "avg", "min", "max", "first", "last", "list")
_ADDING, _COMPARING = ("sum", "avg"), ("min", "max")
_ORDERED = (Value.NUMBER, Value.DATE, Value.DATETIME, Value.TIME)
_LISTED = (Value.TEXT, Value.PICKLIST)
_WANTED: dict[str, tuple[Value, ...]] = {
    **dict.fromkeys(_ADDING, (Value.NUMBER,)), **dict.fromkeys(_COMPARING, _ORDERED), "list": _LISTED,
}  # fmt: skip
_PLACES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup(Computed):
    """A stored value like one of `returns`; of no records the sum is 0, and any other figure blank."""

    kind: ClassVar[str] = "rollup"

    returns: FieldType = field(default_factory=Integer)
    adds: bool = False

    @property
    def rolls(self) -> bool:
        return True

    @property
    def type(self) -> Type:
        return self.returns.type

    @property
    def operators(self) -> tuple[Operator, ...]:  # type: ignore[override]  # of what is rolled up
        return self.returns.operators

    @property
    def storage(self) -> str:
        return self.returns.storage

    @property
    def nothing(self) -> Any:
        return Decimal(0) if self.adds else self.returns.convert(None)

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        return kept(self.returns, dialect)

    def json(self, value: Any) -> Any:
        return self.returns.json(value)

    def rolling(self, function: str, target: FieldSort | None) -> Rollup:
        """See `metadata.kinds.FieldSort`."""
        if function == "count":
            if target is not None:
                raise BadOptionError("field", "`count` counts records and takes no field", "Say `where`.")
            return Rollup(adds=True)
        if not isinstance(target, FieldType):
            raise BadOptionError("function", f"`{function}` needs `field:`, what it is a figure of")
        plain = _plain(target, function)
        return Rollup(returns=_figure(plain, function), adds=function == "sum")


def _plain(target: FieldType, function: str) -> FieldType:
    """The type of what is rolled up; raises `BadOptionError` where the function does not fit it."""
    sort = target.returns if isinstance(target, Computed) else target
    sort = Text() if sort.series else sort
    wanted = _WANTED.get(function)
    if not sort.plain or sort.target or (wanted is not None and sort.type.kind not in wanted):
        fitting = ", ".join(kind.value for kind in wanted) if wanted else "one value without parts"
        message = f"`{function}` takes {fitting}, and the field is a {target.kind}"
        raise BadOptionError("field", message, "Name another field, or make a formula field of it.")
    return sort


def _figure(sort: FieldType, function: str) -> FieldType:
    """The type of the figure: as wide as can be, for a sum has more digits than what is added."""
    if function == "list":
        return LongText()
    if not isinstance(sort, Numeric):
        return sort
    match sort:
        case Currency() | Percent() | Number():
            return type(sort)(scale=sort.scale)
        case Duration():
            return Duration()
        case _:
            return Number(scale=_PLACES) if function == "avg" else Integer()


def bind(_options: Mapping[str, object]) -> Rollup:
    """Bind to nothing yet; `rolling` tells what is rolled up."""
    return Rollup()


_PATH = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"}

FIELD = Kind(
    name="rollup",
    schema=options_schema(
        "from",
        "function",
        **{
            "from": {
                "type": "string",
                "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$",
                "description": "The records: their object and its link to this one, `line.order`.",
            }
        },
        function={"enum": list(FUNCTIONS), "description": "The figure."},
        field={**_PATH, "description": "What it is a figure of: a field of those records, or a path."},
        where={"type": "string", "minLength": 1, "description": "A formula; which of them count."},
        order={**_PATH, "description": "Says which is the first and the last, and orders a list."},
        distinct={"type": "boolean", "description": "A list names each value once."},
    ),
    bind=bind,
)
