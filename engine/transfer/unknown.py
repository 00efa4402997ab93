"""The texts of a file that name no record and no option, with what each probably means.

Each different text is looked at once, in the actor's rights: one statement for each link and field that may
name its records. What the file itself brings along is known. People confirm; the mapping keeps what they say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.fields.contract import FieldType
from engine.problem import Refusal
from engine.query import Query
from engine.transfer.cells import meant, written
from engine.transfer.find import Unsaved, find, keys_of, normal
from engine.transfer.proposals import Candidate, propose
from metadata.catalog import FieldPath, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.session import Session
    from engine.transfer.binding import Binding, Portion, Source
    from engine.transfer.proposals import Proposal
    from engine.transfer.table import Cell
    from metadata.catalog import Field, ObjectType

MOST_TEXTS: Final = 200
"""Texts of one column that are asked about."""
MOST_RECORDS: Final = 20_000
"""Records of an object among which proposals are sought."""
_PAGE: Final = 1000
_COUNTED: Final = 50_000
"""Different texts of a column that are counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unknown:
    """The unknown texts of one column with how many rows have them, the commonest first; `more` are left out.

    `proposals` are for some of the texts, `candidates` all that they could mean.
    """

    portion: Portion
    source: Source
    texts: tuple[tuple[str, int], ...]
    more: int
    proposals: dict[str, tuple[Proposal, ...]]
    candidates: tuple[Candidate, ...]


def unknown(session: Session, binding: Binding, rows: Iterable[Sequence[Cell]]) -> tuple[Unknown, ...]:
    """Go through all rows once and tell of each column what in it is unknown."""
    asked = [
        (portion, source, Counter[str]())
        for portion in binding.portions
        for source in portion.sources
        if source.field is not None and not source.field.many and (source.ways or source.field.options)
    ]
    brought = {source: set[str]() for portion in binding.portions for source in portion.sources}
    for cells in rows:
        for _, source, counts in asked:
            _count(source, cells, counts)
        for source, texts in brought.items():
            if (text := _text(source, cells)) and len(texts) < _COUNTED:
                texts.add(normal(text))
    found = (
        _unknown(session, binding, portion, source, counts, brought) for portion, source, counts in asked
    )
    return tuple(one for one in found if one.texts)


def _text(source: Source, cells: Sequence[Cell]) -> str:
    cell = cells[source.place]
    return "" if cell is None else written(cell).strip()


def _count(source: Source, cells: Sequence[Cell], counts: Counter[str]) -> None:
    text = _text(source, cells)
    if text and text not in source.column.values and (text in counts or len(counts) < _COUNTED):
        counts[text] += 1


def _unknown(
    session: Session, binding: Binding, portion: Portion, source: Source, counts: Counter[str],
    brought: dict[Source, set[str]],
) -> Unknown:  # fmt: skip
    known = (
        _records(session, binding, source, counts, brought)
        if source.ways
        else _options(binding, source, counts)
    )
    left = [(text, count) for text, count in counts.most_common() if text not in known]
    shown = tuple(left[:MOST_TEXTS])
    candidates = tuple(candidates_of(session, source)) if shown else ()
    return Unknown(
        portion=portion, source=source, texts=shown, more=len(left) - len(shown), candidates=candidates,
        proposals=propose((text for text, _ in shown), candidates),
    )  # fmt: skip


def _records(
    session: Session, binding: Binding, source: Source, texts: Iterable[str], brought: dict[Source, set[str]]
) -> set[str]:
    """Those that name a record, or one which the file brings along."""
    wanted, known = list(texts), set[str]()
    with session.reading() as connection:
        for target, fields in source.ways:
            known |= find(session, connection, target, fields, wanted, Unsaved()).keys()
    for portion in binding.portions:
        if any(portion.target is target for target, _ in source.ways):
            keys = keys_of(session.policy, portion.target)
            for other in (each for each in portion.sources if each.field in keys):
                known |= {text for text in wanted if normal(text) in brought[other]}
    return known


def _options(binding: Binding, source: Source, texts: Iterable[str]) -> set[str]:
    field = source.field
    assert field is not None
    return {text for text in texts if _is_option(binding, field, text)}


def _is_option(binding: Binding, field: Field, text: str) -> bool:
    try:
        code = meant(field, text, binding.tongue)
    except Refusal:
        return False
    option = field.option(str(code))
    return option is not None and not option.retired


def candidates_of(session: Session, source: Source) -> Iterator[Candidate]:
    """Everything that a cell of the column can mean: options, or the records that the actor may see."""
    field = source.field
    assert field is not None
    assert isinstance(field.sort, FieldType)
    language = session.actor.language
    for option in field.options:
        if not option.retired:
            texts = (option.code, *option.label.texts.values())
            yield Candidate(
                key=option.code, shown=option.label.text(language), texts=tuple(dict.fromkeys(texts))
            )
    for target, _ in source.ways:
        yield from _titled(session, target)


def _titled(session: Session, target: ObjectType) -> Iterator[Candidate]:
    title = target.title
    if title is None or not session.policy.readable(title):
        return
    path = FieldPath(field=title)
    after, seen = None, 0
    while seen < MOST_RECORDS:
        page = session.query(
            Query(object=target, fields=(path,), order=(Order(path=path),), limit=_PAGE, after=after)
        )
        for record in page.records:
            if text := record.title():
                yield Candidate(key=record.id, shown=text, texts=(text,))
        seen, after = seen + len(page.records), page.next
        if after is None:
            return
