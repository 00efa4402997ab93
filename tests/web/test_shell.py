"""The frame around pages over HTTP: languages, apps, notifications, recent records, the palette, refusals."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.runtime.site import PASSWORD, email
from tests.web.reader import Reader
from tests.web.test_pages import BASE, FRAGMENT, NO_RECORD, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.runtime.site import Site


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def arrive(site: Site, stack: ExitStack, person: str | None) -> Reader:
    reader = Reader(site, person)
    stack.callback(reader.http.close)
    return reader


def language(page: httpx.Response) -> str:
    found = re.search(r'<html lang="([^"]*)"', page.text)
    assert found is not None
    return found[1]


def user_id(site: Site, person: str) -> str:
    found = site.call("GET", "/user", "admin", params={"where": f'email = "{email(person)}"'})
    return str(found.json()["records"][0]["id"])


def tell(site: Site, person: str, message: str, **about: str) -> str:
    made = site.made("notification", "admin", message=message, user=user_id(site, person), **about)
    return str(made["id"])


@pytest.mark.parametrize(
    ("wish", "spoken"), [("zh-HK,en;q=0.5", "zh-TW"), ("zh-Hans", "zh-CN"), ("de", "en"), ("zh", "zh-CN")]
)
def test_a_visitor_reads_the_sign_in_page_in_the_language_of_her_browser(
    site: Site, stack: ExitStack, wish: str, spoken: str
) -> None:
    page = arrive(site, stack, None).get("/sign-in", headers={"Accept-Language": wish})
    assert language(page) == spoken


def test_a_language_chosen_before_sign_in_is_kept_with_the_user(site: Site, stack: ExitStack) -> None:
    visitor = arrive(site, stack, None)
    sent = {"language": "zh-TW", "back": f"{BASE}/sign-in"}
    chosen = visitor.http.post(f"{BASE}/preferences", data=sent)
    assert chosen.headers["location"] == f"{BASE}/sign-in"
    assert language(visitor.get("/sign-in")) == "zh-TW"
    visitor.post("/sign-in", {"login": email("polyglot"), "password": PASSWORD})
    assert "strata_language" not in visitor.http.cookies
    elsewhere = arrive(site, stack, "polyglot")
    page = elsewhere.get("/o/deal")
    assert language(page) == "zh-TW"
    assert "顯示欄位" in page.text
    elsewhere.post("/preferences", {"language": "en"})
    assert language(visitor.get("/o/deal")) == "en"


def test_a_refused_save_speaks_the_readers_language(site: Site, stack: ExitStack) -> None:
    reader = arrive(site, stack, "polyglot")
    reader.post("/preferences", {"language": "zh-CN"})
    refused = reader.post("/o/deal/new", {"name": "", "amount": "viel"})
    reader.post("/preferences", {"language": "en"})
    assert refused.status_code == 422
    assert "“viel”不是数字。" in shown(refused)
    assert "请填写Name。" in shown(refused)


def test_who_lacks_a_right_reads_which_one_and_whom_to_ask(site: Site, stack: ExitStack) -> None:
    refused = arrive(site, stack, "guest").get("/o/deal/new")
    assert refused.status_code == 403
    text = re.sub(r"\s+", " ", shown(refused))
    assert "no permission set of yours grants you to create Deal." in text
    assert "Ask Admin, who can grant it." in text


def test_the_sign_in_page_shows_the_company(site: Site, stack: ExitStack) -> None:
    assert "acme" in shown(arrive(site, stack, None).get("/sign-in"))


def test_an_app_is_entered_and_stays_while_its_objects_are_shown(site: Site, stack: ExitStack) -> None:
    admin = arrive(site, stack, "admin")
    entered = admin.get("/app/administration")
    assert entered.headers["location"] == f"{BASE}/o/user"
    assert f'href="{BASE}/o/department"' in admin.http.get(entered.headers["location"]).text
    assert admin.get("/app/nothing").status_code == 404


def test_the_bell_counts_what_is_unread_and_opening_leads_to_the_record(site: Site, stack: ExitStack) -> None:
    deal = site.made("deal", name="Told about")["id"]
    id_ = tell(site, "admin", "Look at this", about_object="deal", about_record=deal)
    tell(site, "admin", "And that")
    tell(site, "boss", "Not for admin")
    admin = arrive(site, stack, "admin")
    assert "2 unread notifications" in admin.get("/o/user").text
    menu = shown(admin.get("/notifications", headers=FRAGMENT))
    assert "Look at this" in menu
    assert "Not for admin" not in menu
    opened = admin.post(f"/notifications/{id_}", {})
    assert opened.headers["location"] == f"{BASE}/o/deal/{deal}"
    assert "1 unread notification" in admin.get("/o/user").text
    admin.post("/notifications", {"back": f"{BASE}/o/user"})
    assert "unread notification" not in admin.get("/o/user").text


def test_who_may_read_no_notification_has_no_bell(site: Site, stack: ExitStack) -> None:
    seller = arrive(site, stack, "ann")
    assert "bell-menu" not in seller.get("/o/deal").text
    assert seller.get("/notifications").status_code == 404


def test_recent_records_are_private_and_end_with_the_sign_out(site: Site, stack: ExitStack) -> None:
    deal = site.made("deal", name="Seen lately")["id"]
    boss = arrive(site, stack, "boss")
    assert "Seen lately" not in boss.get("/recent").text
    boss.get(f"/o/deal/{deal}")
    assert "Seen lately" in boss.get("/recent").text
    assert "Seen lately" in boss.get("/search/results").text
    assert site.call("DELETE", f"/deal/{deal}", headers={"If-Match": "*"}).status_code == 204
    assert "Seen lately" not in boss.get("/recent").text
    boss.get(f"/o/client/{site.made('client', name='Seen client')['id']}")
    boss.post("/sign-out", {})
    boss.post("/sign-in", {"login": email("boss"), "password": PASSWORD})
    assert "Seen client" not in boss.get("/recent").text


def test_a_planted_list_of_recent_records_shows_nothing_hidden(site: Site, stack: ExitStack) -> None:
    secret = site.made("deal", name="Secret recent")["id"]
    ann = arrive(site, stack, "ann")
    ann.http.cookies.set("strata_recent", f"{user_id(site, 'ann')}~deal.{secret}~nothing.x~'", path=BASE)
    page = ann.get("/recent")
    assert page.status_code == 200
    assert "Secret recent" not in page.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("findable", "<mark>Findable</mark> by palette"),
        ("new user", f'href="{BASE}/o/user/new"'),
        ("users all", f'href="{BASE}/o/user?view=all"'),
        ("dark", 'name="theme" value="dark"'),
        ("繁體", 'name="language" value="zh-TW"'),
        ("sign out", f'action="{BASE}/sign-out"'),
        ("compact", 'name="density" value="compact"'),
    ],
)
def test_the_palette_finds_records_places_and_commands(
    site: Site, stack: ExitStack, words: str, found: str
) -> None:
    site.made("client", name=f"Findable by palette {words}")
    assert found in arrive(site, stack, "admin").get("/search/results", params={"q": words}).text


def test_the_palette_escapes_what_it_marks(site: Site, stack: ExitStack) -> None:
    site.made("client", name="<b>Bold</b> client")
    text = arrive(site, stack, "boss").get("/search/results", params={"q": "bold"}).text
    assert "<b>" not in text
    assert html.escape("<b>") in text


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(site: Site, stack: ExitStack) -> None:
    visitor = arrive(site, stack, None)
    referer = f"{site.client.base_url}{BASE}/o/client/new".replace("//t/", "/t/")
    sent = visitor.http.post(f"{BASE}/o/client/new", data={"name": "Typed"}, headers={"Referer": referer})
    assert sent.headers["location"] == f"{BASE}/sign-in?next={BASE}/o/client/new"
    fragment = visitor.http.post(
        f"{BASE}/o/client/{NO_RECORD}/field/name",
        data={"name": "Typed"},
        headers={**FRAGMENT, "HX-Current-URL": referer},
    )
    assert fragment.status_code == 401
    assert fragment.headers["hx-redirect"] == f"{BASE}/sign-in?next={BASE}/o/client/new"
    foreign = visitor.http.post(f"{BASE}/o/client/new", headers={"Referer": "https://evil.example/x"})
    assert foreign.headers["location"] == f"{BASE}/sign-in?next="
