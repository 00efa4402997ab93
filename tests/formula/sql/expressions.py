"""Random typed formula texts over the nasty rows, for the differential test.

A grammar: each kind has leaves and templates, in which `{n}` stands for a number, `{t}` a text, `{d}` a
date, `{i}` an instant, `{b}` a Boolean and `{c}` for a comparison sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

LEAVES = {
    "n": (
        *("amount", "quantity", "rate", "amount", "quantity", "rate", "0", "1", "2.5", "(-1)", "100", "3"),
        *("0.01", "1000", "1234567.89", "0.005", "99999999999999999999", "LEN(name)", "YEAR(day)"),
    ),
    "t": ("name", "note", '"a"', '""', '"ß"', '"🎉"', '"12.50"', "TEXT(stage)", "TEXT(owner)", "$user.name"),
    "d": ("day", "due", "TODAY()", "DATE(2024,2,29)", "DATEVALUE(seen)", "DATEVALUE(name)"),
    "i": ("seen", "made", "NOW()"),
    "b": (
        *("won", "true", "false", 'stage = "won"', 'stage <> "new"', "ISBLANK(name)", "ISBLANK(day)"),
        *("owner = $user.id", 'ISPICKVAL(stage, "lost")', "amount > 1000", 'name = "a"', "ISBLANK(stage)"),
        *('INCLUDES(tags, "a")', 'INCLUDES(stages, "won")', "INCLUDES(stages, stage)", "ISBLANK(tags)"),
        *("INCLUDES(marks, 2.5)", "INCLUDES(team, $user.id)", "INCLUDES(team, owner)", "ISBLANK(team)"),
        *('BEGINS(note, "a")', "ISNULL(owner)", "day > TODAY()", 'stage = ""', "at < at + 1"),
    ),
    "c": ("=", "<>", "<", "<=", ">", ">="),
}
TEMPLATES = {
    "n": (
        *("({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "-({n})", "({n} + {n} + {n})"),
        *("({n} ^ 1)", "({n} ^ 2)", "({n} ^ 3)", "ROUND({n}, 2)", "ROUND({n}, -1)", "ROUND({n}, quantity)"),
        *("ABS({n})", "CEILING({n})", "FLOOR({n})", "MOD({n}, {n})", "MAX({n}, {n})", "MIN({n}, {n}, {n})"),
        *("NULLVALUE({n}, {n})", "BLANKVALUE({n}, {n})", "IF({b}, {n}, {n})", "IFERROR({n}, {n})"),
        *('CASE(stage, "won", {n}, "lost", {n}, {n})', "CASE({n}, 1, {n}, {n}, {n}, {n})", "VALUE({t})"),
        *("LEN({t})", "FIND({t}, {t})", "FIND({t}, {t}, {n})", "({d} - {d})", "({i} - {i})", "MONTH({d})"),
        *("YEAR({d})", "DAY({d})", "WEEKDAY({d})", "(at - at)", "IF({b}, {n}, null)"),
        *("MCEILING({n})", "MFLOOR({n})", "TRUNC({n})", "TRUNC({n}, quantity)", "TRUNC({n}, 1)", "SQRT({n})"),
        *(
            "EXP({n})",
            "LN({n})",
            "LOG({n})",
            "SIN({n})",
            "ASIN({n})",
            "ATAN2({n}, {n})",
            "PI()",
            "ASCII({t})",
        ),
    ),
    "t": (
        *("({t} & {t})", "({t} & {t} & {t})", "TEXT({n})", "TEXT({d})", "TEXT({i})", "UPPER({t})"),
        *("LOWER({t})", "TRIM({t})", "LEFT({t}, {n})", "RIGHT({t}, {n})", "MID({t}, {n}, {n})"),
        *("LPAD({t}, {n})", "LPAD({t}, {n}, {t})", "RPAD({t}, {n}, {t})", "REVERSE({t})", "CHR({n})"),
        *(
            "HTMLENCODE({t})",
            "URLENCODE({t})",
            "INITCAP({t})",
            "SUBSTITUTE({t}, {t}, {t})",
            "IF({b}, {t}, {t})",
            'CASE({t}, "a", {t}, {t}, {t}, {t})',
        ),
        *("BLANKVALUE({t}, {t})", "NULLVALUE({t}, {t})", "IFERROR({t}, {t})", "TEXT(at + {n})"),
        *("TEXT(TIMEVALUE({i}))", "TEXT(TIMENOW())", "IFS({b}, {t}, {b}, {t})"),
    ),
    "d": (
        *("({d} + {n})", "({d} - {n})", "DATE({n}, {n}, {n})", "DATE(YEAR({d}), MONTH({d}), DAY({d}))"),
        *("ADDMONTHS({d}, {n})", "DATEVALUE({i})", "DATEVALUE({t})", "IF({b}, {d}, {d})"),
        *("BLANKVALUE({d}, {d})", "IFERROR({d}, {d})"),
    ),
    "i": (
        *("({i} + {n})", "FROMUNIXTIME({n})", "DATETIMEVALUE({d})", "DATETIMEVALUE({t})"),
        *("({i} - {n})", "ADDMONTHS({i}, {n})", "IF({b}, {i}, {i})", "BLANKVALUE({i}, {i})"),
        *("IFERROR({i}, {i})",),
    ),
    "b": (
        *("({n} {c} {n})", "({t} {c} {t})", "({d} {c} {d})", "({i} {c} {i})", "({b} = {b})", "({b} <> {b})"),
        *("AND({b}, {b})", "OR({b}, {b})", "AND({b}, {b}, {b})", "OR({b}, {b}, {b})", "NOT({b})"),
        *("ISBLANK({n})", "ISBLANK({t})", "ISBLANK({d})", "ISNULL({n})", "ISNULL({t})", "ISNULL({i})"),
        *("IF({b}, {b}, {b})", "IFERROR({b}, {b})", "BEGINS({t}, {t})", "CONTAINS({t}, {t})"),
        *("ISNUMBER({t})", "REGEX({t}, {t})", "INCLUDES(tags, {t})", "INCLUDES(marks, {n})"),
        *("INCLUDES(days, {d})", 'IF(INCLUDES(tags, "a"), {b}, {b})'),
    ),
}


@st.composite
def formulas(draw: Callable[[st.SearchStrategy[str]], str], depth: int = 3) -> str:
    """A text of any kind, nested up to `depth` calls."""

    def written(kind: str, depth: int) -> str:
        choices = LEAVES[kind] + (TEMPLATES.get(kind, ()) * 2 if depth else ())
        template = draw(st.sampled_from(choices))
        return re.sub(r"\{(.)\}", lambda found: written(found[1], depth - 1), template)

    return written(draw(st.sampled_from("ntdibb")), depth)
