"""The sample company served by the real program in a process of its own, and people who sign in to it."""

from __future__ import annotations

import re
import subprocess
import sys
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
    command = [str(Path(sys.executable).with_name("strata")), "demo", "--port", "0", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        try:
            for line in process.stdout:
                said.append(line)
                if found := SERVES.search(line):
                    break
            else:
                raise AssertionError("".join(said))
            log = (folder / "server.log").open("w")
            drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=log)
            yield found[1]
        finally:
            process.terminate()
            process.wait(20)
            drain.wait(5)
            log.close()


def sign_in(tab: Page, base: str, email: str) -> None:
    """Sign in and arrive at the first list."""
    tab.goto(f"{base}/sign-in")
    tab.get_by_label("E-mail").or_(tab.get_by_label("邮箱")).fill(email)
    tab.locator("#password").fill(PASSWORD)
    tab.locator("button.primary").click()
    tab.wait_for_url("**/o/*")
