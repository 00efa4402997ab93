"""Sign-in, sessions, CSRF, tokens, limits: who gets in, and who does not."""

from datetime import timedelta

import httpx
import pytest

from engine.actor import system_actor
from engine.mutation import Mutation, Update
from runtime.credential import GUESSES
from runtime.token import hashed
from tests.runtime.site import PASSWORD, Site, email


def _browser(site: Site) -> httpx.Client:
    """A browser of its own, with its own cookies."""
    return httpx.Client(base_url=site.client.base_url, timeout=30, trust_env=False)


def _sign_in(
    browser: httpx.Client, person: str, slug: str = "acme", password: str = PASSWORD
) -> httpx.Response:
    form = {"login": email(person), "password": password}
    return browser.post(f"/t/{slug}/sign-in", data=form, headers={"Accept": "text/html"})


def _csrf(browser: httpx.Client, slug: str = "acme") -> str:
    page = browser.get(f"/t/{slug}/o/deal", headers={"Accept": "text/html"})
    assert page.status_code == 200
    return page.text.split('name="csrf-token" content="')[1].split('"')[0]


def test_the_right_password_opens_a_session_with_a_guarded_cookie(site: Site) -> None:
    with _browser(site) as browser:
        response = _sign_in(browser, "ann")
        assert response.status_code == 303
        cookie = response.headers["set-cookie"]
        with site.tenant() as tenant:
            assert cookie.startswith(f"strata_acme={tenant.id}.")
        assert {"HttpOnly", "SameSite=lax", "Path=/t/acme"} <= {part.strip() for part in cookie.split(";")}
        assert browser.get("/t/acme/api/v1/deal").status_code == 200


@pytest.mark.parametrize(("person", "password"), [("ann", "wrong"), ("ghost", PASSWORD), ("ann", "")])
def test_wrong_passwords_and_unknown_people_get_one_and_the_same_answer(
    site: Site, person: str, password: str
) -> None:
    with _browser(site) as browser:
        response = _sign_in(browser, person, password=password)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
    with _browser(site) as browser:
        other = _sign_in(browser, "nobody-else", password="something")
        assert response.text.replace(email(person), "?") == other.text.replace(email("nobody-else"), "?")


def test_the_password_itself_is_kept_nowhere(site: Site) -> None:
    with site.tenant() as tenant, tenant.database.read() as connection:
        kept = connection.rows("SELECT hash FROM s_credential")
    assert kept
    assert all(value.startswith("$argon2id$") and PASSWORD not in value for (value,) in kept)


def test_a_session_of_one_company_is_worth_nothing_in_another(site: Site) -> None:
    with _browser(site) as browser:
        _sign_in(browser, "ann")
        value = browser.cookies["strata_acme"]
        for name in ("strata_acme", "strata_beta"):
            response = httpx.get(
                f"{site.client.base_url}/t/beta/api/v1/deal",
                headers={"Cookie": f"{name}={value}"},
                trust_env=False,
            )
            assert response.status_code == 401
        response = site.client.get(
            "/t/beta/api/v1/deal", headers={"Authorization": f"Bearer {site.token('ann')}"}
        )
        assert response.status_code == 401


def test_a_session_ends_when_it_is_revoked_idle_or_old(site: Site) -> None:
    with _browser(site) as browser:
        _sign_in(browser, "ann")
        token = _csrf(browser)
        assert browser.post("/t/acme/sign-out", data={"_csrf": token}).status_code == 303
        assert browser.get("/t/acme/api/v1/deal").status_code == 401
    for ahead in (timedelta(hours=13), timedelta(days=31)):
        with _browser(site) as browser:
            _sign_in(browser, "ann")
            with site.tenant() as tenant:
                tenant.identities.forget()
            site.clock.ahead = ahead
            try:
                assert browser.get("/t/acme/api/v1/deal").status_code == 401
            finally:
                site.clock.ahead = timedelta()


def test_a_cookie_that_was_stolen_before_sign_out_is_dead_after_it(site: Site) -> None:
    with _browser(site) as browser:
        _sign_in(browser, "ann")
        stolen = browser.cookies["strata_acme"]
        browser.post("/t/acme/sign-out", data={"_csrf": _csrf(browser)})
        response = site.client.get("/t/acme/api/v1/deal", headers={"Cookie": f"strata_acme={stolen}"})
        assert response.status_code == 401


