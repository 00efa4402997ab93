"""Secret fields as people and programs meet them: over the API, on the page, by the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.fields.secret import DOTS
from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.runtime.terminal import Run

COMPANY, CANARY = "vaulted", "hunter2 密码"


@pytest.fixture(scope="module")
def vaulted(site: Site) -> Site:
    """A company whose specimens keep secrets."""
    found_company(site, COMPANY, "wide", {"boss": ["boss", "administrator"], "nobody": []})
    return site


def test_a_secret_is_told_by_a_request_of_its_own_and_nowhere_else(vaulted: Site) -> None:
    made = vaulted.made("specimen", of=COMPANY, text="A", secret=CANARY)
    assert made["secret"] == DOTS
    path = f"/specimen/{made['id']}"
    told = vaulted.call("POST", f"{path}/secrets/secret", "boss", COMPANY)
    assert (told.status_code, told.json()) == (200, {"value": CANARY})
    assert told.headers["Cache-Control"] == "no-store"
    for where in (path, f"{path}/history", "/specimen", "/specimen/export", "/search?q=hunter2"):
        assert CANARY not in vaulted.call("GET", where, "boss", COMPANY).text
    history = vaulted.call("GET", f"{path}/history", "boss", COMPANY).json()["changes"]
    assert [each["kind"] for each in history] == ["revealed", "created"]
    assert vaulted.call("POST", f"{path}/secrets/text", "boss", COMPANY).status_code == 422
    assert vaulted.call("POST", f"{path}/secrets/secret", "nobody", COMPANY).status_code in (403, 404)


@pytest.fixture
def boss(vaulted: Site) -> Iterator[Reader]:
    """Somebody who may be told."""
    reader = Reader(vaulted, "boss", COMPANY)
    yield reader
    reader.http.close()


def test_the_page_shows_dots_and_tells_when_asked(vaulted: Site, boss: Reader) -> None:
    made = vaulted.made("specimen", of=COMPANY, text="B", secret=CANARY)
    address = f"/o/specimen/{made['id']}"
    page = boss.get(address).text
    assert DOTS in page
    assert f'action="/t/{COMPANY}{address}/reveal/secret"' in page
    assert CANARY not in page
    assert CANARY not in boss.get(f"{address}/edit").text
    told = boss.post(f"{address}/reveal/secret", {})
    assert told.status_code == 200
    assert CANARY in told.text
    assert "reveal/secret" not in told.text.partition('id="value-secret"')[2]
    assert told.headers["Cache-Control"] == "no-store"


def test_keys_change_by_the_command_line(strata: Run, data: Path, tmp_path: Path) -> None:
    here = ("--data", str(data))
    package = tmp_path / "gates"
    (package / "objects").mkdir(parents=True)
    (package / "package.yaml").write_text("package: gates\nversion: 1.0.0\nlabel: Gates\n")
    (package / "objects" / "gate.yaml").write_text(
        "object: gate\nlabel: Gate\nplural: Gates\ntitle: name\nfields:\n"
        "  name: {type: text, label: Name}\n  pin: {type: secret, label: PIN}\n"
    )
    assert strata("lock", str(package))[0] == 0
    assert strata("publish", str(package), *here)[0] == 0
    assert len(strata("secrets", "key")[1].strip()) == 44
    assert strata("secrets", "check", *here)[:2] == (0, "No key was needed yet.\ngate.pin  0 values\n")
    code, out, _ = strata("secrets", "rotate", *here)
    assert (code, out.startswith("0 values of ")) == (0, True)
    assert strata("secrets", "rewrap", *here)[1].startswith("0 keys of ")
    assert "1 key, all of them open." in strata("secrets", "check", *here)[1]
