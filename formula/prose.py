"""What the text functions compute. Null stands for the empty text on both sides."""

from __future__ import annotations

from decimal import Decimal

from formula.number import whole

_BLANKS = "".join(map(chr, range(33)))

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


def trim(text: str) -> Text:
    """Without blanks and control characters (up to U+0020) at both ends."""
    return text.strip(_BLANKS) or None


def contains(text: Text, part: Text) -> bool:
    """Whether `part` is in `text`; blank is in every text."""
    return (part or "") in (text or "")


def begins(text: Text, part: Text) -> bool:
    """Whether `text` begins with `part`; every text begins with blank."""
    return (text or "").startswith(part or "")


def substitute(text: str, old: Text, new: Text) -> Text:
    """Every `old` replaced by `new`; unchanged for a blank `old`."""
    return (text.replace(old, new or "") or None) if old else text


def find(part: Text, text: Text, start: Decimal | None = None) -> Decimal:
    """The position of `part` in `text` at or after `start`, from 1; 0 if absent or blank."""
    if not part or not text:
        return Decimal(0)
    first = 1 if start is None else max(1, whole(start))
    return Decimal(text.find(part, first - 1) + 1)
