"""How processes learn of each other's saves: hints everywhere, messages where the database carries them."""

import threading
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest

from engine.database import Unavailable
from engine.notices import listen
from runtime import sql, wake
from runtime.bootstrap import Composition
from runtime.config import Settings
from runtime.control import Control, Entry
from runtime.crew import Crew, Task, crew_of
from runtime.installation import open_installation
from runtime.log import Log
from runtime.tenants import Tenants
from runtime.wake import Herald, Listener
from tests import postgres
from tests.runtime.site import Site

SOON = 10.0
ENTRY = Entry(id="0190a1b2-0000-7000-8000-000000000001", slug="acme", place="nowhere")


@pytest.fixture(scope="module")
def apart(
    postgres_server: postgres.Server, composition: Composition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Tenants, Tenants]]:
    """One PostgreSQL installation as two processes have it open: one saves, one works; and its address."""
    with postgres_server.database() as url:
        settings = Settings(data=tmp_path_factory.mktemp("data"), database=url)
        saving = open_installation(settings, composition, create=True)
        working = open_installation(settings, composition)
        saving.control.add(ENTRY, saving.gate.clock())
        yield url, saving, working
        saving.close()
        working.close()


@pytest.fixture
def at_work() -> Iterator[Callable[..., None]]:
    """Lets tasks run until the end of the test."""
    crews: list[Crew] = []

    def begin(*tasks: Task) -> None:
        crews.append(Crew(tasks))
        crews[-1].start()

    yield begin
    for crew in crews:
        crew.stop()


def _heard(tenants: Tenants) -> bool:
    """Whether the bell rings for the tenant before long."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        tenants.bell.wait(0.05)
        if ENTRY.id in tenants.bell.take():
            return True
    return False


def _await_listeners(url: str, number: int) -> None:
    """Wait until so many connections listen; a message before that is lost, as it may be."""
    until = time.monotonic() + SOON
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while (connection.execute(query).fetchone() or (0,))[0] != number:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_save_here_wakes_a_worker_there_though_nobody_looks(
    apart: tuple[str, Tenants, Tenants], at_work: Callable[..., None]
) -> None:
    url, saving, working = apart
    at_work(
        Herald(tenants=saving, log=Log(StringIO()), gather=0.0),
        Listener(tenants=working, log=Log(StringIO()), dsn=url),
    )
    _await_listeners(url, 1)
    for _ in range(3):
        saving.bell.ring(ENTRY.id)
        assert _heard(working)


def test_what_is_looked_after_is_news_to_nobody(
    apart: tuple[str, Tenants, Tenants], at_work: Callable[..., None]
) -> None:
    url, saving, working = apart
    at_work(Listener(tenants=working, log=Log(StringIO()), dsn=url))
    _await_listeners(url, 1)
    other = Entry(id="0190a1b2-0000-7000-8000-000000000002", slug="beta", place="nowhere")
    saving.control.add(other, saving.gate.clock())
    saving.control.hint(other.id, 0)
    saving.control.hint(ENTRY.id, 1)
    working.bell.wait(SOON)
    assert working.bell.take() == {ENTRY.id}, "messages come in order, so the other would have come before"


def test_a_lost_connection_is_told_and_made_anew(
    apart: tuple[str, Tenants, Tenants], at_work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, saving, working = apart
    monkeypatch.setattr(wake, "AGAIN_SECONDS", 0.01)
    lines = StringIO()
    at_work(Listener(tenants=working, log=Log(lines), dsn=url))
    _await_listeners(url, 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
        )
    until = time.monotonic() + SOON
    while not _heard_after_hint(saving, working):
        assert time.monotonic() < until
    assert "nobody listens" in lines.getvalue()


def _heard_after_hint(saving: Tenants, working: Tenants) -> bool:
    saving.control.hint(ENTRY.id, 1)
    working.bell.wait(0.1)
    return ENTRY.id in working.bell.take()


def test_while_the_server_is_away_the_listener_tries_and_stops_when_told(
    apart: tuple[str, Tenants, Tenants], tmp_path: Path
) -> None:
    _, _, working = apart
    lines = StringIO()
    crew = Crew((Listener(tenants=working, log=Log(lines), dsn=f"postgresql:///x?host={tmp_path}"),))
    crew.start()
    until = time.monotonic() + SOON
    while "nobody listens" not in lines.getvalue():
        assert time.monotonic() < until
        time.sleep(0.01)
    crew.stop()


def test_a_listener_that_shall_stop_stops(apart: tuple[str, Tenants, Tenants]) -> None:
    stop = threading.Event()
    stop.set()
    assert list(listen(apart[0], "strata_work", stop)) == []


def test_every_save_is_left_as_a_hint_even_the_last_before_the_end(site: Site) -> None:
    with site.tenant() as tenant:
        site.tenants.control.hint(tenant.id, 0)
        crew = Crew((Herald(tenants=site.tenants, log=Log(StringIO()), gather=60.0),))
        crew.start()
        site.tenants.bell.ring(tenant.id)
        crew.stop()
        assert site.tenants.control.by_slug("acme").due_hint > 0


def test_a_hint_that_cannot_be_left_is_told_and_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        class bell:  # noqa: N801
            wait = staticmethod(lambda seconds: None)

        def __init__(self) -> None:
            self.tried = 0

        def leave_hints(self) -> None:
            self.tried += 1
            if self.tried == 1:
                raise Unavailable("away")

    tenants, lines, stop = Away(), StringIO(), threading.Event()
    thread = threading.Thread(target=Herald(tenants=tenants, log=Log(lines), gather=0.0), args=(stop,))  # type: ignore[arg-type]
    thread.start()
    until = time.monotonic() + SOON
    while tenants.tried < 3:
        assert time.monotonic() < until
        time.sleep(0.001)
    stop.set()
    thread.join(SOON)
    assert lines.getvalue().count("hints not left") == 1


def test_who_is_needed_follows_from_the_database_and_from_having_a_worker(site: Site) -> None:
    def names(settings: Settings, worker: Task | None) -> list[str]:
        crew = crew_of(settings, site.tenants, Log(StringIO()), worker)
        return [thread.name for thread in crew._threads]

    worker: Task = lambda stop: None  # noqa: E731
    assert names(Settings(), None) == ["Watch", "Herald"]
    assert names(Settings(), worker) == ["Watch", "function"]
    assert names(Settings(database="postgresql://x"), worker) == ["Watch", "function", "Listener"]
    crew_of(Settings(), site.tenants, Log(StringIO()), None).stop()


def test_a_hint_is_microseconds_of_the_savers_clock(site: Site) -> None:
    site.tenants.bell.ring(site.tenants.control.by_slug("acme").id)
    before = sql.micros(site.clock())
    site.tenants.leave_hints()
    control: Control = site.tenants.control
    assert before <= control.by_slug("acme").due_hint <= sql.micros(site.clock())
