"""kill -9 in the middle of writes: what was answered is there; the rest is there whole or not at all."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from runtime.bootstrap import Composition
from runtime.config import Settings
from tests.runtime.site import Site, found_company, opened_site

ROUNDS = 2
BATCH = 20
SOME = 3  # answered writes before the process is killed


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`strata serve` as a process of its own, and its address."""
    command = [sys.executable, "-m", "runtime.cli.main", "serve", "--port", "0", "--data", str(settings.data)]
    environment = {**os.environ, "STRATA_DATABASE": settings.database, "STRATA_LOG_LEVEL": "error"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Strata serves "), line
        yield process, line.split()[-1]
    finally:
        process.kill()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def _write_until_killed(process: subprocess.Popen[str], address: str, token: str, run: int) -> list[str]:
    """Names of the deals that were answered with 201 before the kill; the kill falls into later writes."""
    answered: list[str] = []
    enough = threading.Event()

    def write(writer: int) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=30, trust_env=False) as client:
            for number in range(10_000):
                name = f"run {run} writer {writer} batch {number}"
                rows = [{"name": name, "amount": row} for row in range(BATCH)]
                try:
                    response = client.post("/t/acme/api/v1/deal", json=rows)
                except httpx.TransportError:
                    return
                assert response.status_code == 201
                answered.append(name)
                if len(answered) >= SOME:
                    enough.set()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    process.send_signal(signal.SIGKILL)
    for writer in writers:
        writer.join(30)
    return answered


def _batches(site: Site) -> dict[str, int]:
    """How many deals there are of each name."""
    params = {"group": "name", "measures": "count", "where": 'CONTAINS(name, "run ")'}
    rows = site.call("GET", "/deal/aggregate", params=params).json()["rows"]
    return dict(rows)


def _journal_agrees(site: Site) -> bool:
    """Every record has its journal entry, every entry its record and its change set."""
    with site.tenant() as tenant, tenant.database.read() as connection:
        found = connection.row(
            """SELECT (SELECT count(*) FROM deal d
                WHERE NOT EXISTS (SELECT 1 FROM s_journal j WHERE j.record = d.id AND j.kind = 'created')),
            (SELECT count(*) FROM s_journal j
                WHERE j.object = 'deal' AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.id = j.record)),
            (SELECT count(*) FROM s_journal j
                WHERE NOT EXISTS (SELECT 1 FROM s_change_set c WHERE c.id = j.change_set))"""
        )
    return found == (0, 0, 0)


def _sound(file: Path) -> bool:
    connection = sqlite3.connect(file)
    try:
        intact = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return intact and not connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()


@pytest.mark.timeout(240)
def test_no_answered_write_is_lost_and_none_is_half(settings: Settings, composition: Composition) -> None:
    with opened_site(settings, composition) as site:
        found_company(site, "acme")
        token = site.token("boss")
    answered: list[str] = []
    for run in range(ROUNDS):
        with _server(settings) as (process, address):
            answered += _write_until_killed(process, address, token, run)
    with opened_site(settings, composition) as site:
        there = _batches(site)
        assert set(answered) <= set(there)
        assert set(there.values()) == {BATCH}
        assert _journal_agrees(site)
        site.made("deal", name="Life goes on")
    if not settings.database:
        assert all(_sound(file) for file in settings.data.rglob("*.db"))
