"""A company whose deals set flows in motion, and a worker's place in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.actor import load_actor
from engine.fields import field_kinds
from engine.session import Session
from engine.system import upgrade
from engine.system_steps import ENGINE
from formula.language import language
from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.kinds import Kinds
from metadata.package import from_files
from tests.engine.session.company import FILES, Company, opened, permissions
from workflow.place import Workplace, workplace
from workflow.step import step_types
from workflow.tables import WORKFLOW
from workflow.worker import Progress, work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.actor import Actor
    from engine.database import Database
    from formula.language import Language
    from metadata.catalog import Catalog

MORE = {
    "objects/task.yaml": """
object: task
label: Task
plural: Tasks
title: name
fields:
  name: {type: text, label: Name, required: true}
  deal: {type: lookup, label: Deal, to: deal}
  due: {type: date, label: Due}
""",
    "objects/visit.yaml": """
object: visit
label: Visit
plural: Visits
title: who
fields:
  who: {type: person_name, label: Who}
  place: {type: address, label: Place}
  about: {type: any_lookup, label: About, to: [deal, task]}
  note: {type: text, label: Note}
""",
    "objects/notification.yaml": """
object: notification
label: Notification
plural: Notifications
title: message
fields:
  message: {type: text, label: Message, required: true}
  user: {type: lookup, label: User, to: user, required: true}
  about_object: {type: text, label: Object}
  about_record: {type: text, label: Record}
""",
    "permissions/deals.yaml": """
permission_set: s_deals
label: Deals only
objects:
  deal: {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
  user: {read: all, fields: {"*": read}}
""",
}

FOLLOW_UP = """
flow: follow_up
label: Follow up
start: {record: deal, on: [create], when: 'stage = "open"'}
as: system
steps:
  - create:
      object: task
      set: {name: '="Call about " & name', deal: =id, owner: =owner, due: =TODAY() + 1}
  - update: {set: {reason: '="called " & name'}}
  - notify: {to: =owner, message: '="New deal: " & name'}
"""


@cache
def spoken() -> Language:
    """The formula language, built once for all tests of a process."""
    return language()


def catalog(flows: Mapping[str, str]) -> Catalog:
    """The office's model with these flows, file name → document."""
    files = {**FILES, **permissions(), **MORE, **{f"flows/{name}.yaml": text for name, text in flows.items()}}
    files["identity.lock"] = lock(from_files(files)).render()
    return compile_packages([from_files(files)], Kinds(fields=field_kinds(), steps=step_types()), spoken())


def office(database: Database, flows: Mapping[str, str]) -> Company:
    """A company with people whose worker has nothing left to do."""
    upgrade(database, (ENGINE, WORKFLOW))
    company = opened(database, catalog(flows))
    drain(company)
    return company


def place(company: Company) -> Workplace:
    """Where the company's workers work."""

    def open_session(actor: Actor) -> Session:
        return Session(
            database=company.database,
            release=company.release,
            actor=actor,
            clock=company.clock,
            ids=company.make_id,
        )

    def person(user_id: str) -> Actor | None:
        with company.database.read() as connection:
            return load_actor(connection, company.release, user_id)

    return workplace(
        database=company.database,
        release=company.release,
        types=step_types(),
        clock=company.clock,
        ids=company.make_id,
        zone=ZoneInfo("Asia/Shanghai"),
        open=open_session,
        person=person,
    )


def drain(company: Company, worker: str = "w1", turns: int = 50) -> Progress:
    """Work until nothing is left to do; return what was done in all."""
    here, events, steps = place(company), 0, 0
    for _ in range(turns):
        progress = work(here, worker)
        events, steps = events + progress.events, steps + progress.steps
        if progress.idle:
            return Progress(events=events, steps=steps)
    raise AssertionError(f"still busy after {turns} turns")
