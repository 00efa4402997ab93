"""Whether people give the values of a field type, or the save computes them, as most types answer.

A base of `Traits`; computed types (`computed.py`) override it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.fields.contract import FieldType
    from metadata.kinds import FieldSort


class Given:
    """Values that people give."""

    __slots__ = ()

    @property
    def computed(self) -> bool:
        """Whether the value follows from other values, so that nobody gives it."""
        return False

    @property
    def rolls(self) -> bool:
        """Whether the value is a figure over records that link to the one at hand."""
        return False

    def rolling(self, function: str, target: FieldSort | None) -> FieldType:
        """Return the same, told what it is a figure of; only a roll-up is asked."""
        raise NotImplementedError((function, target))

    @property
    def nothing(self) -> Any:
        """What a new record holds in a field that nobody gives."""
        return None
