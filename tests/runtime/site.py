"""A running installation with two companies, and ways for tests to knock at its door.

The companies `acme` and `beta` have the package `shop`, a boss, two sellers, a guest who only reads, an
administrator and a person without any grant. A real server on a free port answers, so that tests see what a
browser would.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from metadata.package import read_folder
from runtime.bootstrap import Composition
from runtime.config import Settings
from runtime.founding import Founding, found
from runtime.installation import open_installation
from runtime.log import open_log
from runtime.password import Passwords
from runtime.people import add_user, user_id
from runtime.serve import address, application, listen, web_server
from runtime.tenant import Tenant
from runtime.tenants import Tenants
from runtime.token import Token, make_token

PACKAGES = Path(__file__).with_name("packages")
PASSWORD = "correct horse"
PEOPLE = {
    "boss": ["boss"],
    "ann": ["seller"],
    "bob": ["seller"],
    "guest": ["guest"],
    "polyglot": ["boss"],
    "nobody": [],
    "admin": ["administrator"],
}


@dataclass
class MovingClock:
    """The machine's time plus what a test adds."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Site:
    """The running installation."""

    settings: Settings
    composition: Composition
    tenants: Tenants
    client: httpx.Client
    clock: MovingClock
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    @contextmanager
    def tenant(self, slug: str = "acme") -> Iterator[Tenant]:
        """An open tenant."""
        with self.tenants.use(self.tenants.control.by_slug(slug)) as tenant:
            yield tenant

    def token(self, person: str, slug: str = "acme", *, scopes: tuple[str, ...] = ("write",)) -> str:
        """A bearer token of a person."""
        key = (f"{slug}/{person}", " ".join(scopes))
        if key not in self.tokens:
            self.tokens[key] = self._make_token(person, slug, scopes)
        return self.tokens[key]

    def call(self, method: str, path: str, person: str = "boss", slug: str = "acme", **options: Any) -> Any:
        """Ask the API of a tenant as a person; `path` begins after `/api/v1`."""
        headers = {"Authorization": f"Bearer {self.token(person, slug)}", **options.pop("headers", {})}
        return self.client.request(method, f"/t/{slug}/api/v1{path}", headers=headers, **options)

    def made(self, object_: str, /, as_: str = "boss", of: str = "acme", **values: object) -> dict[str, Any]:
        """A new record of an object, made by a person of a company."""
        response = self.call("POST", f"/{object_}", as_, of, json=values)
        assert response.status_code == 201, response.text
        record: dict[str, Any] = response.json()
        return record

    def _make_token(self, person: str, slug: str, scopes: tuple[str, ...]) -> str:
        with self.tenant(slug) as tenant:
            assert tenant.release is not None
            now = tenant.gate.clock()
            made = Token(
                id=tenant.gate.ids(),
                user_id=user_id(tenant, tenant.release, email(person)),
                name="test",
                scopes=frozenset(scopes),
                created_at=now,
                expires_at=now + timedelta(days=1),
                revoked=False,
            )
            with tenant.database.write() as connection:
                return make_token(connection, tenant.id, made)


def email(person: str) -> str:
    """The e-mail of a person of every company."""
    return f"{person}@example.com"


@contextmanager
def opened_site(settings: Settings, composition: Composition) -> Iterator[Site]:
    """An installation, made if it is not there, served until the end of the context."""
    clock = MovingClock()
    cheap = Passwords(memory_kib=8, passes=1)
    tenants = open_installation(settings, composition, create=True, clock=clock, passwords=cheap)
    app = application(settings, tenants, open_log(settings))
    with listen(settings) as bound:
        listening = threading.Event()
        server = web_server(settings, app, listening.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            assert listening.wait(20)
            with httpx.Client(base_url=address(bound), timeout=30, trust_env=False) as client:
                yield Site(
                    settings=settings, composition=composition, tenants=tenants, client=client, clock=clock
                )
        finally:
            server.should_exit = True
            thread.join(20)
            tenants.close()


def found_company(
    site: Site, slug: str, package: str = "shop", people: Mapping[str, list[str]] = PEOPLE
) -> None:
    """Make a company with its people; it is also reached as `{slug}.example`."""
    founding = Founding(slug=slug, hosts=(f"{slug}.example",))
    found(site.settings, site.composition, site.tenants, founding, [read_folder(PACKAGES / package)])
    with site.tenant(slug) as tenant:
        assert tenant.release is not None
        for name, sets in people.items():
            add_user(tenant, tenant.release, email(name), name.title(), PASSWORD, sets)
