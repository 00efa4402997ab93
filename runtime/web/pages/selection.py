"""What can be done with chosen records: delete them, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.ids import canonical_id
from engine.mutation import Delete, Mutation, Restore
from runtime.web.pages.flash import Done
from runtime.web.pages.target import ENTRY, target_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.mutation import Change
    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit


def delete_records(visit: Visit) -> Response:
    """POST /o/{object}/delete: the chosen ids go into the recycle bin; the next page offers to undo it."""
    target, ids = target_of(visit), _ids(visit)
    _apply(visit, target, tuple(Delete(id=id_) for id_ in ids))
    return visit.go(_back(visit, target), Done(what="deleted", object=target.name, count=len(ids), ids=ids))


def restore_records(visit: Visit) -> Response:
    """POST /o/{object}/restore: the ids come back out of the recycle bin."""
    target, ids = target_of(visit), _ids(visit)
    _apply(visit, target, tuple(Restore(id=id_) for id_ in ids))
    return visit.go(_back(visit, target), Done(what="restored", object=target.name, count=len(ids)))


def _apply(visit: Visit, target: ObjectType, changes: tuple[Change, ...]) -> None:
    if changes:
        visit.signed_in.apply(Mutation(object=target, changes=changes, entry=ENTRY, answer=False))


def _ids(visit: Visit) -> tuple[str, ...]:
    given = (canonical_id(str(value)) for value in visit.exchange.form.getlist("id"))
    return tuple(dict.fromkeys(id_ for id_ in given if id_))


def _back(visit: Visit, target: ObjectType) -> str:
    return visit.local(str(visit.exchange.form.get("back", ""))) or visit.reader.link(f"/o/{target.name}")
