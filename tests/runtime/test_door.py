"""What every answer carries and every request meets: headers, addresses of tenants, limits, the log."""

import json
from io import StringIO

import pytest

from runtime.log import Log
from runtime.metrics import Metrics
from runtime.middleware import SAFETY, Journey
from runtime.web.assets import read_assets
from tests.event_loop import run
from tests.runtime.site import Site


@pytest.mark.parametrize("path", ["/t/acme/sign-in", "/t/acme/api/v1/deal", "/nowhere", "/health"])
def test_every_answer_carries_the_safety_headers_and_a_request_id(site: Site, path: str) -> None:
    response = site.client.get(path)
    assert {name: response.headers.get(name) for name in SAFETY} == SAFETY
    assert "unsafe-inline'; script" not in response.headers["content-security-policy"]
    assert response.headers["x-request-id"]
    assert "server" not in response.headers


def test_a_script_is_no_document_and_carries_only_what_concerns_it(site: Site) -> None:
    script = site.client.get(f"/static/dist/{read_assets().files['core.js']}")
    assert script.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in script.headers
    assert "content-security-policy" in site.client.get("/static/icon.svg").headers


def test_a_harmless_request_id_is_kept_and_another_replaced(site: Site) -> None:
    assert (
        site.client.get("/health", headers={"X-Request-ID": "abc-12345"}).headers["x-request-id"]
        == "abc-12345"
    )
    for given in ("short", "x" * 65, "a b c d e f", "<script>1"):
        assert site.client.get("/health", headers={"X-Request-ID": given}).headers["x-request-id"] != given


def test_a_host_names_its_tenant_and_so_does_a_path(site: Site) -> None:
    headers = {"Authorization": f"Bearer {site.token('boss', 'beta')}"}
    by_host = site.client.get("/api/v1/deal", headers={**headers, "Host": "beta.example"})
    by_path = site.client.get("/t/beta/api/v1/deal", headers=headers)
    assert (by_host.status_code, by_path.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/api/v1/deal", "testserver"),
        ("/t/gamma/api/v1/deal", "testserver"),
        ("/t/acme/api/v1/deal", "beta.example"),
        ("/t/../api/v1/deal", "testserver"),
    ],
)
def test_without_a_tenant_there_is_nothing(site: Site, path: str, host: str) -> None:
    response = site.client.get(path, headers={"Host": host})
    assert response.status_code == 404


def test_health_is_for_everybody_and_figures_have_no_paths_in_them(site: Site) -> None:
    assert site.client.get("/health").json()["status"] == "ok"
    made = site.made("deal", name="Secret path")
    site.call("GET", f"/deal/{made['id']}")
    figures = site.client.get("/metrics").text
    assert 'route="/api/v1/{object}/{id}"' in figures
    assert made["id"] not in figures


def test_a_limit_is_told_with_the_time_to_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.tenants.gate.sign_in_limit, "_per_minute", 1)
    form = {"login": "a@example.com", "password": "x"}
    answers = [site.client.post("/t/acme/sign-in", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]


def test_the_log_has_no_query_no_cookie_and_no_token() -> None:
    lines = StringIO()
    journey = Journey(_answering, Log(lines), Metrics(), slow_ms=1000)
    scope: dict[str, object] = {
        "type": "http",
        "method": "GET",
        "path": "/t/acme/api/v1/deal",
        "query_string": b"where=secret",
        "headers": [(b"authorization", b"Bearer hidden"), (b"cookie", b"strata=hidden")],
    }
    _run(journey, scope)
    line = json.loads(lines.getvalue())
    assert (line["path"], line["status"], line["method"]) == ("/t/acme/api/v1/deal", 204, "GET")
    assert "secret" not in lines.getvalue()
    assert "hidden" not in lines.getvalue()


async def _answering(scope: object, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


def _run(app: Journey, scope: dict[str, object]) -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    async def send(message: object) -> None:
        return None

    run(app(scope, receive, send))
