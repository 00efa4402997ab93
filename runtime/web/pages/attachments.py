"""The files on a record: shown beside it, and added, renamed, replaced and taken off by plain forms.

What is done to one file is done to the list as it is then: two people who add files at the same time both do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from engine.codes import STALE_VERSION
from engine.fields.file import Files, id_of
from engine.files.access import file_at
from engine.files.upload import rename
from engine.mutation import Mutation, Update
from engine.problem import Problem
from metadata.attachments import ATTACHMENTS
from metadata.catalog import FieldPath
from runtime.codes import BAD_BODY
from runtime.web.attachments import Attached, Attachments
from runtime.web.display import showing
from runtime.web.editing import Edited, edit
from runtime.web.pages.flash import Done
from runtime.web.pages.rights import editable, may, readable, require
from runtime.web.pages.target import ENTRY, record_id, target_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.component import Component
    from runtime.web.input import Input
    from runtime.web.pages.visit import Visit

    Files_ = tuple[str, ...]

ADDED = "added"
"""The input by which files come."""
ATTEMPTS = 3


def attachments_of(target: ObjectType) -> Field | None:
    """The field of the files on a record; None where its object has none."""
    field = target.fields.get(ATTACHMENTS)
    return field if field is not None and isinstance(field.sort, Files) else None


def attachments(visit: Visit, record: Record) -> Component | None:
    """The panel of a record that was read with the field; None where there is none for the reader."""
    field = attachments_of(record.object)
    if field is None or not readable(visit.signed_in, field):
        return None
    open_ = may(visit.signed_in, record.object, "update") and editable(visit.signed_in, field)
    label = field.label.text(visit.reader.language)
    shown = showing(FieldPath(field=field)).cell(record, visit.reader)
    values = cast("Files_", record.values.get(field.name) or ())
    edited = Edited(field=field, text="", titles={}, reader=visit.reader)
    return Attachments(
        label=label,
        files=tuple(
            Attached(id=id_of(value), cell=cell) for value, cell in zip(values, shown.items, strict=False)
        ),
        action=visit.reader.link(f"/o/{record.object.name}/{record.id}/attachments") if open_ else "",
        adding=_adding(edited) if open_ else None,
    ).component()


def change_attachments(visit: Visit) -> Response:
    """POST /o/{object}/{id}/attachments: `do` says what; 404 where the object has no such list."""
    target, form = target_of(visit), visit.exchange.form
    field = attachments_of(target)
    if field is None or not editable(visit.signed_in, field):
        raise Problem(BAD_BODY, "There are no attachments that you may change.", status=404)
    require(visit.signed_in, target, "update")
    given, file = [str(text) for text in form.getlist(ADDED) if text], str(form.get("file", ""))
    match str(form.get("do", "")):
        case "add":
            _change(visit, field, lambda held: (*held, *given))
        case "remove":
            _change(visit, field, lambda held: tuple(each for each in held if id_of(each) != file))
        case "replace" if given:
            _change(visit, field, lambda held: _put(held, file, given[-1]))
        case "rename":
            old = file_at(visit.signed_in, target, record_id(visit), field.name, file)
            new = rename(visit.signed_in, old, str(form.get("name", "")))
            _change(visit, field, lambda held: _put(held, file, new.id))
        case _:
            raise Problem(BAD_BODY, "Nothing is said of what to do.", status=422)
    place = visit.reader.link(f"/o/{target.name}/{record_id(visit)}")
    return visit.go(f"{place}#attachments", Done(what="saved", object=target.name))


def _adding(edited: Edited) -> Input:
    return replace(edit(edited), name=ADDED, key=ADDED, required=False, hint="")


def _put(held: Files_, old: str, new: str) -> Files_:
    """One file in the place of another; a version of what somebody took off meanwhile comes last."""
    if old not in map(id_of, held):
        return (*held, new)
    return tuple(new if id_of(each) == old else each for each in held)


def _change(visit: Visit, field: Field, change: Callable[[Files_], Files_]) -> None:
    """Save what `change` makes of the list as it is; again where somebody saved meanwhile."""
    session, path = visit.signed_in, FieldPath(field=field)
    for attempt in range(1, ATTEMPTS + 1):
        record = session.get(field.object, record_id(visit), (path,))
        held = cast("Files_", record.values.get(path.name) or ())
        update = Update(
            id=record.id, values={field.name: list(map(id_of, change(held)))}, version=record.version
        )
        try:
            session.apply(Mutation(object=field.object, changes=(update,), entry=ENTRY, answer=False))
        except Problem as problem:
            if problem.code is not STALE_VERSION or attempt == ATTEMPTS:
                raise
        else:
            return
