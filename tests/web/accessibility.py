"""What axe-core finds wrong with a page, as lines to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.web.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line per element that breaks a rule of axe-core (https://dequeuniversity.com/rules/axe/)."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
