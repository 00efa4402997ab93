"""A worker's rounds: woken, hinted, swept; and one tenant's trouble is not another's."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from engine.codes import NEWER_TENANT
from engine.problem import Problem
from engine.revaluation import due
from runtime import sql, work
from runtime.config import Settings
from runtime.log import Log, open_log
from runtime.tenant import Tenant
from runtime.work import Rounds, worker_of
from tests.runtime.site import Site

SOON = 5.0


@pytest.fixture
def rounds(site: Site) -> Callable[..., Rounds]:
    """Rounds with a given visit, the first sweep behind them."""

    def made(visit: Callable[[Tenant], bool]) -> Rounds:
        found = Rounds(site.tenants, visit, open_log(Settings(log_level="critical")))
        list(found.due())
        return found

    return made


def _slugs(rounds: Rounds) -> list[str]:
    return [entry.slug for entry in rounds.due()]


def test_a_new_worker_looks_everywhere_once_and_then_only_where_there_is_work(
    site: Site, rounds: Callable[..., Rounds]
) -> None:
    fresh = Rounds(site.tenants, lambda _: False, open_log(Settings()))
    assert (_slugs(fresh), _slugs(fresh)) == (["acme", "beta"], [])
    site.made("deal", name="Work")
    assert (_slugs(fresh), _slugs(fresh)) == (["acme"], [])


def test_a_hint_of_another_process_is_followed_once_and_not_before_its_time(
    site: Site, rounds: Callable[..., Rounds]
) -> None:
    going = rounds(lambda _: False)
    beta = site.tenants.control.by_slug("beta")
    for ahead, found in ((timedelta(hours=1), []), (timedelta(0), ["beta"])):
        site.tenants.control.hint(beta.id, sql.micros(site.clock() + ahead))
        site.tenants.refresh()
        assert _slugs(going) == found
    site.tenants.refresh()
    assert _slugs(going) == []


def test_without_a_worker_what_is_saved_is_left_as_a_hint(site: Site) -> None:
    site.tenants.bell.take()
    site.made("deal", name="Hint")
    site.tenants.leave_hints()
    assert site.tenants.control.by_slug("acme").due_hint > 0


def test_every_minute_every_tenant_is_visited(
    site: Site, rounds: Callable[..., Rounds], monkeypatch: pytest.MonkeyPatch
) -> None:
    going = rounds(lambda _: False)
    site.tenants.bell.take()
    monkeypatch.setattr(work, "SWEEP_SECONDS", 0.0)
    assert _slugs(going) == ["acme", "beta"]


def test_what_fails_in_one_tenant_does_not_stop_the_others(site: Site) -> None:
    visited: list[str] = []
    stop = threading.Event()

    def visit(tenant: Tenant) -> bool:
        visited.append(tenant.slug)
        if tenant.slug == "acme":
            raise RuntimeError("broken")
        stop.set()
        return False

    Rounds(site.tenants, visit, open_log(Settings(log_level="critical")))(stop)
    assert visited == ["acme", "beta"]


def test_a_tenant_that_cannot_be_opened_is_told_in_a_line(site: Site) -> None:
    lines, stop = StringIO(), threading.Event()

    def visit(tenant: Tenant) -> bool:
        if tenant.slug == "acme":
            raise Problem(NEWER_TENANT, "The tenant is newer.")
        stop.set()
        return False

    Rounds(site.tenants, visit, Log(lines))(stop)
    told = json.loads(lines.getvalue())
    assert (told["event"], told["tenant"], told["reason"]) == ("work refused", "acme", "The tenant is newer.")
    assert "exception" not in told


def test_a_save_wakes_the_worker_at_once(site: Site) -> None:
    site.token("boss")
    site.tenants.bell.take()
    woken: list[float] = []
    stop = threading.Event()

    def visit(tenant: Tenant) -> bool:
        woken.append(time.monotonic())
        return False

    going: Any = Rounds(site.tenants, visit, open_log(Settings()))
    list(going.due())
    thread = threading.Thread(target=going, args=(stop,))
    thread.start()
    try:
        site.made("deal", name="Wake")
        since = time.monotonic()
        while not woken:
            assert time.monotonic() - since < SOON
            time.sleep(0.005)
    finally:
        stop.set()
        thread.join(10)


def test_the_first_visit_of_a_day_lets_amounts_follow_the_rates(site: Site) -> None:
    visit = worker_of(site.composition, site.tenants, open_log(Settings())).visit
    with site.tenant() as tenant:
        assert tenant.release is not None
        session = tenant.upkeep(tenant.release)
        assert due(session)
        for _ in range(100):
            if not visit(tenant):
                break
        assert not due(session)
