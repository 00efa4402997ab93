"""The releases a tenant has had: which metadata, when, by whom, why. The last one is the one that serves.

Publishing (runtime) records a release as the last act of its walk; every process that opens the tenant reads
the latest one and compiles it. Nothing here knows packages or layers beyond their text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.codec import datetime_form, id_form
from engine.database import Conflict, UniqueClash
from engine.statement import compile_text
from engine.system import meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.database import Connection

RELEASE_NO = "release_no"
"""The entry of `s_meta` that each writing transaction compares with its Release's number."""

_COLUMNS = 'number, digest, layer, packages, at, "by", reason'


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One release. `layer` is the tenant's own layer, path → text; `packages` is package name → version."""

    number: int
    digest: str
    layer: Mapping[str, str]
    packages: Mapping[str, str]
    at: datetime
    by: str | None
    reason: str


def release_no(connection: Connection) -> int:
    """Return the number of the release that serves; 0 before the first publication."""
    return int(meta(connection, RELEASE_NO) or 0)


def latest(connection: Connection) -> Published | None:
    """Return the release that serves, or None before the first publication."""
    number = release_no(connection)
    return find(connection, number) if number else None


def find(connection: Connection, number: int) -> Published | None:
    """Return the release with this number, or None."""
    dialect = connection.dialect
    decoders = (
        None,
        None,
        json.loads,
        json.loads,
        datetime_form(dialect).decode,
        id_form(dialect).decode,
        None,
    )
    query = f"SELECT {_COLUMNS} FROM s_release WHERE number = :number"  # noqa: S608  (a constant)
    found = compile_text(query, dialect, decoders).row(connection, {"number": number})
    if found is None:
        return None
    number, digest, layer, packages, at, by, reason = found
    return Published(
        number=number, digest=digest, layer=layer, packages=packages, at=at, by=by, reason=reason
    )


def record(connection: Connection, published: Published) -> None:
    """Record a release and let it serve; the caller's transaction decides.

    Raises:
        Conflict: somebody else has published this number meanwhile.
    """
    dialect = connection.dialect
    insert = compile_text(
        f"INSERT INTO s_release ({_COLUMNS}) VALUES (:number, :digest, :layer, :packages, :at, :by, :reason)",  # noqa: S608
        dialect,
    )
    encode_at, encode_id = datetime_form(dialect).encode, id_form(dialect).encode
    values = {
        "number": published.number,
        "digest": published.digest,
        "layer": json.dumps(dict(published.layer), ensure_ascii=False, sort_keys=True),
        "packages": json.dumps(dict(published.packages), ensure_ascii=False, sort_keys=True),
        "at": encode_at(published.at) if encode_at else published.at,
        "by": encode_id(published.by) if encode_id and published.by else published.by,
        "reason": published.reason,
    }
    try:
        insert.run(connection, values)
    except UniqueClash as clash:
        raise Conflict(f"release {published.number} exists already") from clash
    set_meta(connection, RELEASE_NO, str(published.number))
