"""A list in a browser: the table as a spreadsheet, chips, views, further rows, bulk changes, a phone."""

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

    from playwright.sync_api import Browser, Locator, Page

    from tests.runtime.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LIST = "o/deal?sort=name&col=stage&col=amount&col=closes"


@pytest.fixture(scope="module")
def base(site: Site) -> str:
    """The address of the company; it has the deals Apple and Berry and 128 more."""
    rows = [{"name": f"Deal {n:03}", "amount": n, "stage": "open"} for n in range(128)]
    site.call("POST", "/deal", json=[{"name": "Apple", "amount": 5}, {"name": "Berry", "amount": 7}, *rows])
    return f"{str(site.client.base_url).rstrip('/')}/t/acme"


@pytest.fixture
def boss(browser: Browser, base: str) -> Iterator[Page]:
    """The boss, signed in; errors of scripts fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, base)
    yield page
    context.close()
    assert errors == []


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("E-mail").fill(email("boss"))
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def cell(page: Page, row: str, field: str) -> Locator:
    """The cell of a field in the row of a record."""
    record = page.locator("tr[data-id]", has=page.get_by_role("link", name=row, exact=True))
    return record.locator(f"td[data-field={field}]")


def test_enter_edits_a_cell_saves_it_and_goes_down(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    cell(boss, "Apple", "amount").click()
    boss.keyboard.press("Enter")
    expect(boss.locator(".cell-edit input.input")).to_be_focused()
    boss.keyboard.type("12.5")
    boss.keyboard.press("Enter")
    expect(cell(boss, "Apple", "amount")).to_have_text("12.5")
    expect(cell(boss, "Berry", "amount")).to_be_focused()


def test_arrows_move_tab_saves_to_the_side_and_escape_gives_up(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    amount, field = cell(boss, "Berry", "amount"), boss.locator(".cell-edit input.input")
    cell(boss, "Apple", "stage").click()
    boss.keyboard.press("ArrowDown")
    boss.keyboard.press("ArrowRight")
    expect(amount).to_be_focused()
    boss.keyboard.press("F2")
    expect(field).to_be_focused()
    boss.keyboard.type("99")
    boss.keyboard.press("Escape")
    expect(amount).to_be_focused()
    expect(amount).to_have_text("7")
    boss.keyboard.press("F2")
    expect(field).to_be_focused()
    boss.keyboard.type("8")
    boss.keyboard.press("Tab")
    expect(amount).to_have_text("8")
    expect(cell(boss, "Berry", "closes")).to_be_focused()


def test_a_refused_cell_stays_open_with_what_was_typed(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    cell(boss, "Apple", "amount").dblclick()
    boss.locator(".cell-edit input.input").fill("much")
    boss.keyboard.press("Enter")
    expect(boss.locator(".cell-edit .err")).to_contain_text("is not a number")
    expect(boss.locator(".cell-edit input.input")).to_have_value("much")
    assert violations(boss) == []
    boss.keyboard.press("Escape")
    expect(boss.locator(".cell-edit")).to_have_count(0)


def test_leaving_a_cell_with_the_mouse_saves_it(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    cell(boss, "Deal 000", "stage").dblclick()
    boss.locator(".cell-edit select").select_option("won")
    boss.locator(".statusbar").click()
    expect(cell(boss, "Deal 000", "stage")).to_have_text("Won")


def test_a_cell_that_cannot_be_edited_says_so(boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/deal?sort=name&col=modified_at")
    boss.locator("td[aria-readonly]").first.click()
    boss.keyboard.press("Enter")
    expect(boss.locator(".toast")).to_have_text("This value cannot be edited here.")


def test_keys_that_compose_a_word_are_left_alone(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    cell(boss, "Apple", "name").locator("a").focus()
    boss.keyboard.press("F2")
    field = boss.locator(".cell-edit input.input")
    expect(field).to_be_focused()
    for key in ("Enter", "Escape", "Tab"):
        field.evaluate(
            "(input, key) => input.dispatchEvent("
            "new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true}))", key
        )  # fmt: skip
    expect(field).to_be_focused()


def test_a_filter_is_made_changed_and_removed_beside_its_chip(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    form = boss.locator("#filter-form")
    boss.get_by_role("button", name="Filter", exact=True).click()
    boss.locator("#filter-menu .item", has_text="Stage").click()
    form.get_by_label("Lost").check()
    assert violations(boss) == []
    form.get_by_role("button", name="Apply").click()
    expect(boss.get_by_text("Nothing matches")).to_be_visible()
    boss.locator(".chip .open").click()
    expect(form.get_by_label("Lost")).to_be_checked()
    form.get_by_label("Open").check()
    form.get_by_role("button", name="Apply").click()
    expect(boss.locator(".chip b")).to_have_text("Open / Lost")
    boss.get_by_label("Remove the filter on Stage").click()
    expect(boss.locator(".chip .open")).to_have_count(0)


def test_filters_are_joined_by_a_logic_by_keyboard(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}&f=name:equal:Apple&f=name:equal:Berry&f=amount:at_least:0")
    expect(boss.locator("tr[data-id]")).to_have_count(0)
    joining = boss.locator("[popovertarget=logic-menu]")
    joining.press("Enter")
    typed = boss.get_by_role("textbox", name="Filter logic")
    expect(typed).to_be_focused()
    typed.fill("1 or 2 and 3")
    typed.press("Enter")
    boss.wait_for_url(re.compile("logic="))
    joining.press("Enter")
    expect(typed).to_have_value("1 or 2 and 3")
    expect(boss.locator("#logic-errors")).to_contain_text("AND and OR side by side need parentheses")
    assert violations(boss) == []
    typed.fill("(1 or 2) and 3")
    typed.press("Enter")
    expect(boss.locator("tr[data-id]")).to_have_count(2)
    expect(joining).to_contain_text("(1 or 2) and 3")
    expect(boss.locator(".chip .no")).to_have_text(["Filter 1", "Filter 2", "Filter 3"])
    boss.get_by_label("Remove the filter on Amount").click()
    expect(joining).to_contain_text("1 OR 2")
    expect(boss.locator("tr[data-id]")).to_have_count(2)


def test_words_typed_into_the_list_keep_its_filters(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}&f=stage:equal:open")
    boss.get_by_placeholder("Find in this view").fill("Berry")
    expect(boss.locator("tr[data-id]")).to_have_count(1)
    expect(boss).to_have_url(re.compile("q=Berry"))
    boss.get_by_label("Remove the filter on Stage").click()
    expect(boss).to_have_url(re.compile("q=Berry"))


def test_a_view_is_saved_opens_again_and_is_deleted(boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/deal?sort=-amount")
    tab = boss.locator(".tabs").get_by_role("link", name="Dearest first")
    boss.get_by_role("button", name="Save view").first.click()
    menu = boss.locator("#view-menu")
    menu.get_by_placeholder("Name of the view").fill("Dearest first")
    menu.get_by_role("button", name="Save view").click()
    expect(boss.locator(".tabs [aria-current]")).to_have_text("Dearest first")
    boss.goto(f"{base}/o/deal?view=all")
    tab.click()
    expect(boss.locator("th[aria-sort=descending]")).to_contain_text("Amount")
    boss.get_by_role("button", name="All views").click()
    assert violations(boss) == []
    menu.get_by_role("button", name="Delete").click()
    expect(tab).to_have_count(0)


def test_columns_are_moved_by_keyboard(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    boss.get_by_role("button", name="Columns").click()
    menu = boss.locator("#columns-menu")
    forward = menu.get_by_role("button", name="Move Closes forward")
    forward.press("Enter")
    expect(forward).to_be_focused()
    menu.get_by_label("Closes", exact=True).press("Alt+ArrowUp")
    menu.get_by_role("button", name="Apply").click()
    expect(boss.locator("thead th[scope]")).to_have_text(["Name", "Closes", "Stage", "Amount"])


def test_rows_come_when_the_foot_comes_into_sight(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}&q=Deal")
    expect(boss.locator("tr[data-id]")).to_have_count(50)
    for rows in (100, 128):
        boss.locator("tr.more").scroll_into_view_if_needed()
        expect(boss.locator("tr[data-id]")).to_have_count(rows)
    expect(boss.locator("tr.more")).to_have_count(0)


def test_one_field_of_all_that_match_is_changed_in_a_dialog(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}&q=Deal")
    said, dialog = boss.locator("[data-selected]"), boss.locator("#bulk-dialog")
    boss.get_by_label("Select all on this page").check()
    expect(said).to_have_text("50 selected")
    boss.get_by_label("All 128 that match").check()
    expect(said).to_have_text("128 selected")
    boss.get_by_role("button", name="Edit field").click()
    expect(dialog.get_by_role("heading")).to_have_text("Change 128 records")
    dialog.locator("#bulk-field").select_option("amount")
    dialog.locator("#field-amount").fill("4711")
    assert violations(boss) == []
    dialog.get_by_role("button", name="Change all").click()
    expect(boss.locator(".toast")).to_contain_text("128 records changed")
    expect(cell(boss, "Deal 003", "amount")).to_have_text("4,711")


def test_what_fails_on_the_way_keeps_the_rows_and_says_so(boss: Page, base: str) -> None:
    boss.goto(f"{base}/{LIST}")
    boss.route("**/o/deal?**", lambda route: route.fulfill(status=500, body="<p>Broken</p>"))
    boss.get_by_placeholder("Find in this view").fill("Berry")
    expect(boss.locator(".toast")).to_contain_text("That did not work.")
    expect(boss.locator("tr[data-id]")).to_have_count(50)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_list_with_a_broken_filter_breaks_no_rule_of_accessibility(
    boss: Page, base: str, theme: str
) -> None:
    boss.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    broken = "f=amount:at_least:much&f=closes:equal:this_week|next_week&f=owner:equal:me"
    boss.goto(f"{base}/{LIST}&{broken}")
    assert violations(boss) == []


def test_a_phone_shows_cards_and_targets_wide_enough_for_a_thumb(boss: Page, base: str) -> None:
    boss.set_viewport_size({"width": 390, "height": 844})
    boss.goto(f"{base}/{LIST}&f=stage:equal:open")
    assert boss.evaluate("document.documentElement.scrollWidth") <= 390
    small = boss.evaluate(
        "[...document.querySelectorAll('.toolbar .btn, .toolbar .chip, .find input, .tabs a')]"
        ".filter(part => part.checkVisibility() && part.getBoundingClientRect().height < 43.5)"
        ".map(part => part.outerHTML.slice(0, 80))"
    )
    assert small == []
    boss.locator(".chip .open").click()
    expect(boss.locator("#filter-form form")).to_be_visible()
    sheet = boss.locator("#filter-menu").bounding_box()
    assert sheet is not None
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= 390


def test_without_script_a_filter_and_further_rows_are_plain_pages(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    sign_in(page, base)
    page.goto(f"{base}/{LIST}&q=Deal")
    page.get_by_role("link", name="Next rows").click()
    assert page.locator("td.name").first.inner_text() == "Deal 050"
    page.goto(f"{base}/o/deal/filter?sort=name&q=Deal&field=name")
    page.locator("[name=value]").fill("12")
    page.get_by_role("button", name="Apply").click()
    assert page.locator("td.name").all_inner_texts() == [
        "Deal 012",
        "Deal 112",
        *(f"Deal 12{n}" for n in range(8)),
    ]
    context.close()
