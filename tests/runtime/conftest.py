"""Fixtures of the running product: the rooms joined once, one installation per module and database.

Tests of one module share the installation, so each makes the records it speaks of.
"""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.bootstrap import Composition, compose
from runtime.config import Settings
from runtime.vault import new_key
from tests.runtime.site import PACKAGES, Site, found_company, opened_site
from tests.runtime.specimens import Specimens, found_specimens
from tests.runtime.terminal import Run, program

# Tests knock more often than people do; limits have tests of their own.
QUIET: dict[str, Any] = {"visitor_limit": 0, "sign_in_limit": 0, "log_level": "error", "threads": 4}


@pytest.fixture(scope="session")
def composition() -> Composition:
    """The rooms, joined once."""
    return compose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of an installation that is not there yet."""
    folder = tmp_path_factory.mktemp("data")
    if request.param == "sqlite":
        yield Settings(data=folder, port=0, **QUIET)
        return
    server = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield Settings(data=folder, database=url, port=0, secret_keys=new_key(b"k" * 32), **QUIET)


@pytest.fixture(scope="module")
def site(settings: Settings, composition: Composition) -> Iterator[Site]:
    """The companies `acme` and `beta`, served."""
    with opened_site(settings, composition) as opened:
        for slug in ("acme", "beta"):
            found_company(opened, slug)
        yield opened


@pytest.fixture(scope="module")
def specimens(site: Site) -> Specimens:
    """A company whose object has a field of every type."""
    return found_specimens(site)


@pytest.fixture
def fresh(site: Site) -> Iterator[str]:
    """A company of a test's own, because publishing changes it."""
    slug = f"c{time.monotonic_ns()}"
    found_company(site, slug)
    yield slug
    with site.tenant(slug) as tenant:
        site.tenants.control.remove(tenant.id)
    site.tenants.refresh()


@pytest.fixture
def strata(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the program in an empty folder; return exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STRATA_DATABASE", raising=False)
    return program(monkeypatch, capsys)


@pytest.fixture
def data(strata: Run, tmp_path: Path) -> Path:
    """A data folder with the tenant `acme`."""
    folder = tmp_path / "data"
    code, _, err = strata("tenant", "add", "acme", "--data", str(folder))
    assert (code, err) == (0, "")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A package folder that a test may damage."""
    return Path(shutil.copytree(PACKAGES / "shop", tmp_path / "shop"))
