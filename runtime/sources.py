"""What a Release was made of: the installed packages and the tenant's own layer, as texts in its database.

A published Release does not depend on any folder: every process that opens the tenant compiles the same
texts. A package's files are kept once however many Releases use them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.published import find, release_no
from metadata.package import from_files
from runtime import sql
from runtime.packages import TENANT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.database import Connection
    from metadata.package import Package

_PACKAGES = """
    SELECT p.name, p.files FROM s_release_package r JOIN s_package p ON p.digest = r.digest
    WHERE r.number = :number ORDER BY p.name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Installed packages and the tenant's own layer, None when there is none."""

    packages: tuple[Package, ...] = ()
    own: Package | None = None

    @property
    def layer(self) -> Mapping[str, str]:
        """The files of the own layer, path → text."""
        return {} if self.own is None else self.own.files

    def all(self) -> tuple[Package, ...]:
        """Every layer, as the compiler takes them."""
        return self.packages if self.own is None else (*self.packages, self.own)

    def updated(self, packages: Sequence[Package]) -> Sources:
        """With these packages added, or put in place of those of the same name; the layer likewise.

        Packages come by name, as they are read back, so that the same sources make the same model.
        """
        kept = {package.name: package for package in (*self.packages, *packages)}
        own = kept.pop(TENANT, self.own)
        return Sources(packages=tuple(kept[name] for name in sorted(kept)), own=own)


EMPTY = Sources()


def read_sources(connection: Connection, number: int | None = None) -> Sources:
    """The sources of the Release with this number, else of the one that serves; empty before the first."""
    wanted = release_no(connection) if number is None else number
    published = find(connection, wanted)
    if published is None:
        return EMPTY
    rows = sql.rows(connection, _PACKAGES, number=wanted)
    return Sources(
        packages=tuple(from_files(json.loads(files), origin=name) for name, files in rows),
        own=from_files(published.layer, origin=TENANT) if published.layer else None,
    )


def keep_sources(connection: Connection, number: int, sources: Sources) -> None:
    """Write down the packages of a Release in the caller's transaction; the layer goes with the Release."""
    for package in sources.packages:
        files = json.dumps(dict(package.files), ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(f"{package.name}\0{files}".encode()).hexdigest()
        sql.run(
            connection,
            "INSERT INTO s_package (digest, name, files) VALUES (:digest, :name, :files) "
            "ON CONFLICT DO NOTHING",
            digest=digest,
            name=package.name,
            files=files,
        )
        sql.run(
            connection,
            "INSERT INTO s_release_package (number, name, digest) VALUES (:number, :name, :digest)",
            number=number,
            name=package.name,
            digest=digest,
        )
