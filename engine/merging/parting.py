"""What the undo has to know of a merge: which records were merged, and whether its asker may part them.

Who may change the survivor and delete the losers may take their merge back, and then what hangs on them moves
back with the system's eyes, as it moved there; who may not is told what stays, like in any undo. The undo of
an undo of a merge merges again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.access import Action
from engine.changes.reach import within_reach
from engine.codec import id_form
from engine.merging.moving import ENTRY
from engine.merging.redirect import redirects_of
from engine.statement import compile_text

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.session import Session

_ROOT = (
    "WITH RECURSIVE up(id, entry, subject, depth) AS ("
    "SELECT id, entry, subject, 1 FROM s_change_set WHERE id = :id UNION ALL"
    " SELECT c.id, c.entry, c.subject, up.depth + 1 FROM up JOIN s_change_set c ON c.id = up.subject"
    " WHERE up.entry = 'undo' AND up.depth < 100)"
    " SELECT id, entry FROM up ORDER BY depth DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """The merge that a change set was, or took back: its change set, the id of its object, its records.

    `allowed`: what hangs on the records follows them, whether the asker may change it or not.
    """

    merge: str
    object: str
    records: frozenset[str]
    allowed: bool

    def carried(self, target: str, record: str) -> bool:
        """Whether a record of the object with the id `target` only hangs on those that were merged."""
        return self.allowed and not (target == self.object and record in self.records)


def parting(session: Session, connection: Connection, change_set: str) -> Parting | None:
    """The merge behind a change set; None where there is none."""
    release = session.release
    form = id_form(release.dialect)
    statement = release.statements.get(
        ("root of set",), lambda: compile_text(_ROOT, release.dialect, (form.decode,))
    )
    root = statement.row(connection, {"id": form.encode(change_set) if form.encode else change_set})
    if root is None or root[1] != ENTRY:
        return None
    rows = redirects_of(connection, release, root[0])
    if not rows:
        return None
    (target, survivor), losers = (rows[0][0], rows[0][2]), {old for _, old, _, _ in rows}
    return Parting(
        merge=root[0], object=target, records=frozenset({survivor, *losers}),
        allowed=_allowed(session, connection, target, survivor, losers),
    )  # fmt: skip


def _allowed(session: Session, connection: Connection, name: str, survivor: str, losers: set[str]) -> bool:
    target = next((each for each in session.release.catalog.objects.values() if each.id == name), None)
    if target is None or target.retired:
        return False
    changeable = within_reach(session, connection, target, Action.UPDATE, {survivor})
    return bool(changeable) and losers == within_reach(session, connection, target, Action.DELETE, losers)
