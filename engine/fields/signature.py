"""A signature written by hand on the screen: a small picture, drawn in the form or uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.image import Image

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_SIZE = 500_000
MAX_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Image):
    """A PNG of at most half a megabyte."""

    kind: ClassVar[str] = "signature"
    widget: ClassVar[str] = "signature"

    max_size: int = MAX_SIZE
    max_pixels: int = MAX_PIXELS
    types: tuple[str, ...] = ("image/png",)


def bind(_options: Mapping[str, object]) -> Signature:
    """Bind; there are no options."""
    return Signature()


FIELD = Kind(name="signature", schema=options_schema(), bind=bind)
