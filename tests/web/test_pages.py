"""Pages over HTTP, without a browser: who sees what, and what a form answers, on both databases."""

from __future__ import annotations

import html
import json
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from runtime.web.pages.routes import routes
from tests.runtime.site import PASSWORD, Site, email
from tests.web.reader import Reader
from tests.web.test_components import RENDERER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

BASE = "/t/acme"
NO_RECORD = "01900000-0000-7000-8000-000000000000"
Arrive: TypeAlias = "Callable[[str | None], Reader]"
OPEN = {
    *("/", "/recent", "/search", "/search/results", "/sign-in", "/sign-out"),
    *("/preferences", "/act-as", "/jobs", "/files", "/bin"),
}
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def arrive(site: Site) -> Iterator[Arrive]:
    """Makes a Reader of a person, or of a visitor; their connections end with the module."""
    with ExitStack() as readers:

        def arrived(person: str | None) -> Reader:
            reader = Reader(site, person)
            readers.callback(reader.http.close)
            return reader

        yield arrived


@pytest.fixture(scope="module")
def boss(arrive: Arrive) -> Reader:
    return arrive("boss")


@pytest.fixture(scope="module")
def nobody(arrive: Arrive) -> Reader:
    return arrive("nobody")


def shown(response: httpx.Response) -> str:
    """The text of a page, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", response.text))


def test_a_record_page_shows_its_history_to_those_who_may_see_it(
    site: Site, boss: Reader, arrive: Arrive
) -> None:
    made = site.made("deal", name="Told")
    path = f"/o/deal/{made['id']}"
    assert "created this" in shown(boss.get(path))
    guest = shown(arrive("guest").get(path))
    assert "Told" in guest
    assert "created this" not in guest


def test_a_visitor_is_sent_to_sign_in_and_back(arrive: Arrive) -> None:
    visitor = arrive(None)
    asked = visitor.get("/o/deal?sort=name")
    assert asked.status_code == 303
    page = visitor.http.get(asked.headers["location"])
    back = re.search(r'name="back" value="([^"]*)"', page.text)
    assert back is not None
    signed = visitor.post(
        "/sign-in", {"login": email("boss"), "password": PASSWORD, "back": html.unescape(back[1])}
    )
    assert signed.headers["location"] == f"{BASE}/o/deal?sort=name"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/t/beta/o/deal"]
)
def test_sign_in_never_leads_to_another_place(arrive: Arrive, back: str) -> None:
    visitor = arrive(None)
    signed = visitor.post("/sign-in", {"login": email("boss"), "password": PASSWORD, "back": back})
    assert signed.headers["location"] == f"{BASE}/"


def test_a_wrong_password_and_an_unknown_person_get_the_same_page(arrive: Arrive) -> None:
    visitor = arrive(None)
    wrong = visitor.post("/sign-in", {"login": email("boss"), "password": "wrong"})
    unknown = visitor.post("/sign-in", {"login": email("ghost"), "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert shown(wrong) == shown(unknown)


def test_signing_out_ends_the_session(arrive: Arrive) -> None:
    reader = arrive("ann")
    assert reader.get("/o/deal").status_code == 200
    reader.post("/sign-out", {})
    assert reader.get("/o/deal").status_code == 303


@pytest.mark.parametrize("route", routes(RENDERER), ids=lambda route: f"{route.methods[0]} {route.path}")
@pytest.mark.parametrize("name", ["deal", "client", "user", "permission_assignment"])
def test_who_holds_no_grant_finds_nothing_at_any_page(
    site: Site, nobody: Reader, route: Any, name: str
) -> None:
    """Every route with every kind of object; a page that forgets to ask for the right shows up here."""
    if route.path in OPEN:
        return
    secret = site.made("client", name=f"Secret of {name} {route.methods[0]} {route.path}"[:80])
    path = route.path.format(
        object=name,
        id=secret["id"] if name == "client" else NO_RECORD,
        field="name",
        app="administration",
        file="x",
    )
    response = nobody.get(path) if route.methods[0] == "GET" else nobody.post(path, {"id": secret["id"]})
    assert response.status_code in (403, 404)
    assert "Secret of" not in response.text


def test_search_shows_nothing_to_who_holds_no_grant(site: Site, nobody: Reader) -> None:
    site.made("client", name="Searchable secret")
    assert "Searchable secret" not in nobody.get("/search/results?q=Searchable").text


def test_the_bin_shows_nothing_to_who_holds_no_grant(site: Site, boss: Reader, nobody: Reader) -> None:
    deleted = site.made("client", name="Deleted secret")
    boss.post("/o/client/delete", {"id": deleted["id"]})
    assert "Deleted secret" in boss.get("/bin").text
    assert "Deleted secret" not in nobody.get("/bin").text


def test_a_record_is_created_by_a_plain_form(boss: Reader) -> None:
    made = boss.post("/o/client/new", {"name": "Formed"})
    assert made.status_code == 303
    page = boss.http.get(made.headers["location"])
    assert "<h1>Formed</h1>" in page.text
    assert 'role="status"' in page.text
    assert "Created" in shown(page)
    assert "Created" not in shown(boss.http.get(made.headers["location"]))


def test_a_refused_form_comes_back_with_all_that_was_typed(boss: Reader) -> None:
    typed = {"name": "", "amount": "much", "closes": "2026-05-01", "stage": "lost"}
    refused = boss.post("/o/deal/new", typed)
    assert refused.status_code == 422
    assert 'value="much"' in refused.text
    assert 'value="2026-05-01"' in refused.text
    assert refused.text.count('aria-invalid="true"') == 2
    assert "2 entries need a change" in shown(refused)


def test_htmx_is_answered_with_the_form_alone(boss: Reader) -> None:
    refused = boss.post("/o/client/new", {"name": ""}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert refused.text.lstrip().startswith("<form")
    made = boss.post("/o/client/new", {"name": "By htmx"}, headers=FRAGMENT)
    assert made.status_code == 200
    assert made.headers["hx-redirect"].startswith(f"{BASE}/o/client/")


def test_a_field_that_is_hidden_is_neither_shown_nor_asked_for(site: Site, arrive: Arrive) -> None:
    ann = arrive("ann")
    deal = site.made("deal", "ann", name="Ann's deal")
    for path in ("/o/deal", f"/o/deal/{deal['id']}", f"/o/deal/{deal['id']}/edit", "/o/deal/new"):
        assert "Margin" not in ann.get(path).text
    assert ann.get(f"/o/deal/{deal['id']}/field/margin").status_code == 404
    posted = ann.post(f"/o/deal/{deal['id']}/edit", {"_version": "1", "_was": "{}", "margin": "99"})
    assert posted.status_code == 303
    assert site.call("GET", f"/deal/{deal['id']}").json()["margin"] is None


@pytest.mark.parametrize(
    "query", ["sort=margin", "f=margin:at_least:0", "col=margin", "col=client.name&col=nonsense"]
)
def test_a_list_ignores_what_its_reader_may_not_name(arrive: Arrive, query: str) -> None:
    ann = arrive("ann")
    response = ann.get(f"/o/deal?{query}")
    assert response.status_code == 200
    assert "Margin" not in response.text


def test_only_what_was_changed_is_written(site: Site, boss: Reader) -> None:
    deal = site.made("deal", name="Half", amount=5)
    was = {"name": "Half", "amount": "5.00", "stage": "open"}
    site.call("PATCH", f"/deal/{deal['id']}", json={"version": 1, "amount": 7})
    saved = boss.post(
        f"/o/deal/{deal['id']}/edit", {"_version": "2", "_was": json.dumps(was), **was, "name": "Whole"}
    )
    assert saved.status_code == 303
    now = site.call("GET", f"/deal/{deal['id']}").json()
    assert (now["name"], now["amount"]) == ("Whole", 7)


def test_a_stale_form_shows_both_versions_and_loses_neither(site: Site, boss: Reader) -> None:
    deal = site.made("deal", name="Both", amount=5)
    was = {"name": "Both", "amount": "5.00"}
    site.call("PATCH", f"/deal/{deal['id']}", json={"version": 1, "amount": 7})
    mine = {"_version": "1", "_was": json.dumps(was), "name": "Mine", "amount": "5.00"}
    conflict = boss.post(f"/o/deal/{deal['id']}/edit", mine)
    assert conflict.status_code == 409
    chosen = re.findall(r'<input type="radio" name="([\w:]+)" value="([^"]*)" checked>', conflict.text)
    assert dict(chosen) == {"name:text": "Mine", "amount:text": "7.00"}
    was_now = re.search(r'name="_was" value="([^"]*)"', conflict.text)
    assert was_now is not None
    saved = boss.post(
        f"/o/deal/{deal['id']}/edit", {"_version": "2", "_was": html.unescape(was_now[1]), **dict(chosen)}
    )
    assert saved.status_code == 303
    now = site.call("GET", f"/deal/{deal['id']}").json()
    assert (now["name"], now["amount"]) == ("Mine", 7)


def test_deleting_offers_to_undo_and_undo_restores(site: Site, boss: Reader) -> None:
    client = site.made("client", name="Undone")
    boss.post("/o/client/delete", {"id": client["id"]})
    page = boss.get("/o/client?q=Undone")
    assert "1 record deleted" in shown(page)
    assert f'<input type="hidden" name="id" value="{client["id"]}">' in page.text
    boss.post("/o/client/restore", {"id": client["id"]})
    assert "Undone" in shown(boss.get("/o/client?q=Undone"))


def test_a_deletion_that_a_link_forbids_says_so(site: Site, boss: Reader) -> None:
    client = site.made("client", name="Needed")
    site.made("deal", name="Needs it", client=client["id"])
    refused = boss.post("/o/client/delete", {"id": client["id"]})
    assert refused.status_code == 422
    assert "This cannot be done" in shown(refused)
    assert site.call("GET", f"/client/{client['id']}").status_code == 200


def test_a_look_up_offers_records_by_title(site: Site, boss: Reader) -> None:
    client = site.made("client", name="Lookable")
    found = boss.get("/lookup/deal/client?q=lookab").json()
    assert found == {"options": [{"value": client["id"], "text": "Lookable"}]}


def test_a_form_is_filled_from_its_address_and_goes_back_there(site: Site, boss: Reader) -> None:
    client = site.made("client", name="Prefilled")
    page = boss.get(f"/o/deal/new?client={client['id']}&back={BASE}/o/client/{client['id']}")
    assert f'<option value="{client["id"]}" selected>Prefilled</option>' in page.text
    assert f'name="_back" value="{BASE}/o/client/{client["id"]}"' in page.text
    assert 'name="_back"' not in boss.get("/o/deal/new?back=https://evil.example/").text


def test_paging_leads_through_all_records_once_and_back(site: Site, boss: Reader) -> None:
    site.call("POST", "/deal", json=[{"name": f"Paged {n:03}"} for n in range(120)])
    path, seen, pages = f"{BASE}/o/deal?q=Paged&sort=name", [], []
    while path:
        page = boss.http.get(path)
        pages.append(path)
        seen += re.findall(r'class="name"[^>]*><a href="[^"]*">(Paged \d+)</a>', page.text)
        forward = re.search(r'rel="next" href="([^"]*)"', page.text)
        back = re.search(r'rel="prev" href="([^"]*)"', page.text)
        path = html.unescape(forward[1]) if forward else ""
    assert seen == [f"Paged {n:03}" for n in range(120)]
    assert len(pages) == 3
    assert back is not None
    before = boss.http.get(html.unescape(back[1]))
    assert "Paged 050" in before.text
    assert "Paged 100" not in before.text


@pytest.mark.parametrize("path", ["/o/deal/nonsense", f"/o/deal/{NO_RECORD}", "/o/nothing", "/nowhere"])
def test_what_does_not_exist_is_a_page_that_says_so(boss: Reader, path: str) -> None:
    response = boss.get(path)
    assert response.status_code == 404
    assert "This page does not exist" in response.text


def test_language_and_theme_are_remembered(arrive: Arrive) -> None:
    reader = arrive("polyglot")
    answer = reader.post("/preferences", {"language": "zh-CN", "theme": "dark", "back": f"{BASE}/o/deal"})
    assert answer.headers["location"] == f"{BASE}/o/deal"
    page = reader.get("/o/deal")
    assert '<html lang="zh-CN" data-theme="dark"' in page.text
    assert "显示列" in page.text


def test_a_form_without_its_token_changes_nothing(site: Site, boss: Reader) -> None:
    refused = boss.http.post(f"{BASE}/o/client/new", data={"name": "Forged"})
    assert refused.status_code in (400, 403)
    assert site.call("GET", "/client", params={"where": 'name = "Forged"'}).json()["records"] == []


def test_a_page_is_packed_only_for_who_can_unpack_it(boss: Reader) -> None:
    plain = boss.get("/o/deal", headers={"Accept-Encoding": "identity"})
    packed = boss.get("/o/deal", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
