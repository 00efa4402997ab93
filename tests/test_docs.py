"""Claims about the documentation."""

from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).resolve().parent.parent


def test_every_page_builds_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    """In strict mode a dead link or anchor, or a page that the navigation names in vain, is an error."""
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True))
    assert (tmp_path / "index.html").exists()


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs/decisions/index.md").read_text(encoding="utf-8")
    unlisted = [p.name for p in (ROOT / "docs/decisions").glob("[0-9]*.md") if f"({p.name})" not in listed]
    assert not unlisted
