"""Packages in folders: those that come with the program, those a command names, and what they stand on.

Finds the packages below, checks them together, writes identity.lock. Which packages a tenant has
installed is in the tenant's database (`publish.py`), not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.problem import Problem
from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.package import LOCK, MANIFEST, Package, read_folder
from runtime.codes import UNWRITABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metadata.catalog import Catalog
    from metadata.lock import Lock
    from runtime.bootstrap import Composition

    Find = Callable[[str], Package | None]

TENANT = "tenant"
PLATFORM = "platform"
APPS = Path(__file__).resolve().parent.parent / "apps"


def bundled() -> tuple[Package, ...]:
    """The packages that come with the program."""
    return tuple(read_folder(path.parent) for path in sorted(APPS.glob(f"*/{MANIFEST}")))


def bundled_package(name: str) -> Package | None:
    """The package of this name that comes with the program, or None."""
    folder = APPS / name
    return read_folder(folder) if (folder / MANIFEST).is_file() else None


def package_at(path: Path) -> Package:
    """The package in a folder, or the one that comes with the program when `path` is but its name.

    Raises Rejected when there is neither.
    """
    named = None if path.exists() or path.name != str(path) else bundled_package(path.name)
    return read_folder(path) if named is None else named


def with_required(packages: Sequence[Package], find: Find) -> tuple[Package, ...]:
    """`packages` and what they require at any distance, as far as `find` knows it by name.

    What is missing is left out; compiling reports it at its place.
    """
    found = {package.name: package for package in packages}
    queue = list(packages)
    while queue:
        for name in queue.pop().requires:
            if name not in found and (package := find(name)) is not None:
                found[name] = package
                queue.append(package)
    return tuple(found.values())


def with_below(packages: Sequence[Package]) -> tuple[Package, ...]:
    """`packages` and those below them that come with the program, when no tenant says what is installed.

    A tenant's own layer stands on all of them.
    """
    if any(package.name == TENANT for package in packages):
        names = {package.name for package in packages}
        return (*(package for package in bundled() if package.name not in names), *packages)
    return with_required(packages, bundled_package)


def check_folders(composition: Composition, folders: Sequence[Path]) -> Catalog:
    """Compile packages, by folder or name, with what they require. Raises Rejected with every Issue."""
    packages = with_below([package_at(folder) for folder in folders])
    return compile_packages(packages, composition.kinds, composition.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """How many things got an identity, took theirs to another name, or went."""

    added: int
    renamed: int
    retired: int


def lock_folder(folder: Path) -> Locked:
    """Write the package's identity.lock; return what has changed in it.

    Raises Rejected when there is no package, Problem when the file cannot be written.
    """
    package = read_folder(folder)
    below = [other for other in with_below([package]) if other.name != package.name]
    wanted = lock(package, below)
    try:
        (folder / LOCK).write_text(wanted.render(), encoding="utf-8")
    except OSError as error:
        raise Problem(UNWRITABLE, f"{folder / LOCK} cannot be written: {error.strerror}.") from error
    return _locked(package.lock, wanted)


def _locked(old: Lock, new: Lock) -> Locked:
    before = {entry.id: entry for entry in old.entries.values()}
    both = [(before[entry.id], entry) for entry in new.entries.values() if entry.id in before]
    return Locked(
        added=len(new.entries) - len(both),
        renamed=sum(len(now.was) > len(was.was) for was, now in both),
        retired=sum(now.retired and not was.retired for was, now in both),
    )
