"""Claims about what options carry: a truth value that an option does not state is false, everywhere alike."""

from collections.abc import Iterator

import pytest

from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

TASK = """
object: job
label: Job
plural: Jobs
title: name
fields:
  name: {type: text, label: Name, required: true}
  status:
    type: picklist
    label: Status
    options:
      open: {label: Open}
      done: {label: Done, closed: true}
  parent: {type: lookup, label: Parent, to: job}
  pending: {type: formula, label: Pending, returns: boolean, formula: NOT(status.closed)}
  above: {type: formula, label: Above, returns: boolean, formula: NOT(parent.status.closed)}
rules:
  open_jobs_have_short_names:
    when: NOT(status.closed) && LEN(name) > 10
    message: Name open jobs shortly.
    at: name
  parent_is_over:
    when: name = "orphan" && NOT(parent.status.closed)
    message: There is no closed parent.
    at: parent
"""


@pytest.fixture
def jobs(database_url: str) -> Iterator[Company]:
    """A company with jobs: open, done, and one without a status."""
    database = open_url(database_url)
    company = opened(database, compiled({"objects/job.yaml": TASK}))
    for name, status in (("open", "open"), ("done", "done"), ("blank", None)):
        company.create(company.session(), "job", name=name, status=status)
    yield company
    database.close()


def test_what_is_not_said_to_be_closed_is_open(jobs: Company) -> None:
    door = jobs.session()
    assert jobs.names(door, "job", where="NOT(status.closed)") == ["blank", "open"]
    assert jobs.names(door, "job", where="status.closed = false") == ["blank", "open"]
    assert jobs.names(door, "job", where="status.closed") == ["done"]
    assert jobs.names(door, "job", where="pending") == ["blank", "open"]


def test_a_list_and_a_formula_field_show_false_and_never_blank(jobs: Company) -> None:
    door = jobs.session()
    page = door.query(jobs.query(door, "job", "status.closed", "pending", "above", order=["name"]))
    told = [(r.values["status.closed"], r.values["pending"], r.values["above"]) for r in page.records]
    assert told == [(False, True, True), (True, False, True), (False, True, True)]


@pytest.mark.parametrize("status", ["open", None])
def test_a_rule_takes_it_as_false_as_the_database_does(jobs: Company, status: str | None) -> None:
    with pytest.raises(Problem) as refused:
        jobs.create(jobs.session(), "job", name="a much too long name", status=status)
    assert [detail.field for detail in refused.value.details] == ["name"]
    jobs.create(jobs.session(), "job", name="a much too long name", status="done")


def test_it_is_false_behind_a_lookup_that_leads_nowhere(jobs: Company) -> None:
    with pytest.raises(Problem):
        jobs.create(jobs.session(), "job", name="orphan")
    jobs.create(jobs.session(), "job", name="orphan", parent=jobs.ids["done"])
    assert jobs.names(jobs.session(), "job", where="NOT(parent.status.closed)") == ["blank", "done", "open"]


def test_figures_group_by_it_in_two(jobs: Company) -> None:
    target = jobs.release.catalog.object("job")
    path = jobs.release.catalog.path(target, "status.closed")
    asked = Aggregate(object=target, group=(path,), measures=(Measure(function=Function.COUNT),))
    assert jobs.session().aggregate(asked) == ((False, 2), (True, 1))
