"""The four sales files go into the standard CRM through the pages, once, and come out again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from benchmarks.company import PASSWORD, make_company
from benchmarks.process import serving
from tests.acceptance.dirty_files import as_csv
from tests.acceptance.sales_files import MANAGERS, SalesFile, sales_files
from tests.web.accessibility import violations
from tests.web.chromium import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ACCOUNTS, AGENTS = 12, 4
FILES = sales_files(accounts=ACCOUNTS, agents=AGENTS, deals=40, seed=7)
SECTORS = {"medical": "healthcare", "technolgy": "software"}
REASONS = ("Stage", "Reason for losing")
BLANK = sum(not row[3] for row in FILES.pipeline.rows)
"""Deals without an account, which an opportunity needs."""


def people() -> SalesFile:
    """The teams with what a user needs and the file lacks: an address, and the managers themselves."""
    boss = dict(MANAGERS)
    rows = [(name, "", boss[name]) for name in boss] + [
        (str(a), str(b), str(c)) for a, b, c in FILES.teams.rows
    ]
    return replace(
        FILES.teams,
        head=(*FILES.teams.head, "e-mail"),
        rows=tuple((*row, f"{row[0].lower().replace(' ', '.')}@example.com") for row in rows),
    )


@pytest.fixture(scope="module")
def admin(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The administrator of a company without any records, at its first page."""
    folder = tmp_path_factory.mktemp("import")
    company = make_company(folder)
    with serving("runtime.cli.main", ["serve", *company.arguments()], log=folder / "server.log") as server:
        context = browser.new_context(
            viewport={"width": 1440, "height": 1000},
            locale="en-US",
            base_url=f"http://127.0.0.1:{server.port}",
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(f"admin@{company.slug}.example")
        page.locator("#password").fill(PASSWORD)
        page.locator("button.primary").click()
        page.wait_for_url("**/o/*")
        yield page
        context.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    for file in (people(), *FILES):
        (made / f"{file.name}.csv").write_bytes(as_csv(file))
    (made / "sales_teams.csv").write_bytes(as_csv(people(), encoding="utf-16", delimiter="\t"))
    return made


def hand_in(page: Page, object_: str, file: Path, mapping: str = "") -> None:
    """Steps 1 and 2, as the guesses have it."""
    page.goto(f"/o/{object_}")
    page.get_by_role("link", name="Import").first.click()
    page.set_input_files("#file", str(file))
    if mapping:
        page.get_by_label("Saved mapping", exact=True).select_option(mapping)
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/columns")


def result(page: Page) -> dict[str, int]:
    """The figures of a job that has ended."""
    expect(page.locator(".tiles")).to_be_visible(timeout=PATIENCE)
    names, counts = page.locator(".tiles dt").all_inner_texts(), page.locator(".tiles dd").all_inner_texts()
    return {name: int(count.replace(",", "")) for name, count in zip(names, counts, strict=True)}


def test_the_four_files_go_in_once_and_come_out_again(admin: Page, folder: Path) -> None:
    """People with their departments, products with their categories, accounts, deals with their lines."""
    steps = (import_people, import_products, import_accounts, import_deals)
    undo = [step(admin, folder) for step in steps]
    hand_in(admin, "opportunity", folder / "sales_pipeline.csv", "Pipeline")
    to_values(admin)
    again = check(admin)
    assert (again["Created"], again["Updated"], again["Refused"]) == (0, 0, BLANK)
    for address in reversed(undo):
        admin.goto(address)
        admin.get_by_role("button", name="Undo").click()
        expect(admin.locator("#undo-heading")).to_have_text("What the undo did")
    for name in ("opportunity", "account", "product", "product_category"):
        found = admin.request.get(f"/api/v1/{name}", params={"limit": "1"}).json()
        assert found["records"] == []


def import_people(page: Page, folder: Path) -> str:
    """A UTF-16 file parted by tabs; managers stand in the same file."""
    hand_in(page, "user", folder / "sales_teams.csv")
    expect(page.get_by_label("regional_office becomes")).to_have_value("user/department")
    assert violations(page) == []
    to_values(page)
    page.get_by_label(re.compile("^Create the missing ones")).check()
    assert violations(page) == []
    return imported(page, rows=AGENTS + len(MANAGERS), created=AGENTS + len(MANAGERS) + 3)


def import_products(page: Page, folder: Path) -> str:
    """The name of a product stands in for the code that it needs."""
    hand_in(page, "product", folder / "products.csv")
    expect(page.get_by_label("SKU (Product): column")).to_have_value("product")
    to_values(page)
    page.get_by_label(re.compile("^Create the missing ones")).check()
    return imported(page, rows=7, created=7 + 3)


def import_accounts(page: Page, folder: Path) -> str:
    """Parents stand below their subsidiaries; sectors are other ones than the CRM's."""
    hand_in(page, "account", folder / "accounts.csv")
    to_values(page)
    for text, option in SECTORS.items():
        page.get_by_label(f"{text} means").select_option(option)
    page.get_by_label("All others mean").select_option("=")
    return imported(page, rows=ACCOUNTS, created=ACCOUNTS)


def import_deals(page: Page, folder: Path) -> str:
    """A product makes a line of each deal; one column says the stage and why a deal was lost."""
    hand_in(page, "opportunity", folder / "sales_pipeline.csv")
    assert page.get_by_label("product becomes").input_value() == "opportunity_line/product"
    page.get_by_label("Fill another field").select_option(label="Reason for losing")
    page.get_by_role("button", name="Add").first.click()
    page.get_by_label(re.compile("^Reason for losing.*column")).select_option("deal_stage")
    to_values(page)
    assert violations(page) == []
    expect(page.get_by_label("GTXPro means")).to_contain_text("GTX Pro")
    expect(page.locator("tr", has_text="GTXPro").locator(".badge")).to_have_text("proposed")
    stage, reason = (
        page.get_by_role("region", name=f"deal_stage → Opportunity · {name}") for name in REASONS
    )
    stage.get_by_label("Engaging means").select_option("needs")
    reason.get_by_label("Lost means").select_option("no_decision")
    reason.get_by_label("All others mean").select_option("=")
    would = check(page)
    assert would["Refused"] == BLANK, page.locator(".job table").inner_text()
    assert violations(page) == []
    page.get_by_label("Name of the mapping").fill("Pipeline")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".toast")).to_have_text("Mapping kept")
    return run(page, would)


def to_values(page: Page) -> None:
    page.get_by_role("button", name="Next").last.click()
    page.wait_for_url("**/values")


def check(page: Page) -> dict[str, int]:
    page.get_by_role("button", name="Check").click()
    page.wait_for_url("**/check?job=*")
    would = result(page)
    expect(page.locator(".main")).to_contain_text("Nothing was saved yet.")
    return would


def run(page: Page, would: dict[str, int]) -> str:
    """Import what the check has told; returns where it can be undone."""
    page.get_by_role("button", name=re.compile("^Import")).click()
    page.wait_for_url("**/jobs/*")
    assert result(page) == would
    return page.get_by_role("link", name="Show what an undo would do").get_attribute("href") or ""


def imported(page: Page, *, rows: int, created: int) -> str:
    would = check(page)
    assert would == {"Rows": rows, "Created": created, "Updated": 0, "Unchanged": 0, "Refused": 0}
    return run(page, would)
