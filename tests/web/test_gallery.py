"""The sample pages in a browser: accessible in both themes, narrow enough for a phone, usable by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.accessibility import COLORS, RULES, violations
from tests.web.sample_pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule_of_accessibility(gallery: str, tab: Page, name: str) -> None:
    found = {}
    for look, rules in (("en-light", RULES), ("zh-dark", COLORS)):
        tab.goto(f"{gallery}/{name}.{look}.html")
        tab.wait_for_load_state("networkidle")
        found[look] = violations(tab, rules)
    assert found == {"en-light": [], "zh-dark": []}


@pytest.mark.parametrize("look", ["zh-phone", "en-phone-dark"])
@pytest.mark.parametrize("name", ["list", "record", "form-refused", "conflict", "sign-in", "not-found"])
def test_a_page_fits_a_phone_and_is_accessible_there(gallery: str, tab: Page, name: str, look: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{gallery}/{name}.{look}.html")
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(tab) == []


@pytest.mark.parametrize(
    "opener", ["filter-menu", "sort-menu", "columns-menu", "create-menu", "app-menu", "person-menu"]
)
def test_a_menu_opens_by_keyboard_inside_the_window_and_closes_with_escape(
    gallery: str, tab: Page, opener: str
) -> None:
    tab.goto(f"{gallery}/list.en-light.html")
    tab.locator(f"[popovertarget={opener}]").first.focus()
    tab.keyboard.press("Enter")
    menu = tab.locator(f"#{opener}")
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440
    assert violations(tab) == []
    tab.keyboard.press("Escape")
    assert not menu.is_visible()


def test_choosing_rows_shows_what_can_be_done_with_them(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/list.en-light.html")
    boxes = tab.locator(".pick")
    assert not tab.locator(".bulk").is_visible()
    boxes.nth(0).check()
    boxes.nth(3).click(modifiers=["Shift"])
    assert tab.get_by_text("4 selected").is_visible()
    tab.get_by_role("button", name="Clear the selection").click()
    assert not tab.locator(".bulk").is_visible()


def test_select_all_selects_every_row(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/list.en-light.html")
    tab.get_by_label("Select all on this page").check()
    assert tab.locator(".pick:checked").count() == tab.locator(".pick").count()


def test_arrow_keys_move_from_row_to_row(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/list.en-light.html")
    tab.locator("tbody .name a").first.focus()
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.closest('tr').rowIndex") == 2


def test_the_theme_changes_at_once_and_is_remembered(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/list.en-light.html")
    tab.get_by_role("button", name="Light or dark").first.click()
    assert tab.locator("html").get_attribute("data-theme") == "dark"
    assert "strata_theme=dark" in tab.evaluate("document.cookie")


def test_a_half_filled_form_survives_a_reload_and_can_be_discarded(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/form.en-light.html")
    tab.on("dialog", lambda dialog: dialog.accept())
    name = tab.get_by_label("Name", exact=False).first
    name.fill("Half a deal")
    tab.reload()
    assert name.input_value() == "Half a deal"
    assert tab.get_by_text("Your unsaved entries were restored.").is_visible()
    tab.get_by_role("button", name="Discard them").click()
    tab.wait_for_load_state()
    tab.wait_for_function("!document.querySelector('[name=name]').value.startsWith('Half')")


def test_slash_goes_to_the_find_box_and_ctrl_k_to_the_palette(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/list.en-light.html")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.name") == "q"
    tab.keyboard.press("Control+k")
    assert tab.locator("#palette").is_visible()
    tab.keyboard.type("words")
    tab.keyboard.press("Escape")
    assert not tab.locator("#palette").is_visible()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/record.en-light.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


def test_the_calendar_opens_and_sets_a_date(gallery: str, tab: Page) -> None:
    tab.goto(f"{gallery}/form.zh-light.html")
    tab.wait_for_selector("date-field .flatpickr-input")
    tab.locator("[name=close_date]").click()
    tab.locator(".flatpickr-calendar.open .flatpickr-day:not(.prevMonthDay)").first.click()
    assert tab.locator("[name=close_date]").input_value() == "2026-12-01"
