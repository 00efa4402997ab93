"""A record that may be the same thing as one that is saved, and what its writer is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.save.work import Row
    from metadata.catalog import ObjectType
    from metadata.duplicate import DuplicateRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a rule found.

    `score` is how alike they are, in percent. `seen` says whether the writer may read the record and the
    fields that agree; only then is she told which it is, and its `title` if she may read that. `place` is the
    row of the same batch (from 0) that it is, or None.
    """

    rule: DuplicateRule
    score: int
    target: ObjectType
    record: str
    title: str | None
    seen: bool
    place: int | None = None

    @property
    def told(self) -> bool:
        """Whether the writer learns of it at all."""
        return self.seen or self.rule.unseen == "tell"

    def json(self, row: int) -> dict[str, object]:
        """What a program is told of it; of a record that the writer may not see, that there is one."""
        entry: dict[str, object] = {"row": row, "rule": self.rule.name, "action": self.rule.action}
        if self.place is not None:
            return entry | {"score": self.score, "like_row": self.place}
        if not self.seen:
            return entry
        known = {"score": self.score, "object": self.target.name, "id": self.record}
        return entry | known | ({"title": self.title} if self.title else {})


def told(rows: Iterable[Row]) -> Mapping[str, object]:
    """The member `duplicates` of a Problem about these rows; nothing where no rule found any."""
    found = [match.json(row.place) for row in rows for match in row.matches if match.told]
    return {"duplicates": found} if found else {}
