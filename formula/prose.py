"""What the text functions compute. Null stands for the empty text on both sides."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from urllib.parse import quote

from formula.fault import FormulaError
from formula.number import parsed, whole

_BLANKS = "".join(map(chr, range(33)))

MOST_PADDED = 10_000
"""Padding fills up to so many characters; longer texts stay as long as was asked for."""

MOST_TEXT = 200_000
"""No function makes a longer text out of a shorter one: nested, each could multiply what the other made."""

Text = str | None


def concatenate(*texts: Text) -> Text:
    """The texts one after another."""
    return "".join([text for text in texts if text]) or None


def length(text: Text) -> Decimal:
    """The number of characters (Unicode code points); 0 for blank."""
    return Decimal(len(text)) if text else Decimal(0)


def left(text: str, count: Decimal) -> Text:
    """The first `count` characters."""
    return text[: max(0, whole(count))] or None


def right(text: str, count: Decimal) -> Text:
    """The last `count` characters."""
    wanted = whole(count)
    return text[-wanted:] if wanted > 0 else None


def middle(text: str, start: Decimal, count: Decimal) -> Text:
    """`count` characters from position `start`; positions count from 1, and smaller ones mean 1."""
    first = max(1, whole(start)) - 1
    return text[first : first + max(0, whole(count))] or None


def part(text: str, start: Decimal, count: Decimal | None = None) -> Text:
    """The text, or `count` characters of it, from position `start`: from 1, or from -1 at its end.

    Blank for a position that the text does not have; 0 means 1.
    """
    position = whole(start)
    first = len(text) + position if position < 0 else max(1, position) - 1
    if first < 0:
        return None
    return text[first : None if count is None else first + max(0, whole(count))] or None


def trim(text: str) -> Text:
    """Without blanks and control characters (up to U+0020) at both ends."""
    return text.strip(_BLANKS) or None


def contains(text: Text, part: Text) -> bool:
    """Whether `part` is in `text`; blank is in every text."""
    return (part or "") in (text or "")


def begins(text: Text, part: Text) -> bool:
    """Whether `text` begins with `part`; every text begins with blank."""
    return (text or "").startswith(part or "")


def like(text: Text, pattern: Text) -> bool:
    """Whether the whole text is like a pattern: `%` is any characters, `_` one, `\\%` a `%`."""
    first, *others = _pieces(pattern or "")
    held = text or ""
    if not others or not _fits(held, 0, first):
        return len(held) == len(first) and _fits(held, 0, first)
    *middle, last = others
    position = len(first)
    for piece in middle:
        places = range(position, len(held) - len(piece) + 1)
        found = next((place for place in places if _fits(held, place, piece)), None)
        if found is None:
            return False
        position = found + len(piece)
    end = len(held) - len(last)
    return position <= end and _fits(held, end, last)


def includes(values: tuple[object, ...] | None, value: object) -> bool:
    """Whether `value` is one of a list's values; blank never is."""
    return value is not None and value in (values or ())


def substitute(text: str, old: Text, new: Text) -> Text:
    """Every `old` replaced by `new`; unchanged for a blank `old`. FormulaError where it grows too long."""
    if not old:
        return text
    more = len(new or "") - len(old)
    if more > 0 and len(text) + text.count(old) * more > max(len(text), MOST_TEXT):
        raise FormulaError("the text is too long")
    return text.replace(old, new or "") or None


def find(part: Text, text: Text, start: Decimal | None = None) -> Decimal:
    """The position of `part` in `text` at or after `start`, from 1; 0 if absent or blank."""
    if not part or not text:
        return Decimal(0)
    first = 1 if start is None else max(1, whole(start))
    return Decimal(text.find(part, first - 1) + 1)


def pad_left(text: str, count: Decimal, fill: str = " ") -> Text:
    """`count` characters: `text` after as many of `fill` as are missing, or its first ones."""
    wanted = _padded(text, count)
    return (_filling(fill, wanted - len(text)) + text[:wanted]) or None


def pad_right(text: str, count: Decimal, fill: str = " ") -> Text:
    """`count` characters: `text` before as many of `fill` as are missing, or its first ones."""
    wanted = _padded(text, count)
    return (text[:wanted] + _filling(fill, wanted - len(text))) or None


def code_point(text: str) -> Decimal:
    """The Unicode code point of the first character."""
    return Decimal(ord(text[0]))


def character(code: Decimal) -> Text:
    """The character of a Unicode code point; blank if there is none, as in Salesforce."""
    point = whole(code)
    return chr(point) if 0 < point < 0xD800 or 0xDFFF < point <= 0x10FFFF else None


def is_number(text: Text) -> bool:
    """Whether VALUE has a number for the text; blank is none."""
    if text is None:
        return False
    try:
        parsed(text)
    except (FormulaError, ArithmeticError):
        return False
    return True


def html_encoded(text: str) -> str:
    """The text as HTML shows it: `&`, `<`, `>` and quotes as entities."""
    return escape(text)


def url_encoded(text: str) -> str:
    """The text as a part of a URL: all but letters, digits and `_.-~` as percent codes of UTF-8."""
    return quote(text, safe="")


def _pieces(pattern: str) -> list[list[Text]]:
    """What stands between the `%` of a pattern, letter by letter; None for any one."""
    pieces: list[list[Text]] = [[]]
    letters = iter(pattern)
    for letter in letters:
        match letter:
            case "%":
                pieces.append([])
            case "_":
                pieces[-1].append(None)
            case _:
                pieces[-1].append(next(letters, letter) if letter == "\\" else letter)
    return pieces


def _fits(text: str, start: int, piece: list[Text]) -> bool:
    found = text[start : start + len(piece)]
    pairs = zip(piece, found, strict=False)
    return len(found) == len(piece) and all(one in (None, letter) for one, letter in pairs)


def _padded(text: str, count: Decimal) -> int:
    return max(0, min(whole(count), max(len(text), MOST_PADDED)))


def _filling(fill: str, missing: int) -> str:
    return (fill * (missing // len(fill) + 1))[: max(0, missing)] if missing > 0 else ""
