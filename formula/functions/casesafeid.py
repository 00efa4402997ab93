"""CASESAFEID: an id that stays itself where upper and lower case are not told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from formula.functions import Function, Prose, Strict, takes
from formula.sql.form import Form, on_postgresql
from formula.sql.fragment import sql
from formula.sql.term import Term, bind
from formula.types import TEXT

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_SHORT = "^[0-9A-Za-z]{15}$"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ROW = 5
_RAISED = "".join(map(chr, range(ord("A"), ord("Z") + 1)))
_OTHERS = _RAISED.lower() + "0123456789"


def lengthened(identity: str) -> str:
    """18 characters for the 15 of a Salesforce id; any other text, ours included, as it is.

    As Salesforce documents it: each row of five characters gives one more, the number whose bits say which
    of the five, the first being the lowest bit, are capital letters.
    """
    if not re.fullmatch(_SHORT, identity, re.ASCII):
        return identity
    rows = (identity[start : start + _ROW] for start in range(0, len(identity), _ROW))
    return identity + "".join(_LETTERS[_capitals(row)] for row in rows)


def _capitals(row: str) -> int:
    return sum(1 << place for place, letter in enumerate(row) if letter.isupper())


def _letter(start: int) -> str:
    bits = f"CAST(CAST(reverse(substr(b, {start}, {_ROW})) AS bit({_ROW})) AS integer)"
    return f"substr('{_LETTERS}', 1 + {bits}, 1)"


_BITS = f"translate(t, '{_RAISED}{_OTHERS}', '{'1' * len(_RAISED)}{'0' * len(_OTHERS)}')"
_LONG = f"t || {' || '.join(_letter(start) for start in (1, 6, 11))}"
_WRITTEN = (
    f"(SELECT CASE WHEN t ~ {{1}} THEN {_LONG} ELSE t END"  # noqa: S608 - nothing but constants
    f" FROM (SELECT t, {_BITS} AS b FROM (SELECT {{0}} AS t OFFSET 0) AS given OFFSET 0) AS read)"
)


def _value(translator: Translator, call: Call) -> Term:
    held = translator.term(call.arguments[0]).sql
    return Term(sql=sql(_WRITTEN, held, bind(_SHORT, "CAST({0} AS text)")), type=TEXT)


FUNCTION = Function(
    name="CASESAFEID",
    category="text",
    signatures=(takes(id=TEXT, returns=TEXT),),
    prose=Prose(
        en="The 18 characters of a Salesforce id given with 15; our own ids, and other texts, as they are.",
        zh="将 15 位的 Salesforce ID 转为 18 位；本系统的 ID 及其他文本不变。",
    ),
    examples=(
        ('CASESAFEID("001A0000006Vm9r")', '"001A0000006Vm9rIAC"'),
        ('CASESAFEID("001A0000006Vm9rIAC")', '"001A0000006Vm9rIAC"'),
        ("CASESAFEID($user.id)", "TEXT($user.id)"),
        ("CASESAFEID(account)", "null"),
    ),
    python=Strict(call=lengthened, safe=True),
    sql=on_postgresql(Form(value=_value)),
)
