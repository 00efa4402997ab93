"""How many statements a page sends: the lists and records of every object of the demo, in every tab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from runtime import identity
from runtime.bootstrap import compose
from runtime.config import Settings
from runtime.demo_data import PASSWORD, SLUG, demo_tenant
from runtime.installation import open_installation
from runtime.log import open_log
from runtime.serve import application
from tests.acceptance.test_statements import Counting
from tests.event_loop import run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path
    from typing import Any

    from runtime.tenant import Tenant

LIST, RECORD = 4, 12
PEOPLE = ("admin@demo.example", "rep@demo.example")
ID = "[0-9a-f]{8}-[0-9a-f-]{27}"
HTML = {"Accept": "text/html"}


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Counting, Tenant]]:
    """The demo's application, with its database counting. Who is signed in is looked up before, and once."""
    monkeypatch.setattr(identity, "REMEMBERED", 10_000.0)
    settings = Settings(data=tmp_path, port=0, log_level="error", visitor_limit=0, sign_in_limit=0)
    tenants = open_installation(settings, compose(), create=True)
    demo_tenant(settings, compose(), tenants, lambda _: None)
    with tenants.use(tenants.control.by_slug(SLUG)) as tenant:
        counting = Counting(tenant.database)
        tenant.database = counting
        yield application(settings, tenants, open_log(settings)), counting, tenant
    tenants.close()


async def _pages(client: httpx.AsyncClient, name: str, *, tabs: bool) -> AsyncIterator[str]:
    """The list of an object, its first record if there is one, and each tab of that."""
    address = f"/o/{name}"
    yield address
    shown = await client.get(address, headers=HTML)
    if (found := re.search(rf"/o/{name}/({ID})", shown.text)) is None:
        return
    record = f"{address}/{found[1]}"
    yield record
    page = await client.get(record, headers=HTML) if tabs else None
    for tab in sorted(set(re.findall(rf"{record}\?tab=([\w-]+)\"", page.text))) if page else ():
        yield f"{record}?tab={tab}"


async def _count(app: Any, counting: Counting, names: list[str]) -> dict[tuple[str, str], int]:
    """Ask for each page twice and count the second time: the first may make plans."""
    sent: dict[tuple[str, str], int] = {}
    for who in PEOPLE:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await client.post("/sign-in", data={"login": who, "password": PASSWORD}, headers=HTML)
            for name in names:
                async for address in _pages(client, name, tabs=who == PEOPLE[0]):
                    await client.get(address, headers=HTML)
                    counting.sent()
                    answer = await client.get(address, headers=HTML)
                    assert answer.status_code in (200, 403, 404), answer.text  # the last: closed to her
                    sent[who, address] = counting.sent()
    return sent


def test_no_page_sends_more_statements_than_its_kind_may(demo: tuple[Any, Counting, Tenant]) -> None:
    app, counting, tenant = demo
    assert tenant.release is not None
    names = [name for name, target in tenant.release.catalog.objects.items() if not target.retired]
    sent = run(_count(app, counting, names))
    lists = {page: count for page, count in sent.items() if page[1].count("/") == 2}
    records = {page: count for page, count in sent.items() if page not in lists}
    assert len(lists) == len(names) * len(PEOPLE)
    assert len(records) > 50
    assert {page: count for page, count in lists.items() if count > LIST} == {}
    assert {page: count for page, count in records.items() if count > RECORD} == {}
