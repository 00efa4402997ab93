"""Server time of the generated pages, one reader, one request at a time: a list of 50, a record, a form.

    python -m benchmarks.pages [--rows 100000] [--rounds 200] [--database URL]

Prints the median and the 95th percentile in milliseconds, as seen over the loopback, and the ratio to the
API's answer for the same data in the same run. Bars (design): list 40 ms, record 25 ms on 100,000 rows.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import httpx

from benchmarks.company import make_company
from benchmarks.process import serving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.company import Company

WARM = 10


def _addresses(company: Company) -> Mapping[str, tuple[str, str]]:
    """Each page with the request of the API that reads the same."""
    deal, base, api = company.deals[0], f"/t/{company.slug}/o", f"/t/{company.slug}/api/v1"
    fields = "name,account,account.name,stage,amount,close_date,expected,owner,owner.name,next_step"
    return {
        "list of 50": (
            f"{base}/opportunity?view=all",
            f"{api}/opportunity?limit=50&count=true&order=close_date&fields={fields}",
        ),
        "record": (f"{base}/opportunity/{deal}", f"{api}/opportunity/{deal}"),
        "form": (f"{base}/opportunity/{deal}/edit", f"{api}/opportunity/{deal}"),
    }


def _times(client: httpx.Client, address: str, rounds: int) -> list[float]:
    """Milliseconds of each request after the first few."""
    found = []
    for turn in range(rounds + WARM):
        start = time.perf_counter()
        answer = client.get(address)
        taken = (time.perf_counter() - start) * 1000
        assert answer.status_code == 200, answer.text[:500]
        if turn >= WARM:
            found.append(taken)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the company, serve it, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", default="")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        company = make_company(place, asked.database, rows=asked.rows)
        command = ["serve", "--no-worker", *company.arguments()]
        limits = {"STRATA_ACTOR_LIMIT": "0", "STRATA_LOG_LEVEL": "error"}
        with serving("runtime.cli.main", command, log=place / "log", environment=limits) as server:
            _print(company, server.port, asked.rounds)


def _print(company: Company, port: int, rounds: int) -> None:
    headers = {"Authorization": f"Bearer {company.tokens['admin']}", "Accept": "text/html"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client:
        print(f"{'page':<12}{'p50 ms':>9}{'p95 ms':>9}{'API ms':>9}{'ratio':>8}")
        for name, (page, api) in _addresses(company).items():
            pages, answers = _times(client, page, rounds), _times(client, api, rounds)
            middle, slow, floor = median(pages), quantiles(pages, n=20)[-1], median(answers)
            print(f"{name:<12}{middle:9.1f}{slow:9.1f}{floor:9.1f}{middle / floor:8.1f}")


if __name__ == "__main__":
    main()
