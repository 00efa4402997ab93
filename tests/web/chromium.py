"""Finds a Chromium: the system's, else the one Playwright installed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

PATIENCE = 30_000
"""How long a test waits for a page, in milliseconds: other tests may have the machine meanwhile."""

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def launch(play: Playwright) -> Browser:
    """A headless browser; closed by the caller."""
    return play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
