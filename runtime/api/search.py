"""Searching all objects, or some, as the caller may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.problem import Problem
from engine.search.reach import search
from engine.search.snippet import marks, snippet
from runtime.api.answers import answer_json
from runtime.api.parameters import object_named
from runtime.codes import BAD_PARAMETER

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.search.reach import Found
    from metadata.catalog import ObjectType
    from runtime.exchange import Exchange

AT_FIRST, MOST = 20, 100


def search_records(exchange: Exchange) -> Response:
    """GET /api/v1/search?q=words&objects=account,contact&limit=20: the best, up to `limit` of each object."""
    text, limit = exchange.query.get("q", ""), _limit(exchange)
    answer = search(exchange.signed_in, text, _targets(exchange), limit)
    words = answer.meant or text
    found = sorted(
        ((target, each) for target, records in answer.groups for each in records),
        key=lambda pair: (pair[1].rank, -pair[1].seq),
    )
    results = [_result(target, each, words) for target, each in found]
    return answer_json({"q": text, "meant": answer.meant, "results": results})


def _result(target: ObjectType, found: Found, words: str) -> dict[str, Any]:
    title, piece = found.record.title(), snippet(found.record, words)
    return {
        "object": target.name,
        "id": found.record.id,
        "title": title,
        "marks": marks(title or "", words),
        "rank": found.rank.name.lower(),
        "snippet": piece and {"field": piece.field.name, "text": piece.text, "marks": piece.marks},
    }


def _targets(exchange: Exchange) -> list[ObjectType]:
    """The objects named, or all that the caller may read."""
    named = [name.strip() for name in exchange.query.get("objects", "").split(",") if name.strip()]
    if named:
        return [object_named(exchange, name) for name in dict.fromkeys(named)]
    return [target for target in exchange.release.catalog.objects.values() if not target.retired]


def _limit(exchange: Exchange) -> int:
    given = exchange.query.get("limit", str(AT_FIRST))
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST):
        raise Problem(BAD_PARAMETER, f"limit is a number from 1 to {MOST}, not {given[:40]!r}.", status=422)
    return int(given)
