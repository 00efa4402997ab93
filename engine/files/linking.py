"""Passes: complete the files that a save was given by id, refuse those it may not have, note where they are.

Somebody may put a file into a record who uploaded it, or who may read it in another record, as whoever
clones one does; and who sees a record's history may bring its own files back, as an undo does. To everybody
else there is no such file. What a field held before needs no asking. Nothing is asked of the database unless
a file is new to a record.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from engine.actor import SYSTEM_SET
from engine.fields.file import FileField, id_of, written
from engine.files.codes import FILE_BLOCKED, NO_FILE
from engine.files.file import State, read_files
from engine.files.use import Use, uses_of, write_uses
from engine.mutation import Nature
from engine.problem import Refusal
from engine.rights import HISTORY
from engine.save.lists import gained
from engine.save.work import Kind
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.fields.contract import FieldType
    from engine.files.file import File
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import Field, ObjectType

_UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """A field that holds files, one or `many`, and the type that says which."""

    field: Field
    sort: FileField
    many: bool

    def values(self, kept: object) -> tuple[str, ...]:
        """The files of a field's value."""
        if kept is None:
            return ()
        return cast("tuple[str, ...]", kept) if self.many else (str(kept),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Wanted:
    """A file, by its id, that is new to a field of a row."""

    row: Row
    held: Held
    file: str


def file_fields(release: Release, target: ObjectType) -> tuple[Held, ...]:
    """The fields of an object that hold files, from the Release."""
    return release.statements.get(("file_fields", target.id), lambda: tuple(_holding(target)))


def link_files(work: Work) -> None:
    """Put the whole value of each file in the place of its id; refuse at the field."""
    fields = file_fields(work.release, work.object)
    if not fields:
        return
    rows = list(work.standing(Kind.CREATED, Kind.UPDATED))
    wanted = [each for row in rows for held in fields for each in _wanted(row, held)]
    ids = {each.file for each in wanted}
    found = read_files(work.connection, work.release, ids, locking=work.locking) if wanted else {}
    reachable = _reachable(work, wanted, found)
    for each in wanted:
        if (refusal := _refusal(each, found.get(each.file), reachable)) is not None:
            each.row.details.append(refusal.detail(each.held.field.name, each.row.place))
    for row in rows:
        for held in fields:
            _complete(row, held, found)


def note_uses(work: Work) -> None:
    """Note which records have which files now, in the transaction that gave them."""
    fields = file_fields(work.release, work.object)
    rows = work.sound(Kind.CREATED, Kind.UPDATED) if fields else []
    uses = [use for row in rows for held in fields for use in _uses(work, row, held)]
    write_uses(work.connection, work.release, sorted(uses, key=lambda use: use.file))


def _holding(target: ObjectType) -> Iterator[Held]:
    for field in target.fields.values():
        kind = cast("FieldType", field.sort)
        sort = kind.element if kind.many else kind
        if isinstance(sort, FileField):
            yield Held(field=field, sort=sort, many=kind.many)


def _wanted(row: Row, held: Held) -> Iterator[_Wanted]:
    name = held.field.name
    if name not in row.given:
        return
    before = set(map(id_of, held.values(row.before.get(name))))
    for value in held.values(row.after.get(name)):
        if (file := id_of(value)) not in before:
            yield _Wanted(row=row, held=held, file=file)


def _complete(row: Row, held: Held, found: Mapping[str, File]) -> None:
    """A value that names a file which is not there stays as it is; its row is refused."""
    name = held.field.name
    if name not in row.given or row.after.get(name) is None:
        return
    known = {id_of(value): value for value in held.values(row.before.get(name))}
    whole = tuple(
        known.get(id_of(value)) or (written(found[id_of(value)]) if id_of(value) in found else value)
        for value in held.values(row.after[name])
    )
    row.after[name] = whole if held.many else whole[0]


def _refusal(wanted: _Wanted, file: File | None, reachable: frozenset[tuple[str, str]]) -> Refusal | None:
    if file is None or (file.id, wanted.row.id) not in reachable:
        message, hint = "There is no file {file} that you may use.", NO_FILE.mend
        return Refusal(NO_FILE, message, hint, file=wanted.file)
    if file.state is State.BLOCKED:
        return Refusal(FILE_BLOCKED, "“{name}” is blocked.", FILE_BLOCKED.mend, name=file.name)
    try:
        wanted.held.sort.check(file)
    except Refusal as refusal:
        return refusal
    return None


def _reachable(
    work: Work, wanted: Sequence[_Wanted], found: Mapping[str, File]
) -> frozenset[tuple[str, str]]:
    """Which files the actor may put into which records: pairs of their ids."""
    pairs = {(each.file, each.row.id) for each in wanted if each.file in found}
    if SYSTEM_SET in work.actor.permission_sets or work.mutation.nature is Nature.RELINKING:
        return frozenset(pairs)
    own = {(file, row) for file, row in pairs if work.actor.id and found[file].by == work.actor.id}
    others = {file for file, _ in pairs - own}
    uses = uses_of(work.connection, work.release, others) if others else ()
    past = work.mutation.entry == _UNDO or work.policy.holds(HISTORY)
    former = {(use.file, use.record) for use in uses if past and _editable(work, use)}
    seen = _seen(work, uses)
    return frozenset(own | (former & pairs) | {pair for pair in pairs if pair[0] in seen})


def _editable(work: Work, use: Use) -> bool:
    """Whether a use is in a field of this object that the actor may write."""
    fields = (held.field for held in file_fields(work.release, work.object))
    return use.object == work.object.id and any(
        field.id == use.field and work.policy.editable(field) for field in fields
    )


def _seen(work: Work, uses: Sequence[Use]) -> frozenset[str]:
    """The files that the actor may read where they are used; one statement for each field."""
    places: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in uses:
        places[use.object, use.field].append(use)
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    return frozenset(
        file
        for (object_, field), there in sorted(places.items())
        if object_ in objects
        for file in _read_there(work, objects[object_], field, there)
    )


def _read_there(work: Work, target: ObjectType, field: str, uses: Sequence[Use]) -> Iterator[str]:
    held = next((each for each in file_fields(work.release, target) if each.field.id == field), None)
    if held is None or not work.policy.reads(target) or not work.policy.readable(held.field):
        return
    path, ids = FieldPath(field=held.field), sorted({use.record for use in uses})
    records = work.reader.by_ids(work.connection, target, (path,), ids)
    for use in uses:
        record = records.get(use.record)
        values = held.values(record.values.get(path.name)) if record else ()
        if use.file in map(id_of, values):
            yield use.file


def _uses(work: Work, row: Row, held: Held) -> Iterator[Use]:
    name = held.field.name
    new = gained(row, name) if held.many else (row.after.get(name),) if row.changed(name) else ()
    for value in filter(None, new):
        yield Use(file=id_of(value), object=work.object.id, record=row.id, field=held.field.id)
