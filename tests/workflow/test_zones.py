"""A claim about days in background work: they are those of the company, whoever set it off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tests.workflow.office import drain

if TYPE_CHECKING:
    from tests.workflow.conftest import Opened

REMIND = """
flow: remind
label: Remind
start: {record: deal, on: [create], when: "TODAY() = DATE(2026, 3, 5)"}
as: system
steps:
  - create: {object: task, set: {name: Call, deal: =id, due: =TODAY() + 1}}
"""


def test_a_flow_of_the_system_has_the_day_of_the_company(opened_office: Opened) -> None:
    company = opened_office(remind=REMIND)
    company.now = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)  # in Shanghai it is the morning of the 5th
    door = company.session()
    company.create(door, "deal", name="Deal")
    drain(company)
    (task,) = door.query(company.query(door, "task", "due")).records
    assert task.values["due"] == date(2026, 3, 6)
