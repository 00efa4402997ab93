"""Groups, colours, sharing and export of a list in a browser, by the buttons that people press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.accessibility import violations
from tests.web.test_list_browser import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.runtime.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def base(site: Site) -> str:
    """The address of the company; it has four deals."""
    rows = [{"name": name, "amount": n, "stage": stage} for n, (name, stage) in enumerate(
        (("Ash", "won"), ("Birch", "open"), ("Cedar", "won"), ("Dogwood", "lost"))
    )]  # fmt: skip
    rows[3]["amount"] = 0
    site.call("POST", "/deal", json=rows)
    return f"{str(site.client.base_url).rstrip('/')}/t/acme"


@pytest.fixture
def boss(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    sign_in(page, base)
    page.goto(f"{base}/o/deal?sort=name&col=stage&col=amount")
    yield page
    context.close()


def test_rows_are_grouped_folded_and_walked_through_by_keyboard(boss: Page) -> None:
    boss.get_by_role("button", name="Group", exact=True).click()
    boss.locator("#group-menu").get_by_role("link", name="Stage", exact=True).click()
    expect(boss.locator("tr.group")).to_have_count(3)
    boss.locator("tr[data-id]", has_text="Birch").locator("td[data-field=amount]").click()
    boss.keyboard.press("ArrowDown")
    ash = boss.locator("tr[data-id]", has_text="Ash").locator("td[data-field=amount]")
    expect(ash).to_be_focused()
    boss.get_by_role("link", name="Fold Won").click()
    expect(boss.locator("tr[data-id]")).to_have_count(2)
    expect(boss.get_by_role("link", name="Open Won")).to_have_attribute("aria-expanded", "false")
    assert violations(boss) == []


def test_a_colour_rule_is_made_from_the_menu_and_taken_away(boss: Page) -> None:
    boss.get_by_role("button", name="Colors").click()
    boss.locator("#colors-menu").get_by_role("link", name="Amount", exact=True).click()
    form = boss.locator("#filter-form form")
    form.locator("input[name=value]").first.fill("1")
    form.get_by_label("Green").check()
    form.get_by_role("button", name="Apply").click()
    expect(boss.locator("tr.shade.green")).to_have_count(2)
    expect(boss.locator(".legend")).to_have_text("Amount ≥ 1")
    assert violations(boss) == []
    boss.get_by_role("button", name="Colors").click()
    boss.get_by_role("link", name="Remove the color “Amount ≥ 1”").click()
    expect(boss.locator("tr.shade")).to_have_count(0)


def test_a_list_is_downloaded_and_a_view_is_shared(boss: Page, tmp_path: Path) -> None:
    with boss.expect_download() as started:
        boss.get_by_role("link", name="Export").click()
    file = tmp_path / "list.csv"
    started.value.save_as(file)
    assert started.value.suggested_filename.startswith("Deals ")
    assert file.read_text(encoding="utf-8-sig").splitlines()[0] == "Name,Stage,Amount"
    boss.get_by_role("button", name="All views, and save this one").click()
    menu = boss.locator("#view-menu")
    menu.get_by_placeholder("Name of the view").fill("Trees")
    menu.get_by_role("button", name="Save view").click()
    boss.get_by_role("button", name="All views, and save this one").click()
    boss.get_by_role("link", name="Share").click()
    boss.get_by_label("With everybody").check()
    boss.get_by_role("button", name="Share").click()
    expect(boss.get_by_role("navigation", name="Views").get_by_role("link", name="Trees")).to_be_visible()
    boss.get_by_role("button", name="All views, and save this one").click()
    boss.get_by_role("link", name="Share").click()
    expect(boss.get_by_label("With everybody")).to_be_checked()
