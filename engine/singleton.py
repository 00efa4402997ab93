"""The single records of singletons: made, with the defaults of their fields, by the publication itself.

Such a record has the same id in every tenant, so that a package can name it. What the object requires beyond
its defaults is asked of the first who saves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from engine import codes
from engine.mutation import Create, Mutation
from engine.problem import Detail, Problem
from engine.query import Query

if TYPE_CHECKING:
    from engine.session import Session
    from metadata.catalog import ObjectType

ENTRY = "publish"
_SPACE = UUID("0b1f7a54-6a0f-5d0e-9d5e-5f2f0c7b7a11")  # a constant of ours; the names in it are objects' ids


def singleton_id(target: ObjectType) -> str:
    """The id of an object's only record."""
    return str(uuid5(_SPACE, target.id))


def found_singletons(session: Session) -> None:
    """Make the records that are not there yet, as the system.

    Raises `Problem` listing the objects that have other records already.
    """
    crowded: list[Detail] = []
    for target in session.release.catalog.objects.values():
        if not target.singleton or target.retired:
            continue
        own = singleton_id(target)
        there = [record.id for record in session.query(Query(object=target, limit=2)).records]
        if any(record != own for record in there):
            message = f"{target.name} has records already, and is to have a single one."
            detail = Detail(
                field=target.name, code=codes.CROWDED.id, message=message, hint=codes.CROWDED.mend
            )
            crowded.append(detail)
        elif not there:
            change = Create(id=own, values={})
            session.apply(Mutation(object=target, changes=(change,), entry=ENTRY, answer=False))
    if crowded:
        raise Problem(
            codes.CROWDED,
            "What shall be single is not.",
            status=409,
            details=crowded,
            hint=codes.CROWDED.mend,
        )
