"""Packages in folders: those that come with the program, those a command names, and what they stand on.

Finds the packages below, checks them together, writes identity.lock and translations.lock. Which packages a
tenant has installed is in the tenant's database (`publish.py`), not here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.problem import Problem
from formula.issue import Rejected
from metadata.compile import compile as compile_packages
from metadata.compile import texts
from metadata.identity import lock, renames
from metadata.package import LOCK, MANIFEST, TRANSLATION, TRANSLATION_LOCK, Package, read_folder
from metadata.translations import lock_texts
from runtime.codes import UNKNOWN_THING
from runtime.folder import write_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metadata.catalog import Catalog
    from metadata.lock import Lock
    from metadata.translations import Texts
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


def check_folders(composition: Composition, folders: Sequence[Path], *, lenient: bool = False) -> Catalog:
    """Compile packages, by folder or name, with what they require. Raises Rejected with every Issue.

    `lenient` makes warnings of references that lead nowhere.
    """
    packages = with_below([package_at(folder) for folder in folders])
    return compile_packages(packages, composition.kinds, composition.language, lenient=lenient)


def texts_of(composition: Composition, folder: Path) -> tuple[Package, Texts]:
    """A package, by folder or name, and its texts with what translates them. Raises Rejected."""
    package = package_at(folder)
    found = texts(with_below([package]), composition.kinds, composition.language)
    return package, found.of(package.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """How many things got an identity, took theirs to another name, or went.

    `translations` are those that were noted as translated from today's text; None when the package has
    problems, so that nobody knows yet what they translate.
    """

    added: int
    renamed: int
    retired: int
    translations: int | None = 0


def lock_folder(composition: Composition, folder: Path) -> Locked:
    """Write the package's identity.lock and translations.lock; return what has changed in them.

    Raises Rejected when there is no package, Problem when a file cannot be written.
    """
    package = read_folder(folder)
    below = [other for other in with_below([package]) if other.name != package.name]
    wanted = lock(package, below)
    write_texts(folder, {LOCK: wanted.render()})
    done = _locked(package.lock, wanted)
    return replace(
        done, translations=lock_translations(composition, folder, replace(package, lock=wanted), below)
    )


def lock_translations(
    composition: Composition,
    folder: Path,
    package: Package,
    below: Sequence[Package],
    confirmed: Callable[[str], bool] = lambda key: False,  # noqa: ARG005
) -> int | None:
    """Write translations.lock; return how many entries are new, None when the package does not compile.

    `confirmed` says of a key (`objects.deal.label zh-CN`) that its translation is right still.
    """
    if not any(document.kind == TRANSLATION for document in package.documents):
        return 0
    layers = (*below, package)
    try:
        found = texts(layers, composition.kinds, composition.language)
    except Rejected:
        return None
    wanted = lock_texts(package, found, renames(layers), confirmed)
    write_texts(folder, {TRANSLATION_LOCK: wanted.render()})
    return sum(package.translated.get(name) != entry for name, entry in wanted.entries.items())


def confirm_translations(composition: Composition, folder: Path, paths: Sequence[str]) -> int | None:
    """Note that the translations of these paths, and of what lies below them, are right as they are.

    Raises Problem for a path of which nothing is translated, Rejected when there is no package.
    """
    package, texts = texts_of(composition, folder)
    for wanted in paths:
        if not any(_lies_in(".".join(path), wanted) for path in texts.nodes):
            message = f"{package.name} translates nothing called `{wanted}`."
            raise Problem(UNKNOWN_THING, message, hint="Paths are written as in the list of texts.")
    below = [other for other in with_below([package]) if other.name != package.name]

    def confirmed(key: str) -> bool:
        return any(_lies_in(key.partition(" ")[0], wanted) for wanted in paths)

    return lock_translations(composition, folder, package, below, confirmed)


def _lies_in(path: str, wanted: str) -> bool:
    return path == wanted or path.startswith(f"{wanted}.")


def _locked(old: Lock, new: Lock) -> Locked:
    before = {entry.id: entry for entry in old.entries.values()}
    both = [(before[entry.id], entry) for entry in new.entries.values() if entry.id in before]
    return Locked(
        added=len(new.entries) - len(both),
        renamed=sum(len(now.was) > len(was.was) for was, now in both),
        retired=sum(now.retired and not was.retired for was, now in both),
    )
