"""How well the head of a column names a field: by API name, label in any language, former name, synonym,
spelling.

Pure, and knows no cells: those are `content`'s. `guess` weighs both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.transfer.synonyms import groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metadata.catalog import Field, ObjectType

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_HAN = re.compile("[\u3400-\u9fff]")
_ALIKE = 84
"""Per cent of likeness from which a word may be a misspelling; `nmae` and `name` are 75, `adress` is 92."""


class Reason(StrEnum):
    """Why a column is taken for a field."""

    NAME = "name"
    LABEL = "label"
    FORMER = "former"
    SYNONYM = "synonym"
    PART = "part"
    SPELLING = "spelling"
    CONTENT = "content"
    VALUES = "values"


SURE: dict[Reason, float] = {
    Reason.NAME: 1.0, Reason.LABEL: 0.97, Reason.FORMER: 0.93, Reason.SYNONYM: 0.85, Reason.PART: 0.7,
    Reason.SPELLING: 0.75, Reason.CONTENT: 0.6, Reason.VALUES: 0.65,
}  # fmt: skip
"""How sure each reason makes by itself, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A likeness from 0 to 1, and where it comes from."""

    sure: float
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything a field is called, in canonical form; `before` is what may stand in front: its object."""

    names: frozenset[str]
    labels: frozenset[str]
    former: frozenset[str]
    groups: frozenset[int]
    before: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every word."""
        return self.names | self.labels | self.former


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The words that tables use; made once and handed to whoever guesses."""

    lines: Mapping[str, frozenset[int]]

    def words_of(self, field: Field) -> Words:
        """What a field is called; the title also answers to the name of its object."""
        own = words(field.label.texts.values())
        names = frozenset({canonical(field.name)})
        before = _called(field.object)
        titled = field.object.title is field
        known = names | own | (before if titled else frozenset())
        if field.target is not None and field.target is not field.object:
            known |= _called(field.target)
        return Words(
            names=names, labels=own, former=words(field.aliases), groups=self._lines(known), before=before
        )

    def hit(self, head: str, known: Words) -> Hit | None:
        """How `head` names the field with these words; None where it does not."""
        said = canonical(head)
        bare = canonical(_BRACKETS.sub(" ", head))
        found = (self._hit(each, known) for each in dict.fromkeys((said, bare)) if each)
        return max((hit for hit in found if hit), key=lambda hit: hit.sure, default=None)

    def _hit(self, said: str, known: Words) -> Hit | None:
        exact = _exact(said, known)
        if exact is not None:
            return exact
        rest = _without(said, known.before)
        behind = _exact(rest, known) if rest else None
        if behind is not None:
            return Hit(sure=behind.sure - 0.03, reason=behind.reason)
        if self._lines({said}) & known.groups:
            return Hit(sure=SURE[Reason.SYNONYM], reason=Reason.SYNONYM)
        return _part(said, known.all) or self._alike(said, known)

    def _alike(self, said: str, known: Words) -> Hit | None:
        """A slip of the pen in a word or a synonym, or a synonym with something in front."""
        others = frozenset(word for word, lines in self.lines.items() if lines & known.groups)
        tried = known.all if said in self.lines else known.all | others
        return _misspelt(said, tried) or _part(said, others, SURE[Reason.PART] - 0.1)

    def _lines(self, found: Iterable[str]) -> frozenset[int]:
        return frozenset().union(*(self.lines.get(word, frozenset()) for word in found))


def vocabulary() -> Vocabulary:
    """The platform's own words."""
    return Vocabulary(lines={canonical(word): lines for word, lines in groups().items()})


def canonical(text: str) -> str:
    """`text` in lower case and half width, words parted by one blank: `DealStage`, `deal_stage` → `deal
    stage`.
    """
    parted = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text).strip())
    return _OTHER.sub(" ", parted).strip().casefold()


def words(texts: Iterable[str]) -> frozenset[str]:
    """The canonical forms, blank ones left out."""
    return frozenset(filter(None, map(canonical, texts)))


def _called(target: ObjectType) -> frozenset[str]:
    return words((target.name, *target.label.texts.values(), *target.plural.texts.values()))


def _exact(said: str, known: Words) -> Hit | None:
    for reason, group in (
        (Reason.NAME, known.names), (Reason.LABEL, known.labels), (Reason.FORMER, known.former),
    ):  # fmt: skip
        if said in group:
            return Hit(sure=SURE[reason], reason=reason)
    return None


def _without(said: str, before: frozenset[str]) -> str:
    """What is left of `account city` without `account`, of 客户城市 without 客户; "" if it is not there."""
    for word in sorted(before, key=len, reverse=True):
        if said.startswith(f"{word} ") or (_HAN.match(word) and said.startswith(word)):
            return said[len(word) :].strip()
    return ""


def _part(said: str, known: frozenset[str], sure: float = SURE[Reason.PART]) -> Hit | None:
    """`sales stage` ends with `stage`: the last word is what the thing is, those before it say which."""
    ends = any(said.endswith(f" {word}") or (_HAN.match(word) and said.endswith(word)) for word in known)
    return Hit(sure=sure, reason=Reason.PART) if ends else None


def _misspelt(said: str, known: frozenset[str]) -> Hit | None:
    from rapidfuzz.fuzz import ratio  # 5 ms that only a guess costs

    alike = max((ratio(said, word) for word in known if len(word) > 3), default=0.0)
    return Hit(sure=SURE[Reason.SPELLING] * alike / 100, reason=Reason.SPELLING) if alike >= _ALIKE else None
