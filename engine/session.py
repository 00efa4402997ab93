"""The one door to data, for pages, API, import, flows and reports alike: Release, Actor, database, clock.

A Session lives for one request or one piece of work and belongs to one thread. It decides nothing itself:
the planner and the save do, under the actor's policy. Running into a published release raises
`StaleRelease`; the caller reloads and tries again. Conflicts between transactions are tried again here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.aggregate import aggregate
from engine.bench import Bench
from engine.derived.invariants import check_together
from engine.describe import describe
from engine.history import history
from engine.ids import canonical_id
from engine.kept import asking
from engine.mutation import Create, Mutation, Update
from engine.planner import require_right
from engine.preview import preview, standing
from engine.rights import HISTORY
from engine.save.before import missing
from engine.save.together import save_all
from engine.tally import tally
from engine.tree import above
from engine.view import condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.database import Connection
    from engine.describe import ObjectView
    from engine.history import Change
    from engine.mutation import Result
    from engine.preview import Preview
    from engine.query import Aggregate, Page, Query
    from engine.record import Record
    from engine.save.work import Work
    from formula.expr import Expr, Reference
    from metadata.catalog import Field, FieldPath, ObjectType


class Session(Bench):
    """What one actor may do with a tenant's data, now."""

    def query(self, query: Query) -> Page:
        """A page of records; raises `Problem` for what the actor may not see or cannot be asked."""
        reader = self.reader()
        with self.reading() as connection:
            return reader.page(connection, query)

    def get(self, target: ObjectType, record: str, fields: tuple[FieldPath, ...] | None = None) -> Record:
        """One record with all fields the actor may read, or with those named.

        Raises `Problem` 404 when there is none, or none that she may see; 403 when she may see none at all.
        """
        id_, reader = canonical_id(record), self.reader()
        with self.reading() as connection:
            found = reader.by_ids(connection, target, fields, [id_] if id_ else [])
        if id_ is None or id_ not in found:
            raise missing(target, record)
        return found[id_]

    def aggregate(self, asked: Aggregate) -> tuple[tuple[object, ...], ...]:
        """One tuple a group: the values of the group, then the measures."""
        reader = self.reader()
        with self.reading() as connection:
            asked = reader.sought(connection, asked)
            return aggregate(connection, reader, asked)

    def tally(self, links: tuple[Field, ...], record: str) -> tuple[int, ...]:
        """How many records point at `record` by each of `links`, in one statement; see `engine.tally`."""
        given = self.reader().given
        with self.reading() as connection:
            return tally(connection, self.release, self.policy, links, record, given)

    def ancestors(
        self, target: ObjectType, record: str, fields: tuple[FieldPath, ...] | None = None
    ) -> tuple[Record, ...]:
        """The records above one of a tree, the root first, up to one that the actor may not read."""
        id_, reader = canonical_id(record), self.reader()
        with self.reading() as connection:
            ids = above(connection, self.release, self.policy, target, id_, reader.given) if id_ else []
            found = reader.by_ids(connection, target, fields, ids) if ids else {}
        return tuple(found[each] for each in ids if each in found)

    def apply(self, mutation: Mutation, change_set: str | None = None) -> Result:
        """Save a batch: all of it or, if it is partial, the rows that are sound.

        It belongs to the open change set named (see `engine/changes/undertaking.py`), or to a new one. Raises
        `Problem` with everything that is wrong, and `StaleRelease`.
        """
        held = change_set or self.ids()
        return self.written(lambda connection: self.save(connection, mutation, held))

    def apply_all(self, mutations: Sequence[Mutation]) -> tuple[Result, ...]:
        """Save several batches in their order, in one transaction and one change set: all or nothing.

        A batch may refer to records that an earlier one creates; the writer gives those their ids
        (`Create.id`). Raises `Problem` with everything that is wrong in any of them – each detail says in
        which `mutation`, from 0 – and `StaleRelease`.
        """
        change_set = self.ids()

        def run(connection: Connection) -> tuple[Result, ...]:
            written: list[Work] = []
            return save_all(
                mutations,
                lambda batch, awaited: self.save(connection, batch, change_set, awaited, later=written),
                lambda: check_together(mutations, written),
            )

        return self.written(run)

    def preview(
        self,
        target: ObjectType,
        record: str | None,
        values: Mapping[str, object] | None = None,
        *,
        copied_from: str | None = None,
    ) -> Preview:
        """How each field and section of a form stands before it is saved; writes nothing.

        `record` is None for a new one, which may be a copy, see `Create`; `values` are those of the form, raw
        as `Create` and `Update` take them. Without `values`, how a record stands as it is saved, for whoever
        may read it. Raises `Problem`: there is no such record, or the actor may not create or change it.
        """
        id_ = None if record is None else canonical_id(record)
        if record is not None and id_ is None:
            raise missing(target, record)
        given = {} if values is None else values
        new = Create(values=given, copied_from=copied_from)
        change = new if id_ is None else Update(id=id_, values=given)
        asked = Mutation(object=target, changes=(change,), entry="preview", answer=False)
        self.organisation()  # kept from now on: see `reader`
        with self.reading() as connection:
            work = self.work(connection, asked, "", locking=False)
            return standing(work) if id_ is not None and values is None else preview(work)

    def surroundings(self, names: tuple[Reference, ...] = ()) -> Mapping[str, object]:
        """What formulas see beside records, by name: `$org`, and those of `names` that records answer."""
        known = self.organisation().globals
        if not names:
            return known
        reader = self.reader()
        with self.reading() as connection:
            found = asking(self.release, names).row(connection, reader.given)
        return {**known, **{each.name: text for each, text in zip(names, found or (), strict=True)}}

    def describe(self, name: str) -> ObjectView:
        """An object as the actor may see it.

        Raises `Problem` 404 for unknown objects and those closed to her.
        """
        return describe(self.release, self.policy, name)

    def history(self, target: ObjectType, record: str, *, limit: int = 100) -> tuple[Change, ...]:
        """What happened to a record, newest first, without fields hidden from the actor.

        Raises `Problem` 403 without the right `history`, and as `get` does.
        """
        require_right(self.policy, HISTORY, "see the history of records")
        self.get(target, record, ())
        with self.reading() as connection:
            return history(connection, self.release, self.policy, target, record, limit)

    def condition(self, target: ObjectType, text: str) -> Expr:
        """The expression of a where text; raises `Problem` with every mistake in it."""
        return condition(self.release, self.policy, target, text)
