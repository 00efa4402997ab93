"""What kind of file some bytes are: their first bytes say, and the name only tells apart what they cannot.

So a page that calls itself a picture is a page. Signatures are those of the formats' own specifications, as
the WHATWG's "MIME Sniffing" standard lists them for pictures, sound and archives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.files.name import extension

HEAD = 4096
"""How many bytes from the start are looked at."""

OTHER = "application/octet-stream"
SVG = "image/svg+xml"
PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"})
"""What is decoded here: no vector graphics, which are programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Bytes at a place; where the name has one of the endings in `refined`, the type stands there."""

    starts: bytes
    type: str
    at: int = 0
    refined: tuple[tuple[str, str], ...] = ()


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_ZIPPED = (
    ("docx", f"{_OFFICE}.wordprocessingml.document"), ("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    ("pptx", f"{_OFFICE}.presentationml.presentation"), ("odt", f"{_OPEN}.text"),
    ("ods", f"{_OPEN}.spreadsheet"), ("odp", f"{_OPEN}.presentation"), ("epub", "application/epub+zip"),
)  # fmt: skip
_OLE = (
    ("doc", "application/msword"), ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"), ("msg", "application/vnd.ms-outlook"),
)  # fmt: skip
_SIGNATURES = (
    Signature(starts=b"\x89PNG\r\n\x1a\n", type="image/png"),
    Signature(starts=b"\xff\xd8\xff", type="image/jpeg"),
    Signature(starts=b"GIF87a", type="image/gif"),
    Signature(starts=b"GIF89a", type="image/gif"),
    Signature(starts=b"WEBP", at=8, type="image/webp"),
    Signature(starts=b"BM", type="image/bmp"),
    Signature(starts=b"II*\0", type="image/tiff"),
    Signature(starts=b"MM\0*", type="image/tiff"),
    Signature(starts=b"%PDF-", type=PDF),
    Signature(starts=b"PK\x03\x04", type="application/zip", refined=_ZIPPED),
    Signature(starts=b"PK\x05\x06", type="application/zip"),
    Signature(starts=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", type="application/x-ole-storage", refined=_OLE),
    Signature(starts=b"\x1f\x8b", type="application/gzip"),
    Signature(starts=b"7z\xbc\xaf\x27\x1c", type="application/x-7z-compressed"),
    Signature(starts=b"Rar!\x1a\x07", type="application/vnd.rar"),
    Signature(starts=b"ID3", type="audio/mpeg"),
    Signature(starts=b"OggS", type="audio/ogg"),
    Signature(starts=b"WAVE", at=8, type="audio/wav"),
    Signature(starts=b"ftyp", at=4, type="video/mp4", refined=(("m4a", "audio/mp4"), ("heic", "image/heic"))),
    Signature(starts=b"\x1aE\xdf\xa3", type="video/webm"),
)
_TEXTS = {
    "csv": "text/csv", "md": "text/markdown", "json": "application/json", "ics": "text/calendar",
    "vcf": "text/vcard", "eml": "message/rfc822",
}  # fmt: skip
_TAG = re.compile(rb"<[a-z!?/]", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes, name: str) -> str:
    """The media type of a file from its first bytes, at most `HEAD` of them, and its name."""
    ending = extension(name)
    for each in _SIGNATURES:
        if head.startswith(each.starts, each.at):
            return dict(each.refined).get(ending, each.type)
    if _BINARY.search(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return OTHER
    return _written(head.removeprefix(b"\xef\xbb\xbf"), ending)


def _written(head: bytes, ending: str) -> str:
    """The type of text: what begins like markup is taken for it, as a browser would."""
    text = head.lstrip().lower()
    if _TAG.match(text) is None:
        return _TEXTS.get(ending, "text/plain")
    if b"<svg" in text:
        return SVG
    return "application/xml" if text.startswith(b"<?xml") and b"<html" not in text else "text/html"
