"""A small company to test with: its metadata, its people, and Sessions for each of them.

sales ─ north        ann manages bob, bob manages cy; dee is in finance and above nobody.
finance
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.actor import Actor, ActorKind, system_actor
from engine.fields import field_kinds
from engine.files.tables import FILES as FILE_TABLES
from engine.ids import seeded_ids
from engine.matching.tables import MATCHING
from engine.migration import perform, steps
from engine.mutation import Change, Create, Delete, Mutation, Restore, Result, Update
from engine.query import Query
from engine.release import Release, prepare
from engine.secrets.tables import SECRETS
from engine.secrets.vault import NO_VAULT, Vault
from engine.session import Session
from engine.system import set_meta, upgrade
from engine.system_steps import ENGINE
from formula.language import language
from metadata.catalog import Catalog, Order
from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.kinds import Kinds
from metadata.package import from_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.database import Database
    from engine.record import Record

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LANGUAGE = language()

FILES = {
    "package.yaml": "package: company\nversion: 1.0.0\nlabel: Company\n",
    "objects/department.yaml": """
object: department
label: Department
plural: Departments
title: name
fields:
  name: {type: text, label: Name, required: true}
  parent: {type: lookup, label: Parent, to: department, on_delete: restrict}
""",
    "objects/user.yaml": """
object: user
label: User
plural: Users
title: name
fields:
  name: {type: text, label: Name, required: true}
  email: {type: email, label: E-mail, unique: true}
  active: {type: boolean, label: Active, default: true}
  department: {type: lookup, label: Department, to: department}
  manager: {type: lookup, label: Manager, to: user, on_delete: set_null}
""",
    "objects/group.yaml": "object: group\nlabel: Group\nplural: Groups\ntitle: name\nfields:\n"
    "  name: {type: text, label: Name, required: true}\n",
    "objects/group_member.yaml": """
object: group_member
label: Member
plural: Members
fields:
  group: {type: lookup, label: Group, to: group, required: true, on_delete: cascade}
  user: {type: lookup, label: User, to: user, required: true, on_delete: cascade}
""",
    "objects/permission_assignment.yaml": """
object: permission_assignment
label: Assignment
plural: Assignments
title: permission_set
fields:
  permission_set: {type: text, label: Set, required: true}
  user: {type: lookup, label: User, to: user, on_delete: cascade}
  group: {type: lookup, label: Group, to: group, on_delete: cascade}
""",
    "objects/account.yaml": """
object: account
label: Account
plural: Accounts
title: name
fields:
  name: {type: text, label: Name, required: true, searchable: true}
  code: {type: text, label: Code, unique: true}
  secret: {type: text, label: Secret}
  active: {type: boolean, label: Active}
""",
    "objects/deal.yaml": """
object: deal
label: Deal
plural: Deals
title: name
fields:
  name: {type: text, label: Name, required: true, max: 40, searchable: true}
  account: {type: lookup, label: Account, to: account, on_delete: restrict}
  partner: {type: lookup, label: Partner, to: account, on_delete: set_null}
  stage:
    type: picklist
    label: Stage
    default: open
    attributes: {probability: percent}
    options:
      open: {label: Open, probability: 10}
      won: {label: Won, probability: 100}
      lost: {label: Lost, probability: 0}
  reason: {type: text, label: Reason}
  amount: {type: currency, label: Amount, scale: 2, min: 0}
  closes: {type: date, label: Closes, default: "=TODAY() + 30"}
  seen: {type: datetime, label: Seen}
  cost: {type: currency, label: Cost, scale: 2}
  margin: {type: formula, label: Margin, returns: currency, formula: amount - cost}
  expected: {type: formula, label: Expected, returns: number, scale: 4, formula: amount * stage.probability}
process:
  stage:
    moves:
      open: {from: [lost]}
      lost: {from: [open], require: [amount]}
rules:
  lost_needs_reason:
    when: stage = "lost" && ISBLANK(reason)
    message: Say why the deal was lost.
    at: reason
  account_is_active:
    when: NOT(ISBLANK(account)) && account.name = "Closed"
    message: The account is closed.
    at: account
""",
    "objects/line.yaml": """
object: line
label: Line
plural: Lines
title: name
fields:
  name: {type: text, label: Name}
  deal: {type: lookup, label: Deal, to: deal, required: true, on_delete: cascade}
""",
}

PEOPLE: dict[str, dict[str, str | None]] = {
    "ann": {"department": "sales", "manager": None},
    "bob": {"department": "north", "manager": "ann"},
    "cy": {"department": "north", "manager": "bob"},
    "dee": {"department": "finance", "manager": None},
}
DEPARTMENTS: dict[str, str | None] = {"sales": None, "north": "sales", "finance": None}

ALL = """
permission_set: {name}
label: {name}
objects:
  "*": {{create: true, read: {read}, update: {update}, delete: {delete}, fields: {{"*": edit}}}}
  user: {{create: false, read: all, update: none, delete: none, fields: {{"*": read}}}}
  department: {{create: false, read: all, update: none, delete: none, fields: {{"*": read}}}}
