"""The sample company in a browser: what a sales representative does all day, and what she never sees."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.accessibility import COLORS, RULES, violations
from tests.web.chromium import PATIENCE
from tests.web.demo import ADMIN, MANAGER, REP, served_demo, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FOLLOW_UP_SECONDS = 20


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample company."""
    with served_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


def _page(browser: Browser, *, script: bool = True, theme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="en-US",
        java_script_enabled=script,
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


@pytest.fixture
def rep(browser: Browser, base: str) -> Iterator[Page]:
    """The representative, signed in and reading English."""
    page = _page(browser)
    sign_in(page, base, REP)
    english(page)
    yield page
    page.context.close()


def english(page: Page) -> None:
    page.locator("[popovertarget=person-menu]").click()
    page.locator("#person-menu [lang=en]").click()
    page.wait_for_load_state()


def choose(page: Page, label: str, words: str) -> None:
    """Find a record in a look-up field and take the first."""
    field = page.locator(f"lookup-field[data-label='{label}']")
    field.locator(".ts-control").click()
    field.locator(".ts-control input").fill(words)
    page.locator(".ts-dropdown .option", has_text=words).first.click()


def new_deal(page: Page, base: str, name: str) -> str:
    """Create a deal and return its address."""
    page.goto(f"{base}/o/opportunity/new")
    page.get_by_label("Name").fill(name)
    choose(page, "Account", "有限公司")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/o/opportunity/[0-9a-f-]{36}$"))
    return page.url


def test_a_wrong_password_is_refused_and_the_e_mail_kept(browser: Browser, base: str) -> None:
    page = _page(browser)
    page.goto(f"{base}/o/opportunity?sort=name")
    page.get_by_label("E-mail").fill(REP)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The e-mail or the password is not right.")
    expect(page.get_by_label("E-mail")).to_have_value(REP)
    page.get_by_label("Password").fill("strata-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/opportunity?sort=name")
    page.context.close()


def test_a_new_lead_gets_its_follow_up_task(rep: Page, base: str) -> None:
    rep.goto(f"{base}/o/lead/new")
    rep.get_by_label("Name", exact=False).first.fill("Ada Journey")
    rep.get_by_label("Company").fill("Journey Ltd")
    rep.get_by_label("E-mail").fill("ada@journey.example")
    rep.get_by_role("button", name="Save").click()
    expect(rep.get_by_role("heading", level=1)).to_have_text("Ada Journey")
    lead, deadline = rep.url.split("?")[0], time.monotonic() + FOLLOW_UP_SECONDS
    tasks = rep.locator(".related .tbl tbody tr", has_text="Follow up: Ada Journey")
    while not tasks.count() and time.monotonic() < deadline:
        time.sleep(0.5)
        rep.goto(f"{lead}?tab=tasks")
    expect(tasks).to_have_count(1)


def test_a_rule_refuses_a_deal_beside_the_field_and_nothing_is_lost(rep: Page, base: str) -> None:
    rep.goto(f"{base}/o/opportunity/new")
    rep.get_by_label("Name").fill("Refused deal")
    choose(rep, "Account", "有限公司")
    rep.get_by_label("Stage").select_option("proposal")
    rep.get_by_role("button", name="Save").click()
    expect(rep.locator("#at-amount .err")).to_have_text("From the proposal on, a deal needs an amount.")
    expect(rep.get_by_role("alert")).to_contain_text("One entry needs a change")
    expect(rep.get_by_label("Name")).to_have_value("Refused deal")
    expect(rep.locator("lookup-field[data-label=Account] .item")).to_contain_text("有限公司")
    rep.locator("#field-amount").fill("12,500")
    rep.get_by_role("button", name="Save").click()
    expect(rep.get_by_role("heading", level=1)).to_have_text("Refused deal")
    expect(rep.locator(".hl")).to_contain_text("¥12,500")


def test_a_deal_is_edited_and_found_in_its_list(rep: Page, base: str) -> None:
    new_deal(rep, base, "Findable deal")
    rep.keyboard.press("e")
    rep.wait_for_url("**/edit")
    rep.get_by_label("Next step").fill("Call the board")
    rep.keyboard.press("Control+Enter")
    expect(rep.locator("#value-next_step")).to_contain_text("Call the board")
    rep.goto(f"{base}/o/opportunity")
    rep.keyboard.press("/")
    rep.keyboard.type("Findable")
    expect(rep.locator("tbody tr")).to_have_count(1)
    expect(rep.locator("tbody")).to_contain_text("Findable deal")
    assert "q=Findable" in rep.url


def test_a_value_is_edited_in_place_and_refused_in_place(rep: Page, base: str) -> None:
    new_deal(rep, base, "Inline deal")
    rep.get_by_role("link", name="Edit Amount").click()
    rep.locator("#field-amount").fill("much")
    rep.locator("#value-amount").get_by_role("button", name="Save").click()
    expect(rep.locator("#value-amount .err")).to_contain_text("not a number")
    rep.locator("#field-amount").fill("77000")
    rep.locator("#value-amount").get_by_role("button", name="Save").click()
    expect(rep.locator(".hl")).to_contain_text("¥77,000")
    expect(rep.locator(".tl")).to_contain_text("¥77,000")


def test_the_stage_advances_and_a_refused_advance_says_why(rep: Page, base: str) -> None:
    new_deal(rep, base, "Staged deal")
    rep.get_by_role("button", name="Advance").click()
    expect(rep.locator(".path [aria-current=step]")).to_contain_text("Needs")
    rep.get_by_role("button", name="Advance").click()
    expect(rep.locator("#at-amount .err")).to_have_text("From the proposal on, a deal needs an amount.")
    expect(rep.get_by_label("Stage")).to_have_value("proposal")
    rep.locator("#field-amount").fill("5000")
    rep.get_by_role("button", name="Save").click()
    expect(rep.locator(".path [aria-current=step]")).to_contain_text("Proposal")


def test_an_amount_bears_the_sign_of_the_currency_that_one_chooses(rep: Page, base: str) -> None:
    rep.goto(f"{base}/o/opportunity/new")
    rep.locator("#field-currency").select_option("EUR")
    expect(rep.locator("#at-amount .adorned > span").first).to_have_text("€")


def test_two_people_saving_one_deal_both_keep_their_say(rep: Page, base: str) -> None:
    address = new_deal(rep, base, "Contested deal")
    rep.goto(f"{address}/edit")
    other = rep.context.new_page()
    other.goto(f"{address}/edit")
    other.get_by_label("Next step").fill("Theirs")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Contested deal")
    rep.get_by_label("Next step").fill("Mine")
    rep.get_by_role("button", name="Save").click()
    expect(rep.get_by_text("Somebody else saved this record while you were editing")).to_be_visible()
    expect(rep.locator(".compare tbody tr")).to_have_count(1)
    expect(rep.locator(".compare")).to_contain_text("Theirs")
    assert violations(rep) == []
    rep.get_by_label("Theirs").check()
    rep.get_by_role("button", name="Save this choice").click()
    expect(rep.locator("#value-next_step")).to_contain_text("Theirs")


def test_deleted_records_come_back_by_undo(rep: Page, base: str) -> None:
    rep.goto(f"{base}/o/activity")
    first = rep.locator("tbody .name").first.inner_text()
    rep.locator(".pick").first.check()
    rep.get_by_role("button", name="Delete").click()
    rep.get_by_role("button", name="Yes, delete").click()
    expect(rep.locator(".toast")).to_contain_text("1 record deleted")
    expect(rep.locator("tbody .name").first).not_to_have_text(first)
    rep.get_by_role("button", name="Undo").click()
    expect(rep.locator(".toast")).to_contain_text("1 record restored")
    expect(rep.locator("tbody .name").first).to_have_text(first)


def test_a_filter_and_a_sort_are_in_the_address(rep: Page, base: str) -> None:
    rep.goto(f"{base}/o/opportunity")
    rep.locator("[popovertarget=filter-menu]").click()
    rep.locator("#filter-menu .item", has_text="Amount").click()
    rep.locator("#filter-form [name=value]").fill("1000000")
    rep.locator("#filter-form button").click()
    expect(rep.locator(".chip")).to_contain_text(["Amount ≥ ¥1,000,000"])
    rep.locator("th", has_text="Amount").get_by_role("link").click()
    texts = rep.locator("td.m1").all_inner_texts()
    amounts = [int(re.sub(r"\D", "", text)) for text in texts]
    assert amounts
    assert amounts == sorted(amounts)
    # What is filtered is the worth in the company's currency; a dollar is worth several yuan.
    own = [amount for amount, text in zip(amounts, texts, strict=True) if text.startswith("¥")]
    assert min(own) >= 1_000_000
    rep.get_by_label("Remove the filter on Amount").click()
    expect(rep.locator("a[aria-label^='Remove the filter']")).to_have_count(0)


def test_the_palette_finds_records_and_pages(rep: Page, base: str) -> None:
    new_deal(rep, base, "Palette deal")
    rep.keyboard.press("Control+k")
    rep.keyboard.type("Palette")
    expect(rep.locator("#palette-found a")).to_contain_text(["Palette deal"])
    rep.keyboard.press("Enter")
    expect(rep.get_by_role("heading", level=1)).to_have_text("Palette deal")


def test_a_deal_of_another_department_does_not_exist_for_her(browser: Browser, rep: Page, base: str) -> None:
    admin = _page(browser)
    sign_in(admin, base, ADMIN)
    admin.goto(f"{base}/o/user?q=Costa")
    owner = admin.locator("tbody .name a").first.get_attribute("href").rsplit("/", 1)[1]  # type: ignore[union-attr]
    admin.goto(f"{base}/o/opportunity?f=owner:equal:{owner}")
    link = admin.locator("tbody .name a").first
    path, name = str(link.get_attribute("href")), link.inner_text()
    admin.context.close()

    response = rep.goto(base + path)
    assert response is not None
    assert response.status == 404
    assert name not in rep.content()
    assert rep.request.get(f"{base}/api/v1/opportunity/{path.rsplit('/', 1)[1]}").status == 404
    rep.goto(f"{base}/o/opportunity?q={name}")
    expect(rep.locator("tbody tr")).to_have_count(0)
    found = rep.request.get(f"{base}/search/results", params={"q": name})
    assert path not in found.text()


def test_without_script_a_lead_is_created_refused_and_read(browser: Browser, base: str) -> None:
    page = _page(browser, script=False)
    sign_in(page, base, REP)
    page.goto(f"{base}/o/lead/new")
    page.locator("#field-name").fill("Plain Jane")
    page.locator(".actions button").click()
    expect(page.locator("#at-company .err")).to_be_visible()
    expect(page.locator("#field-name")).to_have_value("Plain Jane")
    page.locator("#field-company").fill("No Script Inc")
    page.locator("#field-email").fill("jane@noscript.example")
    page.locator(".actions button").click()
    expect(page.locator("h1")).to_have_text("Plain Jane")
    page.context.close()


@pytest.mark.parametrize("path", ["/o/opportunity", "/o/opportunity/new"])
def test_a_first_visit_transfers_at_most_100_kilobytes(rep: Page, base: str, path: str) -> None:
    """Compressed, as it crosses the network; look-up and calendar scripts come after the page works."""
    network = rep.context.new_cdp_session(rep)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
    network.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    rep.goto(base + path)
    rep.wait_for_load_state("networkidle")
    page = rep.content()

    def at_once(url: str) -> bool:
        name = url.rsplit("/", 1)[1]
        return not name.endswith(".js") or name in page

    # What had begun before the network was watched belongs to the page before.
    needed = [sizes.get(id_, 0) for id_, url in urls.items() if at_once(url)]
    assert 0 < sum(needed) <= 100 * 1024


@pytest.mark.parametrize(("theme", "rules"), [("light", RULES), ("dark", COLORS)], ids=["light", "dark"])
def test_the_pages_of_a_day_break_no_rule_of_accessibility(
    browser: Browser, base: str, theme: str, rules: list[str]
) -> None:
    page = _page(browser, theme=theme)
    sign_in(page, base, MANAGER)
    deal = page.goto(f"{base}/o/opportunity")
    assert deal is not None
    paths = [f"{base}/o/opportunity", base + str(page.locator("tbody .name a").first.get_attribute("href"))]
    for address in (*paths, f"{paths[1]}/edit", f"{base}/o/lead/new", f"{base}/search?q=a", f"{base}/o/none"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert violations(page, rules) == [], address
    page.context.close()
