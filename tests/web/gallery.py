"""Writes the sample pages as files and takes their pictures: `python -m tests.web.gallery FOLDER [page…]`.

For eyes, not for assertions: every page in both languages and themes, on a desktop and on a phone.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from playwright.sync_api import ViewportSize, sync_playwright

from runtime.web.assets import STATIC, read_assets
from runtime.web.renderer import Renderer
from runtime.web.texts import read_texts
from tests.web.chromium import launch
from tests.web.sample_pages import PAGES
from tests.web.samples import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SHOTS = (
    ("en-light", "en", "light", "cozy", DESKTOP), ("zh-light", "zh-CN", "light", "cozy", DESKTOP),
    ("en-dark", "en", "dark", "compact", DESKTOP), ("zh-dark", "zh-CN", "dark", "cozy", DESKTOP),
    ("zh-phone", "zh-CN", "light", "cozy", PHONE), ("en-phone-dark", "en", "dark", "cozy", PHONE),
)  # fmt: skip


def write_pages(folder: Path) -> None:
    """Every sample page as `folder/<page>.<shot>.html`, beside a link to the static files."""
    folder.mkdir(parents=True, exist_ok=True)
    static = folder / "static"
    if not static.exists():
        static.symlink_to(STATIC.resolve())
    texts = read_texts()
    renderer = Renderer(assets=read_assets(), texts=texts)
    for name, page in PAGES.items():
        for shot, language, theme, density, _ in SHOTS:
            who = reader(texts[language], theme=theme, density=density)
            (folder / f"{name}.{shot}.html").write_text(renderer.html(page(who), who), "utf-8")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of `folder`, for as long as the context lasts."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def take_pictures(folder: Path, names: tuple[str, ...]) -> None:
    """A picture of every page in every look, as `folder/<page>.<shot>.png`."""
    with served(folder) as base, sync_playwright() as play:
        browser = launch(play)
        for shot, _, _, _, size in SHOTS:
            context = browser.new_context(viewport=size, device_scale_factor=2 if size is PHONE else 1)
            tab = context.new_page()
            for name in names:
                tab.goto(f"{base}/{name}.{shot}.html")
                tab.wait_for_load_state("networkidle")
                tab.screenshot(path=folder / f"{name}.{shot}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_pages(target)
    take_pictures(target, tuple(sys.argv[2:]) or tuple(PAGES))
