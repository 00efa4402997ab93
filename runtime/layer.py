"""The tenant's own layer as a folder, so that it can live in git: written out byte for byte, and read again.

Publishing what was read is `publish.py`'s; here is only the way between database and folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from engine.published import latest
from metadata.package import MANIFEST, belongs, read_folder
from runtime.codes import NO_LAYER, UNWRITABLE
from runtime.packages import TENANT, package_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from metadata.package import Package
    from runtime.tenant import Tenant


def export_layer(tenant: Tenant, folder: Path) -> int:
    """Make a folder what the tenant's layer is, and return the number of its files.

    Files of a layer that was exported there before, and are no more, are deleted; what is no part of a
    package stays. Raises Problem when there is no layer, or the folder is another package.
    """
    with tenant.database.read() as connection:
        published = latest(connection)
    files = {} if published is None else published.layer
    if not files:
        raise Problem(NO_LAYER, f"{tenant.slug} has no layer of its own yet.", hint="Publish one first.")
    if not _is_layer(folder) and (others := _others(folder, files)):
        message = f"{folder} holds other documents, such as {others[0].name}."
        raise Problem(NO_LAYER, message, hint=NO_LAYER.mend)
    write_files(folder, files)
    return len(files)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write path → text as it is, and delete other documents. Raises Problem when that is not possible."""
    others = _others(folder, files)
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text.encode())
        for file in others:
            file.unlink()
    except OSError as error:
        raise Problem(UNWRITABLE, f"{folder} cannot be written: {error.strerror}.") from error


def layer_at(folder: Path) -> Package:
    """The layer in a folder. Raises Problem when the folder holds another package, Rejected when none."""
    package = package_at(folder)
    if package.name != TENANT:
        message = f"{folder} holds the package {package.name}."
        raise Problem(NO_LAYER, message, hint=NO_LAYER.mend)
    return package


def _others(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """The documents in a folder that are not among `files`."""
    found = {path: path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return [path for path, name in found.items() if belongs(name) and name not in files]


def _is_layer(folder: Path) -> bool:
    return (folder / MANIFEST).is_file() and read_folder(folder).name == TENANT
