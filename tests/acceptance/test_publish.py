"""A tenant layer comes into a running server while people work."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benchmarks.company import Company, make_company
from benchmarks.process import ROOT, serving
from tests.acceptance.client import client_of, strata
from tests.acceptance.conftest import Place

NOTICE_SECONDS = 5.0


@contextmanager
def _people_at_work(company: Company, port: int) -> Iterator[list[int]]:
    """Two people who list and write accounts all the while; the statuses of all answers."""
    statuses: list[int] = []
    stop = threading.Event()

    def work(number: int) -> None:
        with client_of(company, port) as client:
            while not stop.is_set():
                statuses.append(client.get("/account", params={"limit": "5"}).status_code)
                made = {"name": f"Account {number}"}
                asked = client.post("/account", json=made, params={"accept_duplicates": "true"})
                statuses.append(asked.status_code)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _served(client: httpx.Client, seconds: float) -> bool:
    """Whether the new object is served within so many seconds."""
    deadline = time.monotonic() + seconds
    while client.get("/x_candidate").status_code == 404:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_layer_is_served_at_once_and_nobody_at_work_notices(place: Place) -> None:
    company = make_company(place.data, place.database, rows=20)
    arguments = ["serve", "--worker", *company.arguments()]
    layer = str(ROOT / "examples" / "recruiting")
    with (
        serving("runtime.cli.main", arguments, log=place.log) as server,
        client_of(company, server.port) as client,
    ):
        assert client.get("/x_candidate").status_code == 404
        with _people_at_work(company, server.port) as statuses:
            strata(["publish", layer, "--tenant", company.slug, *company.arguments()])
            assert _served(client, NOTICE_SECONDS)
            before = len(statuses)
            _use(client)
        assert set(statuses) == {200, 201}
        assert len(statuses) > before > 0


def _use(client: httpx.Client) -> None:
    """The object, its rule and the fields added to account are there."""
    employer = client.get("/account", params={"limit": "1"}).json()["records"][0]
    made = client.post("/x_candidate", json={"name": "Ada", "account": employer["id"], "salary": 10.5})
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "applied"
    refused = client.post("/x_candidate", json={"name": "Bo", "status": "hired"})
    assert [error["field"] for error in refused.json()["errors"]] == ["start"]
    assert employer["x_hiring"] is False
    changed = client.patch(f"/account/{employer['id']}", json={"x_hiring": True}, headers={"If-Match": "*"})
    assert changed.json()["x_hiring"] is True
    listed = client.get("/x_candidate", params={"fields": "name,account.x_hiring"}).json()["records"]
    assert [(record["name"], record["account.x_hiring"]) for record in listed] == [("Ada", True)]
