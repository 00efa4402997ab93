"""A random world written into a tenant of a running installation, and the ways in for each of its people.

Everything is saved by the system's actor through the ordinary door. The records are made while everybody is
where she was hired; then people move; at last some records go into the recycle bin.
"""

from __future__ import annotations

import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.actor import load_actor
from engine.mutation import Create, Delete, Mutation, Update
from runtime import credential
from runtime.founding import Founding, found
from tests.oracle.documents import package_of
from tests.oracle.judge import HIDDEN, Judge
from tests.oracle.shape import OBJECTS, fields_of, master_of
from tests.runtime.site import PASSWORD, email
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import httpx

    from engine.mutation import Change
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import ObjectType
    from runtime.tenant import Tenant
    from tests.oracle.shape import Value
    from tests.oracle.world import Row, World
    from tests.runtime.site import Site


_OPENINGS = {"team": ("mate", "firm"), "pool": ("depot_mate", "depot"), "share": ("record_share", "record")}
"""By kind, the object whose records open others, and its link to what they open."""


@dataclass(kw_only=True, eq=False)
class Company:
    """The tenant `slug` with a world in it. `ids` are the ids of people and records by their words."""

    site: Site
    tenant: Tenant
    world: World
    share: float = 1.0
    """How much of what is slow to ask is asked, from 0 to 1."""
    ids: dict[str, str] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    change_sets: list[str] = field(default_factory=list)
    """The change sets in which the records were written."""
    stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.judge = Judge(world=self.world)

    @property
    def release(self) -> Release:
        """What serves."""
        assert self.tenant.release is not None
        return self.tenant.release

    @property
    def words(self) -> dict[str, str]:
        """The word of each id."""
        return {id_: word for word, id_ in self.ids.items()}

    def target(self, name: str) -> ObjectType:
        """An object of the model."""
        return self.release.catalog.object(name)

    def session(self, who: str) -> Session:
        """A Session of somebody, with what her record and her groups grant her now."""
        with self.tenant.database.read() as connection:
            actor = load_actor(connection, self.release, self.ids[who])
        assert actor is not None
        return self.tenant.session(self.release, actor)

    def call(self, who: str, method: str, path: str, **options: Any) -> Any:
        """Ask the API as somebody."""
        return self.site.call(method, path, who, self.tenant.slug, **options)

    def reader(self, who: str) -> Reader:
        """Somebody at her browser."""
        if who not in self.readers:
            self.readers[who] = Reader(self.site, who, self.tenant.slug)
            self.stack.callback(self.readers[who].http.close)
        return self.readers[who]

    def post(self, who: str, path: str, values: Mapping[str, object]) -> httpx.Response:
        """Send a form as somebody at her browser."""
        reader = self.reader(who)
        if who not in self.tokens:
            page = reader.get("/search")
            self.tokens[who] = page.text.partition('name="csrf-token" content="')[2].partition('"')[0]
        return reader.http.post(reader.base + path, data={"_csrf": self.tokens[who], **values})

    def some(self, who: str, rows: Sequence[Row]) -> list[Row]:
        """The rows of which a slow question is asked, the same ones in every run."""
        dice = random.Random(f"{who} {len(rows)} {self.share}")
        return [row for row in rows if dice.random() < self.share]

    def real(self, value: Value, to: str = "") -> Value:
        """A value as the engine holds it: a link as an id."""
        return self.ids[str(value)] if to and value not in (None, HIDDEN) else value

    def shown(self, row: Row, path: str, value: Value) -> Value:
        """What the judge says stands at a path, with ids in the place of words."""
        object_, last = row.object, path
        while "." in last:
            first, _, last = last.partition(".")
            object_ = fields_of(object_)[first].to
        return self.real(value, fields_of(object_)[last].to)


def founded(site: Site, slug: str, world: World, share: float = 1.0) -> Company:
    """Make the tenant and write the world into it."""
    found(site.settings, site.composition, site.tenants, Founding(slug=slug), [package_of(world)])
    tenant = site.tenants.use(site.tenants.control.by_slug(slug))
    stack = ExitStack()
    company = Company(site=site, tenant=stack.enter_context(tenant), world=world, share=share, stack=stack)
    _Writer(company).write()
    return company


