"""Claims about flows over values of several parts, and over links to records of several objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from formula.issue import Rejected
from tests.workflow.office import catalog, drain
from tests.workflow.test_worker import only
from workflow.run import RunState

if TYPE_CHECKING:
    from tests.engine.session.company import Company
    from tests.workflow.conftest import Opened

PLANS_A_VISIT = """
flow: plans_a_visit
label: Plans a visit
start: {record: deal, on: [create]}
as: system
steps:
  - create:
      object: visit
      set:
        who: =name
        place: {city: =name, street: '="c/o " & name', country: CN}
        about: '="deal/" & id'
"""
MOVED = """
flow: moved
label: Moved
start:
  record: visit
  on: [update]
  when: 'ISCHANGED(place) && place.city = "Ulm" && $old.place.city = "Bonn" && PRIORVALUE(place) = "1, Bonn"'
as: system
steps:
  - update: {set: {note: '=place & "|" & place.city & "|" & TEXT(about.object) & "|" & who.family'}}
"""


def visits(company: Company) -> list[dict[str, Any]]:
    door = company.session()
    query = company.query(door, "visit", "who", "place", "about", "note")
    return [record.json() for record in door.query(query).records]


def test_a_flow_sets_parts_by_formulas_and_links_to_what_it_started_on(opened_office: Opened) -> None:
    company = opened_office(plans_a_visit=PLANS_A_VISIT)
    deal = company.create(company.session(), "deal", name="Wei Wang")
    drain(company)
    assert only(company, deal).state is RunState.DONE
    (visit,) = visits(company)
    assert visit == {
        "who": {"family": "Wang", "given": "Wei"},
        "place": {"country": "CN", "city": "Wei Wang", "street": "c/o Wei Wang"},
        "about": f"deal/{deal}",
        "about.title": "Wei Wang",
        "note": None,
    }


def test_a_flow_sees_values_of_parts_as_the_event_left_and_found_them(opened_office: Opened) -> None:
    """By the time a worker comes round, the record has moved on."""
    company = opened_office(moved=MOVED)
    door = company.session()
    deal = company.create(door, "deal", name="Big")
    made = company.create(
        door, "visit", who="王伟", about=f"deal/{deal}", place={"city": "Bonn", "street": "1"}
    )
    company.update(door, "visit", made, place={"city": "Ulm", "street": "2"})
    company.update(door, "visit", made, who="李四")
    drain(company)
    (visit,) = visits(company)
    assert only(company, made).state is RunState.DONE
    assert visit["note"] == "2, Ulm|Ulm|deal|李"


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("{town: =name}", "`place` has no part `town`"),
        ("{city: 5}", "`5` does not fit for `place.city`"),
        ("{city: =amount}", "Text"),
    ],
)
def test_parts_that_do_not_fit_are_told_when_the_flow_is_checked(place: str, wanted: str) -> None:
    flow = PLANS_A_VISIT.replace("{city: =name, street: '=\"c/o \" & name', country: CN}", place)
    with pytest.raises(Rejected) as rejected:
        catalog({"plans_a_visit": flow})
    assert wanted in str(rejected.value)
