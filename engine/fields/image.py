"""A picture: a file of a kind that is decoded here, with a limit of pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.file import LISTED, MAX_SIZE, SIZE, FileField, listed
from engine.files.codes import FILE_TYPE, IMAGE_TOO_LARGE
from engine.files.sniff import PICTURES
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import FieldType
    from engine.files.file import File

MAX_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(FileField):
    """A picture of at most `max_pixels`, width times height."""

    kind: ClassVar[str] = "image"
    widget: ClassVar[str] = "image"

    types: tuple[str, ...] = tuple(sorted(PICTURES))
    max_pixels: int = MAX_PIXELS

    def check(self, file: File) -> None:
        FileField.check(self, file)
        pixels = (file.width or 0) * (file.height or 0)
        if not pixels:
            message = "“{name}” cannot be read as a picture."
            raise Refusal(IMAGE_TOO_LARGE, message, FILE_TYPE.mend, name=file.name)
        if pixels > self.max_pixels:
            message = "“{name}” is {width} × {height} pixels; {most} in all are allowed here."
            raise Refusal(
                IMAGE_TOO_LARGE, message, IMAGE_TOO_LARGE.mend, name=file.name, width=file.width,
                height=file.height, most=self.max_pixels,
            )  # fmt: skip


PIXELS = {
    "type": "integer",
    "minimum": 1,
    "maximum": MAX_PIXELS,
    "description": f"Width times height; {MAX_PIXELS:,}.",
}


def bind(options: Mapping[str, object]) -> FieldType:
    """Bind to the limits."""
    one = Image(
        max_size=int(str(options.get("max_size", MAX_SIZE))),
        max_pixels=int(str(options.get("max_pixels", MAX_PIXELS))),
    )
    return listed(one, options)


FIELD = Kind(name="image", schema=options_schema(max_size=SIZE, max_pixels=PIXELS, **LISTED), bind=bind)
