"""Several companies in one process: never mixed, opened on demand, closed by use."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from engine.problem import Problem
from runtime.bootstrap import Composition
from runtime.config import Settings
from runtime.control import Control, Entry
from runtime.founding import Founding, found
from runtime.installation import open_installation
from runtime.tenants import Tenants
from tests.runtime.site import Site

REQUESTS = 120


def test_two_companies_under_load_never_meet(site: Site) -> None:
    """Both write and read at once through the same threads; each sees its own records and no others."""
    tokens = {slug: site.token("boss", slug) for slug in ("acme", "beta")}

    def ask(number: int) -> list[str]:
        slug = ("acme", "beta")[number % 2]
        headers = {"Authorization": f"Bearer {tokens[slug]}"}
        with httpx.Client(
            base_url=site.client.base_url, headers=headers, timeout=60, trust_env=False
        ) as client:
            base = f"/t/{slug}/api/v1/deal"
            made = client.post(base, json={"name": f"load {slug} {number}"})
            assert made.status_code == 201
            found = client.get(base, params={"find": "load", "limit": "500"})
            names = [record["name"] for record in found.json()["records"]]
            return [name for name in names if slug not in name]

    with ThreadPoolExecutor(8) as threads:
        strangers = [name for names in threads.map(ask, range(REQUESTS)) for name in names]
    assert strangers == []
    for slug in tokens:
        counted = site.call("GET", "/deal", slug=slug, params={"find": "load", "count": "true", "limit": "1"})
        assert counted.json()["count"]["number"] == REQUESTS // 2


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory, composition: Composition) -> Tenants:
    """Three empty companies of which one may be open."""
    settings = Settings(data=tmp_path_factory.mktemp("small"), open_tenants=1)
    tenants = open_installation(settings, composition, create=True)
    for slug in ("one", "two", "three"):
        found(settings, composition, tenants, Founding(slug=slug))
    return tenants


def _entry(tenants: Tenants, slug: str) -> Entry:
    return tenants.control.by_slug(slug)


def test_only_so_many_are_open_and_the_rest_opens_when_needed(small: Tenants) -> None:
    for slug in ("one", "two", "three", "one"):
        with small.use(_entry(small, slug)) as tenant:
            assert tenant.slug == slug
            assert tenant.release is not None
        assert small.open_count() == 1


def test_one_in_use_is_never_closed(small: Tenants) -> None:
    with small.use(_entry(small, "one")) as one:
        with small.use(_entry(small, "two")):
            assert small.open_count() == 2
        with small.use(_entry(small, "three")), one.database.read() as connection:
            assert connection.row("SELECT 1") == (1,)


def test_many_threads_that_need_a_closed_one_open_it_once(small: Tenants) -> None:
    opened: list[int] = []
    barrier = threading.Barrier(8)

    def use(_: int) -> None:
        barrier.wait(10)
        with small.use(_entry(small, "two")) as tenant:
            opened.append(id(tenant.database))

    with small.use(_entry(small, "one")):
        pass
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))
    assert len(set(opened)) == 1
    assert len(opened) == 8


def test_a_suspended_company_is_not_served(small: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    suspended = Entry(id="s", slug="gone", place="gone.db", state="suspended")
    monkeypatch.setattr(Control, "all", lambda _: (suspended,))
    small.refresh()
    with pytest.raises(Problem) as caught, small.find("host", "gone"):
        pass
    assert caught.value.status == 503
