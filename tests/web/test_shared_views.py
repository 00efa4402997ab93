"""Views that are shared: who may share, who receives, what is left out of them, tabs in one's own order."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.web.reader import Reader
from tests.web.test_lists import names, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.runtime.site import Site

QUERY = "?q=Shared&sort=-margin&f=stage:equal:won&f=margin:more:5&col=name&col=margin&col=stage"
TAB = re.compile(r'<a href="/t/acme(/o/deal[^"]*)"( aria-current="page")?>([^<]*)</a>')


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[dict[str, Reader]]:
    with ExitStack() as readers:
        found = {name: Reader(site, name) for name in ("boss", "ann", "bob")}
        for reader in found.values():
            readers.callback(reader.http.close)
        site.made("deal", name="Shared a", stage="won", margin=9)
        site.made("deal", as_="ann", name="Shared b", stage="won")
        site.made("deal", as_="ann", name="Shared c", stage="open")
        yield found


@pytest.fixture
def view(people: dict[str, Reader]) -> Iterator[str]:
    """A view of boss's, by its id; gone after the test, with all that hangs on it."""
    made = people["boss"].post("/o/deal/views", {"do": "add", "name": "Winners", "query": QUERY})
    found = re.findall(r"mine=([0-9a-f-]{36})", made.headers.get("location", "") or str(made.url))[0]
    yield found
    people["boss"].post("/o/deal/views", {"do": "remove", "id": found})


def tabs(page: httpx.Response) -> dict[str, str]:
    """The tabs of a list: what they are called and where they lead."""
    bar = page.text.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    return {html.unescape(name): html.unescape(href) for href, _, name in TAB.findall(bar)}


def share(people: dict[str, Reader], who: str, view: str, **values: str) -> httpx.Response:
    return people[who].post("/o/deal/views/share", {"id": view, **values})


def test_a_shared_view_is_a_tab_of_those_it_is_shared_with(people: dict[str, Reader], view: str) -> None:
    assert "Winners" not in tabs(people["ann"].get("/o/deal?view=all"))
    share(people, "boss", view, everyone="1")
    assert "Winners" in tabs(people["ann"].get("/o/deal?view=all"))
    share(people, "boss", view)
    assert "Winners" not in tabs(people["ann"].get("/o/deal?view=all"))


def test_its_reader_sees_it_through_her_own_eyes(people: dict[str, Reader], view: str) -> None:
    share(people, "boss", view, everyone="1")
    address = tabs(people["ann"].get("/o/deal?view=all"))["Winners"]
    assert "margin" not in address
    page = people["ann"].get(address)
    assert names(page) == ["Shared b"]
    assert "Left out: 3 columns, filters or colors" in shown(page)
    assert "margin" not in page.text.lower()
    assert "Left out" not in shown(
        people["boss"].get(tabs(people["boss"].get("/o/deal?view=all"))["Winners"])
    )


def test_nobody_changes_or_shares_a_view_of_somebody_else(people: dict[str, Reader], view: str) -> None:
    share(people, "boss", view, everyone="1")
    people["ann"].post("/o/deal/views", {"do": "rename", "id": view, "name": "Hers"})
    people["ann"].post("/o/deal/views", {"do": "remove", "id": view})
    assert share(people, "ann", view).status_code == 403
    assert "Winners" in tabs(people["boss"].get("/o/deal?view=all"))
    assert share(people, "boss", "0190f2d3-0000-7000-8000-00000000000c").status_code == 404


def test_only_the_right_offers_to_share(people: dict[str, Reader], view: str) -> None:
    assert f"/o/deal/views/share?id={view}" in people["boss"].get(f"/o/deal{QUERY}&mine={view}").text
    made = people["ann"].post("/o/deal/views", {"do": "add", "name": "Hers", "query": "?q=x"})
    page = people["ann"].get(re.sub(r"^.*/t/acme", "", made.headers.get("location", "") or str(made.url)))
    assert "/views/share" not in page.text
    assert people["ann"].get(f"/o/deal/views/share?id={view}").status_code == 403


def test_everyone_puts_tabs_into_an_order_of_her_own(people: dict[str, Reader], view: str) -> None:
    share(people, "boss", view, everyone="1")
    first, *_ = tabs(people["ann"].get("/o/deal?view=all"))
    while next(iter(tabs(people["ann"].get("/o/deal?view=all")))) != "Winners":
        people["ann"].post("/o/deal/views", {"do": "earlier", "key": view, "query": ""})
    assert next(iter(tabs(people["boss"].get("/o/deal?view=all")))) == first
    people["ann"].post("/o/deal/views", {"do": "choose", "key": view, "query": ""})
    assert names(people["ann"].get("/o/deal")) == ["Shared b"]
    people["ann"].post("/o/deal/views", {"do": "release", "key": view, "query": ""})
    assert "Shared c" in names(people["ann"].get("/o/deal"))
