"""`python -m runtime.reference [FOLDER]`: write the reference pages, by default below `docs/reference/`."""

from __future__ import annotations

import sys
from pathlib import Path

from runtime.bootstrap import compose
from runtime.reference import pages

FOLDER = Path("docs/reference")


def main(folder: Path) -> None:
    """Write every page; a page that is no longer made goes away."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages(compose())
    for stale in {path.name for path in folder.glob("*.md")} - set(made):
        (folder / stale).unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
