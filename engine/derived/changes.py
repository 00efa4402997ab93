"""What a save has changed so far of what derived values follow from: records, keys, where their links led.

Filled from the written rows, and by each level for the next. `causes` are the places in the batch of the rows
behind a record, so that what becomes wrong of it can be said where it was written; none where nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.pointing import pointed
from engine.save.work import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.derived.graph import Graph, Trigger
    from engine.save.work import Row, Work
    from metadata.catalog import Field, ObjectType

Places = frozenset[int]
NOWHERE: Places = frozenset()


@dataclass(slots=True, kw_only=True, eq=False)
class Touched:
    """A record: the keys that changed, and the records its rolled-up links lead or led to."""

    keys: set[str] = field(default_factory=set)
    parents: dict[Field, set[str]] = field(default_factory=dict)
    causes: Places = NOWHERE


@dataclass(slots=True, kw_only=True, eq=False)
class Changes:
    """By object id and record id. `revived` came back from the bin, where nothing was kept right."""

    graph: Graph
    records: dict[str, dict[str, Touched]] = field(default_factory=dict)
    revived: dict[str, dict[str, Places]] = field(default_factory=dict)

    def note_row(self, target: ObjectType, row: Row, places: Places) -> None:
        """Take in a written row of any object."""
        watched = self.graph.watched.get(target.id, frozenset())
        if row.kind is Kind.RESTORED:
            self.revived.setdefault(target.id, {})[row.id] = places
        keys = watched if row.kind is Kind.CREATED else {key for key in watched if row.changed(key)}
        if keys:
            touched = self.note(target, row.id, keys, places)
            for image in (row.before, row.after):
                self._note_parents(target, touched, image)

    def note(self, target: ObjectType, record: str, keys: Iterable[str], places: Places) -> Touched:
        """Note keys of a record that are not what they were."""
        touched = self.records.setdefault(target.id, {}).setdefault(record, Touched())
        touched.keys.update(keys)
        touched.causes |= places
        return touched

    def note_links(self, target: ObjectType, touched: Touched, values: Mapping[str, Any]) -> None:
        """Note where a record's links lead."""
        self._note_parents(target, touched, values)

    def _note_parents(self, target: ObjectType, touched: Touched, values: Mapping[str, Any]) -> None:
        for link in self.graph.rolled.get(target.id, ()):
            value = values.get(link.name)
            if value is not None:
                touched.parents.setdefault(link, set()).add(value)

    def hit(self, trigger: Trigger) -> dict[str, Touched]:
        """The records that changed in a way which sets off a trigger."""
        records = self.records.get(trigger.source.id, {})
        return {id_: each for id_, each in records.items() if not trigger.keys.isdisjoint(each.keys)}


def parents_of(link: Field, target: ObjectType, touched: Touched) -> Iterable[str]:
    """The ids of the records of `target` that a link leads or led to."""
    for value in touched.parents.get(link, ()):
        meant, record = pointed(link, value)
        if meant is target:
            yield record


def changes_of(work: Work, graph: Graph) -> Changes:
    """What the rows that a save has written change."""
    changes, own = Changes(graph=graph), {id(row) for row in work.rows}
    everything = frozenset(row.place for row in work.rows if row.problem is None)
    for target, row in work.written:
        changes.note_row(target, row, frozenset((row.place,)) if id(row) in own else everything)
    return changes
