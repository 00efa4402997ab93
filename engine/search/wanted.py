"""What somebody looks for, as a condition on documents: every word in some field, all of a word in one field.

Written for the index of SQLite, for that of PostgreSQL, and as a text that `holds` reads, which is how SQLite
tests one document. Tokens hold no blank, quote or operator, so none of the three has anything to escape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.search.tokens import Term, folded, forgiving, pinyin_terms, runs, terms, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_WORDS = 8
"""Further words of a search are ignored."""
LONGEST = 200
"""Characters of a search that are looked at."""
_SHORT = 2

HOLDS = "strata_holds"
"""What `holds` is called in SQLite."""

Word = tuple[tuple[Term, ...], ...]
"""The ways to find one word: all terms of one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A field that is looked at, as its tokens begin; `title` says that it is the object's title."""

    text: str
    title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """All words of a search in the fields that are looked at; without words nothing is found."""

    words: tuple[Word, ...]

    @property
    def strong(self) -> Wanted:
        """The words by which hits are looked up: not those of a letter or two, if there are others."""
        chosen = tuple(word for word in self.words if not _weak(word))
        return Wanted(words=chosen or self.words)

    @property
    def prefixed(self) -> bool:
        """Whether all tokens that begin alike have to be gathered."""
        return any(term.prefix for word in self.words for way in word for term in way)

    @property
    def short(self) -> bool:
        """Whether no word has more than a letter or two."""
        return all(map(_weak, self.words))

    def fts5(self) -> str:
        """As the index of SQLite is asked."""
        return self._joined(" AND ", " OR ", _fts5)

    def tsquery(self) -> str:
        """As PostgreSQL is asked."""
        return self._joined(" & ", " | ", _tsquery)

    def text(self) -> str:
        """As `holds` takes it."""
        return "\n".join("|".join(" ".join(map(_plain, way)) for way in word) for word in self.words)

    def _joined(self, every: str, some: str, term: object) -> str:
        assert callable(term)
        words = (some.join(f"({every.join(map(term, way))})" for way in word) for word in self.words)
        return every.join(f"({word})" for word in words)


def bare_words(text: str) -> tuple[str, ...]:
    """The words of a search, folded; those without a letter or digit are none."""
    parts = folded(text[:LONGEST]).split()
    return tuple(part for part in parts if runs(part))[:MOST_WORDS]


def wanted(text: str, slots: Sequence[Slot]) -> Wanted:
    """What `text` asks for in the fields of these slots."""
    return Wanted(words=tuple(_word(word, slots) for word in bare_words(text)) if slots else ())


def titled(text: str, slots: Sequence[Slot], *, prefix: bool) -> Wanted:
    """The titles that are, or begin with, what was typed."""
    kept = whole(folded(text[:LONGEST]))
    ways = tuple((Term(text=f"{slot.text}_{kept}", prefix=prefix),) for slot in slots if slot.title)
    return Wanted(words=(ways,) if kept and ways else ())


def forgiven(text: str) -> tuple[str, ...]:
    """The words of a search in which a slip is forgiven."""
    return tuple(word for word in bare_words(text) if forgiving(word))


def holds(document: str, asked: str) -> bool:
    """Whether a document (tokens parted by blanks) holds what `Wanted.text` asks for."""
    line = f" {document} "
    return all(any(all(term in line for term in way) for way in word) for word in _parsed(asked))


@lru_cache(maxsize=256)
def _parsed(asked: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Each term as it stands in a document between blanks; one asked by its beginning without the second."""
    if not asked:
        return (((" \n",),),)
    return tuple(
        tuple(tuple(_found(term) for term in way.split(" ")) for way in word.split("|"))
        for word in asked.split("\n")
    )


def _found(term: str) -> str:
    return f" {term[:-1]}" if term.endswith("*") else f" {term} "


def _word(word: str, slots: Sequence[Slot]) -> Word:
    parts = runs(word)
    ways = [tuple(_ways(parts, slot)) for slot in slots]
    return tuple(way for ways_of_slot in ways for way in ways_of_slot)


def _ways(parts: list[str], slot: Slot) -> Iterator[tuple[Term, ...]]:
    yield tuple(_in(slot, term) for part in parts for term in terms(part))
    if slot.title and len(parts) == 1 and (spoken := pinyin_terms(parts[0])):
        yield tuple(_in(slot, term) for term in spoken)


def _in(slot: Slot, term: Term) -> Term:
    return Term(text=slot.text + term.text, prefix=term.prefix)


def _weak(word: Word) -> bool:
    first = word[0]
    return len(first) == 1 and first[0].prefix and len(first[0].text.replace("_", "")) <= SLOT + _SHORT


SLOT = 3
"""Characters of a slot."""


def _fts5(term: Term) -> str:
    return f'"{term.text}"*' if term.prefix else f'"{term.text}"'


def _tsquery(term: Term) -> str:
    return f"'{term.text}':*" if term.prefix else f"'{term.text}'"


def _plain(term: Term) -> str:
    return f"{term.text}*" if term.prefix else term.text
