"""Which language a visitor reads who has not signed in: the browser's wish met with what the company has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request


def preferred(request: Request, languages: Sequence[str]) -> str:
    """The best of `languages` (BCP 47 tags, the first is the fallback) for `Accept-Language`.

    RFC 9110, section 12.5.4. A tag matches exactly or by its primary language, so `zh-TW` is served
    `zh-CN` when that is all there is.
    """
    for wanted in _wanted(request.headers.get("accept-language", "")):
        for match in (str.__eq__, _same_primary):
            found = next((tag for tag in languages if match(tag.lower(), wanted)), None)
            if found is not None:
                return found
    return languages[0] if languages else "en"


def _wanted(header: str) -> list[str]:
    weighted = []
    for position, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            quality = 0.0
        if tag and quality > 0:
            weighted.append((-quality, position, tag.lower()))
    return [tag for _, _, tag in sorted(weighted)]


def _same_primary(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]
