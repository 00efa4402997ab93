"""Claims about singletons: one record, made by the publication, changed by people, never made or deleted."""

import pytest

from engine import codes
from engine.database import Database
from engine.migration import perform, steps
from engine.mutation import Create, Delete, Restore
from engine.problem import Problem
from engine.release import prepare
from engine.singleton import found_singletons, singleton_id
from tests.engine.session.company import LANGUAGE, Company, compiled, opened

SETTINGS = """
object: settings
label: Settings
plural: Settings
title: name
singleton: true
fields:
  name: {type: text, label: Name, default: Ours}
  since: {type: date, label: Since, default: "=TODAY()"}
  budget: {type: integer, label: Budget, required: true}
rules:
  named: {when: budget < 0, message: Not below nothing., at: budget}
"""
SINGLE = compiled({"objects/settings.yaml": SETTINGS})


@pytest.fixture
def single(database: Database) -> Company:
    """A company with settings."""
    company = opened(database, SINGLE)
    found_singletons(company.session())
    return company


def test_the_publication_makes_the_record_once_with_its_defaults(single: Company) -> None:
    found_singletons(single.session())
    (record,) = (
        single.session().query(single.query(single.session(), "settings", "name", "since", "budget")).records
    )
    assert record.id == singleton_id(single.release.catalog.object("settings"))
    assert (record.values["name"], str(record.values["since"]), record.values["budget"]) == (
        "Ours",
        "2026-03-04",
        None,
    )
    (made,) = single.session().history(single.release.catalog.object("settings"), record.id)
    assert (made.kind, made.change_set.entry) == ("created", "publish")


def test_whoever_saves_it_first_is_asked_for_what_is_required(single: Company) -> None:
    own, ann = singleton_id(single.release.catalog.object("settings")), single.session("ann", "s_all")
    assert single.update(ann, "settings", own, budget=5).values["budget"] == 5
    for budget in (None, -1):
        with pytest.raises(Problem) as refused:
            single.update(ann, "settings", own, budget=budget)
        assert refused.value.code is codes.INVALID


def test_it_is_neither_made_nor_deleted_by_anybody(single: Company) -> None:
    own = singleton_id(single.release.catalog.object("settings"))
    for session in (single.session(), single.session("ann", "s_all")):
        for change in (Create(values={}), Create(values={}, id=own), Delete(id=own), Restore(id=own)):
            with pytest.raises(Problem) as refused:
                single.apply(session, "settings", change)
            assert (refused.value.code, refused.value.status) == (codes.SINGLETON, 409)


def test_an_object_with_several_records_does_not_become_single(database: Database) -> None:
    company = opened(database, compiled({"objects/settings.yaml": SETTINGS.replace("singleton: true\n", "")}))
    company.create(company.session(), "settings", name="a", budget=1)
    company.release, old = prepare(SINGLE, 1, database.dialect, LANGUAGE), company.release
    perform(steps(old.tables, company.release.tables), database)
    with pytest.raises(Problem) as refused:
        found_singletons(company.session())
    assert [(detail.field, detail.code) for detail in refused.value.details] == [
        ("settings", codes.CROWDED.id)
    ]
