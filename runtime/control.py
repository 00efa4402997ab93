"""The control database: which tenants there are, by which hosts they are reached, where their data lies.

A SQLite file `control.db` in the data folder, or the schema `strata_control` of a PostgreSQL database. It
holds no data of any company. Publishing writes `release_no` here so that other processes notice; writers
leave `due_hint` so that workers know whom to visit. Both are hints: the tenant's own database has the truth.
What is decided here is only how long a publish waits for processes that lag behind (`lease.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.database import UniqueClash
from engine.problem import Problem
from runtime import sql
from runtime.codes import BAD_SLUG, TENANT_EXISTS, UNKNOWN_TENANT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.database import Connection, Database, Row

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
ACTIVE = "active"
CHANNEL = "strata_work"
"""Where PostgreSQL passes on each hint, with the tenant's id."""

_TABLES = (
    """CREATE TABLE IF NOT EXISTS tenant (
        id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, place TEXT NOT NULL, state TEXT NOT NULL,
        release_no BIGINT NOT NULL DEFAULT 0, due_hint BIGINT NOT NULL DEFAULT 0,
        created_at BIGINT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS tenant_host (
        host TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant (id))""",
    """CREATE TABLE IF NOT EXISTS lease (
        process TEXT NOT NULL, tenant TEXT NOT NULL, release_no BIGINT NOT NULL, until BIGINT NOT NULL,
        PRIMARY KEY (tenant, process))""",
)
_THERE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'lease'",
    "postgresql": "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'lease'",
}
_LEASE = """INSERT INTO lease (process, tenant, release_no, until) VALUES (:process, :tenant, :number, :until)
    ON CONFLICT (tenant, process) DO UPDATE SET release_no = excluded.release_no, until = excluded.until"""
_COLUMNS = "t.id, t.slug, t.place, t.state, t.release_no, t.due_hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One tenant in the directory.

    `place` is a file relative to the data folder, or a schema. `release_no` is 0 before the first publish.
    `due_hint` is microseconds since 1970 at which a worker should look, 0 for no known work.
    """

    id: str
    slug: str
    place: str
    state: str = ACTIVE
    release_no: int = 0
    due_hint: int = 0
    hosts: tuple[str, ...] = ()


class Control:
    """Reads and writes of the control database. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.read() as connection:
            there = connection.row(_THERE[connection.dialect.name])
        if there is None:
            with database.write() as connection:
                for statement in _TABLES:
                    connection.run(statement)

    def add(self, entry: Entry, now: datetime) -> None:
        """Enter a tenant. Raises Problem when its slug is no slug, or slug or a host is taken."""
        require_slug(entry.slug)
        try:
            with self._database.write() as connection:
                _insert(connection, entry, now)
        except UniqueClash as clash:
            raise Problem(
                TENANT_EXISTS,
                f"A tenant {entry.slug!r}, or one with these hosts, exists already.",
                status=409,
            ) from clash

    def all(self) -> tuple[Entry, ...]:
        """All tenants, by slug."""
        with self._database.read() as connection:
            hosts: dict[str, list[str]] = {}
            for host, tenant in sql.rows(connection, "SELECT host, tenant FROM tenant_host ORDER BY host"):
                hosts.setdefault(tenant, []).append(host)
            found = sql.rows(connection, f"SELECT {_COLUMNS} FROM tenant t ORDER BY t.slug")  # noqa: S608
        return tuple(_entry(item, tuple(hosts.get(item[0], ()))) for item in found)

    def by_slug(self, slug: str) -> Entry:
        """The tenant of this name. Raises Problem when there is none."""
        entry = next((item for item in self.all() if item.slug == slug), None)
        if entry is None:
            known = ", ".join(item.slug for item in self.all()) or "none yet"
            raise Problem(
                UNKNOWN_TENANT, f"There is no tenant {slug!r}.", status=404, hint=f"Tenants: {known}."
            )
        return entry

    def remove(self, id: str) -> None:  # noqa: A002
        """Take a tenant out of the directory; its data stays where it is."""
        with self._database.write() as connection:
            sql.run(connection, "DELETE FROM tenant_host WHERE tenant = :id", id=id)
            sql.run(connection, "DELETE FROM lease WHERE tenant = :id", id=id)
            sql.run(connection, "DELETE FROM tenant WHERE id = :id", id=id)

    def published(self, id: str, release_no: int) -> None:  # noqa: A002
        """Tell other processes that the tenant serves a newer release; an older number changes nothing."""
        with self._database.write() as connection:
            sql.run(
                connection,
                "UPDATE tenant SET release_no = :number WHERE id = :id AND release_no < :number",
                id=id,
                number=release_no,
            )

    def hint(self, id: str, due: int) -> None:  # noqa: A002
        """Leave word that the tenant has work at `due` (microseconds since 1970), 0 that it is looked after.

        PostgreSQL tells it to whoever listens; what is looked after is news to nobody.
        """
        with self._database.write() as connection:
            sql.run(connection, "UPDATE tenant SET due_hint = :due WHERE id = :id", id=id, due=due)
            if due and not connection.dialect.sqlite:
                sql.row(connection, "SELECT pg_notify(:channel, :id)", channel=CHANNEL, id=id)

    def lease(self, process: str, numbers: Mapping[str, int], closed: tuple[str, ...], *, until: int) -> None:
        """Note which Release of each tenant a process works on, until a time (microseconds since 1970).

        `closed` are tenants it has done with.
        """
        with self._database.write() as connection:
            sql.run_many(connection, _LEASE, [
                {"process": process, "tenant": tenant, "number": number, "until": until}
                for tenant, number in numbers.items()
            ])  # fmt: skip
            sql.run_many(
                connection,
                "DELETE FROM lease WHERE process = :process AND tenant = :tenant",
                [{"process": process, "tenant": tenant} for tenant in closed],
            )

    def leased(self, tenant: str, number: int, now: int) -> bool:
        """Whether some process still works on a Release of the tenant older than `number`."""
        query = "SELECT 1 FROM lease WHERE tenant = :tenant AND release_no < :number AND until > :now LIMIT 1"
        with self._database.read() as connection:
            return sql.row(connection, query, tenant=tenant, number=number, now=now) is not None

    def close(self) -> None:
        """Close the connections."""
        self._database.close()


def require_slug(slug: str) -> None:
    """Raises Problem for a text that cannot name a tenant."""
    if not SLUG.fullmatch(slug):
        raise Problem(
            BAD_SLUG,
            f"{slug!r} cannot name a tenant.",
            hint="Use 1 to 40 of a-z, 0-9 and - (not at either end).",
        )


def _insert(connection: Connection, entry: Entry, now: datetime) -> None:
    sql.run(
        connection,
        """INSERT INTO tenant (id, slug, place, state, release_no, due_hint, created_at)
        VALUES (:id, :slug, :place, :state, :release_no, :due_hint, :at)""",
        id=entry.id,
        slug=entry.slug,
        place=entry.place,
        state=entry.state,
        release_no=entry.release_no,
        due_hint=entry.due_hint,
        at=sql.micros(now),
    )
    for host in entry.hosts:
        sql.run(
            connection,
            "INSERT INTO tenant_host (host, tenant) VALUES (:host, :id)",
            host=host.lower(),
            id=entry.id,
        )


def _entry(item: Row, hosts: tuple[str, ...]) -> Entry:
    id_, slug, place, state, release_no, due_hint = item
    return Entry(
        id=id_, slug=slug, place=place, state=state, release_no=release_no, due_hint=due_hint, hosts=hosts
    )
