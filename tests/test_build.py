"""Claims about the build hook that makes the front-end assets."""

from collections.abc import Callable
from pathlib import Path

import pytest

import hatch_build
from hatch_build import NODE, OUTPUT, SOURCES, FrontEndHook


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose front end has not been built."""
    for name in ("build.mjs", "package-lock.json", "src/core.js"):
        path = tmp_path / SOURCES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.fixture
def built(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same after the hook ran, with a bundler that writes nothing but the manifest."""
    monkeypatch.setattr(hatch_build, "_build", lambda sources: _bundle(checkout))
    _hook(checkout).initialize("standard", {})
    return checkout


def _bundle(root: Path) -> None:
    (root / OUTPUT).mkdir(parents=True)
    (root / OUTPUT / "manifest.json").write_text("{}")


def _hook(root: Path) -> FrontEndHook:
    return FrontEndHook(str(root), {}, None, None, "", "wheel")  # type: ignore[arg-type]


def test_node_is_asked_for_while_the_assets_are_missing(checkout: Path) -> None:
    assert _hook(checkout).dependencies() == [NODE]


def test_a_tree_without_a_front_end_asks_for_nothing(tmp_path: Path) -> None:
    assert _hook(tmp_path).dependencies() == []


def test_fresh_assets_are_not_built_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "_build", lambda sources: pytest.fail("built again"))
    _hook(built).initialize("standard", {})
    assert _hook(built).dependencies() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda sources: (sources / "src/core.js").write_text("changed"),
        lambda sources: (sources / "src/new.js").write_text(""),
        lambda sources: (sources / "src/core.js").rename(sources / "src/renamed.js"),
        lambda sources: (sources / "src/core.js").unlink(),
    ],
    ids=["edited", "added", "renamed", "removed"],
)
def test_any_change_of_a_source_makes_the_assets_stale(built: Path, change: Callable[[Path], object]) -> None:
    change(built / SOURCES)
    assert _hook(built).dependencies() == [NODE]


def test_installed_packages_are_no_sources(built: Path) -> None:
    package = built / SOURCES / "node_modules" / "bundler"
    package.mkdir(parents=True)
    (package / "index.js").write_text("")
    assert _hook(built).dependencies() == []
