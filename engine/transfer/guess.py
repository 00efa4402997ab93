"""Which column of a file is which field: a guess for each, with how sure it is and why; people confirm.

Pure. It looks at the head (`heads`) and at a sample of the cells (`content`, `fitting`), and never gives one
field to two columns. Whose fields they are and which records exist is told by the caller, in the actor's
rights.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.transfer.content import MOSTLY, look
from engine.transfer.fitting import Seen, fit
from engine.transfer.heads import SURE, Hit, Reason, Vocabulary, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.transfer.content import Look
    from metadata.catalog import Field, ObjectType

LEAST: Final = 0.5
"""A column less sure than this stays without a field."""
CONTENT: Final = 0.8
"""The share of cells from which options or titles speak for themselves, whatever the head says."""
BOUND: Final = 3
"""A column with more than so many different values for each option is not one of that picklist."""

FIRST: Final = 0.15
"""What a table that begins with the title of its records gains: people write first what they write about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file, counted from 0."""

    number: int
    head: str
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """An object that rows may become records of, with the fields that the actor may write."""

    object: ObjectType
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guess:
    """A column and its field; `sure` from 0 to 1."""

    column: int
    field: Field
    sure: float
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """An object, what its columns would be, and how well the whole file suits it (0 to 1)."""

    target: Target
    guesses: tuple[Guess, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guesser:
    """What all guesses of one file need.

    `titles`: by the name of an object the canonical forms of those cells that are titles of its records; an
    object that is left out was not asked.
    """

    vocabulary: Vocabulary
    titles: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def guess(self, columns: Sequence[Column], target: Target) -> tuple[Guess, ...]:
        """The fields of one object, in the order of the columns."""
        found = sorted(self._offers(columns, target), key=_order)
        columns_taken: set[int] = set()
        fields_taken: set[Field] = set()
        taken: list[Guess] = []
        for offer in found:
            if offer.column in columns_taken or offer.field in fields_taken:
                continue
            columns_taken.add(offer.column)
            fields_taken.add(offer.field)
            taken.append(offer)
        return tuple(sorted(taken, key=lambda guess: guess.column))

    def rank(self, columns: Sequence[Column], targets: Iterable[Target]) -> tuple[Ranked, ...]:
        """The objects that the file may be about, the likeliest first."""
        found = (self._ranked(columns, target) for target in targets)
        return tuple(sorted(found, key=lambda each: (-each.score, each.target.object.name)))

    def _ranked(self, columns: Sequence[Column], target: Target) -> Ranked:
        guesses = self.guess(columns, target)
        held = {guess.field for guess in guesses}
        needed = [each for each in target.fields if each.required and each.default is None]
        whole = sum(each in held for each in needed) / len(needed) if needed else 1.0
        sure = sum(guess.sure for guess in guesses) / max(len(columns), 1)
        leads = FIRST if guesses and guesses[0].field is target.object.title else 0.0
        return Ranked(target=target, guesses=guesses, score=sure * (0.85 - FIRST + 0.15 * whole + leads))

    def _offers(self, columns: Sequence[Column], target: Target) -> Iterator[Guess]:
        for each in target.fields:
            known = self.vocabulary.words_of(each)
            for column in columns:
                named = self.vocabulary.hit(column.head, known)
                hit = self._weighed(column, each, named)
                if hit is not None and hit.sure >= LEAST:
                    yield Guess(column=column.number, field=each, sure=round(hit.sure, 2), reason=hit.reason)

    def _weighed(self, column: Column, each: Field, named: Hit | None) -> Hit | None:
        """What head and cells say together."""
        share = fit(Seen(look=column.look, field=each, titles=self.titles))
        if named is None:
            return None if share is None else _by_content(column, each, share)
        if share is None:
            return named
        if each.options and not _bounded(column, each, share):
            return None
        if each.options or each.sort.target:  # what is no option or title yet may be given one
            return Hit(sure=named.sure * (0.9 + 0.1 * share), reason=named.reason)
        return Hit(sure=named.sure * (0.3 + 0.7 * share), reason=named.reason)


def columns_of(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> tuple[Column, ...]:
    """The columns of a file from its head and some rows; a short row ends in blanks."""
    return tuple(
        Column(number=at, head=head, look=look([row[at] for row in rows if at < len(row)]))
        for at, head in enumerate(heads)
    )


def _order(offer: Guess) -> tuple[float, int, int]:
    """The surest first; then the column that stands first, and a title before any other field."""
    return -offer.sure, offer.column, 0 if offer.field.object.title is offer.field else 1


def _bounded(column: Column, each: Field, share: float) -> bool:
    """Whether cells can be options: some are, or there are few and they are no numbers."""
    few = len(column.look.cells) <= BOUND * len(each.options)
    return share > 0 or (few and column.look.numbers < MOSTLY)


def _by_content(column: Column, each: Field, share: float) -> Hit | None:
    """What cells say alone: mails, phones and links are what they are; days and numbers could be any."""
    if each.options or each.sort.target:
        several = len({canonical(cell) for cell in column.look.cells}) > 1
        return (
            Hit(sure=SURE[Reason.VALUES] * share, reason=Reason.VALUES)
            if several and share >= CONTENT
            else None
        )
    telling = each.sort.kind in ("email", "phone", "url")
    if not telling or share < MOSTLY or column.look.numbers == 1.0:
        return None
    return Hit(sure=SURE[Reason.CONTENT] * share, reason=Reason.CONTENT)
