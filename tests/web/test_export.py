"""Lists as files: what the page shows and no more, all pages, safe in a spreadsheet, and noted."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.runtime.site import Site


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[dict[str, Reader]]:
    with ExitStack() as readers:
        found = {name: Reader(site, name) for name in ("boss", "ann")}
        for reader in found.values():
            readers.callback(reader.http.close)
        for place, name in enumerate(("=1+1", "@cmd", "plain", "-5", "＝A1")):
            site.made("deal", name=f"{name} Export", amount=-place, stage="won", closes="2026-01-05")
        yield found


def rows(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def noted(site: Site) -> list[tuple[str, object]]:
    """Reasons of exports, the newest last, and whether they are still open."""
    with site.tenant() as tenant, tenant.database.read() as connection:
        text = "SELECT reason, open FROM s_change_set WHERE entry = 'export' ORDER BY at, id"
        return [(str(row[0]), row[1]) for row in connection.rows(text)]


def test_a_list_leaves_as_it_is_shown_with_all_its_pages(
    people: dict[str, Reader], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.export.PAGE", 2)
    page = (
        "/o/deal/export?q=Export&sort=-amount&col=name&col=amount&col=stage&col=closes&group=stage&fold=won"
    )
    head, *found = rows(people["boss"].get(page))
    assert head == ["Name", "Amount", "Stage", "Closes"]
    assert [row[1] for row in found] == ["0", "-1", "-2", "-3", "-4"]
    assert {tuple(row[2:]) for row in found} == {("Won", "2026-01-05")}
    reason, still = noted(site)[-1]
    assert reason == "deal: name, amount, stage, closes; 5 records"
    assert not still


def test_no_text_of_a_file_is_a_formula_and_numbers_stay_numbers(people: dict[str, Reader]) -> None:
    _, *found = rows(people["boss"].get("/o/deal/export?q=Export&sort=-amount&col=name&col=amount"))
    assert [row[0] for row in found] == [
        "'=1+1 Export", "'@cmd Export", "plain Export", "'-5 Export", "'＝A1 Export",
    ]  # fmt: skip
    assert all(not row[1].startswith("'") for row in found)


def test_who_may_not_export_is_offered_nothing_and_refused_everywhere(
    people: dict[str, Reader], site: Site
) -> None:
    before = noted(site)
    assert "/o/deal/export" in people["boss"].get("/o/deal").text
    assert "/o/deal/export" not in people["ann"].get("/o/deal").text
    assert people["ann"].get("/o/deal/export").status_code == 403
    assert site.call("GET", "/deal/export", "ann").status_code == 403
    paths = site.call("GET", "/openapi.json", "ann").json()["paths"]
    assert "/api/v1/deal/export" not in paths
    assert noted(site) == before


def test_the_api_exports_what_is_asked_and_nothing_hidden(people: dict[str, Reader], site: Site) -> None:
    asked = "/deal/export?fields=name,stage&where=amount = -2&find=Export"
    assert rows(site.call("GET", asked, "boss")) == [["Name", "Stage"], ["plain Export", "Won"]]
    assert site.call("GET", "/deal/export?fields=nonsense", "boss").status_code == 422
    assert site.call("GET", "/deal/export?colour=red", "boss").status_code == 400
    described = site.call("GET", "/openapi.json", "boss").json()["paths"]["/api/v1/deal/export"]["get"]
    assert next(iter(described["responses"]["200"]["content"])) == "text/csv"
