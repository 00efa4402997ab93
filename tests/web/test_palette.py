"""The shell in a browser: the palette by keyboard, menus, themes, a lost network, an ended session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.runtime.site import PASSWORD, email
from tests.web.accessibility import violations
from tests.web.chromium import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.runtime.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("settings", ["sqlite"], indirect=True, scope="module"),
]


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The administrator at her list of users, reading English."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, site, "admin")
    yield page
    context.close()
    assert errors == []


def address(site: Site) -> str:
    return f"{site.client.base_url}/t/acme"


def sign_in(page: Page, site: Site, person: str) -> None:
    page.goto(f"{address(site)}/sign-in")
    page.locator("#login").fill(email(person))
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url("**/o/*")


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette .hit").first).to_be_visible()


def test_the_palette_leads_to_a_record_without_a_mouse(site: Site, page: Page) -> None:
    site.made("client", name="Reached by keys")
    open_palette(page)
    page.keyboard.type("reached")
    expect(page.locator("#palette mark")).to_have_text("Reached")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette .hit", has_text="Reached by keys")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/o/client/[0-9a-f-]{36}$"))
    page.goto(f"{address(site)}/o/user")
    open_palette(page)
    expect(page.locator("#palette section").first).to_contain_text("Reached by keys")


def test_enter_takes_the_first_hit_and_typing_returns_to_the_box(page: Page) -> None:
    open_palette(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("department")
    expect(page.locator("#palette input[type=search]")).to_have_value("department")
    expect(page.locator("#palette mark").first).to_have_text("Department")
    page.keyboard.press("Enter")
    page.wait_for_url("**/o/department")


def test_a_command_of_the_palette_changes_the_theme_and_the_density_at_once(page: Page) -> None:
    for words, attribute, value in (("dark", "data-theme", "dark"), ("compact", "data-density", "compact")):
        open_palette(page)
        page.keyboard.type(words)
        page.locator("#palette button.hit", has_text=words.title()).click()
        expect(page.locator("html")).to_have_attribute(attribute, value)
        expect(page.locator("#palette")).not_to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("[popovertarget=person-menu]").click()
    page.locator("#person-menu button[value=system]").click()
    assert page.locator("html").get_attribute("data-theme") is None
    page.reload()
    assert page.locator("html").get_attribute("data-theme") is None


def test_the_search_box_of_the_top_bar_opens_the_palette(page: Page) -> None:
    page.locator("#search").click()
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_focused()


def test_the_language_changes_for_good_and_the_address_stays(page: Page) -> None:
    before = page.url
    page.locator("[popovertarget=person-menu]").click()
    page.locator("#person-menu [lang=zh-TW]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-TW")
    assert page.url == before
    assert not [one for one in page.context.cookies() if one.get("name") == "strata_language"]
    page.locator("[popovertarget=person-menu]").click()
    page.locator("#person-menu [lang=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_lost_network_is_told_and_what_was_typed_stays(site: Site, page: Page) -> None:
    page.goto(f"{address(site)}/o/department/new")
    page.locator("[name=name]").fill("Kept")
    page.context.set_offline(True)
    expect(page.locator(".toast")).to_contain_text("You are offline.")
    expect(page.locator("[name=name]")).to_have_value("Kept")
    page.context.set_offline(False)
    expect(page.locator(".toast").last).to_contain_text("You are online again.")


def test_an_ended_session_keeps_what_was_typed(site: Site, page: Page) -> None:
    page.goto(f"{address(site)}/o/department/new")
    page.locator("[name=name]").fill("Typed before the end")
    page.context.clear_cookies(name="strata_acme")
    page.locator(".actions .primary").click()
    page.wait_for_url(re.compile(r"/sign-in\?next="))
    page.locator("#login").fill(email("admin"))
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url("**/o/department/new")
    expect(page.locator("[name=name]")).to_have_value("Typed before the end")


def test_the_menus_of_the_shell_break_no_rule_of_accessibility(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for opener in ("bell-menu", "person-menu", "create-menu"):
        page.locator(f"[popovertarget={opener}]").first.click()
        expect(page.locator(f"#{opener}")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], opener
        page.keyboard.press("Escape")


def test_the_palette_breaks_no_rule_of_accessibility(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    open_palette(page)
    page.keyboard.type("user")
    expect(page.locator("#palette mark").first).to_be_visible()
    assert violations(page) == []


def test_the_pages_of_the_shell_break_no_rule_of_accessibility(site: Site, page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for path in ("notifications", "search?q=admin", "app/nothing", "nowhere", "sign-in"):
        if path == "sign-in":
            page.context.clear_cookies()
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{address(site)}/{path}")
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert violations(page) == [], path


def test_colours_forced_by_the_system_and_paper_hide_nothing_of_the_content(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    expect(page.locator(".main")).to_be_visible()
    page.emulate_media(media="print", forced_colors="none")
    expect(page.locator(".nav")).not_to_be_visible()
    expect(page.locator(".top")).not_to_be_visible()
    expect(page.locator(".main h1").first).to_be_visible()
