"""Pictures, as far as they are decoded here: their size, and small ones made of large ones.

Everything that decodes is handed untrusted bytes. Only some formats are tried, the size is read from the head
and compared with a limit before anything is unpacked, and whatever a decoder raises means: no picture.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_PIXELS = 50_000_000
"""Pixels that are unpacked at most, four bytes each."""


def measure(content: IO[bytes]) -> tuple[int, int] | None:
    """Width and height of a picture as it is looked at, from its head; None where it is none."""
    from PIL import Image

    try:
        with Image.open(content, formats=FORMATS) as picture:
            width, height = picture.size
            return (height, width) if _lies(picture) else (width, height)
    except Exception:  # noqa: BLE001  (decoders raise what they like at hostile bytes)
        return None


def thumbnail(content: IO[bytes], side: int) -> bytes | None:
    """A PNG of a picture, upright, at most `side` pixels wide and high; None where none can be made."""
    from PIL import Image, ImageOps

    try:
        with Image.open(content, formats=FORMATS) as picture:
            if picture.size[0] * picture.size[1] > MOST_PIXELS:
                return None
            picture.draft("RGB", (2 * side, 2 * side))
            upright = ImageOps.exif_transpose(picture)
            return _small(upright, side)
    except Exception:  # noqa: BLE001  (decoders raise what they like at hostile bytes)
        return None


def first_page(content: bytes, side: int) -> bytes | None:
    """A PNG of the first page of a PDF, at most `side` pixels wide and high; None where none can be made."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(content)
        try:
            page = document[0]
            width, height = page.get_size()
            if not (0 < width < 20_000 and 0 < height < 20_000):
                return None
            return _small(page.render(scale=side / max(width, height)).to_pil(), side)
        finally:
            document.close()
    except Exception:  # noqa: BLE001  (decoders raise what they like at hostile bytes)
        return None


def _lies(picture: Any) -> bool:
    """Whether a camera says that the picture is to be turned by a quarter (EXIF 2.3, tag 274)."""
    return int(picture.getexif().get(274, 1)) in (5, 6, 7, 8)


def _small(picture: Any, side: int) -> bytes:
    found = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGBA")
    found.thumbnail((side, side))
    made = io.BytesIO()
    found.save(made, "PNG")
    return made.getvalue()
