"""The releases a tenant has had: which metadata, when, by whom, why. The last one is the one that serves.

Publishing (runtime) records a release as the last act of its walk; every process that opens the tenant reads
the latest one and compiles it. Nothing here knows packages or layers beyond their text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.codec import datetime_form, id_form
from engine.database import Conflict, UniqueClash
from engine.statement import compile_text
from engine.system import meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.database import Connection
    from engine.statement import Statement

RELEASE_NO = "release_no"
"""The entry of `s_meta` that each writing transaction compares with its Release's number."""

_COLUMNS = 'number, digest, layer, packages, at, "by", reason, changes, seen'


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One release. `layer` is the tenant's own layer, path → text; `packages` is package name → version.

    `changes` tells in words what became another with it; `seen` is what each difference of the layer saw
    below it, as JSON holds it (`metadata.seen`).
    """

    number: int
    digest: str
    layer: Mapping[str, str]
    packages: Mapping[str, str]
    at: datetime
    by: str | None
    reason: str
    changes: tuple[str, ...] = ()
    seen: Sequence[Mapping[str, object]] = ()


def release_no(connection: Connection) -> int:
    """Return the number of the release that serves; 0 before the first publication."""
    return int(meta(connection, RELEASE_NO) or 0)


def latest(connection: Connection) -> Published | None:
    """Return the release that serves, or None before the first publication."""
    number = release_no(connection)
    return find(connection, number) if number else None


def find(connection: Connection, number: int) -> Published | None:
    """Return the release with this number, or None."""
    found = _query(connection, "WHERE number = :number").row(connection, {"number": number})
    return None if found is None else _published(found)


def history(connection: Connection) -> tuple[Published, ...]:
    """Return every release, the latest first."""
    rows = _query(connection, "ORDER BY number DESC").rows(connection, {})
    return tuple(_published(row) for row in rows)


def _query(connection: Connection, rest: str) -> Statement:
    dialect = connection.dialect
    at, by = datetime_form(dialect).decode, id_form(dialect).decode
    decoders = (None, None, json.loads, json.loads, at, by, None, json.loads, json.loads)
    return compile_text(f"SELECT {_COLUMNS} FROM s_release {rest}", dialect, decoders)  # noqa: S608  (constants)


def _published(row: Sequence[Any]) -> Published:
    number, digest, layer, packages, at, by, reason, changes, seen = row
    return Published(
        number=number,
        digest=digest,
        layer=layer,
        packages=packages,
        at=at,
        by=by,
        reason=reason,
        changes=tuple(changes),
        seen=seen,
    )


def record(connection: Connection, published: Published) -> None:
    """Record a release and let it serve; the caller's transaction decides.

    Raises:
        Conflict: somebody else has published this number meanwhile.
    """
    dialect = connection.dialect
    insert = compile_text(
        f"INSERT INTO s_release ({_COLUMNS}) VALUES "  # noqa: S608  (constants)
        "(:number, :digest, :layer, :packages, :at, :by, :reason, :changes, :seen)",
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
        "changes": json.dumps(list(published.changes), ensure_ascii=False),
        "seen": json.dumps(list(published.seen), ensure_ascii=False),
    }
    try:
        insert.run(connection, values)
    except UniqueClash as clash:
        raise Conflict(f"release {published.number} exists already") from clash
    set_meta(connection, RELEASE_NO, str(published.number))
