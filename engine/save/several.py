"""Pass: refuse a batch that changes several records at once to those without the right `mass_edit`.

Counted are the records that there are already: those of a batch which are changed, deleted or restored. The
rows of one whole – the lines of an order – count as one, and new records do not count. Only batches which say
that their records were picked (`Mutation.several`) are asked; what the product itself writes is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.planner import require_right
from engine.rights import MASS_EDIT
from engine.save.work import Kind

if TYPE_CHECKING:
    from engine.save.work import Row, Work


def refuse_several(work: Work) -> None:
    """Raise `Problem` 403 where a batch changes more than one record, or rows of more than one whole."""
    if not work.mutation.several or work.policy.holds(MASS_EDIT):
        return
    changed = {_whole(work, row) for row in work.rows if row.kind is not Kind.CREATED}
    if len(changed) > 1:
        require_right(work.policy, MASS_EDIT, "change several records at once")


def _whole(work: Work, row: Row) -> object:
    """What a row belongs to: the whole that its record is a part of, else the record itself."""
    link = work.object.master
    return (link and row.before.get(link.name)) or row.id
