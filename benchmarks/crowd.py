"""The million accounts of `strata demo --rows` as a benchmark opens them: made once, kept where one says.

Readers are those of the demo – who see 40 %, 0.2 %, twenty and none of the accounts – and its administrator,
each with a Session of her own and a token for the server.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from engine.actor import load_actor
from runtime.bootstrap import compose
from runtime.config import Settings
from runtime.demo_crowd import READERS, Size
from runtime.demo_data import SLUG, demo_tenant, sign_ins
from runtime.installation import open_installation
from runtime.password import Passwords
from runtime.token import Token, make_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from engine.release import Release
    from engine.session import Session
    from runtime.tenant import Tenant

ADMIN = "admin"
_TOKEN_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """The open tenant, a Session and a bearer token for each reader, and how long loading took (seconds)."""

    settings: Settings
    tenant: Tenant
    release: Release
    sessions: Mapping[str, Session]
    tokens: Mapping[str, str]
    loaded: float

    def arguments(self) -> list[str]:
        """What `strata serve` needs to find it."""
        given = ["--data", str(self.settings.data)]
        return [*given, "--database", self.settings.database] if self.settings.database else given


@contextmanager
def opened(folder: Path, database: str, size: Size) -> Iterator[Crowd]:
    """The company in `folder`, or at the PostgreSQL URL `database`; made if it is not there."""
    settings = Settings(data=folder, database=database)
    cheap = Passwords(memory_kib=64, passes=1)
    composition = compose()
    tenants = open_installation(settings, composition, create=True, passwords=cheap)
    try:
        start = perf_counter()
        made = demo_tenant(settings, composition, tenants, lambda _: None, size)
        taken = perf_counter() - start
        with tenants.use(tenants.control.by_slug(SLUG)) as tenant:
            if made and database:
                with tenant.database.bare() as connection:
                    connection.run("VACUUM ANALYZE")  # as the server does by itself within minutes
            yield _met(settings, tenant, size, taken if made else 0.0)
    finally:
        tenants.close()


def _met(settings: Settings, tenant: Tenant, size: Size, loaded: float) -> Crowd:
    release = tenant.release
    assert release is not None, "the demo is published"
    printed = [row[0] for row in sign_ins(size)]
    emails = {ADMIN: printed[0], **dict(zip(READERS, printed[-len(READERS) :], strict=True))}
    people = {name: tenant.user_by_email(release, email) or "" for name, email in emails.items()}
    with tenant.database.read() as connection:
        actors = {name: load_actor(connection, release, person) for name, person in people.items()}
    return Crowd(
        settings=settings, tenant=tenant, release=release, loaded=loaded,
        sessions={name: tenant.session(release, actor) for name, actor in actors.items() if actor},
        tokens={name: _token(tenant, person) for name, person in people.items()},
    )  # fmt: skip


def _token(tenant: Tenant, person: str) -> str:
    now = tenant.gate.clock()
    token = Token(
        id=tenant.gate.ids(), user_id=person, name="benchmark", scopes=frozenset({"write"}),
        created_at=now, expires_at=now + timedelta(days=_TOKEN_DAYS), revoked=False,
    )  # fmt: skip
    with tenant.database.write() as connection:
        return make_token(connection, tenant.id, token)
