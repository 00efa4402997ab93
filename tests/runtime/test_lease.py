"""Leases: who works on which Release, how long a publish waits for them, and how they end."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import postgres, sqlite
from runtime import lease, sql
from runtime.control import Control
from runtime.lease import KEEP_SECONDS, LEASE_SECONDS, UNREAD, Leases, await_leases
from tests.runtime.site import Site

TENANT = "0190a1b2-0000-7000-8000-000000000001"


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def control(database_url: str, tmp_path: Path) -> Iterator[Control]:
    embedded = database_url.startswith("sqlite:")
    database = (
        sqlite.open_database(tmp_path / "control.db")
        if embedded
        else postgres.open_database(database_url, "strata_control")
    )
    control = Control(database)
    yield control
    control.close()


def _held(control: Control, clock: Clock, number: int) -> bool:
    return control.leased(TENANT, number, sql.micros(clock()))


def test_a_tenant_that_is_being_opened_counts_as_older_than_any_release(control: Control) -> None:
    clock = Clock()
    leases = Leases(control, "a", clock)
    leases.take(TENANT)
    assert _held(control, clock, UNREAD + 1)
    leases.keep({TENANT: 4})
    assert _held(control, clock, 5)
    assert not _held(control, clock, 4)


def test_a_lease_ends_by_itself_unless_it_is_kept(control: Control) -> None:
    clock = Clock()
    leases = Leases(control, "a", clock)
    leases.keep({TENANT: 4})
    clock.now += timedelta(seconds=KEEP_SECONDS)
    leases.keep({TENANT: 4})
    clock.now += timedelta(seconds=LEASE_SECONDS - 1)
    assert _held(control, clock, 5)
    clock.now += timedelta(seconds=1)
    assert not _held(control, clock, 5)


def test_a_tenant_that_was_closed_and_a_process_that_ends_hold_nobody_up(control: Control) -> None:
    clock = Clock()
    one, other = Leases(control, "a", clock), Leases(control, "b", clock)
    for leases in (one, other):
        leases.keep({TENANT: 4})
    one.keep({})
    assert _held(control, clock, 5), "the other process still works on it"
    other.end()
    assert not _held(control, clock, 5)


class Counting(Control):
    """A control database that counts what is written of leases."""

    written = 0

    def lease(self, process: str, numbers: Mapping[str, int], closed: tuple[str, ...], *, until: int) -> None:
        self.written += 1
        super().lease(process, numbers, closed, until=until)


def test_a_lease_that_says_nothing_new_is_not_written_again(tmp_path: Path) -> None:
    clock, control = Clock(), Counting(sqlite.open_database(tmp_path / "control.db"))
    leases = Leases(control, "a", clock)
    for _ in range(KEEP_SECONDS):
        leases.keep({TENANT: 4})
        clock.now += timedelta(seconds=1)
    assert control.written == 1
    leases.keep({TENANT: 4})
    assert control.written == 2
    control.close()


def test_a_publish_waits_for_the_last_process_and_not_longer(control: Control) -> None:
    clock = Clock()
    leases = Leases(control, "a", clock)
    leases.keep({TENANT: 4})
    timer = threading.Timer(0.1, lambda: leases.keep({TENANT: 5}))
    timer.start()
    assert await_leases(control, TENANT, 5, clock)
    timer.join()


def test_a_publish_gives_up_waiting_in_the_end(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "PATIENCE_SECONDS", 0.05)
    clock = Clock()
    Leases(control, "a", clock).keep({TENANT: 4})
    assert not await_leases(control, TENANT, 5, clock)


def test_a_release_is_worked_on_until_its_last_request_is_done(site: Site) -> None:
    with site.tenant() as tenant:
        first = tenant.release
        assert first is not None
        with ExitStack() as requests:
            assert requests.enter_context(tenant.pinned()) is first
            requests.enter_context(tenant.pinned())
            tenant.swap(replace(first, number=first.number + 1))
            assert tenant.oldest == first.number
        assert tenant.oldest == first.number + 1
        tenant.swap(first)
