"""Two companies in one process, asked at once: nothing of the one is worth anything in the other.

Both hold the same things – people with the same addresses, records with the same names – and each is asked
with what belongs to the other: ids, cursors, cookies, bearer tokens, anti-forgery tokens, idempotency keys,
ids of saved views, of change sets, of sign-ins.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.runtime.site import PASSWORD, email
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.site import Site

SLUGS = ("acme", "beta")
ROUNDS, THREADS = 16, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What belongs to one company: two clients, a cursor over them, a view, a change set, a browser."""

    slug: str
    ids: tuple[str, ...]
    cursor: str
    view: str
    change_set: str
    reader: Reader
    csrf: str
    key: dict[str, str] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """What stands in every record of the company."""
        return f"of-{self.slug}"


@pytest.fixture(scope="module")
def companies(site: Site) -> Iterator[dict[str, Belongings]]:
    """What each of the two has."""
    found = {slug: _belongings(site, slug) for slug in SLUGS}
    yield found
    for each in found.values():
        each.reader.http.close()


def _belongings(site: Site, slug: str) -> Belongings:
    key = {"Idempotency-Key": "the same key"}
    ids = []
    for number in range(3):
        made = site.call(
            "POST", "/client", slug=slug, json={"name": f"of-{slug} {number}"},
            headers=key if not number else {},
        )  # fmt: skip
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
    page = site.call("GET", "/client", slug=slug, params={"limit": "1", "order": "name"}).json()
    changes = site.call("GET", f"/client/{ids[0]}/history", slug=slug).json()["changes"]
    reader = Reader(site, "boss", slug)
    return Belongings(
        slug=slug,
        ids=tuple(ids),
        cursor=page["next"],
        view=_view(reader, slug),
        change_set=changes[0]["change_set"],
        reader=reader,
        csrf=_csrf(reader),
        key=key,
    )


def _view(reader: Reader, slug: str) -> str:
    """The id of a saved view of the company's clients."""
    saved = reader.post("/o/client/views", {"do": "add", "name": f"View of-{slug}", "query": "?sort=name"})
    found = re.search(r"mine=([0-9a-f-]{36})", saved.headers["location"])
    assert found, saved.headers["location"]
    return found[1]


def _csrf(reader: Reader) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', reader.get("/search").text)
    assert found
    return found[1]


@pytest.fixture(params=SLUGS)
def here(request: pytest.FixtureRequest, companies: dict[str, Belongings]) -> Belongings:
    """The company that is asked."""
    chosen: Belongings = companies[request.param]
    return chosen


@pytest.fixture
def there(here: Belongings, companies: dict[str, Belongings]) -> Belongings:
    """The company whose belongings are brought."""
    return next(each for each in companies.values() if each is not here)


