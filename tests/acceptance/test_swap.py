"""Releases are swapped under load: everybody is answered, and no answer is made of two Releases.

Each publish renames an object and changes two formulas and a default to its own number, so an answer that
shows two numbers was made of a mixture. Every fifth one adds a field, which the next one gives a sort key:
values that are filled, so that the publish waits for leases.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from benchmarks.company import Company, make_company
from benchmarks.process import serving
from metadata.identity import lock
from metadata.package import LOCK, Package, from_files
from runtime.bootstrap import Composition, compose
from runtime.installation import open_installation
from runtime.publish import apply, plan
from tests.acceptance.client import client_of

if TYPE_CHECKING:
    import httpx

    from tests.acceptance.conftest import Place

CLIENTS, PUBLISHES = 32, 100
FEW_CLIENTS, FEW_PUBLISHES = 4, 2
"""By default: enough for both servers, and for a field that is filled."""
SERVERS = 2
_SHOWN = re.compile(r"Gauges (\d+)|stamped (\d+)")


def _layer(number: int, before: Package | None) -> Package:
    """The tenant's layer as its publish `number` has it."""
    extra = "".join(
        f"  x_note_{n}: {{type: text, label: Note {n}, sortable: {str(n < number).lower()}}}\n"
        for n in range(0, number + 1, 5)
    )
    gauge = f"""
object: x_gauge
label: Gauge {number}
plural: Gauges {number}
title: x_name
fields:
  x_name: {{type: text, label: Name}}
  x_made: {{type: integer, label: Made, default: {number}}}
  x_stamp: {{type: formula, label: Stamp, returns: integer, formula: "{number}"}}
  x_words: {{type: formula, label: Words, returns: text, formula: '"stamped {number}"'}}
{extra}"""
    view = "view: all\nobject: x_gauge\nlabel: All\ncolumns: [x_name, x_words]\ndefault: true\n"
    files = {"objects/x_gauge.yaml": gauge, "views/all.yaml": view}
    if before is not None:
        files[LOCK] = lock(before).render()
    package = from_files(files)
    return from_files({**files, LOCK: lock(package).render()})


@dataclass(slots=True)
class Seen:
    """What clients saw: statuses of all answers, texts of those that were wrong, numbers of Releases."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)

    def note(self, answer: httpx.Response, numbers: set[int], wanted: int) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code != wanted or len(numbers) > 1:
            self.wrong.append(f"{answer.status_code} {sorted(numbers)}: {answer.text[:500]}")
        self.numbers |= numbers


def _work(company: Company, port: int, seen: Seen, stop: threading.Event) -> None:
    """Create, list, describe and look at pages, one after the other, until told to stop."""
    with client_of(company, port) as client:
        page = str(client.base_url).replace("/api/v1/", "/o/x_gauge")
        while not stop.is_set():
            made = client.post("/x_gauge", json={"x_name": "g"})
            body = made.json() if made.status_code == 201 else {}
            seen.note(made, {int(body[name]) for name in ("x_made", "x_stamp") if name in body}, 201)
            told = client.get("/x_gauge", params={"fields": "x_stamp,x_words", "limit": "20"})
            rows = told.json()["records"] if told.status_code == 200 else []
            numbers = {int(row["x_stamp"]) for row in rows} | {int(row["x_words"].split()[1]) for row in rows}
            seen.note(told, numbers, 200)
            shown = client.get(page)
            found = {int(one or other) for one, other in _SHOWN.findall(shown.text)}
            seen.note(shown, found, 200)


def _swapped(place: Place, publishes: int, clients: int) -> Seen:
    company = make_company(place.data, place.database)
    composition, seen, stop = compose(), Seen(), threading.Event()
    layers = [_layer(0, None)]
    _publish(composition, company, layers[0])
    arguments = ["serve", "--worker", *company.arguments()]
    limits = {"STRATA_ACTOR_LIMIT": "1000000", "STRATA_VISITOR_LIMIT": "1000000"}
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving("runtime.cli.main", arguments, log=place.log, environment=limits))
            for _ in range(SERVERS)
        ]
        threads = [
            threading.Thread(target=_work, args=(company, servers[n % SERVERS].port, seen, stop))
            for n in range(clients)
        ]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, publishes + 1):
                layers.append(_layer(number, layers[-1]))
                _publish(composition, company, layers[-1])
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    return seen


def _publish(composition: Composition, company: Company, layer: Package) -> None:
    tenants = open_installation(company.settings, composition)
    try:
        with tenants.use(tenants.control.by_slug(company.slug)) as tenant:
            planned = plan(composition, tenant, [layer])
            apply(planned, tenant, tenants.control, by=None, reason="swap")
    finally:
        tenants.close()


def _check(seen: Seen, publishes: int) -> None:
    assert not seen.wrong, "\n".join(seen.wrong[:5])
    assert set(seen.statuses) == {200, 201}
    assert len(seen.numbers) > max(1, publishes / 4), "the swaps were seen while they happened"
    assert sum(seen.statuses.values()) > publishes * 3


def test_no_request_fails_and_none_is_served_from_two_releases(place: Place) -> None:
    _check(_swapped(place, FEW_PUBLISHES, FEW_CLIENTS), FEW_PUBLISHES)


@pytest.mark.soak
def test_a_hundred_publishes_under_load_fail_nobody(place: Place) -> None:
    _check(_swapped(place, PUBLISHES, CLIENTS), PUBLISHES)
