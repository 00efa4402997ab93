"""What an actor's reads and writes are made of: her policy, the parameters of the moment, the Work of a save.

A base of `Session`, which says what is asked and done. The verbs that have modules of their own – undo,
hand-over – take a Session and work with these parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from engine.actor import SYSTEM_SET
from engine.codec import date_form
from engine.kept import COMPANY_DAY
from engine.keyset import Seal, seal_of
from engine.loan import Loan
from engine.matching.sets import note, suspicions
from engine.moment import moment_params
from engine.mutation import Nature
from engine.organisation import Organisation, read_organisation
from engine.policy import policy_of
from engine.predicate import actor_params
from engine.reading import Reader
from engine.save.after import HELD, OutOfReach
from engine.save.pipeline import rows_of, save
from engine.save.work import Work
from engine.secrets.vault import NO_VAULT

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.actor import Actor
    from engine.clock import Clock
    from engine.database import Connection, Database
    from engine.mutation import Mutation, Result
    from engine.problem import Problem
    from engine.release import Release
    from engine.save.together import Awaited
    from engine.secrets.vault import Vault

NOTHING_AWAITED: Awaited = {}


class Bench(Loan):
    """A Release, an Actor, a clock and a maker of ids beside the database."""

    def __init__(
        self,
        *,
        database: Database,
        release: Release,
        actor: Actor,
        clock: Clock,
        ids: Callable[[], str],
        vault: Vault = NO_VAULT,
    ) -> None:
        super().__init__(database=database, release=release)
        self.actor = actor
        self.policy = policy_of(release, actor.permission_sets, actor.sharing_rules, actor.deputy)
        self.clock = clock
        self.ids = ids
        self.vault = vault

    def acting(self, actor: Actor) -> Self:
        """The same door for somebody else; a transaction that is open here is not hers."""
        return type(self)(
            database=self.database, release=self.release, actor=actor, clock=self.clock, ids=self.ids,
            vault=self.vault,
        )  # fmt: skip

    def save(
        self,
        connection: Connection,
        mutation: Mutation,
        change_set: str,
        awaited: Awaited = NOTHING_AWAITED,
        *,
        later: list[Work] | None = None,
    ) -> Result:
        """Run the passes over a batch in the open transaction of `connection`.

        Where the database refuses written rows of a partial batch, it is saved again without them. `later`
        collects what is to be asked when further batches are written.
        """
        refused: dict[int, Problem] = {}
        while True:
            work = self.work(connection, mutation, change_set, awaited, later=later)
            for place, problem in refused.items():
                work.rows[place].problem = problem
            try:
                saved = save(work)
                note(self, connection, suspicions(work), change_set)
            except OutOfReach as found:
                connection.run(f"ROLLBACK TO SAVEPOINT {HELD}")
                refused |= found.rows
            else:
                return saved

    def work(
        self,
        connection: Connection,
        mutation: Mutation,
        change_set: str,
        awaited: Awaited = NOTHING_AWAITED,
        *,
        locking: bool = True,
        later: list[Work] | None = None,
    ) -> Work:
        """The batch with all that its passes look at."""
        reader = self.reader()
        system = mutation.nature is Nature.RELINKING
        return Work(
            mutation=mutation,
            rows=rows_of(mutation.changes, self.ids),
            release=self.release,
            policy=policy_of(self.release, (SYSTEM_SET,)) if system else self.policy,
            actor=self.actor,
            reader=reader,
            connection=connection,
            now=reader.now,
            change_set=change_set,
            ids=self.ids,
            organisation=self.organisation(),
            vault=self.vault,
            awaited=awaited,
            locking=locking,
            later=later,
        )

    def organisation(self) -> Organisation:
        """Read once per Release: it is fixed."""

        def read() -> Organisation:
            with self.reading() as connection:
                return read_organisation(connection)

        return self.release.statements.get(("organisation",), read)

    def reader(self) -> Reader:
        """What reads for this actor now.

        Made before a connection is lent: what it asks for at first takes one of its own, and where each
        holds one and waits for another, all stand still.
        """
        now, dialect, organisation = self.clock(), self.release.dialect, self.organisation()
        day = date_form(dialect).encode
        given = {
            **moment_params(now, self.actor.zone, dialect),
            **actor_params(self.actor, dialect),
            **organisation.params,
            COMPANY_DAY: day(organisation.day(now)) if day else organisation.day(now),
        }
        return Reader(
            release=self.release, policy=self.policy, actor=self.actor, now=now, seal=self._seal, given=given
        )

    def _seal(self, connection: Connection) -> Seal:
        return self.release.statements.get(("seal",), lambda: seal_of(connection, self.database))
