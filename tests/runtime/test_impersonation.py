"""Acting as another user: what she sees, never more; marked, recorded, and ended with the session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from engine.actor import system_actor
from engine.changes.ledger import recent
from engine.mutation import Create, Mutation, Update
from runtime.people import ASSIGNMENT, USER, user_id
from tests.runtime.site import PASSWORD, Site, email

HEADER = "X-Strata-Act-As"


def _id(site: Site, person: str) -> str:
    with site.tenant() as tenant:
        assert tenant.release is not None
        return user_id(tenant, tenant.release, email(person))


@contextmanager
def browsing(site: Site, person: str) -> Iterator[httpx.Client]:
    """A browser in which a person of `acme` is signed in."""
    address, headers = f"{site.client.base_url}/t/acme/", {"Accept": "text/html"}
    with httpx.Client(base_url=address, timeout=30, trust_env=False, headers=headers) as browser:
        form = {"login": email(person), "password": PASSWORD}
        assert browser.post("sign-in", data=form).status_code == 303
        yield browser


def post(browser: httpx.Client, path: str, **form: str) -> httpx.Response:
    """Send a form as a page of the company does."""
    page = browser.get("o/deal").text
    csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
    return browser.post(path, data={"_csrf": csrf, **form})


def _change_sets(site: Site, subject: str) -> list[tuple[str, str | None, str]]:
    """Entry, actor and reason of the change sets about a user, oldest first."""
    with site.tenant() as tenant:
        assert tenant.release is not None
        found = recent(tenant.session(tenant.release, system_actor()), limit=500)
    sets = (one.change_set for one in reversed(found))
    return [(one.entry, one.actor, one.reason) for one in sets if one.subject == subject]


def test_a_session_acts_as_another_until_it_is_stopped(site: Site) -> None:
    ann, admin = _id(site, "ann"), _id(site, "admin")
    hers = site.made("deal", "ann", name="Ann's own")
    site.made("deal", "bob", name="Bob's own")
    with browsing(site, "admin") as browser:
        assert "Bob&#39;s own" in browser.get("o/deal").text
        before = len(_change_sets(site, ann))
        assert post(browser, f"act-as/{ann}", reason="ticket 7").status_code == 303
        page = browser.get("o/deal").text
        assert 'class="acting"' in page
        assert "You act as Ann." in page
        assert "Ann&#39;s own" in page
        assert "Bob&#39;s own" not in page
        assert browser.get(f"o/user/{ann}").status_code in (403, 404)
        assert post(browser, f"o/deal/{hers['id']}/edit", name="Changed").status_code == 303
        response = post(browser, "act-as")
        assert response.headers["location"] == f"/t/acme/o/user/{ann}"
        page = browser.get("o/deal").text
        assert 'class="acting"' not in page
        assert "Bob&#39;s own" in page
    told = _change_sets(site, ann)[before:]
    assert told == [("impersonation", admin, "ticket 7"), ("impersonation_ended", admin, "")]


def test_what_is_changed_bears_both_names(site: Site) -> None:
    ann, admin = _id(site, "ann"), _id(site, "admin")
    deal = site.made("deal", "ann", name="Marked")
    changed = site.call(
        "PATCH", f"/deal/{deal['id']}", "admin", json={"name": "By both"},
        headers={HEADER: email("ann"), "If-Match": "*"},
    )  # fmt: skip
    assert changed.status_code == 200
    assert changed.json()["modified_by"] == ann
    (latest, *_) = site.call("GET", f"/deal/{deal['id']}/history", "admin").json()["changes"]
    assert (latest["by"], latest["impersonator"]) == (ann, admin)
    with browsing(site, "admin") as browser:
        assert "Admin (signed in as Ann) changed Name" in browser.get(f"o/deal/{deal['id']}").text


def test_a_program_acts_with_the_others_grants_only(site: Site) -> None:
    ann = _id(site, "ann")
    mine = site.made("deal", "bob", name="Not Ann's")
    as_ann: dict[str, Any] = {"headers": {HEADER: ann}}
    assert site.call("GET", f"/deal/{mine['id']}", "admin").status_code == 200
    assert site.call("GET", f"/deal/{mine['id']}", "admin", **as_ann).status_code == 404
    assert site.call("GET", "/setup/releases", "admin", **as_ann).status_code == 403
    assert ("impersonation_api", _id(site, "admin"), "") in _change_sets(site, ann)


@pytest.mark.parametrize(
    ("person", "other", "told"),
    [
        ("boss", "ann", "may not act as another user"),
        ("admin", "admin", "Nobody acts as herself."),
        ("admin", "ghost", "no such user"),
    ],
)
def test_who_may_not_is_told_why(site: Site, person: str, other: str, told: str) -> None:
    response = site.call("GET", "/deal", person, headers={HEADER: email(other)})
    assert response.status_code == 403
    assert told in response.json()["detail"]


def test_nobody_gains_a_right_by_it(site: Site) -> None:
    """Who may only impersonate cannot act as an administrator."""
    with site.tenant() as tenant:
        assert tenant.release is not None
        helper = _id(site, "polyglot")
        session = tenant.session(tenant.release, system_actor())
        objects = tenant.release.catalog.objects
        values = {"permission_set": "support", "user": helper}
        session.apply(Mutation(object=objects[ASSIGNMENT], changes=(Create(values=values),), entry="test"))
        tenant.identities.forget()
    allowed = site.call("GET", "/deal", "polyglot", headers={HEADER: email("ann")})
    assert allowed.status_code == 200
    refused = site.call("GET", "/deal", "polyglot", headers={HEADER: email("admin")})
    assert refused.status_code == 403
    assert "holds a right that you lack" in refused.json()["detail"]


def test_no_chains_and_no_affairs_of_the_owner(site: Site) -> None:
    """Acting as Ann, the administrator cannot go on to Bob, and leaves Ann's language and views alone."""
    ann, bob = _id(site, "ann"), _id(site, "bob")
    with browsing(site, "admin") as browser:
        assert post(browser, f"act-as/{ann}").status_code == 303
        assert post(browser, f"act-as/{bob}").status_code in (403, 404)
        assert post(browser, "preferences", language="zh-CN").status_code == 303
        assert post(browser, "o/deal/views", do="add", name="Not hers").status_code == 403
        assert post(browser, "act-as").status_code == 303
    kept = site.call("GET", f"/user/{ann}", "admin").json()
    assert kept["language"] == "en"


