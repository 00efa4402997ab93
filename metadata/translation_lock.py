"""translations.lock: for each translation, which text it is a translation of.

A line is `objects.deal.label zh-CN: SOURCE TEXT`, with a digest of the source's text at the time and one of
the translation. While the translation stays as it is and the source becomes another, it is stale; once it is
touched, `strata lock` notes the new source. `metadata.translations` compares; here is only the value.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.issue import Issue
from formula.source import Source, Span
from metadata import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_HEADER = "# What each translation translates, written by `strata lock`. Never edit.\n"
_LINE = re.compile(r"(\S+ \S+): ([0-9a-f]{10}) ([0-9a-f]{10})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """Digests of the source when it was translated, and of the translation."""

    source: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationLock:
    """All entries of one package, by `key`."""

    entries: Mapping[str, Translated]

    def get(self, name: str) -> Translated | None:
        """The entry of a key, or None."""
        return self.entries.get(name)

    def render(self) -> str:
        """The text of the file: sorted, the same for the same entries."""
        lines = [f"{name}: {entry.source} {entry.text}\n" for name, entry in sorted(self.entries.items())]
        return _HEADER + "".join(lines)


EMPTY = TranslationLock(entries=MappingProxyType({}))


def key(path: tuple[str, ...], language: str) -> str:
    """The name of a translation in the file."""
    return f"{'.'.join(path)} {language}"


def digest(text: str) -> str:
    """A short digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def renewed(
    known: Mapping[str, Translated],
    pairs: Iterable[tuple[str, str, str]],
    confirmed: Callable[[str], bool] = lambda name: False,  # noqa: ARG005
) -> TranslationLock:
    """The lock for these (key, source, translation).

    What was translated anew, and what is `confirmed` to be right still, notes the source of today.
    """
    entries = {}
    for name, source, text in pairs:
        entry = known.get(name)
        same = entry is not None and entry.text == digest(text) and not confirmed(name)
        entries[name] = entry if entry and same else Translated(source=digest(source), text=digest(text))
    return TranslationLock(entries=MappingProxyType(entries))


def parse(path: str, text: str) -> tuple[TranslationLock, tuple[Issue, ...]]:
    """Read translations.lock; damaged lines are left out and reported."""
    entries: dict[str, Translated] = {}
    issues: list[Issue] = []
    at = 0
    for line in text.splitlines(keepends=True):
        found = _LINE.match(line.strip())
        if found is not None:
            entries[found[1]] = Translated(source=found[2], text=found[3])
        elif line.strip() and not line.startswith("#"):
            place = Source(path=path, text=text), Span(at, at + len(line.rstrip()))
            issues.append(_damaged(*place))
        at += len(line)
    return TranslationLock(entries=MappingProxyType(entries)), tuple(issues)


def _damaged(source: Source, span: Span) -> Issue:
    message = "this line of translations.lock cannot be read"
    hint = "Delete the line and run `strata lock`."
    return Issue(code=codes.LOCK_DAMAGED, message=message, source=source, span=span, hint=hint)
