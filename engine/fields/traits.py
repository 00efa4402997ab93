"""What only some field types have beside a value – parts, options, a target – as all the others answer.

A base of `FieldType`, which every type overrides where it is special; the rest of the engine asks a type, and
never which it is.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from engine.fields.given import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import Codec, FieldType
    from engine.pattern import Pattern
    from formula.types import Type


class Traits(Given):
    """The specialities of a field type, all absent."""

    __slots__ = ()

    @property
    def element(self) -> FieldType | None:
        """The type of a list's values."""
        return None

    @property
    def target(self) -> str | None:
        """The name of the object a link points to."""
        return None

    @property
    def owned(self) -> bool:
        """Whether the record is a part of the one it links to: it lives, dies and is shown with that."""
        return False

    @property
    def fixed(self) -> bool:
        """Whether a value, once given, stays."""
        return False

    @property
    def series(self) -> Pattern | None:
        """The pattern of the numbers that the save takes for new records; None: writers give the value."""
        return None

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the objects that a link to one of several points to."""
        return ()

    def pointing(self, codes: Mapping[str, str]) -> Self:  # noqa: ARG002  (most point nowhere)
        """Return the same, told the names of its `targets` with the code that stands for each in values."""
        return self

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes a picklist accepts."""
        return ()

    @property
    def parts(self) -> Mapping[str, Type]:
        """What stands behind a dot, besides the fields of a linked object."""
        return MappingProxyType({})

    @property
    def derived(self) -> Mapping[str, Codec]:
        """How those of `parts` that follow from a value are made of it; the save sets the others."""
        return MappingProxyType({})

    @property
    def maskable(self) -> bool:
        """Whether a value can be shown in part; how, `engine/mask.py` knows."""
        return False

    @property
    def seen(self) -> Codec | None:
        """How formulas, conditions and groups see a value; None: as it is."""
        return None
