"""The pages of the standard CRM in a browser, in Chinese: each object's list, record, form; light, dark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from runtime.config import Settings
from tests.acceptance.crm import MADE, Crm, founded_crm
from tests.runtime.conftest import QUIET
from tests.runtime.site import PASSWORD, email
from tests.web.accessibility import COLORS, violations
from tests.web.chromium import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from runtime.bootstrap import Composition

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE = 390
"""The width of a phone in CSS pixels."""
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b")
"""What a name of a field looks like where a label has been forgotten."""


@pytest.fixture(scope="module")
def crm(composition: Composition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """The company in an embedded database."""
    with founded_crm(Settings(data=tmp_path_factory.mktemp("crm"), port=0, **QUIET), composition) as founded:
        for about in ("account/{account}", "opportunity/{deal}"):
            founded.made("record_share", {"record": about, "user": "{boss}", "until": "2999-12-31"})
        yield founded


@pytest.fixture(scope="module")
def boss(browser: Browser, crm: Crm) -> Iterator[Page]:
    """The administrator, reading Chinese; a script error fails the tests."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{crm.base}/sign-in")
    page.locator("[name=login]").fill(email("boss"))
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url("**/o/*")
    page.locator("[popovertarget=person-menu]").click()
    page.locator("#person-menu [lang=zh-CN]").click()
    page.wait_for_load_state()
    yield page
    context.close()
    assert errors == []


def _pages(crm: Crm) -> Iterator[str]:
    for object_, name in {object_: name for name, object_, _ in reversed(MADE)}.items():
        yield f"/o/{object_}"
        yield f"/o/{object_}/{crm.ids[f'{{{name}}}']}"
        yield f"/o/{object_}/new"
    for kind in ("task", "event", "call", "visit", "note"):
        yield f"/o/activity/new?record_type={kind}"
    for name in ("account", "opportunity"):
        record = crm.ids["{account}" if name == "account" else "{deal}"]
        yield f"/o/{name}/{record}/sharing"
        yield f"/o/record_share/new?record={name}/{record}"
    yield from ("/o/delegation", "/o/delegation/new")
    yield f"/o/account/{crm.ids['{account}']}/access?user={crm.ids['{boss}']}"
    yield f"/o/user/{crm.ids['{boss}']}/held"


def _one_of_each_kind(crm: Crm) -> Iterator[str]:
    """Pages that have between them all that surrounds the content, and all that a theme colours."""
    record = f"/o/opportunity/{crm.ids['{deal}']}"
    yield from ("/o/opportunity", record, "/o/opportunity/new", f"{record}/sharing")
    yield f"/o/account/{crm.ids['{account}']}/access?user={crm.ids['{boss}']}"
    yield f"/o/user/{crm.ids['{boss}']}/held"


def test_every_page_is_chinese_and_accessible_in_light_and_one_of_each_kind_in_dark(
    crm: Crm, boss: Page
) -> None:
    wrong: list[str] = []
    kinds = set(_one_of_each_kind(crm))
    assert kinds <= set(_pages(crm))
    for path in _pages(crm):
        answer = boss.goto(crm.base + path)
        assert answer is not None
        assert answer.status == 200, path
        assert boss.locator("html").get_attribute("lang") == "zh-CN", path
        wrong += [f"{path}: {one}" for one in RAW.findall(boss.locator("body").inner_text())]
        wrong += [f"{path}: {one}" for one in violations(boss, within="html" if path in kinds else "#main")]
        if path in kinds:
            boss.emulate_media(color_scheme="dark")
            wrong += [f"{path} dark: {one}" for one in violations(boss, COLORS)]
            boss.emulate_media(color_scheme="light")
    assert wrong == []


def test_no_page_is_wider_than_a_phone(crm: Crm, boss: Page) -> None:
    boss.set_viewport_size({"width": PHONE, "height": 844})
    widths = {}
    for path in _pages(crm):
        boss.goto(crm.base + path)
        widths[path] = boss.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width > PHONE} == {}
