"""What a door is: a way in which somebody may learn of records or change them, asked for all it tells.

A door yields a Sample for each thing that it tells or refuses: what it answered beside what the judge says. A
new way in – import, files, a portal, reports – is one more Door in `ALL`; worlds, judge and counting stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.company import Company

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One answer about (who, action, record, field), and what it had to be; `field` is "" for the record.

    `how` tells the question, for whoever looks for the fault.
    """

    who: str
    action: str
    record: str
    field: str = ""
    found: object
    wanted: object
    how: str

    @property
    def right(self) -> bool:
        """Whether the door and the judge agree."""
        return self.found == self.wanted

    @property
    def key(self) -> Key:
        """What was sampled, however it was asked."""
        return (self.who, self.action, self.record, self.field)

    def __str__(self) -> str:
        told = f"{self.who} {self.action} {self.record} {self.field}".rstrip()
        return f"{told}: found {self.found!r}, wanted {self.wanted!r} by {self.how}"


class Door(Protocol):
    """A way in. `name` says which; `routes` are those of the server that it goes through."""

    name: str
    routes: frozenset[tuple[str, str]]

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        """Everything that somebody is answered here."""
        ...
