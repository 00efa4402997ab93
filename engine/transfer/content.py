"""What the cells of a column look like: days and in which order, numbers and with which mark, mails, phones,
links.

Pure, over a sample of the cells as the file gives them. Nothing here is refused: a cell that fits nothing
lowers the share that does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAMPLE: Final = 300
"""Distinct cells of a column that are looked at."""
MOSTLY: Final = 0.9
"""The share from which a column is said to be of a kind: one bad cell in ten may be a slip."""

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_PHONE = re.compile(r"[+(]?[\d\s()./-]{7,}((ext\.?|x|#|转|分机)\s*\d{1,6})?", re.IGNORECASE)
_LINK = re.compile(
    r"(https?://|www\.)\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|cn|org|net|io|de|uk|eu)(/\S*)?", re.IGNORECASE
)
_PARTED = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(?:[T ]+\d{1,2}:\d{2}.*)?")
_WRITTEN = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日?")
_PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONEY = re.compile(r"^(?:[A-Z]{3}|[¥$€£元])|(?:[A-Z]{3}|[¥$€£元%])$")


class DayOrder(StrEnum):
    """In which order a day is written in figures."""

    YEAR = "ymd"
    DAY = "dmy"
    MONTH = "mdy"


class Mark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen: counts of filled cells and different ones, and of the different ones the share of each
    kind.

    `order` and `mark` are the best guesses; `unsure` says that the other order of days fits every cell as
    well.
    """

    filled: int
    cells: tuple[str, ...]
    days: float
    numbers: float
    mails: float
    phones: float
    links: float
    order: DayOrder
    mark: Mark
    unsure: bool


def look(cells: Sequence[object]) -> Look:
    """See what the cells of one column are; blank ones say nothing."""
    texts = [text for text in map(text_of, cells) if text]
    known = tuple(dict.fromkeys(texts))[:SAMPLE]
    orders = {order: _share(known, partial(read_day, order=order)) for order in DayOrder}
    order = max(orders, key=lambda each: orders[each])
    marks = {mark: _share(known, partial(read_number, mark=mark)) for mark in Mark}
    mark = max(marks, key=lambda each: marks[each])
    tied = orders[DayOrder.DAY] == orders[DayOrder.MONTH] == orders[order] > 0
    return Look(
        filled=len(texts), cells=known,
        days=orders[order], numbers=marks[mark],
        mails=_share(known, _MAIL.fullmatch), phones=_share(known, _phone),
        links=_share(known, _LINK.fullmatch), order=order, mark=mark,
        unsure=tied and order is not DayOrder.YEAR,
    )  # fmt: skip


def text_of(cell: object) -> str:
    """A cell as text: days as ISO 8601, whole floats as Excel has them without the point, blanks trimmed."""
    match cell:
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if not (cell.hour or cell.minute or cell.second):
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
        case _:
            return unicodedata.normalize("NFKC", str(cell)).strip()


def read_day(text: str, order: DayOrder) -> date | None:
    """The day that `text` says if figures stand in `order`, else None; a year of two figures is of this
    century.
    """
    parts = _figures(text, order)
    try:
        return None if parts is None else date(*parts)
    except ValueError:
        return None


def read_number(text: str, mark: Mark) -> Decimal | None:
    """The number that `text` says with `mark` before the decimals and thousands grouped, else None.

    Signs of currencies and of per cent are left out; brackets mean less than nothing.
    """
    bare = _MONEY.sub("", text.replace("\N{MINUS SIGN}", "-").strip()).strip()
    below = bare.startswith("(") and bare.endswith(")")
    bare = re.sub(r"(?<=\d)[\s'’](?=\d{3})", "", bare.strip("()"))
    group = "," if mark is Mark.POINT else "."
    if not re.fullmatch(rf"[+-]?(\d+|\d{{1,3}}(\{group}\d{{3}})+)?(\{mark}\d+)?", bare) or not bare.strip(
        "+-"
    ):
        return None
    found = Decimal(bare.replace(group, "").replace(mark, "."))
    return -found if below else found


def _phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None and _figures(text, DayOrder.DAY) is None


def _figures(text: str, order: DayOrder) -> tuple[int, int, int] | None:
    """Year, month, day."""
    found = _WRITTEN.fullmatch(text) or _PACKED.fullmatch(text)
    if found is not None:
        year, month, day = map(int, found.groups())
        return year, month, day
    parted = _PARTED.fullmatch(text)
    if parted is None:
        return None
    first, _, second, third = parted.groups()
    if len(first) == 4:
        return (int(first), int(second), int(third)) if len(third) <= 2 else None
    if order is DayOrder.YEAR or len(third) not in (2, 4) or len(first) > 2:
        return None
    year = int(third) + (2000 if len(third) == 2 else 0)
    return (year, int(second), int(first)) if order is DayOrder.DAY else (year, int(first), int(second))


def _share(cells: Sequence[str], fits: Callable[[str], object]) -> float:
    if not cells:
        return 0.0
    return sum(fits(cell) not in (None, False) for cell in cells) / len(cells)