def test_it_ends_with_the_session(site: Site) -> None:
    ann = _id(site, "ann")
    with browsing(site, "admin") as browser:
        assert post(browser, f"act-as/{ann}").status_code == 303
        assert post(browser, "sign-out").status_code == 303
        assert browser.get("o/deal").status_code == 303
    assert _change_sets(site, ann)[-1][0] == "impersonation_ended"
    with browsing(site, "admin") as browser:
        assert 'class="acting"' not in browser.get("o/deal").text


def test_who_was_set_inactive_is_not_acted_as_any_more(site: Site) -> None:
    """The request that notices is refused; the next one is the administrator's own."""
    guest = _id(site, "guest")

    def set_active(active: bool) -> None:
        with site.tenant() as tenant:
            assert tenant.release is not None
            change = Update(id=guest, values={"active": active})
            session = tenant.session(tenant.release, system_actor())
            target = tenant.release.catalog.objects[USER]
            session.apply(Mutation(object=target, changes=(change,), entry="test"))
            tenant.identities.forget()

    with browsing(site, "admin") as browser:
        assert post(browser, f"act-as/{guest}").status_code == 303
        set_active(active=False)
        try:
            assert browser.get("o/deal").status_code == 403
            page = browser.get("o/deal")
            assert page.status_code == 200
            assert 'class="acting"' not in page.text
            refused = post(browser, f"act-as/{guest}")
            assert refused.status_code == 403
            assert "no such user who is active" in refused.text
        finally:
            set_active(active=True)
