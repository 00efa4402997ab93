"""Forms and record pages in a browser: while one types, by keyboard, after a reload, on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from runtime.config import Settings
from tests.runtime.conftest import QUIET
from tests.runtime.site import PASSWORD, Site, email, found_company, opened_site
from tests.web.accessibility import violations
from tests.web.chromium import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

    from runtime.bootstrap import Composition

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SLUG = "works"


@pytest.fixture(scope="module")
def works(composition: Composition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The workshop, served from an embedded database."""
    settings = Settings(data=tmp_path_factory.mktemp("works"), port=0, **QUIET)
    with opened_site(settings, composition) as site:
        found_company(site, SLUG, "workshop", {"boss": ["boss"]})
        yield site


@pytest.fixture(scope="module")
def base(works: Site) -> str:
    """The address of the workshop."""
    return f"{str(works.client.base_url).rstrip('/')}/t/{SLUG}"


def signed_in(browser: Browser, base: str, **options: Any) -> Page:
    """The boss's browser."""
    context = browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, "locale": "en-US", **options}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{base}/sign-in")
    page.locator("#login").fill(email("boss"))
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_load_state()
    return page


@pytest.fixture
def boss(browser: Browser, base: str) -> Iterator[Page]:
    """The boss at her desk; a script error fails the test."""
    page = signed_in(browser, base)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


def made(works: Site, object_: str, **values: object) -> str:
    """The id of a new record of the workshop."""
    return str(works.made(object_, "boss", SLUG, **values)["id"])


def read(works: Site, object_: str, id_: str) -> Any:
    """A record as it is now."""
    return works.call("GET", f"/{object_}/{id_}", slug=SLUG).json()


# A copy


def test_a_record_is_cloned_by_keyboard_with_its_rows(works: Site, boss: Page, base: str) -> None:
    job = made(works, "job", name="Roof", record_type="build", budget=1200, due="2031-05-06")
    made(works, "job_line", job=job, product="Door", quantity=2, price=3.5)
    boss.goto(f"{base}/o/job/{job}")
    boss.keyboard.press("c")
    expect(boss.get_by_role("heading", name="Clone of Roof")).to_be_visible()
    boss.get_by_role("link", name="Copy its rows, too").press("Enter")
    expect(boss.locator('[name="rows.lines.new0.product"]')).to_have_value("Door")
    assert violations(boss) == []
    with boss.expect_response(lambda answer: answer.url.endswith("/preview")):
        boss.locator("#field-name").fill("Roof again")
    expect(boss.locator("#field-due")).to_have_value("2031-05-06")
    boss.keyboard.press("Control+Enter")
    expect(boss.get_by_role("heading", name="Roof again")).to_be_visible()
    copy = read(works, "job", boss.url.rsplit("/", 1)[1])
    assert (copy["name"], copy["budget"], copy["due"]) == ("Roof again", 1200, "2031-05-06")
    expect(boss.locator(".tabs")).to_contain_text("Work 1")


# While one types


