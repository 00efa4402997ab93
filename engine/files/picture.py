"""Pictures, as far as they are decoded here: their size, and small ones made of large ones.

Everything that decodes is handed untrusted bytes. Only some formats are tried, the size is read from the head
and compared with a limit before anything is unpacked, and whatever a decoder raises means: no picture. Run as
a program, which `preview.py` does, it makes a small picture of what it reads from its input, within limits
that the system enforces; so it imports nothing of ours.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_PIXELS = 50_000_000
"""Pixels that are unpacked at most, four bytes each."""
MEMORY = 1024 * 1024 * 1024
LONGEST_PAGE = 20_000
"""Points, 72 to the inch, that a page may be long."""


def measure(content: IO[bytes]) -> tuple[int, int] | None:
    """Width and height of a picture as it is looked at, from its head; None where it is none."""
    from PIL import Image

    try:
        with Image.open(content, formats=FORMATS) as picture:
            width, height = picture.size
            return (height, width) if _lies(picture) else (width, height)
    except Exception:  # noqa: BLE001  (decoders raise what they like at hostile bytes)
        return None


def thumbnail(content: bytes, side: int) -> bytes:
    """A PNG of a picture, upright, at most `side` pixels wide and high. Raises what the decoder likes."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if picture.size[0] * picture.size[1] > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (2 * side, 2 * side))
        return _small(ImageOps.exif_transpose(picture), side)


def first_page(content: bytes, side: int) -> bytes:
    """A PNG of a PDF's first page, at most `side` pixels wide and high. Raises what the decoder likes."""
    import pypdfium2  # type: ignore[import-untyped]

    page = pypdfium2.PdfDocument(content)[0]
    longest = max(page.get_size())
    if not 0 < longest <= LONGEST_PAGE:
        raise ValueError("no size to draw")
    return _small(page.render(scale=side / longest).to_pil(), side)


def _lies(picture: Any) -> bool:
    """Whether a camera says that the picture is to be turned by a quarter (EXIF 2.3, tag 274)."""
    return int(picture.getexif().get(274, 1)) in (5, 6, 7, 8)


def _small(picture: Any, side: int) -> bytes:
    found = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGBA")
    found.thumbnail((side, side))
    made = io.BytesIO()
    found.save(made, "PNG")
    return made.getvalue()


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _main(kind: str, side: str, seconds: str) -> None:
    _limit(int(seconds))
    make = first_page if kind == "page" else thumbnail
    made = make(sys.stdin.buffer.read(), int(side))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _main(*sys.argv[1:])
