"""kill -9 in the middle of numbering, chaining and purging: each goes on, and nothing is done by halves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest

from engine.changes.chain import carry_on, verify
from engine.changes.retention import keep_days, sweep
from engine.mutation import Create, Delete, Mutation
from runtime.bootstrap import Composition
from runtime.config import Settings
from tests.runtime.site import Site, found_company, opened_site

DEALS = 240
ROUNDS = 2
_WORK = """
import sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from engine.changes import chain, retention
from runtime.bootstrap import compose
from runtime.cli.opening import opened_tenant, published
from runtime.config import Settings

chain.CHUNK = retention.CHUNK = 20
settings = Settings(data=Path(sys.argv[1]), database=sys.argv[2])
with opened_tenant(settings, compose(), "acme") as (_, tenant):
    session = tenant.upkeep(published(tenant))
    session.clock = lambda: datetime.now(UTC) + timedelta(days=10)
    print("ready", flush=True)
    more = True
    while more:
        more = chain.carry_on(tenant.database)
        more = retention.sweep(session) or more
"""


@contextmanager
def _worker(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A process that numbers, chains and purges in small pieces, from when it says that it is ready."""
    command = [sys.executable, "-c", _WORK, str(settings.data), settings.database]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ})
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def _fill(site: Site) -> None:
    with site.tenant() as tenant:
        assert tenant.release is not None
        session, target = tenant.upkeep(tenant.release), tenant.release.catalog.objects["deal"]
        ids = [session.ids() for _ in range(DEALS)]
        made = tuple(Create(id=id_, values={"name": f"Deal {n}"}) for n, id_ in enumerate(ids))
        session.apply(Mutation(object=target, changes=made, entry="test", answer=False))
        gone = tuple(Delete(id=id_) for id_ in ids)
        session.apply(Mutation(object=target, changes=gone, entry="test", answer=False))
        with tenant.database.write() as connection:
            keep_days(connection, 1)


def _finished(site: Site) -> None:
    with site.tenant() as tenant:
        assert tenant.release is not None
        session = tenant.upkeep(tenant.release)
        site.clock.ahead = timedelta(days=10)
        while sweep(session):
            pass
        while carry_on(tenant.database):
            pass
        with tenant.database.read() as connection:
            verdict = verify(connection)
            counts = connection.row(
                """SELECT (SELECT count(*) FROM deal),
                (SELECT count(*) FROM s_journal WHERE kind = 'purged'),
                (SELECT count(DISTINCT record) FROM s_journal WHERE kind = 'purged'),
                (SELECT count(*) FROM s_journal WHERE seq IS NULL),
                (SELECT count(*) FROM s_journal), (SELECT max(seq) FROM s_journal)"""
            )
    assert counts is not None
    assert counts[:4] == (0, DEALS, DEALS, 0)
    assert counts[4] == counts[5] == verdict.entries
    assert verdict.breaks == ()


@pytest.mark.timeout(240)
def test_numbering_chaining_and_purging_go_on_after_a_kill(
    settings: Settings, composition: Composition
) -> None:
    dice = Random(5)
    with opened_site(settings, composition) as site:
        found_company(site, "acme")
        _fill(site)
    for _ in range(ROUNDS):
        with _worker(settings) as process:
            time.sleep(dice.uniform(0.01, 0.15))
            process.send_signal(signal.SIGKILL)
    with opened_site(settings, composition) as site:
        _finished(site)