rights: [history]
"""


def permissions() -> dict[str, str]:
    """A set for each scope, which grants it for every action; one that only reads; one that hides fields."""
    sets = {
        f"permissions/{scope}.yaml": ALL.format(name=f"s_{scope}", read=scope, update=scope, delete=scope)
        for scope in ("own", "below", "department", "departments", "all")
    }
    sets["permissions/reader.yaml"] = """
permission_set: s_reader
label: Reader
objects:
  "*": {create: false, read: all, update: none, delete: none, fields: {"*": read}}
rights: []
"""
    sets["permissions/blind.yaml"] = """
permission_set: s_blind
label: Blind
objects:
  account: {create: true, read: own, update: own, delete: own, fields: {"*": edit, secret: none}}
  deal: {create: true, read: all, update: all, delete: all, fields: {"*": edit, cost: none, stage: read}}
  user: {create: false, read: all, update: none, delete: none, fields: {"*": read, manager: none}}
rights: [history]
"""
    return sets


def compiled(more: Mapping[str, str] | None = None) -> Catalog:
    """The company's Catalog, with further files or other ones in place of its own."""
    files = {**FILES, **permissions(), **(more or {})}
    files["identity.lock"] = lock(from_files(files)).render()
    return compile_packages([from_files(files)], Kinds(fields=field_kinds(), steps={}), LANGUAGE)


@dataclass(eq=False)
class Company:
    """A tenant in use. `ids` names what was made by a word."""

    database: Database
    release: Release
    now: datetime = START
    ids: dict[str, str] = field(default_factory=dict)
    vault: Vault = NO_VAULT

    def __post_init__(self) -> None:
        self.make_id = seeded_ids(lambda: START, 7)

    def clock(self) -> datetime:
        """The company's time, which a test moves by setting `now`."""
        return self.now

    def later(self, **delta: int) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)

    def session(self, who: str = "system", *sets: str) -> Session:
        """A Session for one of the people, with permission sets."""
        actor = system_actor() if who == "system" else self.actor(who, *sets)
        return Session(
            database=self.database, release=self.release, actor=actor, clock=self.clock, ids=self.make_id,
            vault=self.vault,
        )  # fmt: skip

    def actor(self, who: str, *sets: str) -> Actor:
        """One of the people."""
        department = PEOPLE[who]["department"]
        return Actor(
            id=self.ids[who],
            kind=ActorKind.PERSON,
            name=who,
            permission_sets=sets,
            department=self.ids[department] if department else None,
        )

    def apply(self, session: Session, name: str, *changes: Change, **more: Any) -> Result:
        """Apply changes to an object by name."""
        target = self.release.catalog.object(name)
        return session.apply(Mutation(object=target, changes=changes, entry="test", **more))

    def create(self, session: Session, what: str, /, **values: Any) -> str:
        """Make one record; its `name` becomes a word of `ids`."""
        record = self.make_id()
        self.apply(session, what, Create(id=record, values=values))
        self.ids[values.get("name") or record] = record
        return record

    def update(
        self, session: Session, what: str, record: str, /, version: int | None = None, **values: Any
    ) -> Record:
        """Change one record."""
        result = self.apply(session, what, Update(id=record, version=version, values=values))
        assert result.records[0] is not None
        return result.records[0]

    def delete(self, session: Session, name: str, record: str) -> Result:
        """Delete one record."""
        return self.apply(session, name, Delete(id=record))

    def restore(self, session: Session, name: str, record: str) -> Result:
        """Restore one record."""
        return self.apply(session, name, Restore(id=record))

    def query(
        self, session: Session, name: str, *fields: str, order: Sequence[str] = (), **more: Any
    ) -> Query:
        """A Query with paths and order by name."""
        catalog, target = self.release.catalog, self.release.catalog.object(name)
        where = more.pop("where", None)
        return Query(
            object=target,
            fields=tuple(catalog.path(target, each) for each in fields),
            order=tuple(
                Order(path=catalog.path(target, each.removeprefix("-")), descending=each.startswith("-"))
                for each in order
            ),
            where=session.condition(target, where) if where else None,
            **more,
        )

    def names(self, session: Session, name: str, **more: Any) -> list[object]:
        """The names of the records that a session sees."""
        query = self.query(session, name, "name", **({"order": ["name"]} | more))
        return [record.values["name"] for record in session.query(query).records]

    def found(self) -> None:
        """Make departments and people, through the door as everybody."""
        door = self.session()
        for name, parent in DEPARTMENTS.items():
            self.create(door, "department", name=name, parent=self.ids[parent] if parent else None)
        for name, place in PEOPLE.items():
            manager, department = place["manager"], place["department"]
            self.create(
                door,
                "user",
                name=name,
                email=f"{name}@example.com",
                manager=self.ids[manager] if manager else None,
                department=self.ids[department] if department else None,
            )


def opened(database: Database, catalog: Catalog, **known: str) -> Company:
    """A tenant with tables, release 1, departments and people; `known` is what it knows of itself."""
    upgrade(database, (ENGINE, FILE_TABLES, SECRETS, MATCHING))
    release = prepare(catalog, 1, database.dialect, LANGUAGE)
    perform(steps({}, release.tables), database)
    with database.write() as connection:
        for name, value in {"release_no": "1", **known}.items():
            set_meta(connection, name, value)
    company = Company(database=database, release=release)
    company.found()
    return company
