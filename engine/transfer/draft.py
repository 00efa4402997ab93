"""A first mapping for a file that nobody has mapped: what `guess` found, put into parts, links and keys.

People correct it in the wizard. One row may hold several records: those that belong to it (the line with the
product of a deal), and those that a link names and the file tells more about (the company of a contact).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.access import Action, Never
from engine.describe import describe
from engine.save.sheet import sheet
from engine.transfer.content import MOSTLY, DayOrder, Mark
from engine.transfer.guess import Guess, Ranked, Target
from engine.transfer.mapping import Column, ImportMapping, Part
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.session import Session
    from engine.transfer import guess
    from engine.transfer.guess import Guesser
    from metadata.catalog import Field, ObjectType

STRONG: Final = 0.85
"""A column becomes a field of another object than the file's own only if it is so sure."""
COMMA_LANGUAGE: Final = "de"
"""A language that writes the decimals of numbers behind a comma, for files that do."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """The mapping; the objects that the file may be about; the guesses by part and column."""

    mapping: ImportMapping
    ranked: tuple[Ranked, ...]
    guesses: dict[tuple[str, int], Guess]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drafter:
    """What a draft is made with: who asks, the columns of the file, the guesser."""

    session: Session
    columns: Sequence[guess.Column]
    guesser: Guesser

    def draft(self, name: str = "") -> Draft:
        """The mapping for the object `name`, or for the one that suits best; there must be one to write."""
        ranked = self.guesser.rank(self.columns, targets(self.session))
        main = next((each for each in ranked if each.target.object.name == name), ranked[0])
        guesses = {(main.target.object.name, each.column): each for each in main.guesses}
        above, taken = self._above(main)
        below = self._below(main, {*taken, *(each.column for each in main.guesses)})
        for part, found in (*above, *below):
            guesses |= {(part.called, each.column): each for each in found}
        links = {part.called: part.called for part, _ in above}
        own = self._part(main.target.object, main.guesses, links=links)
        parts = (*(part for part, _ in above), own, *(part for part, _ in below))
        mapping = ImportMapping(objects=parts, day_first=self._day_first(), language=self._language())
        return Draft(mapping=mapping, ranked=ranked, guesses=guesses)

    def _above(self, main: Ranked) -> tuple[list[tuple[Part, tuple[Guess, ...]]], set[int]]:
        """Parts for linked records of which columns that are left tell more than the name."""
        left = self._left({each.column for each in main.guesses})
        found: list[tuple[Part, tuple[Guess, ...]]] = []
        taken: set[int] = set()
        for link in main.guesses:
            target = self._creatable(link.field)
            if target is None or target.object is main.target.object:
                continue
            title = target.object.title
            more = [each for each in self.guesser.guess([c for c in left if c.number not in taken], target)
                    if each.sure >= STRONG and each.field is not title]  # fmt: skip
            if more and title in target.fields:
                assert title is not None
                named = Guess(column=link.column, field=title, sure=link.sure, reason=link.reason)
                taken |= {each.column for each in more}
                part = self._part(target.object, (named, *more), name=link.field.name)
                found.append((part, (named, *more)))
        return found, taken

    def _below(self, main: Ranked, taken: set[int]) -> list[tuple[Part, tuple[Guess, ...]]]:
        """Parts for records that belong to the row's own, where a column fills one of their links."""
        left, found = self._left(taken), []
        for target in targets(self.session):
            master = target.object.master
            if master is None or master.target is not main.target.object or not left:
                continue
            guesses = tuple(
                each for each in self.guesser.guess(left, target)
                if each.sure >= STRONG and each.field is not master and each.field.target is not None
            )  # fmt: skip
            if guesses:
                links = {master.name: main.target.object.name}
                key = (master.name, *(each.field.name for each in guesses))
                found.append((self._part(target.object, guesses, links=links, key=key), guesses))
                left = [each for each in left if each.number not in {guess.column for guess in guesses}]
        return found

    def _left(self, taken: set[int]) -> list[guess.Column]:
        return [each for each in self.columns if each.number not in taken]

    def _creatable(self, link: Field) -> Target | None:
        if link.target is None or link.sort.owned:
            return None
        return next((each for each in targets(self.session) if each.object is link.target), None)

    def _part(
        self, target: ObjectType, guesses: Sequence[Guess], *, links: dict[str, str] | None = None,
        key: tuple[str, ...] = (), name: str = "",
    ) -> Part:  # fmt: skip
        heads = {each.number: each.head for each in self.columns}
        filled = {each.field.name: heads[each.column] for each in guesses}
        title = target.title
        if title is not None and title.name in filled:
            filled |= {field.name: filled[title.name] for field in _codes(target) if field.name not in filled}
        columns = tuple(
            Column(column=head, field=field) for field, head in filled.items() if field not in (links or {})
        )
        key = key or _key(target, filled)
        return Part(object=target.name, name=name, columns=columns, key=key, links=links or {})

    def _day_first(self) -> bool | None:
        """True or False where some column of days can be read in one order only."""
        orders = {
            each.look.order
            for each in self.columns
            if each.look.days >= MOSTLY and not each.look.unsure and each.look.order is not DayOrder.YEAR
        }
        return orders == {DayOrder.DAY} if len(orders) == 1 else None

    def _language(self) -> str:
        marks = [each.look.mark for each in self.columns if each.look.numbers >= MOSTLY]
        return COMMA_LANGUAGE if Mark.COMMA in marks else ""


def targets(session: Session) -> tuple[Target, ...]:
    """The objects of which the actor may create records, with the fields that she may write."""
    return tuple(_targets(session))


def _targets(session: Session) -> Iterator[Target]:
    for each in session.release.catalog.objects.values():
        if each.retired or each.query is not None or each.singleton:
            continue
        if isinstance(session.policy.decide(each, Action.CREATE), Never):
            continue
        writable = sheet(session.release, each).fields
        found = describe(session.release, session.policy, each.name).fields
        fields = tuple(view.field for view in found if view.field.name in writable and view.editable)
        yield Target(object=each, fields=tuple(field for field in fields if field.name != RECORD_TYPE))


def _codes(target: ObjectType) -> Iterator[Field]:
    """Required unique texts without a default, such as a product's code: its name stands in for it."""
    for field in target.fields.values():
        needed = field.required and field.unique and field.default is None and not field.system
        if needed and field.sort.kind == "text" and not field.retired:
            yield field


def _key(target: ObjectType, filled: dict[str, str]) -> tuple[str, ...]:
    """A unique field that a column fills, else the title."""
    unique = next(
        (name for name in filled if (field := target.fields[name]).unique and not field.system), None
    )
    title = target.title.name if target.title is not None else None
    found = unique or (title if title in filled else None)
    return (found,) if found else ()
