"""The built scripts, styles and icons: logical name to the address that carries its hash.

The front-end build writes `static/dist/manifest.json`; addresses change with the content, so answers may be
cached for ever. Built once at start by whoever builds the `Renderer`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SYMBOL = re.compile(r'<symbol id="([\w-]+)"')
STATIC = Path(__file__).parent.parent / "static"
DIST = STATIC / "dist"


class AssetsMissingError(Exception):
    """The front end has not been built; the message says how to build it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """`files` maps a logical name ("app.css") to a file name below `base`; `icons` are in the sprite."""

    base: str
    files: Mapping[str, str]
    icons: frozenset[str] = frozenset()

    def address(self, name: str) -> str:
        """The address of the file that the build made of `name`."""
        return f"{self.base}/{self.files[name]}"


def read_assets(folder: Path = DIST, base: str = "/static/dist") -> Assets:
    """The assets described by the manifest in `folder`, served below `base`.

    Raises:
        AssetsMissingError: there is no manifest.
    """
    manifest = folder / "manifest.json"
    if not manifest.exists():
        message = f"The scripts and styles are not built: {manifest} is missing. Reinstall the project."
        raise AssetsMissingError(message)
    files = json.loads(manifest.read_text("utf-8"))
    sprite = (folder / files["icons.svg"]).read_text("utf-8")
    return Assets(base=base, files=files, icons=frozenset(SYMBOL.findall(sprite)))
