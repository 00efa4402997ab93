"""The pictures of the README: list, record and form of the demo, light and dark, in Chinese, on a phone.

    python -m benchmarks.screenshots [FOLDER]

Serves a fresh demo, signs in as its manager and writes PNG files into FOLDER (docs/images).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.web.chromium import launch
from tests.web.demo import MANAGER, served_demo, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parents[1] / "docs" / "images"
DESKTOP, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture: which page, in which theme, in which language, on which screen (CSS pixels)."""

    name: str
    page: str
    theme: str = "light"
    language: str = "en"
    screen: tuple[int, int] = DESKTOP


SHOTS = (
    Shot(name="list-light", page="list"),
    Shot(name="list-dark", page="list", theme="dark"),
    Shot(name="list-phone", page="list", language="zh-CN", screen=PHONE),
    Shot(name="record-light", page="record"),
    Shot(name="record-dark", page="record", theme="dark"),
    Shot(name="record-zh", page="record", language="zh-CN"),
    Shot(name="record-phone", page="record", language="zh-CN", screen=PHONE),
    Shot(name="form-light", page="form"),
    Shot(name="form-phone", page="form", language="zh-CN", screen=PHONE),
)


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served_demo(Path(data)) as base, sync_playwright() as play:
        browser = launch(play)
        for shot in SHOTS:
            _take(browser, base, shot, folder / f"{shot.name}.png")
        browser.close()


def _take(browser: Browser, base: str, shot: Shot, path: Path) -> None:
    width, height = shot.screen
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if shot.theme == "dark" else "light",
        device_scale_factor=2 if shot.screen == PHONE else 1, is_mobile=shot.screen == PHONE,
        has_touch=shot.screen == PHONE,
    )  # fmt: skip
    tab = context.new_page()
    sign_in(tab, base, MANAGER)
    _prefer(tab, base, shot)
    _open(tab, base, shot.page)
    tab.wait_for_load_state("networkidle")
    tab.screenshot(path=path)
    context.close()


def _prefer(tab: Page, base: str, shot: Shot) -> None:
    """Choose language and theme as a person does, by the form behind her menu."""
    tab.evaluate(
        """async ([address, token, chosen]) => {
            for (const [name, value] of Object.entries(chosen)) {
                const body = new URLSearchParams({_csrf: token, [name]: value, back: '/'});
                await fetch(address, {method: 'POST', body, redirect: 'manual'});
            }
        }""",
        [
            f"{base}/preferences",
            tab.locator('meta[name="csrf-token"]').get_attribute("content"),
            {"language": shot.language, "theme": shot.theme},
        ],
    )


def _open(tab: Page, base: str, page: str) -> None:
    tab.goto(f"{base}/o/opportunity?view=closing_soon")
    if page == "list":
        return
    tab.locator("tbody a, .rows a").nth(3).click()
    tab.wait_for_url("**/o/opportunity/*")
    if page == "form":
        tab.goto(f"{tab.url.partition('?')[0]}/edit")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
