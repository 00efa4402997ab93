"""The sample company served by the real program in a process of its own, and people who sign in to it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.demo_data import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

REP, MANAGER, ADMIN = "rep@demo.example", "manager@demo.example", "admin@demo.example"
SERVES = re.compile(r"Strata serves (http://\S+)")


@contextmanager
def served_demo(folder: Path) -> Iterator[str]:
    """The address of `strata demo` with its data in `folder`; it is told to stop at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "server.log"
    command = [str(Path(sys.executable).with_name("strata")), "demo", "--port", "0", "--data", str(folder)]
    with said.open("w") as log, subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process:
        try:
            yield _address(process, said)
        finally:
            process.terminate()
            process.wait(20)


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """What the program says it serves; fails with all it said when it ends before."""
    while True:
        ended = process.poll() is not None
        if found := SERVES.search(said.read_text()):
            return found[1]
        assert not ended, said.read_text()
        time.sleep(0.05)


def sign_in(tab: Page, base: str, email: str) -> None:
    """Sign in and arrive at the first list."""
    tab.goto(f"{base}/sign-in")
    tab.get_by_label("E-mail").or_(tab.get_by_label("邮箱")).fill(email)
    tab.locator("#password").fill(PASSWORD)
    tab.locator("button.primary").click()
    tab.wait_for_url("**/o/*")