def test_an_id_of_the_other_company_names_nothing(site: Site, here: Belongings, there: Belongings) -> None:
    for id_ in there.ids:
        headers = {"If-Match": "*"}
        answers = [
            site.call("GET", f"/client/{id_}", slug=here.slug),
            site.call("PATCH", f"/client/{id_}", slug=here.slug, json={"name": "taken"}, headers=headers),
            site.call("DELETE", f"/client/{id_}", slug=here.slug, headers=headers),
            site.call("POST", f"/client/{id_}/restore", slug=here.slug),
            site.call("GET", f"/client/{id_}/history", slug=here.slug),
            here.reader.get(f"/o/client/{id_}"),
            here.reader.get(f"/o/client/{id_}/edit"),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert not any(there.word in answer.text for answer in answers)
        linked = site.call("POST", "/deal", slug=here.slug, json={"name": "x", "client": id_})
        assert linked.status_code == 422
        assert site.call("GET", f"/client/{id_}", slug=there.slug).json()["version"] == 1, "it is untouched"


def test_a_change_set_of_the_other_company_is_not_there(
    site: Site, here: Belongings, there: Belongings
) -> None:
    path = f"/change-sets/{there.change_set}"
    answers = [
        site.call("GET", path, "admin", here.slug),
        site.call("GET", f"{path}/undo", "admin", here.slug),
        site.call("POST", f"{path}/undo", "admin", here.slug, json={}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert site.call("GET", f"/client/{there.ids[0]}", slug=there.slug).status_code == 200


def test_a_cursor_of_the_other_company_leads_nowhere(site: Site, here: Belongings, there: Belongings) -> None:
    params = {"limit": "1", "order": "name"}
    own, foreign = (
        site.call("GET", "/client", slug=here.slug, params={**params, "after": each.cursor})
        for each in (here, there)
    )
    assert own.status_code == 200
    assert foreign.status_code == 422
    assert there.word not in foreign.text


def test_a_bearer_token_of_the_other_company_opens_nothing(
    site: Site, here: Belongings, there: Belongings
) -> None:
    headers = {"Authorization": f"Bearer {site.token('boss', there.slug)}"}
    for method, path in (("GET", "/client"), ("POST", "/client"), ("GET", "")):
        answer = site.client.request(method, f"/t/{here.slug}/api/v1{path}", headers=headers)
        assert answer.status_code == 401
        assert here.word not in answer.text


def test_a_cookie_of_the_other_company_signs_nobody_in(
    site: Site, here: Belongings, there: Belongings
) -> None:
    """Neither under its own name nor under the name that the cookie of this company has."""
    own, foreign = f"strata_{here.slug}", f"strata_{there.slug}"
    secret = there.reader.http.cookies[foreign]
    for cookies in ({foreign: secret}, {own: secret}, {own: _renamed(here, secret)}):
        with httpx.Client(base_url=site.client.base_url, cookies=cookies, trust_env=False) as client:
            page = client.get(f"/t/{here.slug}/o/client", headers={"Accept": "text/html"})
            data = client.get(f"/t/{here.slug}/api/v1/client")
        assert (page.status_code, data.status_code) == (303, 401)
        assert "/sign-in" in page.headers["location"]


def _renamed(here: Belongings, secret: str) -> str:
    """The other company's secret behind this company's id."""
    own = here.reader.http.cookies[f"strata_{here.slug}"]
    return f"{own.partition('.')[0]}.{secret.partition('.')[2]}"


def test_an_anti_forgery_token_of_the_other_company_is_refused(here: Belongings, there: Belongings) -> None:
    form = {"_csrf": there.csrf, "do": "add", "name": "Forged", "query": ""}
    answer = here.reader.http.post(f"{here.reader.base}/o/client/views", data=form)
    assert answer.status_code == 403
    assert "Forged" not in here.reader.get("/o/client").text


def test_the_same_idempotency_key_is_another_one_in_the_other_company(
    site: Site, companies: dict[str, Belongings]
) -> None:
    again = [
        site.call("POST", "/client", slug=each.slug, json={"name": f"{each.word} 0"}, headers=each.key)
        for each in companies.values()
    ]
    assert [answer.json()["id"] for answer in again] == [each.ids[0] for each in companies.values()]


def test_a_saved_view_of_the_other_company_is_not_there(here: Belongings, there: Belongings) -> None:
    for doing in ("update", "rename", "choose", "remove"):
        here.reader.post("/o/client/views", {"do": doing, "id": there.view, "name": "Stolen"})
    kept = there.reader.get("/o/client").text
    assert f"View {there.word}" in kept
    assert "Stolen" not in kept
    assert there.word not in here.reader.get(f"/o/client?mine={there.view}").text


def test_the_same_person_signs_in_to_each_by_itself(site: Site, here: Belongings, there: Belongings) -> None:
    """With both cookies in one browser, what is shown is that of the address."""
    with httpx.Client(base_url=site.client.base_url, follow_redirects=True, trust_env=False) as client:
        for each in (here, there):
            token = re.search(
                r'name="csrf-token" content="([^"]*)"', client.get(f"/t/{each.slug}/sign-in").text
            )
            assert token
            values = {"_csrf": token[1], "login": email("boss"), "password": PASSWORD}
            client.post(f"/t/{each.slug}/sign-in", data=values)
        page = client.get(f"/t/{here.slug}/o/client", headers={"Accept": "text/html"})
    assert here.word in page.text
    assert there.word not in page.text


def test_many_at_once_see_only_what_is_their_own(site: Site, companies: dict[str, Belongings]) -> None:
    """The same pages and requests of both companies through the same threads."""
    tokens = {slug: site.token("boss", slug) for slug in SLUGS}

    def ask(number: int) -> list[str]:
        mine, other = (companies[SLUGS[(number + step) % 2]] for step in (0, 1))
        headers = {"Authorization": f"Bearer {tokens[mine.slug]}"}
        cookies = dict(mine.reader.http.cookies)
        with (
            httpx.Client(
                base_url=site.client.base_url, headers=headers, timeout=60, trust_env=False
            ) as program,
            httpx.Client(
                base_url=site.client.base_url, cookies=cookies, timeout=60, trust_env=False
            ) as browser,
        ):
            base, data = f"/t/{mine.slug}", f"/t/{mine.slug}/api/v1"
            made = program.post(f"{data}/client", json={"name": f"{mine.word} load {number}"})
            assert made.status_code == 201, made.text
            answers: list[Any] = [
                program.get(f"{data}/client", params={"limit": "500", "count": "true"}),
                program.get(f"{data}/client/aggregate", params={"group": "name"}),
                program.get(f"{data}/search", params={"q": "load"}),
                program.get(f"{data}/client/{made.json()['id']}"),
                browser.get(f"{base}/o/client", headers={"Accept": "text/html"}),
                browser.get(f"{base}/search/results", params={"q": "load"}),
            ]
        assert {answer.status_code for answer in answers} == {200}, answers
        assert [str(a.request.url) for a in answers if mine.word not in a.text] == []
        return [str(answer.request.url) for answer in answers if other.word in answer.text]

    with ThreadPoolExecutor(THREADS) as threads:
        strangers = [url for urls in threads.map(ask, range(ROUNDS)) for url in urls]
    assert strangers == []
    for each in companies.values():
        counted = site.call("GET", "/client", slug=each.slug, params={"count": "true", "limit": "1"})
        assert counted.json()["count"]["number"] == len(each.ids) + ROUNDS // 2
