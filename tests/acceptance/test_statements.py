"""How many statements a whole request sends, from the door to the answer: free of noise, a guard of speed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.company import Company, make_company
from benchmarks.operations import list_query
from runtime.bootstrap import compose
from runtime.installation import open_installation
from runtime.log import open_log
from runtime.serve import application
from tests.event_loop import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.database import Connection, Database, Dialect
    from tests.acceptance.conftest import Place

SERIES = LISTS = SEARCHED = STAGES = 1
"""A deal has a number, tags, searched fields and a process, declared features: one statement more for each
that a request touches, where it is created or changed.
"""

DEAL = {"name": "New", "stage": "needs", "amount": 5, "close_date": "2026-05-01"}


@dataclass
class Counting:
    """A database that remembers what was sent over its loans."""

    database: Database
    loans: list[Connection] = field(default_factory=list)

    @property
    def dialect(self) -> Dialect:
        return self.database.dialect

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.database.read() as loan:
            yield self._noted(loan)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.database.write() as loan:
            yield self._noted(loan)

    @contextmanager
    def bare(self) -> Iterator[Connection]:
        with self.database.bare() as loan:
            yield self._noted(loan)

    def close(self) -> None:
        self.database.close()

    def sent(self) -> int:
        """Statements since the last question; those of a transaction include BEGIN and COMMIT."""
        loans, self.loans = self.loans, []
        return sum(loan.statements for loan in loans)

    def _noted(self, loan: Connection) -> Connection:
        self.loans.append(loan)
        return loan


def _batch(company: Company, rows: int) -> dict[str, Any]:
    values = {**DEAL, "account": company.accounts[0]}
    return {"changes": [{"action": "create", "values": values} for _ in range(rows)]}


def _requests(company: Company, turn: int = 0) -> dict[str, tuple[str, str, object, int]]:
    """Each request with the most statements it may send."""
    deal = f"/{company.deals[0]}"
    return {
        "read": ("GET", deal, None, 1),
        "list": ("GET", f"?{list_query()}", None, 1),
        "list and count": ("GET", f"?{list_query(count='true')}", None, 2),
        "figures": ("GET", "/aggregate?group=stage&measures=count,sum:amount", None, 1),
        "create": ("POST", "", {**DEAL, "account": company.accounts[0]}, 8 + SERIES + SEARCHED + STAGES),
        "update": ("PATCH", deal, {"next_step": f"Call {turn}", "version": "*"}, 8 + LISTS),
        "batch of 2": ("POST", "/batch", _batch(company, 2), 8 + SERIES + SEARCHED + STAGES),
        "batch of 200": ("POST", "/batch", _batch(company, 200), 8 + SERIES + SEARCHED + STAGES),
    }


async def _ask(app: Any, company: Company, counting: Counting) -> dict[str, int]:
    """Send each request twice and count the second: the first one may make plans and look the reader up."""
    transport = httpx.ASGITransport(app=app)
    bearer = {"Authorization": f"Bearer {company.tokens['rep']}"}
    counts = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=bearer) as client:
        for turn in range(2):
            for name, (method, path, body, _) in _requests(company, turn).items():
                counting.sent()
                answer = await client.request(method, f"/api/v1/opportunity{path}", json=body)
                assert answer.is_success, answer.text
                counts[name] = counting.sent()
    return counts


def test_a_request_sends_few_statements_however_many_rows_it_carries(place: Place) -> None:
    company = make_company(place.data, place.database, rows=60)
    tenants = open_installation(company.settings, compose())
    try:
        with tenants.use(tenants.control.by_slug(company.slug)) as tenant:
            counting = Counting(tenant.database)
            tenant.database = counting
            app = application(company.settings, tenants, open_log(company.settings))
            counts = run(_ask(app, company, counting))
    finally:
        tenants.close()
    allowed = {name: most for name, (_, _, _, most) in _requests(company).items()}
    assert {name: count for name, count in counts.items() if count > allowed[name]} == {}
    assert counts["update"] > 2, "the second update changed something as well"
    assert counts["batch of 2"] == counts["batch of 200"]
