"""A batch of changes on its way through the passes: what each row was, is to be, and what is wrong with it.

The only mutable state of a save. Passes read and fill it; nothing outside the save sees it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine import codes
from engine.access import Circle
from engine.matching.match import told
from engine.pointing import pointed
from engine.problem import Detail, Problem
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from engine.actor import Actor
    from engine.database import Connection
    from engine.derived.changes import Changes
    from engine.journal import Entry
    from engine.matching.match import Match
    from engine.mutation import Mutation
    from engine.organisation import Organisation
    from engine.policy import Policy
    from engine.reading import Reader
    from engine.release import Release
    from engine.secrets.vault import Vault
    from formula.issue import Code
    from metadata.catalog import Field, ObjectType


class Kind(StrEnum):
    """What happens to a record; the word the journal uses. `DERIVED`: values follow from something else."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"
    DERIVED = "derived"
    REVEALED = "revealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the conditions of one field came to for one record; a hidden field is never required."""

    visible: bool = True
    required: bool = False
    read_only: bool = False


SOURCE = "copied_from"
"""Where is told what is wrong with the record that a new one is a copy of."""
OPEN = State()
"""The state of a field without conditions."""


@dataclass(slots=True, kw_only=True, eq=False)
class Row:
    """One change.

    `before` and `after` map field names (and `amount.company`) to values; `given` are the fields that the
    writer named; `chosen` says that a client made the id; `copied_from` is the record that a new one is a
    copy of. `states` are those of the fields with conditions.
    `details` are refused values, `problem` refuses the row as a whole. `matches` are records that may be the
    same thing.
    """

    place: int
    kind: Kind
    id: str
    version: int | None
    given: Mapping[str, object]
    chosen: bool = False
    copied_from: str | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    details: list[Detail] = field(default_factory=list)
    problem: Problem | None = None
    matches: tuple[Match, ...] = ()

    def refuse(
        self, code: Code, message: str, *, at: str | None = None, hint: str | None = None, **values: object
    ) -> None:
        """Note one thing that is wrong, at a field or at the row; without a hint the code's mend is it.

        With `values`, `message` is a template whose holes these fill; see `engine/sentence.py`.
        """
        told = code.mend if hint is None else hint
        message = said(message, **values) if values else message
        self.details.append(Detail(field=at, row=self.place, code=code.id, message=message, hint=told))

    def told(self) -> list[Detail]:
        """What is wrong with the row, for the list of a whole batch."""
        if self.problem is None:
            return self.details
        problem = self.problem
        return [Detail(row=self.place, code=problem.code.id, message=problem.message, hint=problem.hint)]

    def changed(self, name: str) -> bool:
        """Whether a value is not what it was; everything filled is new in a created record."""
        return self.after.get(name) != self.before.get(name)


@dataclass(slots=True, kw_only=True, eq=False)
class Facts:
    """What the database answered about a batch.

    `links` and `taken` are keyed by field name; `taken` maps a value's text to the record that has it;
    `sources` are the records that new ones may be copies of; `circle` is where the actor stands.
    """

    ids: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    links: dict[str, dict[str, str | None]] = field(default_factory=dict)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    circle: Circle = field(default_factory=lambda: Circle(user=None))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Work:
    """The batch, who saves it, and where. `entries` collects what the journal will say.

    `written` are the rows of all objects that were written; `changes` what followed from them. `later`
    collects what is to be asked when all batches of the transaction are written; None: this is the only one.

    `awaited` are records, by object id, that are missing only because their own batch was refused. A preview
    is not `locking`: it keeps nobody from writing.
    """

    mutation: Mutation
    rows: list[Row]
    release: Release
    policy: Policy
    actor: Actor
    reader: Reader
    connection: Connection
    now: datetime
    change_set: str
    ids: Callable[[], str]
    organisation: Organisation
    vault: Vault
    awaited: Mapping[str, frozenset[str]] = field(default_factory=dict)
    locking: bool = True
    facts: Facts = field(default_factory=Facts)
    entries: list[Entry] = field(default_factory=list)
    written: list[tuple[ObjectType, Row]] = field(default_factory=list)
    changes: list[Changes] = field(default_factory=list)
    later: list[Work] | None = None

    @property
    def object(self) -> ObjectType:
        """The object whose records change."""
        return self.mutation.object

    def awaits(self, row: Row, link: Field) -> bool:
        """Whether a row links to a record that is missing only because its own batch was refused."""
        value = row.after.get(link.name) if self.awaited else None
        target, record = pointed(link, value) if value else (None, "")
        return target is not None and record in self.awaited.get(target.id, ())

    def standing(self, *kinds: Kind) -> Iterator[Row]:
        """The rows of these kinds that exist and may be changed, though values may have been refused."""
        return (row for row in self.rows if row.problem is None and row.kind in kinds)

    def sound(self, *kinds: Kind) -> list[Row]:
        """The rows of these kinds with which nothing is wrong so far."""
        return [row for row in self.standing(*kinds) if not row.details]


def row_problem(row: Row) -> Problem | None:
    """Why a row is refused, or None."""
    if row.problem is not None:
        return row.problem
    if not row.details:
        return None
    data = told([row])
    return Problem(
        codes.INVALID, "Some values are refused.", details=row.details, hint=codes.INVALID.mend, data=data
    )
