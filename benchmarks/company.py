"""A company to measure: one tenant with the standard CRM, two sales representatives, seeded records.

Each representative owns every other record and sees only her own. Everything goes through the product's own
door, so the tables are exactly those that it makes. Used by the benchmarks and by the acceptance tests.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from engine.actor import system_actor
from engine.mutation import Create, Mutation
from runtime.bootstrap import compose
from runtime.config import Settings
from runtime.founding import Founding, found
from runtime.installation import open_installation
from runtime.packages import bundled
from runtime.password import Passwords
from runtime.people import add_user
from runtime.token import Token, make_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from engine.session import Session
    from runtime.bootstrap import Composition
    from runtime.control import Entry
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants

PACKAGE = "crm_standard"
PEOPLE = {"admin": "administrator", "rep": "sales_rep", "other": "sales_rep"}
STAGES = ("prospecting", "needs", "proposal", "negotiation", "won", "lost")
SOURCES = ("website", "exhibition", "referral", "advertising", "call")
RARE_SOURCE = "partner"
RARE_WORD = "quixotic"
RARE_EVERY = 1000
"""One deal in so many has the rare source and the rare word in its name."""
CHUNK = 500
PASSWORD = "long enough for anybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A tenant ready to be served: where it lies, who is in it (ids), and a bearer token for each."""

    settings: Settings
    slug: str
    id: str
    place: str
    people: Mapping[str, str]
    tokens: Mapping[str, str]
    accounts: tuple[str, ...] = ()
    deals: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        """Where the database of an embedded tenant lies."""
        return self.settings.data / self.place

    def arguments(self) -> list[str]:
        """What a `strata` command needs to find the installation."""
        given = ["--data", str(self.settings.data)]
        return [*given, "--database", self.settings.database] if self.settings.database else given


def make_company(data: Path, database: str = "", *, slug: str = "bench", rows: int = 0) -> Company:
    """Make an installation, or a further tenant in it, with `rows` deals and a tenth as many accounts.

    Args:
        data: the folder of the embedded databases.
        database: a PostgreSQL URL, or "" for files.
        slug: the tenant's name.
        rows: how many deals; half belong to `rep`.
    """
    settings = Settings(data=data, database=database)
    composition = compose()
    cheap = Passwords(memory_kib=64, passes=1)
    tenants = open_installation(settings, composition, create=True, passwords=cheap)
    try:
        entry = _found(settings, composition, tenants, slug)
        with tenants.use(entry) as tenant:
            assert tenant.release is not None, "founding publishes"
            people = {
                name: add_user(
                    tenant, tenant.release, f"{name}@{slug}.example", f"{name} {slug}", PASSWORD, [grants]
                )
                for name, grants in PEOPLE.items()
            }
            company = Company(
                settings=settings, slug=slug, id=entry.id, place=entry.place, people=people,
                tokens={name: _token(tenant, id_) for name, id_ in people.items()},
            )  # fmt: skip
            filled = _filled(company, tenant.session(tenant.release, system_actor()), rows)
            if database:
                _gather_statistics(tenant)
            return filled
    finally:
        tenants.close()


def deal(number: int, account: str, random: Random) -> dict[str, object]:
    """The values of one deal without its owner; every one passes the standard CRM's rules."""
    rare = number % RARE_EVERY == 0
    stage = STAGES[number % len(STAGES)]
    values: dict[str, object] = {
        "name": f"{RARE_WORD if rare else 'renewal'} deal {number}",
        "account": account,
        "stage": stage,
        "amount": random.randrange(100_000, 90_000_000) / 100,
        "close_date": (date(2026, 1, 1) + timedelta(days=random.randrange(700))).isoformat(),
        "source": RARE_SOURCE if rare else SOURCES[number // len(STAGES) % len(SOURCES)],
        "next_step": f"Call back on day {number % 30}",
    }
    return {**values, "lost_reason": "price"} if stage == "lost" else values


def _found(settings: Settings, composition: Composition, tenants: Tenants, slug: str) -> Entry:
    standard = [package for package in bundled() if package.name == PACKAGE]
    return found(settings, composition, tenants, Founding(slug=slug), standard)


def _token(tenant: Tenant, person: str) -> str:
    now = tenant.gate.clock()
    token = Token(
        id=tenant.gate.ids(), user_id=person, name="benchmark", scopes=frozenset({"write"}),
        created_at=now, expires_at=now + timedelta(days=30), revoked=False,
    )  # fmt: skip
    with tenant.database.write() as connection:
        return make_token(connection, tenant.id, token)


def _filled(company: Company, session: Session, rows: int) -> Company:
    random = Random(1)
    owners = (company.people["rep"], company.people["other"])
    accounts: list[dict[str, object]] = [
        {"name": f"Account {number:06}", "owner": owners[number % 2], "industry": "software"}
        for number in range(rows // 10)
    ]
    held = _store(session, "account", accounts)
    deals = (
        {**deal(number, held[number % len(held)], random), "owner": owners[number % len(held) % 2]}
        for number in range(rows)
    )
    return replace(
        company, accounts=tuple(held[::2]), deals=tuple(_store(session, "opportunity", deals)[::2])
    )


def _gather_statistics(tenant: Tenant) -> None:
    """What PostgreSQL does by itself within a minute of a load; until then it plans as for empty tables."""
    with tenant.database.read() as connection:
        connection.run("ANALYZE")


def _store(
    session: Session, name: str, rows: Iterator[dict[str, object]] | list[dict[str, object]]
) -> list[str]:
    """Store in chunks; return the ids in the rows' order."""
    target, ids, left = session.release.catalog.objects[name], [], iter(rows)
    while chunk := tuple(Create(values=values) for values in islice(left, CHUNK)):
        mutation = Mutation(
            object=target, changes=chunk, entry="benchmark", automation=False, accept_duplicates=True
        )
        saved = session.apply(mutation)
        ids += [record.id for record in saved.records if record is not None]
    return ids
