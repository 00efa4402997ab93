"""Server and worker are killed in the middle: no half save, no lost and no doubled step."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import httpx
import pytest

from benchmarks.company import Company, make_company
from benchmarks.process import Server, serving
from tests.acceptance.client import client_of, working
from tests.acceptance.conftest import Place

BATCH = 5
START_SECONDS = 30
DRAIN_SECONDS = 60.0


@dataclass
class Sender:
    """Sends batches of leads with ids of its own, whatever becomes of the server."""

    company: Company
    random: Random
    sent: list[tuple[str, ...]] = field(default_factory=list)
    acknowledged: set[tuple[str, ...]] = field(default_factory=set)

    def run(self, port: int, stop: threading.Event) -> None:
        """Send until told to stop or the server is gone."""
        with client_of(self.company, port) as client:
            while not stop.is_set():
                ids = tuple(self._id() for _ in range(BATCH))
                self.sent.append(ids)
                try:
                    answer = client.post("/lead/batch", json={"changes": list(_leads(ids)), "partial": False})
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                self.acknowledged.add(ids)

    def _id(self) -> str:
        """A UUIDv7 of the test's own making, as a phone would make it."""
        moment = int(time.time() * 1000) << 80
        tail = self.random.getrandbits(74)
        return str(UUID(int=moment | 7 << 76 | (tail >> 62) << 64 | 2 << 62 | tail & (1 << 62) - 1))


def _leads(ids: tuple[str, ...]) -> Iterator[dict[str, object]]:
    for id_ in ids:
        digits = f"{int(id_.replace('-', ''), 16) % 10**8:08}"
        values = {"name": f"Lead {id_}", "company": f"Acme {digits}", "phone": f"+86 21 {digits}"}
        yield {"action": "create", "id": id_, "values": values}


def _round(sender: Sender, company: Company, place: Place, pause: float) -> None:
    """Run server and worker, send for a while, kill both at once."""
    stop = threading.Event()
    arguments = ["serve", "--no-worker", *company.arguments()]
    with ExitStack() as stack:
        server = stack.enter_context(serving("runtime.cli.main", arguments, log=place.log))
        worker = stack.enter_context(working(company, place.log))
        thread = threading.Thread(target=sender.run, args=(server.port, stop))
        stored = len(sender.acknowledged)
        thread.start()
        _await(lambda: len(sender.acknowledged) > stored)
        time.sleep(pause)
        worker.send_signal(signal.SIGKILL)
        server.kill()
        stop.set()
        thread.join()


def _await(there: Callable[[], bool]) -> None:
    """The first answer of a server may take long, however fast it is afterwards."""
    deadline = time.monotonic() + START_SECONDS
    while not there() and time.monotonic() < deadline:
        time.sleep(0.01)


def _all(client: httpx.Client, name: str, fields: str) -> Iterator[dict[str, str]]:
    after: dict[str, str] = {}
    while True:
        page = client.get(f"/{name}", params={"fields": fields, "limit": "500", **after}).json()
        yield from page["records"]
        if page["next"] is None:
            return
        after = {"after": page["next"]}


def _drained(client: httpx.Client, leads: int) -> None:
    """Wait until no step is outstanding, and a little longer, so that a doubled one could show."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while sum(1 for _ in _all(client, "notification", "user")) < leads and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(1)


def _check(sender: Sender, company: Company, server: Server) -> None:
    with client_of(company, server.port) as client:
        stored = {record["id"] for record in _all(client, "lead", "name")}
        for batch in sender.sent:
            here = stored.intersection(batch)
            assert len(here) in (0, BATCH), "half a batch is stored"
            assert here or batch not in sender.acknowledged, "a batch that was acknowledged is gone"
        _drained(client, len(stored))
        tasks = Counter(
            record["related_to"].removeprefix("lead/") for record in _all(client, "activity", "related_to")
        )
        told = Counter(record["about_record"] for record in _all(client, "notification", "about_record"))
        assert tasks == dict.fromkeys(stored, 1), "every lead has one follow-up task"
        assert told == dict.fromkeys(stored, 1), "every owner was told once"
        for id_ in sorted(stored)[:10]:
            history = client.get(f"/lead/{id_}/history").json()["changes"]
            assert [change["kind"] for change in history] == ["created"]


def _kill(place: Place, rounds: int, seed: int) -> None:
    random = Random(seed)
    company = make_company(place.data, place.database)
    sender = Sender(company=company, random=random)
    for _ in range(rounds):
        _round(sender, company, place, random.uniform(0.4, 1.5))
    assert sender.acknowledged, "something was stored before the kills"
    arguments = ["serve", "--worker", *company.arguments()]
    with serving("runtime.cli.main", arguments, log=place.log) as server:
        _check(sender, company, server)


def test_a_kill_leaves_no_half_save_and_no_lost_or_doubled_step(place: Place) -> None:
    _kill(place, rounds=2, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_many_kills_leave_no_half_save_and_no_lost_or_doubled_step(place: Place, seed: int) -> None:
    _kill(place, rounds=15, seed=seed)
