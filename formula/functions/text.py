"""TEXT: a value as text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from formula import moment, number
from formula.functions import Function, Inline, Prose, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from formula.emit import Emitter, Piece
    from formula.expr import Call


_SHOWN: Mapping[Kind, Callable[..., Any]] = {
    Kind.NUMBER: number.written,
    Kind.DATE: date.isoformat,
    Kind.DATETIME: moment.show_instant,
    Kind.TIME: moment.show_time,
}


def id_text(value: str) -> str:
    """An Id as text; it is one already, but in SQLite."""
    return value


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    show = _SHOWN.get(call.arguments[0].type.kind)
    if show is None:
        return parts[0]
    return emitter.strict(parts, lambda value: emitter.invoke(show, value))


FUNCTION = Function(
    name="TEXT",
    category="text",
    signatures=(
        takes(value=(Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.PICKLIST, Kind.ID), returns=TEXT),
    ),
    prose=Prose(
        en="A value as text: numbers plain, dates as YYYY-MM-DD, instants in UTC with Z, picklists as code.",
        zh="转为文本：数字不带格式，日期为 YYYY-MM-DD，时间点为带 Z 的 UTC，选项字段为选项代码。",
    ),
    examples=(
        ("TEXT(1.50)", '"1.5"'),
        ("TEXT(DATE(2026, 1, 31))", '"2026-01-31"'),
        ("TEXT(stage)", '"proposal"'),
        ("TEXT(NOW())", '"2026-03-10 18:30:00Z"'),
        ("TEXT(discount)", "null"),
    ),
    python=Inline(build=_build),
    sql=both(text.TEXT_OF),
    inner=(number.written, moment.show_instant, moment.show_time, id_text),
)
