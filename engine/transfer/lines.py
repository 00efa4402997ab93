"""Rows of a file become records: looked up, compared, saved – some hundred at a time, in one transaction.

Rows go in waves: what names a record that another row of the same chunk makes is saved after it, and rows
with one key are one record. A row that names what is not there yet may wait for the end of the file. Called
by the job (`importing.py`), which brings the rows and notes where it got to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from engine.codes import FORBIDDEN
from engine.mutation import Create, Mutation, Update
from engine.pointing import pointing
from engine.problem import Problem, Refusal
from engine.rights import MASS_EDIT
from engine.sentence import said
from engine.transfer.codes import AMBIGUOUS, NO_RECORD, NOT_FOUND_BY_KEY, RECORD_EXISTS
from engine.transfer.entry import (
    Entry,
    Line,
    drop_unchanged,
    empty,
    entry_of,
    is_now,
    told_of,
    values_of,
)
from engine.transfer.find import Unsaved, find, keys_of
from engine.transfer.mapping import Doubles, Mode
from engine.transfer.matching import match
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.database import Connection
    from engine.fields.contract import FieldType
    from engine.session import Session
    from engine.transfer.binding import Binding, Portion, Source
    from metadata.catalog import Field, ObjectType

ENTRY = "import"
MASS = "You may not change several records at once."


@dataclass(slots=True, kw_only=True, eq=False)
class Importer:
    """Puts chunks of lines through a binding. `tally` counts records by what happened to them.

    In a `dry` run every chunk is rolled back by the caller; `unsaved` is what it would have left.
    """

    session: Session
    binding: Binding
    change_set: str
    reason: str
    dry: bool
    tally: Counter[str] = field(default_factory=Counter)
    unsaved: Unsaved = field(default_factory=Unsaved)
    made: list[Entry] = field(default_factory=list)

    def begin(self) -> None:
        """Begin a chunk, or begin it again."""
        self.tally.clear()
        self.made.clear()

    def keep(self) -> None:
        """Note what a dry run would have left, now that its chunk is rolled back."""
        for entry in self.made:
            self._remember(entry)
        self.made.clear()

    def chunk(self, connection: Connection, lines: Sequence[Line], *, final: bool) -> None:
        """Save what the lines say; what is wrong is noted at them. Unless it is `final`, some may be left
        waiting.
        """
        for number, portion in enumerate(self.binding.portions):
            # A new record of an earlier portion would be made again with a line that waits.
            waiting = not final and all(each.key for each in self.binding.portions[:number])
            sound = [one for one in lines if not one.issues and not one.waits]
            self._portion(connection, portion, sound, waiting=waiting, first=number == 0)

    def _portion(
        self, connection: Connection, portion: Portion, lines: Iterable[Line], *, waiting: bool, first: bool
    ) -> None:
        entries: list[Entry] = []
        for line in lines:
            entry = entry_of(self.binding, portion, line)
            if not first and empty(entry):
                line.records[portion.part.called] = None
            elif entry.sound:
                entries.append(entry)
        pending = entries
        while pending:
            pending = self._wave(connection, portion, pending)
        for entry in entries:
            if entry.texts and not entry.line.issues:
                self._left(entry, waiting=waiting)

    def _wave(self, connection: Connection, portion: Portion, pending: list[Entry]) -> list[Entry]:
        """Save what can be saved now; returns what may be in the next wave, none if nothing was saved."""
        self._resolve(connection, pending, keys=True)
        ready = [entry for entry in pending if entry.sound and not self._key_waits(entry)]
        match(self.session, connection, portion, ready, self.unsaved)
        self._read_records(connection, portion, ready)
        self._resolve(connection, ready, keys=False)
        leaders: dict[tuple[object, ...], Entry] = {}
        wave: list[Entry] = []
        rest = [entry for entry in pending if entry.sound and self._key_waits(entry)]
        followers: list[tuple[Entry, Entry]] = []
        for entry in ready:
            if not entry.sound:
                continue
            if entry.texts:
                rest.append(entry)
            elif entry.key and (leader := leaders.get(entry.key)) is not None:
                if values_of(leader) == values_of(entry):
                    followers.append((entry, leader))
                else:
                    # What the first of them leaves is the record that the next one changes.
                    rest.append(entry_of(self.binding, portion, entry.line))
            else:
                leaders[entry.key] = entry
                wave.append(entry)
        self._save(connection, portion, wave)
        for entry, leader in followers:
            _follow(entry, leader)
        return rest if wave else []

    def _key_waits(self, entry: Entry) -> bool:
        return any(key.source in entry.texts for key in entry.portion.key if key.source)

    def _resolve(self, connection: Connection, entries: Sequence[Entry], *, keys: bool) -> None:
        """Look links up: one statement for each object and field that they may be named by."""
        if not entries:
            return
        for source in entries[0].portion.sources:
            of_key = any(key.source is source for key in entries[0].portion.key)
            if not source.ways or of_key is not keys:
                continue
            asked = [entry for entry in entries if source in entry.texts and entry.sound]
            texts = {text for entry in asked for text in entry.texts[source]}
            if not texts:
                continue
            found = {
                target: find(self.session, connection, target, fields, texts, self.unsaved)
                for target, fields in source.ways
            }
            for entry in asked:
                self._link(entry, source, found)

    def _link(
        self, entry: Entry, source: Source, found: dict[ObjectType, dict[str, tuple[str, ...]]]
    ) -> None:
        """Put what was found in the place of the texts; what was not stays, and may be found later."""
        known = source.field
        assert known is not None
        ids: list[str] = []
        for text in entry.texts[source]:
            named = [(target, id_) for target, those in found.items() for id_ in those.get(text, ())]
            if len(named) > 1:
                message = said("“{text}” names {count} records.", text=text, count=len(named))
                entry.line.refuse(source.head, AMBIGUOUS.id, message, AMBIGUOUS.mend)
                return
            if not named and not _written_out(known, text):
                return
            ids.append(pointing(known, *named[0]) if named else text)
        del entry.texts[source]
        if entry.record is None or not is_now(entry.record, known, ids):
            entry.given[source.name] = ids if known.many else ids[0]

    def _read_records(self, connection: Connection, portion: Portion, entries: Sequence[Entry]) -> None:
        """Read how the records that are to change are now, and leave out what is so already."""
        ids = [entry.id for entry in entries if entry.id is not None and entry.record is None]
        if not ids:
            return
        seen = [each for each in portion.paths if self.session.policy.readable(each)]
        links = [each for each, _ in portion.links if self.session.policy.readable(each)]
        fields = tuple(FieldPath(field=each) for each in dict.fromkeys((*seen, *links)))
        found = self.session.reader().by_ids(connection, portion.target, fields, ids)
        actor = self.session.actor
        for entry in entries:
            if entry.id in found and entry.record is None:
                entry.record = found[entry.id]
                drop_unchanged(entry, actor.zone, self.binding.tongue.language)

    def _save(self, connection: Connection, portion: Portion, wave: Sequence[Entry]) -> None:
        creates, updates = self._changes(portion, wave)
        for entries in (creates, updates):
            if entries:
                self._apply(connection, portion, entries)

    def _changes(self, portion: Portion, wave: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """The entries to be made and those to be changed; what needs no saving is done."""
        creates: list[Entry] = []
        updates: list[Entry] = []
        mode = portion.part.mode
        for entry in wave:
            if entry.id is None:
                if mode is Mode.UPDATE:
                    entry.line.refuse(None, NO_RECORD.id, NO_RECORD.cause, NO_RECORD.mend)
                    continue
                entry.id, entry.new = entry.wanted or self.session.ids(), True
                creates.append(entry)
            elif mode is Mode.CREATE and not entry.new:
                entry.line.refuse(None, RECORD_EXISTS.id, RECORD_EXISTS.cause, RECORD_EXISTS.mend)
            elif not values_of(entry) or entry.record is None:
                self._done(entry, "unchanged")
            elif not self.session.policy.holds(MASS_EDIT):
                entry.line.refuse(None, FORBIDDEN.id, said(MASS), "Ask an administrator for the right.")
            else:
                updates.append(entry)
        return creates, updates

    def _apply(self, connection: Connection, portion: Portion, entries: Sequence[Entry]) -> None:
        changes = tuple(_change(entry) for entry in entries)
        mutation = Mutation(
            object=portion.target, changes=changes, entry=ENTRY, reason=self.reason,
            automation=self.binding.mapping.automation, partial=True, answer=False,
            accept_duplicates=self.binding.mapping.duplicates is Doubles.WARN,
        )  # fmt: skip
        try:
            result = self.session.save(connection, mutation, self.change_set, self.unsaved.ids)
        except Problem as problem:
            for entry in entries:
                told_of(entry, problem)
            return
        for entry, refused in zip(entries, result.problems, strict=True):
            if refused is not None:
                told_of(entry, refused)
            else:
                self._done(entry, "created" if entry.new else "updated")
                if self.dry and entry.new:
                    self.made.append(entry)

    def _done(self, entry: Entry, what: str) -> None:
        self.tally[what] += 1
        entry.line.records[entry.portion.part.called] = entry.id

    def _remember(self, entry: Entry) -> None:
        """Note what the record could be found by, had it been saved."""
        target, values = entry.portion.target, values_of(entry)
        texts = {
            each: text
            for each in keys_of(self.session.policy, target)
            if isinstance(text := values.get(each.name), str)
        }
        assert entry.id is not None
        self.unsaved.add(target, entry.id, texts)
        if entry.key:
            self.unsaved.keys[entry.key] = entry.id

    def _left(self, entry: Entry, *, waiting: bool) -> None:
        """What names a record that is not there: it may wait for one that the file brings along, or is
        refused.
        """
        objects = {target.id for source in entry.texts for target, _ in source.ways}
        if waiting and objects & self.binding.makes:
            entry.line.waits = True
            return
        for source, texts in entry.texts.items():
            label = " / ".join(target.label.text(self.session.actor.language) for target, _ in source.ways)
            message = said(
                "There is no {object} “{text}” that you may see.", object=label, text="; ".join(texts)
            )
            entry.line.refuse(source.head, NOT_FOUND_BY_KEY.id, message, NOT_FOUND_BY_KEY.mend)


def _change(entry: Entry) -> Create | Update:
    values = values_of(entry)
    assert entry.id is not None
    return Create(values=values, id=entry.id) if entry.new else Update(id=entry.id, values=values)


def _follow(entry: Entry, leader: Entry) -> None:
    """A line whose record another line of the same key has made, with the same values."""
    name = entry.portion.part.called
    entry.line.records[name] = leader.line.records.get(name)
    for issue in leader.line.issues:
        entry.line.issues.append(replace(issue, row=entry.line.number))


def _written_out(known: Field, text: str) -> bool:
    """Whether a text names a record of one of several objects as programs do, `account/018f…`."""
    if not known.others:
        return False
    try:
        return cast("FieldType", known.sort).convert(text) is not None
    except Refusal:
        return False
