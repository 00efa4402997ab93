"""Hits of an object, the most recent first: records whose documents hold what is wanted.

Knows nothing of rights to rows: whoever asks drops the hits that the reader may not see. A word that many
documents hold is found by a look at the newest ones; the index, asked for the beginning of words, would
gather every hit first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.codec import id_form
from engine.search.wanted import HOLDS
from engine.statement import compile_text

if TYPE_CHECKING:
    from engine.database import Connection, Dialect
    from engine.release import Release
    from engine.search.wanted import Wanted
    from engine.statement import Statement
    from metadata.catalog import ObjectType

NEWEST = 100
"""Documents that are looked through before the index is asked."""

NEWEST_SHORT = 1_000
"""The same for the beginning of a word of one or two letters, which very many hits may have."""

COMMON = 3
"""Hits among the newest documents that make a word a common one."""

MOST = 20_000
"""Hits that PostgreSQL puts in order; of more it takes some."""

_NEWEST_SQLITE = f"""
    SELECT record, seq FROM (
        SELECT id AS seq, c1 AS record, c2 AS tokens FROM s_search_content WHERE c0 = :object
        ORDER BY id DESC LIMIT :walked
    ) WHERE {HOLDS}(tokens, :wanted) ORDER BY seq DESC LIMIT :row_limit
"""  # noqa: S608
_NEWEST_POSTGRESQL = """
    SELECT record, seq FROM (
        SELECT record, seq, tokens FROM s_search WHERE object = :object ORDER BY seq DESC LIMIT :walked
    ) AS newest WHERE tokens @@ CAST(:wanted AS tsquery) ORDER BY seq DESC LIMIT :row_limit
"""
_INDEX_SQLITE = f"""
    SELECT record, rowid FROM s_search
    WHERE s_search MATCH :strong AND rowid < :before AND object = :object AND {HOLDS}(tokens, :wanted)
    ORDER BY rowid DESC LIMIT :row_limit
"""  # noqa: S608
_INDEX_POSTGRESQL = f"""
    SELECT record, seq FROM (
        SELECT record, seq, tokens FROM s_search
        WHERE object = :object AND seq < :before AND tokens @@ CAST(:strong AS tsquery) LIMIT {MOST}
    ) AS hits WHERE tokens @@ CAST(:wanted AS tsquery) ORDER BY seq DESC LIMIT :row_limit
"""  # noqa: S608
_END = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was hit; a greater `seq` is more recent."""

    record: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Hits, the most recent first; `more` says that there may be others."""

    found: tuple[Hit, ...]
    more: bool


def is_common(connection: Connection, release: Release, target: ObjectType, wanted: Wanted) -> bool:
    """Whether about one in thirty of the newest documents holds what is wanted, or more."""
    params = _params(release, target, wanted) | {"walked": NEWEST, "row_limit": COMMON}
    return len(_run(connection, release, "newest", params)) == COMMON


def newest_hits(
    connection: Connection, release: Release, target: ObjectType, wanted: Wanted, *, most: int, few: int
) -> Hits:
    """Up to `most` hits of an object; `few` of them are enough when the word is a common one."""
    if wanted.words and (wanted.prefixed or not release.dialect.sqlite):
        walked = NEWEST_SHORT if wanted.short else NEWEST
        params = _params(release, target, wanted) | {"walked": walked, "row_limit": most}
        near = _run(connection, release, "newest", params)
        if len(near) >= few:
            return Hits(found=near, more=True)
    return further_hits(connection, release, target, wanted, most=most)


def further_hits(
    connection: Connection,
    release: Release,
    target: ObjectType,
    wanted: Wanted,
    *,
    most: int,
    before: int = _END,
) -> Hits:
    """Up to `most` hits of an object that are older than `before`, by the index."""
    if not wanted.words:
        return Hits(found=(), more=False)
    strong = wanted.strong
    params = _params(release, target, wanted) | {"before": before, "row_limit": most}
    params["strong"] = strong.fts5() if release.dialect.sqlite else strong.tsquery()
    found = _run(connection, release, "index", params)
    return Hits(found=found, more=len(found) >= most)


def asked(wanted: Wanted, dialect: Dialect) -> str:
    """What is wanted, as the parameter of a test of one document."""
    return wanted.text() if dialect.sqlite else wanted.tsquery()


def _params(release: Release, target: ObjectType, wanted: Wanted) -> dict[str, object]:
    return {"object": target.id, "wanted": asked(wanted, release.dialect)}


def _run(connection: Connection, release: Release, shape: str, params: dict[str, object]) -> tuple[Hit, ...]:
    statement = release.statements.get(("hits", shape), lambda: _build(shape, release.dialect))
    return tuple(Hit(record=record, seq=seq) for record, seq in statement.rows(connection, params))


def _build(shape: str, dialect: Dialect) -> Statement:
    texts = {
        "newest": (_NEWEST_SQLITE, _NEWEST_POSTGRESQL),
        "index": (_INDEX_SQLITE, _INDEX_POSTGRESQL),
    }
    text = texts[shape][0 if dialect.sqlite else 1]
    return compile_text(text, dialect, [id_form(dialect).decode, None])
