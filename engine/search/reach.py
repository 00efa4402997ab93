"""The search of one reader: the best records of each object that she may read.

Hits come from the index, newest first; the rights to rows are those of the one place that decides them, asked
for the hits. Where a reader sees so few of very many hits that a page does not fill, her own rows are gone
through instead. All of it is bounded, so a search among a million records stays a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.estimate import estimate
from engine.finding import Finding, Form
from engine.query import Query
from engine.search.hits import Hit, further_hits, newest_hits
from engine.search.hits import asked as in_words
from engine.search.ranking import Rank, rank
from engine.search.searched import searched
from engine.search.spelling import corrections
from engine.search.wanted import bare_words, forgiven, titled, wanted
from metadata.catalog import FieldPath, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.bench import Bench
    from engine.database import Connection
    from engine.reading import Reader
    from engine.record import Record
    from engine.search.hits import Hits
    from engine.search.searched import Searched
    from engine.search.wanted import Slot, Wanted
    from metadata.catalog import ObjectType

AT_FIRST = 100
"""Hits of an object that are looked at; among more, the titles that begin with what was typed come first."""
THEN = (2_000, 8_000)
"""Hits that are looked at as long as the reader may see too few of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that was found, with the title and the searched fields that the reader may see."""

    record: Record
    rank: Rank
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search found, by object, the best first; objects without any are left out.

    `meant` are the words it was found by, where those that were typed found nothing.
    """

    groups: tuple[tuple[ObjectType, tuple[Found, ...]], ...]
    meant: str | None = None


def search(session: Bench, text: str, targets: Iterable[ObjectType], limit: int = 20) -> Answer:
    """The best records of each object that hold the words, up to `limit` each, for the actor of a session."""
    reader = session.reader()
    with session.reading() as connection:
        return Search(reader=reader, connection=connection, text=text, limit=limit).among(targets)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """One reader's search for `text`, up to `limit` records of an object."""

    reader: Reader
    connection: Connection
    text: str
    limit: int

    def among(self, targets: Iterable[ObjectType]) -> Answer:
        """The answer, in the order of `targets`; words with a slip are tried if nothing else is found."""
        targets = tuple(target for target in targets if self.reader.policy.reads(target))
        groups = self._groups(targets, self.text)
        if groups or not bare_words(self.text):
            return Answer(groups=groups)
        for meant in self._meant():
            if groups := self._groups(targets, meant):
                return Answer(groups=groups, meant=meant)
        return Answer(groups=())

    def _groups(
        self, targets: Sequence[ObjectType], text: str
    ) -> tuple[tuple[ObjectType, tuple[Found, ...]], ...]:
        found = ((target, self._of(target, text)) for target in targets)
        return tuple((target, records) for target, records in found if records)

    def _meant(self) -> Iterable[str]:
        """The text with one of its words spelled as some title spells it."""
        words = bare_words(self.text)
        for word in forgiven(self.text):
            for near in corrections(self.connection, self.reader.release, word):
                yield " ".join(near if each == word else each for each in words)

    def _of(self, target: ObjectType, text: str) -> tuple[Found, ...]:
        what = searched(self.reader.release, target)
        if not what.indexed(self.reader.policy):
            return self._listed(what, text)
        slots = what.slots(self.reader.policy)
        asked = wanted(text, slots)
        hits = newest_hits(self.connection, self.reader.release, target, asked, most=AT_FIRST, few=self.limit)
        found = self._seen(what, self._better(target, slots, text, hits), text)
        if len(found) < self.limit and hits.more:
            found = self._further(what, asked, hits, found, text)
        return tuple(sorted(found, key=_best)[: self.limit])

    def _better(self, target: ObjectType, slots: Sequence[Slot], text: str, hits: Hits) -> tuple[Hit, ...]:
        """The hits, and where they are not all, those whose titles are or begin with the text."""
        if not hits.more:
            return hits.found
        release, near = self.reader.release, {hit.record: hit for hit in hits.found}
        for prefix in (False, True):
            best = titled(text, slots, prefix=prefix)
            more = newest_hits(self.connection, release, target, best, most=self.limit, few=self.limit)
            near |= {hit.record: hit for hit in more.found}
        return tuple(near.values())

    def _further(
        self, what: Searched, asked: Wanted, hits: Hits, found: list[Found], text: str
    ) -> list[Found]:
        """What she may see of further hits, or among her own rows if she has few."""
        about = estimate(self.reader, self.connection, what.object)
        if about is None or about.few:  # a small table is gone through, too
            given = (("find_wanted", in_words(asked, self.reader.release.dialect)),)
            tested = Finding(text=text, form=Form.TESTED, given=given)
            return list(self._listed(what, text, tested))
        met = {each.record.id: Hit(record=each.record.id, seq=each.seq) for each in found}
        for most in THEN:
            before = min(hit.seq for hit in hits.found)
            hits = further_hits(
                self.connection, self.reader.release, what.object, asked, most=most, before=before
            )
            met |= {hit.record: hit for hit in self._allowed(what, hits)}
            if len(met) >= AT_FIRST or not hits.more:
                break
        newest = sorted(met.values(), key=lambda hit: -hit.seq)[:AT_FIRST]
        return self._seen(what, newest, text)

    def _allowed(self, what: Searched, hits: Hits) -> list[Hit]:
        seen = self.reader.by_ids(self.connection, what.object, (), [hit.record for hit in hits.found])
        return [hit for hit in hits.found if hit.record in seen]

    def _seen(self, what: Searched, hits: Sequence[Hit], text: str) -> list[Found]:
        """The hits that the reader may see, as records."""
        if not hits:
            return []
        ids = [hit.record for hit in hits]
        records = self.reader.by_ids(self.connection, what.object, self._shown(what), ids)
        return [
            Found(record=record, rank=rank(record.title(), text), seq=hit.seq)
            for hit in hits
            if (record := records.get(hit.record))
        ]

    def _listed(self, what: Searched, text: str, finding: Finding | None = None) -> tuple[Found, ...]:
        """The same by a list of the rows, for readers of few and objects that are computed."""
        made = what.object.fields.get("created_at")
        newest = made and not what.object.query and self.reader.policy.readable(made)
        order = (Order(path=FieldPath(field=made), descending=True),) if newest and made else ()
        asked = Query(
            object=what.object,
            fields=self._shown(what),
            order=order,
            limit=AT_FIRST,
            find=text,
            finding=finding,
        )
        records = self.reader.page(self.connection, asked).records
        found = [
            Found(record=record, rank=rank(record.title(), text), seq=-place)
            for place, record in enumerate(records)
        ]
        return tuple(sorted(found, key=_best)[: self.limit])

    def _shown(self, what: Searched) -> tuple[FieldPath, ...]:
        title, readable = what.object.title, self.reader.policy.readable
        fields = dict.fromkeys((*((title,) if title else ()), *(each.field for each in what.fields)))
        return tuple(FieldPath(field=field) for field in fields if readable(field))


def _best(found: Found) -> tuple[int, int]:
    return found.rank, -found.seq
