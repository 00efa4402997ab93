"""`python -m runtime.reference [FOLDER]`: write the reference pages below the documentation, `docs/`."""

from __future__ import annotations

import sys
from pathlib import Path

from runtime.bootstrap import compose
from runtime.reference import FOLDER, pages

DOCUMENTATION = Path("docs")


def main(documentation: Path) -> None:
    """Write every page; a page of the reference that is no longer made goes away."""
    made = pages(compose())
    for path, text in made.items():
        (documentation / path).parent.mkdir(parents=True, exist_ok=True)
        (documentation / path).write_text(text, encoding="utf-8")
    for page in (documentation / FOLDER).glob("*.md"):
        if f"{FOLDER}/{page.name}" not in made:
            page.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTATION)