def test_conditions_answer_while_one_types_and_the_cursor_stays(boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/job/new?record_type=repair")
    expect(boss.locator("#at-reason")).to_be_hidden()
    boss.locator("#field-status").select_option("lost")
    expect(boss.locator("#at-reason")).to_be_visible()
    expect(boss.locator("#at-reason .must")).to_be_visible()
    boss.locator("#field-name").press_sequentially("Typed while the server answers", delay=25)
    expect(boss.locator("#field-name")).to_be_focused()
    expect(boss.locator("#field-name")).to_have_value("Typed while the server answers")
    boss.locator("#field-status").select_option("planned")
    expect(boss.locator("#at-reason")).to_be_hidden()


def test_what_is_chosen_while_the_server_answers_is_not_taken_back(boss: Page, base: str) -> None:
    held: list[Route] = []
    boss.route("**/preview", lambda route: held.append(route))
    boss.goto(f"{base}/o/job/new?record_type=build")
    with boss.expect_request("**/preview"):
        boss.locator("#field-name").fill("Asked")
    boss.locator("#field-status").select_option("lost")
    with boss.expect_response("**/preview"):
        held[0].continue_()
    expect(boss.locator("#field-status")).to_have_value("lost")
    boss.unroute_all(behavior="ignoreErrors")


def test_dependent_options_sections_and_closed_fields_follow(boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/job/new?record_type=build")
    boss.locator("#field-province").select_option("gd")
    expect(boss.locator("#field-city option:not([hidden])")).to_have_text(["– None –", "Guangzhou"])
    boss.locator("#field-city").select_option("gz")
    boss.locator("#field-province").select_option("zj")
    expect(boss.locator("#field-city option:not([hidden])")).to_have_text(["– None –", "Hangzhou"])
    expect(boss.locator("#field-city")).to_have_value("")
    expect(boss.locator("[data-section=outcome]")).to_be_hidden()
    boss.locator("#field-status").select_option("lost")
    expect(boss.locator("[data-section=outcome]")).to_be_visible()
    expect(boss.locator("#field-closed_on")).to_be_disabled()


# In place


def test_a_value_is_edited_by_keyboard_and_the_focus_comes_back(works: Site, boss: Page, base: str) -> None:
    job = made(works, "job", name="Keys", record_type="build", budget=5)
    boss.goto(f"{base}/o/job/{job}")
    edit = boss.get_by_role("link", name="Edit Budget")
    edit.focus()
    boss.keyboard.press("Enter")
    expect(boss.locator("#field-budget")).to_be_focused()
    boss.keyboard.press("Escape")
    expect(boss.locator("#field-budget")).to_have_count(0)
    expect(edit).to_be_focused()
    boss.keyboard.press("Enter")
    boss.locator("#field-budget").fill("-1")
    boss.keyboard.press("Enter")
    expect(boss.locator("#value-budget .err")).to_be_visible()
    expect(boss.locator("#field-budget")).to_be_focused()
    boss.locator("#field-budget").fill("77000")
    boss.keyboard.press("Enter")
    expect(boss.locator("#value-budget")).to_contain_text("77,000")
    expect(boss.locator(".hl")).to_contain_text("77,000")
    expect(boss.locator(".tl")).to_contain_text("77,000")
    expect(edit).to_be_focused()


def test_two_values_open_at_once_are_saved_one_after_the_other(works: Site, boss: Page, base: str) -> None:
    job = made(works, "job", name="Both", record_type="build", budget=5)
    boss.goto(f"{base}/o/job/{job}")
    boss.get_by_role("link", name="Edit Name").click()
    boss.locator("#field-name").fill("Both of them")
    boss.get_by_role("link", name="Edit Budget").click()
    boss.locator("#field-budget").fill("6")
    boss.locator("#value-budget").get_by_role("button", name="Save").click()
    expect(boss.locator(".hl")).to_contain_text("6")
    expect(boss.locator("#field-name")).to_have_value("Both of them")
    boss.locator("#value-name").get_by_role("button", name="Save").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("Both of them")


def test_a_section_stays_closed_over_a_reload(works: Site, boss: Page, base: str) -> None:
    customer = made(works, "customer", name="Folding")
    boss.goto(f"{base}/o/customer/{customer}")
    boss.locator("summary", has_text="Who").click()
    boss.reload()
    expect(boss.locator("#value-name")).to_be_hidden()
    boss.locator("summary", has_text="Who").press("Enter")
    boss.reload()
    expect(boss.locator("#value-name")).to_be_visible()


# Rows


def test_rows_are_typed_by_keyboard_and_saved_with_their_parent(works: Site, boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/job/new?record_type=build")
    boss.locator("#field-name").fill("Rows in a browser")
    boss.locator("#field-lines-new-product").fill("Door")
    boss.get_by_role("button", name="Add a row").click()
    boss.keyboard.type("Bolt")
    boss.keyboard.press("Tab")
    boss.keyboard.press("Control+a")
    boss.keyboard.type("many")
    boss.keyboard.press("Control+Enter")
    expect(boss.locator("tr", has=boss.locator("[value=many]")).locator(".err")).to_be_visible()
    boss.locator(".notice a", has_text="Quantity").click()
    expect(boss.locator("[value=many]")).to_be_focused()
    boss.keyboard.press("Control+a")
    boss.keyboard.type("4")
    boss.keyboard.press("Control+Enter")
    expect(boss.get_by_role("heading", level=1)).to_have_text("Rows in a browser")
    boss.get_by_role("link", name=re.compile("^Work")).click()
    expect(boss.locator("tbody tr")).to_have_count(2)
    expect(boss.locator("tbody")).to_contain_text("Bolt")


# Nothing is lost


def test_a_draft_with_look_up_tags_and_rows_survives_a_reload(works: Site, boss: Page, base: str) -> None:
    made(works, "customer", name="Draft customer")
    boss.on("dialog", lambda dialog: dialog.accept())
    boss.goto(f"{base}/o/job/new?record_type=build")
    boss.locator("#field-name").fill("Half a job")
    look_up(boss, "Customer", "Draft")
    boss.get_by_role("button", name="Add a row").click()
    row = boss.locator("[data-rows] tbody input.input").nth(3)
    expect(row).to_be_focused()
    boss.keyboard.type("Half a row")
    boss.reload()
    expect(boss.get_by_text("Your unsaved entries were restored.")).to_be_visible()
    expect(boss.locator("#field-name")).to_have_value("Half a job")
    expect(boss.locator("lookup-field[data-label=Customer] .item")).to_have_text("Draft customer")
    expect(row).to_have_value("Half a row")
    with boss.expect_response("**/preview") as answer:
        boss.locator("#field-budget").fill("12")
    answer.value.finished()
    expect(boss.locator("#field-name")).to_have_value("Half a job")
    expect(boss.locator("lookup-field[data-label=Customer] .item")).to_have_text("Draft customer")
    boss.get_by_role("button", name="Discard them").click()
    expect(boss.locator("#field-name")).to_have_value("")


def test_leaving_with_unsaved_changes_asks(works: Site, boss: Page, base: str) -> None:
    job = made(works, "job", name="Leaving", record_type="build")
    boss.goto(f"{base}/o/job/{job}/edit")
    boss.locator("#field-name").fill("Changed")
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    boss.on("dialog", refuse)
    boss.locator(".crumbs a").first.click(no_wait_after=True)
    boss.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert boss.url.endswith("/edit")


def test_a_lost_connection_keeps_everything_and_says_so(boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/job/new?record_type=build")
    boss.locator("#field-name").fill("No network")
    boss.context.set_offline(True)
    with boss.expect_event("requestfailed"):
        boss.get_by_role("button", name="Save").click()
    expect(boss.locator(".toast").first).to_be_visible()
    expect(boss.locator("#field-name")).to_have_value("No network")
    boss.context.set_offline(False)
    boss.get_by_role("button", name="Save").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("No network")


def test_a_form_is_sent_once_however_often_one_clicks(works: Site, boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/customer/new")
    boss.locator("#field-name").fill("Clicked twice")
    boss.evaluate(
        "() => { const save = document.querySelector('.form .primary'); save.click(); save.click(); }"
    )
    expect(boss.get_by_role("heading", level=1)).to_have_text("Clicked twice")
    asked = {"where": 'name = "Clicked twice"'}
    assert len(works.call("GET", "/customer", slug=SLUG, params=asked).json()["records"]) == 1


# Widgets


def look_up(page: Page, label: str, words: str) -> None:
    """Find a record in a look-up field and take the first."""
    field = page.locator(f"lookup-field[data-label='{label}']")
    field.locator(".ts-control").click()
    field.locator(".ts-control input").press_sequentially(words)
    page.locator(".ts-dropdown .option", has_text=words).first.click()


def test_a_look_up_makes_what_it_does_not_find(works: Site, boss: Page, base: str) -> None:
    boss.goto(f"{base}/o/job/new?record_type=build")
    boss.locator("#field-name").fill("With a new customer")
    field = boss.locator("lookup-field[data-label=Customer]")
    field.locator(".ts-control").click()
    field.locator(".make").click()
    dialog = boss.locator("dialog.dialog")
    dialog.locator("#field-name").fill("Made in passing")
    assert violations(boss) == []
    dialog.get_by_role("button", name="Save").click()
    expect(field.locator(".item")).to_have_text("Made in passing")
    expect(dialog).to_have_count(0)
    boss.get_by_role("button", name="Save").click()
    expect(boss.locator("#value-customer")).to_contain_text("Made in passing")


def test_every_widget_of_a_form_saves_what_one_puts_in(works: Site, boss: Page, base: str) -> None:
    partner = made(works, "customer", name="Partner of all")
    boss.goto(f"{base}/o/customer/new")
    boss.locator("#field-name").fill("All widgets")
    boss.locator("#field-contact-family").fill("Curie")
    boss.locator("#field-contact-given").fill("Marie")
    boss.locator("lines-field input").first.fill("a@b.example")
    boss.keyboard.press("Enter")
    boss.keyboard.type("c@d.example")
    boss.locator("tags-field .ts-control input").fill("vip")
    boss.keyboard.press("Enter")
    boss.locator("choices-field .ts-control").click()
    boss.locator(".ts-dropdown .option", has_text="Steel").click()
    look_up(boss, "Partners", "Partner of")
    boss.locator("label.star").nth(3).click()
    boss.locator("#field-opens").fill("08:15")
    boss.locator("#field-drive").fill("1h 30m")
    boss.locator("#field-color").fill("#3b5bdb")
    boss.locator("#field-discount").fill("12.5")
    boss.locator("rich-field [contenteditable]").click()
    boss.keyboard.type("Say ")
    boss.get_by_role("button", name="Bold").click()
    boss.keyboard.type("yes")
    boss.locator("#field-extra").fill('{"plan": ')
    boss.locator("#field-memo").click()
    expect(boss.locator("json-field .err")).to_contain_text("not valid JSON")
    boss.locator("#field-extra").fill('{"plan": "gold"}')
    boss.get_by_role("button", name="Save").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("All widgets")
    found = read(works, "customer", boss.url.rsplit("/", 1)[1])
    assert found["contact"] == {"family": "Curie", "given": "Marie"}
    assert (found["emails"], found["tags"]) == (["a@b.example", "c@d.example"], ["vip"])
    assert (found["trades"], found["partners"]) == (["steel"], [partner])
    assert (found["stars"], found["opens"], found["drive"]) == (4, "08:15:00", 5400)
    assert (found["color"], found["discount"], found["extra"]) == ("#3b5bdb", 12.5, {"plan": "gold"})
    assert found["notes"] == "<p>Say <strong>yes</strong></p>"


# For everybody


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_the_pages_break_no_rule_of_accessibility_and_fit(
    browser: Browser, works: Site, base: str, theme: str, width: int
) -> None:
    page = signed_in(
        browser, base, color_scheme=theme, viewport={"width": width, "height": 900}, has_touch=width < 500
    )
    job = made(works, "job", name=f"Looked at {theme} {width}", record_type="build", budget=5)
    made(works, "job_line", job=job, product="Door", price=3)
    customer = made(
        works, "customer", name=f"Seen {theme} {width}", tags=["a"], emails=["a@b.example"], stars=3
    )
    paths = [f"/o/job/{job}{tab}" for tab in ("", "?tab=work", "?tab=history", "/edit")]
    for path in (*paths, "/o/job/new", f"/o/customer/{customer}", f"/o/customer/{customer}/edit"):
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()
