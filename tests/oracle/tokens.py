"""Texts that say where they come from: whatever a page or an answer shows of a record is found in it again.

Every door of the server asks `shown` about all it was answered: bodies, headers, refusals.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.oracle.doors import Sample
from tests.oracle.generate import LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.oracle.company import Company

_TOKEN = re.compile(r"zq(\d{3})([a-z])")
_FIELDS = {letter: name for name, letter in LETTERS.items()}


def shown(
    company: Company, who: str, answer: httpx.Response, *, own: str = "", binned: bool = False
) -> Iterator[Sample]:
    """A sample of each text in an answer: it had to be one that she may see.

    `own` are words that she sent herself; that they come back tells nothing. With `binned` the answer is
    about the recycle bin: what lies there and she could see before may be told, too.
    """
    how = f"{answer.request.method} {answer.request.url}"
    if answer.status_code >= 500:  # a defect is no answer
        yield Sample(who=who, action="ask", record="*", found=answer.status_code, wanted="an answer", how=how)
    text = "\n".join([answer.text, *(f"{name}: {value}" for name, value in answer.headers.items())])
    by_number = {_number(row.name): row for row in company.world.rows.values()}
    for number, letter in sorted(set(_TOKEN.findall(text)) - set(_TOKEN.findall(own))):
        row, field = by_number[int(number)], _FIELDS[letter]
        there = (company.judge.allows if binned else company.judge.may)(who, "read", row)
        wanted = there and company.judge.sees(who, row.object, field)
        yield Sample(
            who=who, action="read", record=row.name, field=field, found=True, wanted=wanted, how=how,
        )  # fmt: skip


def _number(word: str) -> int:
    return int(word.lstrip("abcdefghijklmnopqrstuvwxyz"))
