"""Somebody leaves: an administrator sees with her eyes, hands her work over, and takes that back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.accessibility import violations
from tests.web.chromium import PATIENCE
from tests.web.demo import ADMIN, REP, served_demo, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample company."""
    with served_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture
def admin(browser: Browser, base: str) -> Iterator[Page]:
    """The administrator, signed in and reading English, at the record of the representative."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, base, ADMIN)
    page.locator("[popovertarget=person-menu]").click()
    page.locator("#person-menu [lang=en]").click()
    page.wait_for_load_state()
    page.goto(f"{base}/o/user?q={REP.partition('@')[0]}")
    people = page.request.get(f"{base}/api/v1/user", params={"where": f'email = "{REP}"'}).json()
    page.goto(f"{base}/o/user/{people['records'][0]['id']}")
    yield page
    context.close()


def test_she_acts_as_another_and_every_page_says_so(admin: Page, base: str) -> None:
    name = admin.locator("h1").inner_text()
    admin.get_by_role("link", name=f"Sign in as {name}").click()
    assert violations(admin) == []
    admin.get_by_label("Reason").fill("She asked why a deal is missing")
    admin.get_by_role("button", name=f"Sign in as {name}").click()
    banner = admin.locator(".acting")
    for path in ("/o/opportunity", "/o/account", "/notifications", "/change-sets"):
        admin.goto(base + path)
        expect(banner).to_contain_text(name)  # in her language
    admin.goto(f"{base}/o/permission_assignment")
    expect(admin.locator(".tbl")).to_have_count(0)
    expect(banner).to_be_visible()
    banner.get_by_role("button").click()
    expect(admin.locator("h1")).to_have_text(name)
    expect(banner).to_have_count(0)


def test_her_work_is_handed_over_and_taken_back(admin: Page) -> None:
    name = admin.locator("h1").inner_text()
    admin.get_by_role("link", name="Hand over…").click()
    row = admin.locator("tr", has=admin.locator("[value=opportunity]"))
    expect(row.get_by_role("checkbox")).to_be_checked()
    held = int(row.locator("td").first.inner_text().replace(",", ""))
    assert held > 0
    assert violations(admin) == []
    owner = admin.locator("#at-to").get_by_role("combobox")
    owner.click()
    owner.press_sequentially("admin")
    found = admin.locator("#at-to [role=option]")
    expect(found).to_have_count(1)
    found.click()
    expect(admin.locator("#at-to .item")).to_have_count(1)
    admin.get_by_label("Reason").fill("left")  # which closes the list of the look-up
    for box in admin.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "opportunity")
    admin.get_by_role("button", name="Preview").click()
    expect(row.locator("td").nth(1)).to_have_text(re.compile(r"\d"))
    admin.get_by_role("button", name="Hand over", exact=True).click()
    expect(admin.locator(".main")).to_contain_text(f"{held} records were handed over.")
    admin.get_by_role("link", name="Show what an undo would do").click()
    expect(admin.locator("h1")).to_have_text(f"Hand-over of {name}")
    assert violations(admin) == []
    admin.get_by_role("button", name="Undo").click()
    expect(admin.locator("#undo-heading")).to_have_text("What the undo did")
    expect(admin.locator("section").nth(1).locator("td.num").first).to_have_text(str(held))
    admin.locator("[popovertarget=person-menu]").click()
    admin.locator("#person-menu").get_by_role("link", name="Changes").click()
    expect(admin.locator("tbody tr").nth(1)).to_contain_text("Undone")
    assert violations(admin) == []
