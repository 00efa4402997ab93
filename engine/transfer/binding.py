"""A mapping bound to one file and one actor: every column, object, field and key is there and hers to write.

All that does not fit is told at once. What is bound holds no cell; `lines.py` puts rows through it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from engine.access import Action, Never
from engine.fields.composite import Composite
from engine.naming import unknown_message
from engine.problem import Detail, Problem
from engine.save.sheet import sheet
from engine.sentence import said
from engine.transfer.cells import Tongue
from engine.transfer.codes import BAD_MAPPING
from engine.transfer.find import ID, findable, keys_of
from engine.transfer.mapping import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.bench import Bench
    from engine.transfer.mapping import Column, ImportMapping, Part
    from metadata.catalog import Field, ObjectType


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A column of the file: its place and head, the field it fills (None: the record's id), and how.

    `part` is a part of the field's value. `ways` are, of a link, the objects it may lead to with the fields
    by which their records are looked up.
    """

    place: int
    head: str
    column: Column
    field: Field | None
    part: str = ""
    ways: tuple[tuple[ObjectType, tuple[Field, ...]], ...] = ()

    @property
    def name(self) -> str:
        """The name of the value that is given to the save."""
        return ID if self.field is None else self.field.name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Key:
    """One field of a key (None: the id), filled by a column or, without a `source`, by another portion."""

    field: Field | None
    source: Source | None

    @property
    def name(self) -> str:
        """The name of the value that is given to the save."""
        return ID if self.field is None else self.field.name

    @property
    def head(self) -> str | None:
        """Where what is wrong with it is told."""
        return self.source.head if self.source else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Portion:
    """A part of the mapping: object, columns, key, links to earlier portions."""

    part: Part
    target: ObjectType
    sources: tuple[Source, ...]
    key: tuple[Key, ...]
    links: tuple[tuple[Field, str], ...]
    paths: tuple[Field, ...]
    """The fields whose present values are looked at before a record is changed."""

    @property
    def by_id(self) -> bool:
        """Whether the key is the record's id."""
        return any(key.field is None for key in self.key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Binding:
    """A mapping with its portions, and how its file writes."""

    mapping: ImportMapping
    heads: tuple[str, ...]
    portions: tuple[Portion, ...]
    tongue: Tongue

    @property
    def makes(self) -> frozenset[str]:
        """The ids of the objects whose records the file may bring along."""
        return frozenset(each.target.id for each in self.portions)


def bind(session: Bench, mapping: ImportMapping, heads: Sequence[str]) -> Binding:
    """Bind a mapping. Raises `Problem` with every entry that does not fit."""
    binder = _Binder(session, heads)
    portions: list[Portion] = []
    for number, part in enumerate(mapping.objects):
        if (
            portion := binder.portion(number, part, {each.part.called: each for each in portions})
        ) is not None:
            portions.append(portion)
    if binder.details:
        message = said("The mapping does not fit: {count} entries.", count=len(binder.details))
        raise Problem(BAD_MAPPING, message, details=binder.details, hint=BAD_MAPPING.mend)
    language = mapping.language or session.actor.language
    tongue = Tongue(language=language, day_first=mapping.day_first)
    return Binding(mapping=mapping, heads=tuple(heads), portions=tuple(portions), tongue=tongue)


class _Binder:
    """Binds the parts of one mapping and collects what does not fit."""

    def __init__(self, session: Bench, heads: Sequence[str]) -> None:
        self.session = session
        self.policy = session.policy
        self.heads = {head: place for place, head in enumerate(heads)}
        self.folded = {head.casefold(): place for place, head in enumerate(heads)}
        self.details: list[Detail] = []

    def portion(self, number: int, part: Part, earlier: dict[str, Portion]) -> Portion | None:
        target = self.session.release.catalog.objects.get(part.object)
        if target is None or target.retired or not self._writes(target, part.mode):
            message = said("You may not import {object} records.", object=part.object)
            self._refuse(number, "object", message, "Name an object that you may create or change.")
            return None
        if part.called in earlier:
            self._refuse(number, "name", said("Two parts are called {name}.", name=part.called), "Name them.")
            return None
        sources = [
            found for each in part.columns if (found := self._source(number, target, each)) is not None
        ]
        links = tuple(self._links(number, target, part, earlier))
        for name in part.constants:
            self._field(number, target, name)
        key = tuple(self._key(number, part, sources, links))
        paths = tuple(dict.fromkeys(each.field for each in sources if each.field is not None))
        return Portion(part=part, target=target, sources=tuple(sources), key=key, links=links, paths=paths)

    def _writes(self, target: ObjectType, mode: Mode) -> bool:
        actions = {Mode.CREATE: (Action.CREATE,), Mode.UPDATE: (Action.UPDATE,)}
        wanted = actions.get(mode, (Action.CREATE, Action.UPDATE))
        return any(not isinstance(self.policy.decide(target, each), Never) for each in wanted)

    def _source(self, number: int, target: ObjectType, column: Column) -> Source | None:
        place = self.heads.get(column.column, self.folded.get(column.column.casefold()))
        if place is None:
            near = get_close_matches(column.column, list(self.heads), n=1)
            hint = said("Did you mean {near}?", near=near[0]) if near else said("See the heads of the file.")
            message = said("The file has no column “{column}”.", column=column.column)
            self._refuse(number, "columns", message, hint)
            return None
        if column.field == ID:
            return Source(place=place, head=column.column, column=column, field=None)
        name, _, part = column.field.partition(".")
        field = self._field(number, target, name)
        if field is None:
            return None
        if part and part not in _typed(field):
            message = said("{field} has no part “{part}”.", field=name, part=part)
            self._refuse(number, "columns", message, ", ".join(_typed(field)))
            return None
        ways = tuple(self._ways(number, field, column))
        return Source(place=place, head=column.column, column=column, field=field, part=part, ways=ways)

    def _field(self, number: int, target: ObjectType, name: str) -> Field | None:
        field = target.fields.get(name)
        if field is None or field.retired or not self.policy.readable(field):
            self._refuse(number, "columns", unknown_message(target, name), BAD_MAPPING.mend)
            return None
        if name not in sheet(self.session.release, target).fields or not self.policy.editable(field):
            message = said("{field} cannot be written.", field=name)
            self._refuse(number, "columns", message, "Leave the column out.")
            return None
        return field

    def _ways(self, number: int, field: Field, column: Column) -> list[tuple[ObjectType, tuple[Field, ...]]]:
        found = []
        for target in (field.target, field.members, *field.others):
            if target is None or not self.policy.reads(target):
                continue
            by = target.fields.get(column.by)
            if not column.by:
                found.append((target, keys_of(self.policy, target)))
            elif column.by == ID:
                found.append((target, ()))
            elif by is not None and findable(self.policy, by):
                found.append((target, (by,)))
        if not found and (field.target or field.members or field.others):
            message = said("{field} cannot be looked up by “{by}”.", field=field.name, by=column.by)
            self._refuse(number, "columns", message, "Use id, a number, a unique field or the title.")
        return found

    def _links(
        self, number: int, target: ObjectType, part: Part, earlier: dict[str, Portion]
    ) -> list[tuple[Field, str]]:
        found = []
        for name, other in part.links.items():
            field = self._field(number, target, name)
            if field is None:
                continue
            if other not in earlier or field.target is not earlier[other].target:
                message = said("{field} cannot link to “{other}” of the same row.", field=name, other=other)
                self._refuse(number, "links", message, "Name an earlier part whose object it links to.")
            else:
                found.append((field, other))
        return found

    def _key(
        self,
        number: int,
        part: Part,
        sources: list[Source],
        links: tuple[tuple[Field, str], ...],
    ) -> list[Key]:
        found: list[Key] = []
        linked = {field.name: field for field, _ in links}
        for name in part.key:
            source = next((each for each in sources if each.name == name and not each.part), None)
            if source is not None and (source.field is None or findable(self.policy, source.field)):
                found.append(Key(field=source.field, source=source))
            elif name in linked:
                found.append(Key(field=linked[name], source=None))
            else:
                message = said("The key {name} is not filled by a column of the file.", name=name)
                self._refuse(number, "key", message, "Fill it by a column that holds single values.")
        if ID in part.key and len(part.key) > 1:
            self._refuse(
                number, "key", said("An id needs no other field beside it."), "Leave the others out."
            )
        if part.mode is Mode.UPDATE and not part.key:
            message = said("To update records, a key must say which.")
            self._refuse(number, "key", message, "Name id, a unique field, or fields together.")
        return found

    def _refuse(self, number: int, field: str, message: str, hint: str) -> None:
        at = f"objects.{number}.{field}"
        self.details.append(Detail(field=at, code=BAD_MAPPING.id, message=message, hint=hint))


def _typed(field: Field) -> tuple[str, ...]:
    """The parts of a value that a writer may give: those of an address, of a person's name."""
    sort = field.sort
    return tuple(piece.name for piece in sort.pieces) if isinstance(sort, Composite) else ()
