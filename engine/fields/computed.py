"""What fields share whose values follow from others: they look like another type's, and nobody gives them.

A base of types, itself none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.codes import COMPUTED
from engine.fields.contract import FieldType, Stored
from engine.problem import Refusal

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec


class Computed(FieldType):
    """A value like that of `returns`, which cannot be written."""

    __slots__ = ()

    widget: ClassVar[str] = "computed"

    returns: FieldType

    @property
    def computed(self) -> bool:
        return True

    @property
    def option_codes(self) -> tuple[str, ...]:
        return self.returns.option_codes

    def convert(self, raw: object, zone: tzinfo | None = None) -> Any:  # noqa: ARG002  (takes none)
        raise Refusal(COMPUTED, "The value is computed and cannot be set.", "Leave the field out.")

    def fit(self, value: Any) -> Any:
        return self.returns.fit(value)

    @property
    def shown(self) -> Codec | None:
        return self.returns.shown

    @property
    def json_schema(self) -> dict[str, object]:
        return {**self.returns.json_schema, "readOnly": True}


def kept(returns: FieldType, dialect: Dialect) -> tuple[Stored, ...]:
    """The columns of a stored value like that of a type, without parts that a save sets by itself."""
    return tuple(each for each in returns.columns(dialect) if each.role != "part" or each.derive)
