"""What axe-core finds wrong with a page, as lines to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.web.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


COLORS = ["color-contrast", "link-in-text-block"]
"""What a theme alone can break."""


def violations(page: Page, rules: list[str] = RULES, *, within: str = "html") -> list[str]:
    """One line per element inside `within` that breaks a rule of axe-core.

    The rules: https://dequeuniversity.com/rules/axe/.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "([within, rules]) => axe.run(within, {runOnly: rules}).then(result => result.violations)",
        [within, rules],
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
