"""In which encoding a text file is written: what it says itself, UTF-8 if it is, else the likeliest.

A file that is UTF-8 from its first byte to its last is hardly ever anything else, so that is tried first, on
all of it; only then are others guessed from a part that UTF-8 does not fit.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import IO, Final

from engine.problem import Problem
from engine.sentence import said
from engine.transfer.codes import BAD_FILE

PIECE: Final = 1024 * 1024
GUESSED: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN: Final = ["cp1252", "cp1250"]
_OTHERS: Final = ["gb18030", "big5", "cp1251", "shift_jis", "euc_kr", "cp1253", "cp1255", "cp1256"]
"""What spreadsheets write that do not write UTF-8, by the share of their users."""
_LONE: Final = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_MOSTLY: Final = 0.75


def encoding_of(file: IO[bytes], named: str = "") -> str:
    """The encoding of a file, by the name that Python has for it. Raises `Problem` for an unknown name."""
    if named:
        return _known(named)
    file.seek(0)
    start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    place = _first_odd(file)
    return "utf-8" if place is None else _guessed(file, place)


def _known(named: str) -> str:
    try:
        found = codecs.lookup(named)
    except LookupError:
        found = None
    if found is None or not found._is_text_encoding:  # noqa: SLF001  (the one place that says it)
        message = said("There is no encoding “{name}”.", name=named)
        raise Problem(BAD_FILE, message, hint="Such as utf-8, gb18030, big5, windows-1252.")
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _first_odd(file: IO[bytes]) -> int | None:
    """Where the first byte lies that UTF-8 does not have; None: nowhere."""
    file.seek(0)
    decoder, before = codecs.getincrementaldecoder("utf-8")(), 0
    while piece := file.read(PIECE):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return before
        before += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return max(0, before - PIECE)
    return None


def _guessed(file: IO[bytes], place: int) -> str:
    from charset_normalizer import from_bytes

    file.seek(max(0, place))
    sample = _odd_lines(file.read(PIECE))
    if _chinese(sample):
        return _usable(file, "gb18030")
    # An umlaut stands between plain letters; the bytes of other scripts come in runs.
    western = len(_LONE.findall(sample)) > _MOSTLY * len(_HIGH.findall(sample))
    likely = _WESTERN if western else _OTHERS
    best = from_bytes(sample, cp_isolation=likely, steps=3).best()
    if best is None:
        return "cp1252"
    # Several may read these bytes as the same text.
    return _usable(file, min((best.encoding, *best.could_be_from_charset), key=_rank))


def _chinese(sample: bytes) -> bool:
    """Whether nearly all are pairs of the 3,755 commonest characters of GB 2312, beyond what Korean uses."""
    pairs = _PAIR.findall(sample)
    common = [pair for pair in pairs if 0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1]
    return len(common) > _MOSTLY * len(pairs) and any(pair[0] > 0xC8 for pair in common)


def _rank(name: str) -> int:
    known = [*_WESTERN, *_OTHERS]
    return known.index(name) if name in known else len(known)


def _odd_lines(piece: bytes) -> bytes:
    """Lines with bytes beyond ASCII, which tell something."""
    out = io.BytesIO()
    for line in piece.splitlines(keepends=True):
        if not line.isascii():
            out.write(line)
        if out.tell() > GUESSED:
            break
    return out.getvalue()


def _usable(file: IO[bytes], name: str) -> str:
    """The guess, where the whole file can be read by it; else what reads any bytes."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return name
