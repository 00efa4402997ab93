"""Which of the languages at hand fits a reader best: by her own choice, or by what her browser asks for.

Used for pages and problems alike. Whose language is stored where is the business of the pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata.label import NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.requests import Request

SCRIPTS = {"zh-hant": "zh-TW", "zh-hans": "zh-CN", "zh-mo": "zh-TW", "zh-sg": "zh-CN"}
"""Chinese is told apart by its script: `zh-Hant-HK` is read in Taiwan's writing (BCP 47 subtags)."""


def preferred(request: Request, languages: Iterable[str]) -> str:
    """The best of `languages` (BCP 47 tags, the first is the fallback) for `Accept-Language`.

    RFC 9110, section 12.5.4, wish by wish as `nearest` finds it.
    """
    offered = tuple(languages)
    for wanted in _wanted(request.headers.get("accept-language", "")):
        found = nearest(wanted, offered)
        if found is not None:
            return found
    return offered[0] if offered else "en"


def nearest(wanted: str, languages: Iterable[str]) -> str | None:
    """The one of `languages` that a reader of `wanted` (a BCP 47 tag) reads best; None when there is none.

    The language itself, else a neighbour that is read more gladly (`zh-HK` by `zh-TW`), else the first of the
    same primary language.
    """
    offered = {language.lower(): language for language in languages}
    candidates = (*_forms(wanted), *(tag for tag in offered if _same_primary(tag, wanted.lower())))
    return next((offered[tag.lower()] for tag in candidates if tag.lower() in offered), None)


def _forms(wanted: str) -> Iterator[str]:
    """The tag, the written form of its script, and their neighbours."""
    script = next((tag for start, tag in SCRIPTS.items() if wanted.lower().startswith(start)), None)
    for tag in (wanted, script):
        if tag is not None:
            yield tag
            known = next((one for one in NEIGHBOURS if one.lower() == tag.lower()), "")
            yield from NEIGHBOURS.get(known, ())


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
