"""A browser for the tests of pages, and the sample pages on an address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.runtime.conftest import composition, settings, site
from tests.web.chromium import PATIENCE, launch
from tests.web.gallery import served, write_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

__all__ = ["browser", "composition", "gallery", "settings", "site", "tab"]

AXE = Path(__file__).parents[2] / "runtime/frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        browser = launch(play)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample pages."""
    folder = tmp_path_factory.mktemp("gallery")
    write_pages(folder)
    with served(folder) as base:
        yield base


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A fresh page whose script errors fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
