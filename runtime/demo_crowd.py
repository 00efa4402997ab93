"""A large company out of `demo/crowd.yaml`: a tree of departments, its people, as many accounts as asked.

Pure and seeded: the same sizes, document and ids give the same company. Readers are chosen people who see an
exact number of the accounts; whose an account is, is drawn for each by itself, so that what one sees is
spread over the table. Writing the rows is `demo_data.py`'s.
"""

from __future__ import annotations

import random
import re
from array import array
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from runtime.demo import PERMISSION_SETS, Batch, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Ids = Callable[[], str]

READERS = ("region", "team", "few", "none")
"""Who is looked at: the heads of a large and of a small department, and two of the latter's people."""

FEWEST_PEOPLE, MOST_PEOPLE = 100, 5000
ROWS_PER_PERSON = 200
PEOPLE_PER_DEPARTMENT = 5
"""A level is left out where it would leave fewer."""

_CHUNK = 500
_WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the company is to be: accounts, and users (0: as many as fit the accounts)."""

    rows: int
    users: int = 0

    @property
    def people(self) -> int:
        """The number of people."""
        return max(FEWEST_PEOPLE, self.users or min(MOST_PEOPLE, self.rows // ROWS_PER_PERSON))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Department:
    """A place in the tree; `level` counts from 1, the top."""

    row: Row
    level: int
    above: Department | None

    def within(self, other: Department) -> bool:
        """Whether it is `other` or lies below it."""
        return self is other or (self.above is not None and self.above.within(other))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """Somebody, where she is, and whether she leads that department."""

    row: Row
    place: Department
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """The company without its accounts: departments top down, people after those they report to.

    `owners` says whose each account is, as a place in `people`; `readers` are people by their names.
    """

    departments: Sequence[Department]
    people: Sequence[Person]
    owners: Sequence[int]
    readers: Mapping[str, Person]


class _Words:
    """Texts and choices drawn from the document's lists."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._lists: Mapping[str, Sequence[str]] = document["lists"]
        self.chance = random.Random(document["seed"])  # noqa: S311  (repeatable on purpose)

    def text(self, pattern: str, number: int = 0) -> str:
        """A pattern with its holes filled; `{n}` is the number."""

        def word(hole: re.Match[str]) -> str:
            return str(number) if hole[1] == "n" else self.chance.choice(self._lists[hole[1]])

        return _WORD.sub(word, pattern)

    def weighted(self, weights: Mapping[str, int], count: int) -> list[str]:
        """So many of the keys, by weight."""
        return self.chance.choices(list(weights), list(weights.values()), k=count)


def crowd(document: Mapping[str, Any], size: Size, ids: Ids) -> Crowd:
    """The departments and people of a company of this size, and whose its accounts are."""
    words = _Words(document)
    departments = _departments(document["levels"], size.people, words, ids)
    people = _people(document, size.people, departments, words, ids)
    large, small = departments[1], departments[-1]  # one of the second level, one of the lowest
    leaders = {person.place: person for person in people if person.leads}
    members = [person for person in people if person.place is small and not person.leads]
    chosen = (leaders[large], leaders[small], *members[:2])
    owners = array("l")
    for several, count in _shares(document["readers"], people, large, small, size.rows):
        owners.extend(words.chance.choices(several, k=count))
    words.chance.shuffle(owners)
    return Crowd(
        departments=departments, people=people, owners=owners, readers=dict(zip(READERS, chosen, strict=True))
    )


def staff(made: Crowd) -> Iterator[Batch]:
    """The departments and people in batches that link only to earlier ones."""
    for _, several in groupby(made.departments, key=lambda each: each.level):
        yield Batch(object="department", rows=[each.row for each in several])
    for _, people in groupby(made.people, key=lambda each: (each.leads, each.place.level)):
        yield Batch(object="user", rows=[each.row for each in people])


def accounts(document: Mapping[str, Any], made: Crowd, ids: Ids) -> Iterator[Batch]:
    """The accounts of a company, batch by batch."""
    words = _Words(document)
    for start in range(0, len(made.owners), _CHUNK):
        owners = made.owners[start : start + _CHUNK]
        names = words.weighted(document["names"], len(owners))
        columns = [words.weighted(weights, len(owners)) for weights in document["values"].values()]
        rows = [
            _account(
                words,
                made.people[owner].row.id,
                name,
                dict(zip(document["values"], picked, strict=True)),
                ids,
            )
            for owner, name, *picked in zip(owners, names, *columns, strict=True)
        ]
        yield Batch(object="account", rows=rows)


def _account(words: _Words, owner: str, name: str, picked: Mapping[str, object], ids: Ids) -> Row:
    values = {
        "name": words.text(name), "owner": owner, "city": words.text("{city}"),
        "annual_revenue": words.chance.randrange(100, 90_000) * 10_000,
    }  # fmt: skip
    return Row(id=ids(), values={**values, **picked}, marks={})


def _departments(
    levels: Sequence[Mapping[str, Any]], people: int, words: _Words, ids: Ids
) -> list[Department]:
    found: list[Department] = []
    above: list[Department | None] = [None]
    for level, shape in enumerate(levels, 1):
        hosts = [host for host in above for _ in range(shape["each"])]
        if len(found) + len(hosts) > people // PEOPLE_PER_DEPARTMENT:
            break
        made = [
            _department(words.text(shape["name"], n), level, host, ids) for n, host in enumerate(hosts, 1)
        ]
        found += made
        above = [*made]
    return found


def _department(name: str, level: int, above: Department | None, ids: Ids) -> Department:
    values = {"name": name, "parent": above.row.id if above else None}
    return Department(row=Row(id=ids(), values=values, marks={}), level=level, above=above)


def _people(
    document: Mapping[str, Any], count: int, departments: Sequence[Department], words: _Words, ids: Ids
) -> list[Person]:
    """A head for each department, who reports to the head above; the rest are members at the lowest level."""
    lowest = [each for each in departments if each.level == departments[-1].level]
    heads: dict[Department | None, str | None] = {None: None}
    people: list[Person] = []
    for number, pattern in enumerate(words.weighted(document["people"], count)):
        leads = number < len(departments)
        place = departments[number] if leads else lowest[-(number % len(lowest)) - 1]
        values = {
            "name": words.text(pattern), "email": f"p{number:05}@{document['domain']}", "active": True,
            "department": place.row.id, "manager": heads[place.above if leads else place],
        }  # fmt: skip
        marks = {PERMISSION_SETS: [document["heads" if leads else "members"]]}
        people.append(Person(row=Row(id=ids(), values=values, marks=marks), place=place, leads=leads))
        if leads:
            heads[place] = people[-1].row.id
    return people


def _shares(
    readers: Mapping[str, Mapping[str, float]],
    people: Sequence[Person],
    large: Department,
    small: Department,
    rows: int,
) -> Iterator[tuple[Sequence[int], int]]:
    """Who owns how many of the accounts, as places in `people`."""
    region, team = (round(rows * readers[name]["share"]) for name in READERS[:2])
    in_large = [n for n, person in enumerate(people) if person.place.within(large)]
    in_small = [n for n, person in enumerate(people) if person.place.within(small)]
    rest = sorted(set(range(len(people))).difference(in_large, in_small))
    leader, few, _, *others = in_small
    one = min(team, int(readers["few"]["rows"]))
    yield from (
        (in_large, region),
        ([few], one),
        (others or [leader], team - one),
        (rest, rows - region - team),
    )