class _Writer:
    """Writes a world as the system."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._world = company.world
        self._door = company.tenant.upkeep(company.release)
        self._ids = company.ids

    def write(self) -> None:
        """All of it, in the order in which things refer to each other."""
        self._organisation()
        self._grants()
        for object_ in OBJECTS:
            self._make(object_, {row.name: self._values(row) for row in self._world.rows_of(object_)})
        self._sharing()
        moved = [p for p in self._world.people.values() if p.department != p.hired_in]
        self._apply("user", [self._moved(p.name, p.department) for p in moved])
        for object_ in reversed(OBJECTS):
            binned = [row.id for row in self._world.rows_of(object_) if row.binned]
            self._apply(object_, [Delete(id=id_) for id_ in binned])

    def _organisation(self) -> None:
        for name, parent in self._world.departments.items():
            self._make(
                "department", {name: {"name": name, "code": name, "parent": parent and self._ids[parent]}}
            )
        for person in self._world.people.values():
            values = {
                "name": person.name,
                "email": email(person.name),
                "department": person.hired_in and self._ids[person.hired_in],
                "manager": person.manager and self._ids[person.manager],
            }
            self._make("user", {person.name: values})
        self._make("group", {name: {"name": name, "code": name} for name in self._world.members})
        for group, people in self._world.members.items():
            rows = [{"group": self._ids[group], "user": self._ids[each]} for each in people]
            rows += [
                {"group": self._ids[group], "member_group": self._ids[each]}
                for each in self._world.inner.get(group, ())
            ]
            self._apply("group_member", [Create(values=values) for values in rows])

    def _grants(self) -> None:
        given = [("user", self._world.of_people), ("group", self._world.of_groups)]
        assigned = [
            {"permission_set": name, kind: self._ids[holder]}
            for kind, holders in given
            for holder, sets in holders.items()
            for name in sets
        ]
        self._apply("permission_assignment", [Create(values=values) for values in assigned])
        gate = self._company.tenant.gate
        hashed = gate.passwords.hash(PASSWORD)
        with self._company.tenant.database.write() as connection:
            for person in self._world.people:
                credential.keep_hash(connection, self._ids[person], hashed, gate.clock())

    def _sharing(self) -> None:
        """Teams, pools, shares and delegations; the days are counted from today in UTC."""
        for each in self._world.openings:
            object_, record = _OPENINGS[each.kind]
            values: dict[str, Any] = {record: self._ids[each.record]}
            if each.kind != "pool":
                values |= {"access": each.access, "until": self._day(each.until)}
            if each.kind == "share":
                values["record"] = f"{self._world.rows[each.record].object}/{self._ids[each.record]}"
            parties = {"user": each.user, "group": each.group, "department": each.department}
            values |= {name: self._ids[word] for name, word in parties.items() if word}
            self._apply(object_, [Create(values=values)])
        for one in self._world.delegations:
            values = {
                "absent": self._ids[one.absent],
                "deputy": self._ids[one.deputy],
                "first_day": self._day(one.first),
                "last_day": self._day(one.last),
                "access": one.access,
                "active": one.active,
            }
            self._apply("delegation", [Create(values=values)])

    def _day(self, ahead: int | None) -> str | None:
        today = self._company.tenant.gate.clock().date()
        return None if ahead is None else (today + timedelta(days=ahead)).isoformat()

    def _values(self, row: Row) -> dict[str, Any]:
        fields = fields_of(row.object)
        values: dict[str, Any] = {
            name: self._company.real(value, fields[name].to) for name, value in row.values.items()
        }
        owner = row.owner and self._ids[row.owner]
        # A part has the owner of its whole.
        return values if master_of(row.object) else {**values, "owner": owner}

    def _moved(self, person: str, department: str | None) -> Update:
        return Update(id=self._ids[person], values={"department": department and self._ids[department]})

    def _make(self, object_: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        for name in rows:
            known = self._world.rows.get(name)
            self._ids[name] = known.id if known else self._company.tenant.gate.ids()
        self._apply(object_, [Create(id=self._ids[name], values=values) for name, values in rows.items()])

    def _apply(self, object_: str, changes: Iterable[Change]) -> None:
        wanted = tuple(changes)
        if wanted:
            target = self._company.target(object_)
            done = self._door.apply(Mutation(object=target, changes=wanted, entry="test", answer=False))
            self._company.change_sets.append(done.change_set)