def test_who_is_not_active_any_more_cannot_go_on(site: Site) -> None:
    with site.tenant() as tenant:
        release = tenant.release
        assert release is not None
        user = tenant.user_by_email(release, email("bob"))
        assert user is not None
        session = tenant.session(release, system_actor())
        target = release.catalog.objects["user"]

        def set_active(active: bool) -> None:
            change = Update(id=user, values={"active": active})
            session.apply(Mutation(object=target, changes=(change,), entry="test"))
            tenant.identities.forget()

        with _browser(site) as browser:
            _sign_in(browser, "bob")
            set_active(False)
            try:
                assert browser.get("/t/acme/api/v1/deal").status_code == 401
                assert site.call("GET", "/deal", "ann").status_code == 200
                assert _sign_in(browser, "bob").status_code == 401
            finally:
                set_active(True)
            assert _sign_in(browser, "bob").status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-CSRF-Token": "guessed"}, 403),
        ({"X-CSRF-Token": "TOKEN"}, 201),
        ({"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "same-site"}, 403),
        ({"X-CSRF-Token": "TOKEN", "Origin": "https://evil.example"}, 403),
        ({"X-CSRF-Token": "TOKEN", "Origin": "null"}, 403),
    ],
)
def test_another_site_cannot_use_somebodys_session(site: Site, headers: dict[str, str], status: int) -> None:
    with _browser(site) as browser:
        _sign_in(browser, "ann")
        token = _csrf(browser)
        sent = {name: value.replace("TOKEN", token) for name, value in headers.items()}
        response = browser.post("/t/acme/api/v1/deal", json={"name": "Forged"}, headers=sent)
        assert response.status_code == status


def test_another_site_cannot_sign_somebody_in(site: Site) -> None:
    form = {"login": email("ann"), "password": PASSWORD}
    response = site.client.post("/t/acme/sign-in", data=form, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_a_token_of_one_session_does_not_serve_another(site: Site) -> None:
    with _browser(site) as one, _browser(site) as other:
        _sign_in(one, "ann")
        _sign_in(other, "bob")
        response = one.post(
            "/t/acme/api/v1/deal", json={"name": "Mixed"}, headers={"X-CSRF-Token": _csrf(other)}
        )
        assert response.status_code == 403


def test_ten_wrong_passwords_lock_an_email_for_a_while_known_or_not(site: Site) -> None:
    for person in ("boss", "ghost"):
        with _browser(site) as browser:
            for _ in range(GUESSES):
                assert _sign_in(browser, person, "beta", "wrong").status_code == 401
            locked = _sign_in(browser, person, "beta")
            assert locked.status_code == 429
            site.clock.ahead = timedelta(minutes=16)
            try:
                assert _sign_in(browser, person, "beta").status_code == (303 if person == "boss" else 401)
            finally:
                site.clock.ahead = timedelta()


def test_a_token_does_what_its_scopes_say_and_nothing_else(site: Site) -> None:
    def ask(method: str, name: str, *scopes: str) -> int:
        token = site.token("boss", scopes=scopes)
        headers = {"Authorization": f"Bearer {token}"}
        body = {"name": f"Scope {name} {scopes}"} if method == "POST" else None
        status: int = site.client.request(
            method, f"/t/acme/api/v1/{name}", headers=headers, json=body
        ).status_code
        return status

    assert (ask("GET", "deal", "read"), ask("POST", "deal", "read")) == (200, 403)
    assert (ask("GET", "deal", "deal:read"), ask("GET", "client", "deal:read")) == (200, 403)
    assert (ask("POST", "deal", "deal:write"), ask("POST", "client", "deal:write")) == (201, 403)
    assert (ask("GET", "deal", "deal:write"), ask("GET", "client", "write")) == (200, 200)


def test_a_token_expires_and_can_be_revoked(site: Site) -> None:
    token = site.token("boss", scopes=("read", "deal:read"))
    headers = {"Authorization": f"Bearer {token}"}
    assert site.client.get("/t/acme/api/v1/deal", headers=headers).status_code == 200
    with site.tenant() as tenant:
        tenant.identities.forget()
        site.clock.ahead = timedelta(days=2)
        try:
            assert site.client.get("/t/acme/api/v1/deal", headers=headers).status_code == 401
        finally:
            site.clock.ahead = timedelta()
        with tenant.database.write() as connection:
            connection.run(f"UPDATE s_token SET revoked_at = 1 WHERE hash = '{hashed(token)}'")
        tenant.identities.forget()
    assert site.client.get("/t/acme/api/v1/deal", headers=headers).status_code == 401


@pytest.mark.parametrize("value", ["Bearer", "Bearer x", "bearer strata_0_0", "Basic YTpi"])
def test_what_is_no_token_signs_nobody_in(site: Site, value: str) -> None:
    response = site.client.get("/t/acme/api/v1/deal", headers={"Authorization": value})
    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_visitor_of_a_page_is_sent_to_the_sign_in_page(site: Site) -> None:
    response = site.client.get("/t/acme/o/deal?view=x", headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert response.headers["location"] == "/t/acme/sign-in?next=/t/acme/o/deal%3Fview%3Dx"
