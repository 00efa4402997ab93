"""The tenant's own layer as a folder, so that it can live in git: written out byte for byte, and read again.

Publishing what was read is `publish.py`'s; here is only the way between database and folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from engine.published import latest
from formula.issue import Rejected
from metadata.package import MANIFEST, belongs, read_folder
from runtime.codes import NO_LAYER
from runtime.folder import write_texts
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
    others = _others(folder, files)
    if others and not _is_layer(folder):
        message = f"{folder} holds other documents, such as {others[0].name}."
        raise Problem(NO_LAYER, message, hint=NO_LAYER.mend)
    write_texts(folder, files, gone=others)
    return len(files)


def layer_at(folder: Path) -> Package:
    """The layer in a folder. Raises Problem when the folder holds another package, Rejected when none."""
    package = package_at(folder)
    if package.name != TENANT:
        message = f"{folder} holds the package {package.name}."
        raise Problem(NO_LAYER, message, hint=NO_LAYER.mend)
    return package


def _others(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """The documents in a folder that are not among `files`, and a manifest that is no layer's."""
    found = {path: path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    kept = files if _is_layer(folder) else {name for name in files if name != MANIFEST}
    return [path for path, name in found.items() if belongs(name) and name not in kept]


def _is_layer(folder: Path) -> bool:
    """Whether a folder is certainly a tenant's layer, so that its documents may be deleted."""
    if not (folder / MANIFEST).is_file():
        return False
    try:
        return read_folder(folder).manifest.string("package") == TENANT
    except Rejected:
        return False
