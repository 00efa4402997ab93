"""The directory of tenants, on both kinds of databases."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import postgres, sqlite
from engine.database import Database
from engine.problem import Problem
from runtime.control import Control, Entry

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def control(database_url: str) -> Control:
    """An empty control database."""
    return Control(_database(database_url))


def _database(url: str) -> Database:
    if url.startswith("sqlite"):
        return sqlite.open_database(Path(url.removeprefix("sqlite:///")))
    return postgres.open_database(url, "strata_control")


def _entry(slug: str, *hosts: str) -> Entry:
    return Entry(id=f"id-{slug}", slug=slug, place=f"{slug}.db", hosts=hosts)


def test_what_was_entered_is_found_again(control: Control) -> None:
    control.add(_entry("acme", "CRM.acme.example", "acme.example"), NOW)
    control.add(_entry("beta"), NOW)
    assert [entry.slug for entry in control.all()] == ["acme", "beta"]
    assert control.by_slug("acme").hosts == ("acme.example", "crm.acme.example")
    assert control.by_slug("beta").release_no == 0


@pytest.mark.parametrize("entry", [_entry("acme"), _entry("other", "crm.acme.example")])
def test_a_taken_name_or_host_is_refused_and_nothing_is_entered(control: Control, entry: Entry) -> None:
    control.add(_entry("acme", "crm.acme.example"), NOW)
    with pytest.raises(Problem, match="exists already"):
        control.add(entry, NOW)
    assert len(control.all()) == 1


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "a/b", "a" * 41, "ü"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(control: Control, slug: str) -> None:
    with pytest.raises(Problem, match="cannot name a tenant"):
        control.add(_entry(slug), NOW)


def test_an_unknown_tenant_is_said_with_those_there_are(control: Control) -> None:
    control.add(_entry("acme"), NOW)
    with pytest.raises(Problem) as caught:
        control.by_slug("acne")
    assert caught.value.hint == "Tenants: acme."


def test_release_numbers_only_go_forward(control: Control) -> None:
    control.add(_entry("acme"), NOW)
    control.published("id-acme", 4)
    control.published("id-acme", 3)
    assert control.by_slug("acme").release_no == 4


def test_a_hint_is_left_for_workers(control: Control) -> None:
    control.add(_entry("acme"), NOW)
    control.hint("id-acme", 12345)
    assert control.by_slug("acme").due_hint == 12345


def test_what_is_removed_can_be_entered_again(control: Control) -> None:
    control.add(_entry("acme", "acme.example"), NOW)
    control.remove("id-acme")
    control.add(_entry("acme", "acme.example"), NOW)
    assert len(control.all()) == 1
