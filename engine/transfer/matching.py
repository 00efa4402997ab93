"""Which record a line means, by the key of its portion: an id, a unique field, or several fields together.

Keys are compared exactly: two companies whose names differ in case alone are two. One statement finds the
records with the first field of the key, a second one compares the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.ids import canonical_id
from engine.problem import Refusal
from engine.save.facts import unique_text
from engine.transfer.codes import SAME_KEY
from engine.transfer.find import Unsaved, find, known_ids
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.database import Connection
    from engine.fields.contract import FieldType
    from engine.session import Session
    from engine.transfer.binding import Key, Portion
    from engine.transfer.entry import Entry

Texts = tuple[str, ...]


def match(
    session: Session, connection: Connection, portion: Portion, entries: Sequence[Entry], unsaved: Unsaved
) -> None:
    """Give entries their `key`, and the `id` of the record that has it; a key of two is refused."""
    if not portion.key:
        return
    asked: dict[Texts, list[Entry]] = {}
    for entry in entries:
        texts = _texts(session, portion, entry)
        if texts is not None:
            entry.key = (portion.part.called, *texts)
            asked.setdefault(texts, []).append(entry)
    if not asked:
        return
    found = _by_id if portion.by_id else _by_fields
    for texts, made in ((each, unsaved.keys.get((portion.part.called, *each))) for each in list(asked)):
        if made is not None:
            for entry in asked.pop(texts):
                entry.id = made
    for texts, ids in found(session, connection, portion, list(asked), unsaved).items():
        for entry in asked[texts]:
            if len(ids) > 1:
                entry.line.refuse(_head(portion), SAME_KEY.id, SAME_KEY.cause, SAME_KEY.mend)
            elif ids:
                entry.id = ids[0]


def _texts(session: Session, portion: Portion, entry: Entry) -> Texts | None:
    """The values of the key as they are compared; None: one of them is blank, or is no value."""
    texts: list[str] = []
    for key in portion.key:
        raw = entry.given.get(key.name)
        try:
            text = None if raw is None else _text(session, key, raw)
        except Refusal as refusal:
            entry.line.refuse(key.head, refusal.code.id, refusal.message, refusal.hint)
            return None
        if text is None:
            return None
        texts.append(text)
    return tuple(texts)


def _text(session: Session, key: Key, raw: object) -> str | None:
    if key.field is None:
        return canonical_id(str(raw))
    value = cast("FieldType", key.field.sort).convert(raw, session.actor.zone)
    return None if value is None else unique_text(key.field, value, session.release.dialect)


def _by_id(
    session: Session, connection: Connection, portion: Portion, asked: Sequence[Texts], unsaved: Unsaved
) -> Mapping[Texts, Texts]:
    known = known_ids(session, connection, portion.target, [texts[0] for texts in asked], unsaved)
    return {texts: texts for texts in asked if texts[0] in known}


def _by_fields(
    session: Session, connection: Connection, portion: Portion, asked: Sequence[Texts], unsaved: Unsaved
) -> Mapping[Texts, Texts]:
    first, *others = (key.field for key in portion.key if key.field is not None)
    wanted = {texts[0] for texts in asked}
    found = find(session, connection, portion.target, (first,), wanted, unsaved, exact=True)
    if not others:
        return {texts: found.get(texts[0], ()) for texts in asked}
    ids = list(dict.fromkeys(id_ for named in found.values() for id_ in named))
    paths = tuple(FieldPath(field=each) for each in others)
    records = session.reader().by_ids(connection, portion.target, paths, ids) if ids else {}
    dialect = session.release.dialect
    held = {
        id_: tuple(
            unique_text(each, value, dialect) if (value := record.values.get(each.name)) is not None else ""
            for each in others
        )
        for id_, record in records.items()
    }
    return {
        texts: tuple(id_ for id_ in found.get(texts[0], ()) if held.get(id_) == texts[1:]) for texts in asked
    }


def _head(portion: Portion) -> str | None:
    return portion.key[0].head
