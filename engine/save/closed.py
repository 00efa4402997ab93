"""Pass: refuse what the nature of an object does not allow, whoever asks.

A query has no records of its own to write; a singleton has one, from the beginning and for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.problem import Problem
from engine.save.work import Kind
from engine.sentence import said

if TYPE_CHECKING:
    from engine.save.work import Work


def refuse_closed(work: Work) -> None:
    """Refuse all of a query; of a singleton whatever is no update."""
    if not (work.object.query or work.object.singleton):
        return
    noun = work.object.plural.text(work.actor.language)
    if work.object.query:
        message = said("{object} are the answer to a query and cannot be written.", object=noun)
        raise Problem(codes.NOT_STORED, message, status=403, hint=codes.NOT_STORED.mend)
    for row in work.standing(Kind.CREATED, Kind.DELETED, Kind.RESTORED):
        message = said("There is exactly one record of {object}.", object=noun)
        row.problem = Problem(codes.SINGLETON, message, status=409, hint=codes.SINGLETON.mend)
