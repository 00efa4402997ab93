"""Claims about the documentation."""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.package import LOCK, from_files
from runtime.bootstrap import compose
from runtime.packages import bundled
from runtime.reference import FOLDER, pages

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_FILE = re.compile(r'^```yaml title="([^/"]+)/([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def test_every_page_builds_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    """In strict mode a dead link or anchor, or a page that the navigation names in vain, is an error."""
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True))
    assert (tmp_path / "index.html").exists()


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs/decisions/index.md").read_text(encoding="utf-8")
    unlisted = [p.name for p in (ROOT / "docs/decisions").glob("[0-9]*.md") if f"({p.name})" not in listed]
    assert not unlisted


@pytest.mark.parametrize("name", sorted(pages(compose())))
def test_the_reference_is_what_the_code_says(name: str) -> None:
    """`python -m runtime.reference` writes the pages again."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages(compose())[name]


def test_the_reference_has_no_page_that_nobody_makes() -> None:
    found = {f"{FOLDER}/{path.name}" for path in (DOCS / FOLDER).iterdir()}
    assert found == {path for path in pages(compose()) if path.startswith(FOLDER)}


def test_what_is_not_there_yet_is_not_there() -> None:
    differences = (DOCS / "formula/differences.md").read_text(encoding="utf-8")
    absent = set(re.findall(r"\b[A-Z]{4,}\b", differences.partition("## Not there yet")[2]))
    assert absent
    assert not absent & set(compose().language.functions)


def _written(package: str) -> dict[str, str]:
    """The files of a package as the implementers' pages show them."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/implementers").glob("*.md")))
    found = [match for text in texts for match in _FILE.findall(text)]
    return {name: body for owner, name, body in found if owner == package}


def test_the_packages_of_the_implementers_pages_compile_without_a_problem() -> None:
    """Every block with a file name as its title is a file of such a package."""
    composition, below = compose(), bundled()
    for name in ("visits", "acme"):
        files = _written(name)
        files[LOCK] = lock(from_files(files, origin=name), below).render()
        below = (*below, from_files(files, origin=name))
    catalog = compile_packages(below, composition.kinds, composition.language)
    assert not catalog.warnings
    assert catalog.objects["vis__visit"].label.text("zh-CN") == "拜访"
    assert "x_tell_head" in catalog.flows
