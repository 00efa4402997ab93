"""Claims about changes of several objects in one request: what is wrong in a part refuses them all."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.runtime.site import Site

ANYBODY = "0190f2d3-0000-7000-8000-00000000000c"
RENAME = {"action": "update", "version": "*", "values": {"name": "x"}}
DELETE = {"action": "delete", "version": "*"}
ROWS: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    # what is tried: object, change, codes of the refusal
    "a link into another company": ("deal", {"values": {"name": "x", "client": "theirs"}}, {"P121"}),
    "an owner from another company": ("deal", {"values": {"name": "x", "owner": "theirs"}}, {"P121", "P202"}),
    "a copy of what is unseen": ("deal", {"values": {"name": "x"}, "copied_from": "bobs"}, {"P121"}),
    "a hidden field": ("deal", {"values": {"name": "x", "margin": 5}}, {"P118"}),
    "a field that is not there": ("deal", {"values": {"name": "x", "mirage": 5}}, {"P118"}),
    "a field of the platform's": ("deal", {"values": {"name": "x", "version": 7}}, {"P119"}),
    "an object without a grant": ("visit", {"values": {"name": "x"}}, {"P202"}),
    "a right for oneself": (
        "permission_assignment", {"values": {"permission_set": "boss", "user": ANYBODY}}, {"P202"},
    ),
    "an id that is taken": ("client", {"id": "boss's", "values": {"name": "x"}}, {"P204"}),
    "an id of the same request": ("client", {"id": ANYBODY, "values": {"name": "x"}}, {"P204"}),
    "a unique value of the same request": ("client", {"values": {"name": "Part"}}, {"P120"}),
    "a rule": ("deal", {"values": {"name": "x", "stage": "lost", "amount": 1}}, {"P122"}),
    "a record of another company": ("client", {**RENAME, "id": "theirs"}, {"P201"}),
    "a record of somebody else": ("deal", {**RENAME, "id": "bobs"}, {"P201"}),
    "a record that one only reads": ("client", {**RENAME, "id": "boss's"}, {"P202"}),
    "an old version": ("deal", {**RENAME, "id": "own", "version": 7}, {"P203"}),
    "no version": ("deal", {"action": "delete", "id": "own"}, {"P708"}),
    "a version beyond all numbers": ("deal", {**RENAME, "id": "own", "version": 10**30}, {"P203"}),
    "to delete what is somebody else's": ("deal", {**DELETE, "id": "bobs"}, {"P201"}),
    "to restore what is somebody else's": ("deal", {"action": "restore", "id": "bobs"}, {"P201"}),
    "what is no id": ("deal", {"action": "restore", "id": "x"}, {"P201"}),
    "an object that is not there": ("gone", {"values": {"name": "x"}}, {"P701"}),
    "an object by an address": ("deal/../client", {"values": {"name": "x"}}, {"P701"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, str]:
    """Records by what they are to the writer, who is ann."""
    return {
        "theirs": site.made("client", of="beta", name="Theirs")["id"],
        "bobs": site.made("deal", as_="bob", name="Bob's")["id"],
        "own": site.made("deal", as_="ann", name="Own")["id"],
        "boss's": site.made("client", name="Boss's")["id"],
    }


@pytest.fixture
def unchanged(site: Site) -> Iterator[None]:
    """Nothing was written when the test is over, not even a change that nobody sees."""
    before = _journal(site)
    yield
    assert _journal(site) == before


def _journal(site: Site) -> list[object]:
    with site.tenant() as tenant, tenant.database.read() as connection:
        return [connection.rows(f"SELECT count(*) FROM {name}") for name in ("s_journal", "s_change_set")]


def _with_ids(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(item, ids) for key, item in value.items()}
    return ids.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("what", ROWS)
@pytest.mark.usefixtures("unchanged")
def test_a_part_that_is_refused_refuses_all(site: Site, ids: dict[str, str], what: str) -> None:
    target, change, codes = ROWS[what]
    good = {"action": "create", "id": ANYBODY, "values": {"name": "Part"}}
    parts = [
        {"object": "client", "changes": [good]},
        {"object": target, "changes": [{"action": "create", **_with_ids(change, ids)}]},
    ]
    response = site.call("POST", "/$batch", "ann", json={"parts": parts})
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"
    errors = response.json()["errors"]
    assert {each["code"] for each in errors} == codes
    assert {each["mutation"] for each in errors} == {1}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 422),
        ({"parts": None}, 422),
        ({"parts": []}, 422),
        ({"parts": [None]}, 422),
        ({"parts": [{"object": "client"}]}, 422),
        ({"parts": [{"object": 5, "changes": []}]}, 422),
        ({"parts": [{"object": "client", "changes": []}]}, 422),
        ({"parts": [{"object": "client", "changes": {}}]}, 422),
        ({"parts": [{"object": "client", "changes": [{"values": {}}]}]}, 422),
        ({"parts": [{"object": "client", "changes": [{"action": "create", "values": []}]}]}, 422),
        ({"parts": [{"object": "client", "changes": [{"action": "explode", "values": {}}]}]}, 422),
        ({"parts": [{"object": "client", "changes": [{"action": "create", "values": {}, "id": 5}]}]}, 422),
        ({"parts": [{"object": "client", "changes": [{"action": "create", "values": {}}] * 2001}]}, 422),
        ({"parts": [{"object": "client", "changes": [{"action": "create", "values": {}}]}] * 2001}, 422),
        ({"parts": [{"object": "client", "changes": []}] * 30_000}, 422),
        ({"parts": [{"object": "gone", "changes": [{"action": "create", "values": {}}]}] * 2000}, 404),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_body_of_another_shape_or_size_is_refused(site: Site, body: object, status: int) -> None:
    response = site.call("POST", "/$batch", json=body)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"{", b'{"parts":' + b"[" * 100_000, b'{"parts":"\xff"}', b""])
@pytest.mark.usefixtures("unchanged")
def test_what_is_no_json_is_refused(site: Site, body: bytes) -> None:
    response = site.call("POST", "/$batch", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("reason", ["a\0b", "\0", "x" * 2001])
@pytest.mark.usefixtures("unchanged")
def test_a_reason_that_cannot_be_kept_is_refused(site: Site, reason: str) -> None:
    changes = {"changes": [{"action": "create", "values": {"name": "x"}}]}
    for path, body in (("/$batch", {"parts": [{"object": "visit", **changes}]}), ("/visit/batch", changes)):
        response = site.call("POST", path, json={**body, "reason": reason})
        assert response.status_code == 422, response.text


@pytest.mark.usefixtures("unchanged")
def test_a_token_of_another_company_or_for_less_is_refused(site: Site) -> None:
    parts = {"parts": [{"object": "client", "changes": [{"action": "create", "values": {"name": "x"}}]}]}
    both = {"parts": [*parts["parts"], {**parts["parts"][0], "object": "visit"}]}
    for slug, token, body, status in (
        ("beta", site.token("boss", "acme"), parts, 401),
        ("acme", site.token("boss", "beta"), parts, 401),
        ("acme", site.token("boss", scopes=("read",)), parts, 403),
        ("acme", site.token("boss", scopes=("client:write",)), both, 403),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        response = site.client.post(f"/t/{slug}/api/v1/$batch", json=body, headers=headers)
        assert response.status_code == status, response.text
