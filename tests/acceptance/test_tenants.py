"""Two companies in one process, asked at once by many, never meet."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, takewhile
from time import monotonic

import httpx
import pytest

from benchmarks.company import Company, make_company
from benchmarks.process import serving
from tests.acceptance.client import client_of
from tests.acceptance.conftest import Place

SLUGS = ("left", "right")


def _work(company: Company, port: int, numbers: Iterator[int]) -> list[str]:
    """Write, read and count in one company; return the ids made."""
    with client_of(company, port) as client:
        return [_made(client, company.slug, number) for number in numbers]


def _made(client: httpx.Client, slug: str, number: int) -> str:
    """Make one account and look around: every answer must be the company's own."""
    name = f"{slug} {number}"
    created = client.post("/account", json={"name": name})
    assert created.status_code == 201, created.text
    made: str = created.json()["id"]
    assert client.get(f"/account/{made}").json()["name"] == name
    newest = {"fields": "name,owner", "order": "-created_at", "limit": "20"}
    page = client.get("/account", params=newest).json()
    assert {record["name"].split()[0] for record in page["records"]} == {slug}
    assert {record["owner.title"] for record in page["records"]} <= {f"admin {slug}"}
    figures = client.get("/account/aggregate", params={"group": "name"}).json()["rows"]
    assert {row[0].split()[0] for row in figures} == {slug}
    return made


def _run(place: Place, batches: list[Iterator[int]]) -> None:
    companies = [make_company(place.data, place.database, slug=slug) for slug in SLUGS]
    arguments = ["serve", "--worker", *companies[0].arguments()]
    with serving("runtime.cli.main", arguments, log=place.log) as server:
        with ThreadPoolExecutor(len(batches) * 2) as threads:
            jobs = {
                threads.submit(_work, company, server.port, numbers): company.slug
                for company in companies
                for numbers in batches
            }
            made: dict[str, set[str]] = {slug: set() for slug in SLUGS}
            for job, slug in jobs.items():
                made[slug].update(job.result())
        for company, other in zip(companies, reversed(companies), strict=True):
            _check_apart(company, other, server.port, made)


def _check_apart(company: Company, other: Company, port: int, made: dict[str, set[str]]) -> None:
    """The other company's records are not there, and its tokens open nothing."""
    with client_of(company, port) as client:
        total = client.get("/account/aggregate", params={"measures": "count"}).json()["rows"]
        assert total == [[len(made[company.slug])]]
        for foreign in sorted(made[other.slug])[:5]:
            assert client.get(f"/account/{foreign}").status_code == 404
            stolen = client.patch(f"/account/{foreign}", json={"name": "taken"}, headers={"If-Match": "*"})
            assert stolen.status_code == 404
        token = {"Authorization": f"Bearer {other.tokens['admin']}"}
        assert client.get("/account", headers=token).status_code == 401


def test_two_companies_under_load_never_meet(place: Place) -> None:
    _run(place, [iter(range(12)), iter(range(100, 112))])


@pytest.mark.soak
def test_two_companies_under_load_for_a_minute_never_meet(place: Place) -> None:
    end = monotonic() + 60

    def ending(start: int) -> Iterator[int]:
        yield from takewhile(lambda _: monotonic() < end, count(start))

    _run(place, [ending(start * 100_000) for start in range(4)])
