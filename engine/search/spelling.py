"""Slips of the pen: which words of titles are one slip away from what was typed.

One slip is a letter too many, missing, wrong, or two neighbours exchanged (Damerau's four). Every spelling so
close is looked up in the index: some four hundred for a word of eight letters.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from engine.search.tokens import SPELLED
from engine.statement import compile_text, text_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.database import Connection
    from engine.release import Release

MOST = 4
"""Spellings of one word that are tried."""

_SQLITE = """
    SELECT value FROM json_each(:words)
    WHERE EXISTS (SELECT 1 FROM s_search WHERE s_search MATCH '"' || value || '"' LIMIT 1) LIMIT :row_limit
"""
_POSTGRESQL = """
    SELECT word FROM unnest(CAST(:words AS text[])) AS word
    WHERE EXISTS (SELECT 1 FROM s_search WHERE tokens @@ CAST(quote_literal(word) AS tsquery))
    LIMIT :row_limit
"""


def near(word: str) -> Iterator[str]:
    """All words one slip away from one of letters a to z, some more than once."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase if letter != after[0])
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]


def corrections(connection: Connection, release: Release, word: str) -> tuple[str, ...]:
    """Words near a folded one that some title has, in any object; who may see it is asked later."""
    text = _SQLITE if release.dialect.sqlite else _POSTGRESQL
    statement = release.statements.get(("spelling",), lambda: compile_text(text, release.dialect))
    tried = dict.fromkeys(SPELLED + each for each in near(word))
    params = {"words": text_list(tried, release.dialect), "row_limit": MOST}
    return tuple(found.removeprefix(SPELLED) for (found,) in statement.rows(connection, params))
