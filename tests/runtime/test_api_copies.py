"""Claims about saying over REST that a record is a copy of another."""

from __future__ import annotations

import pytest

from tests.runtime.site import Site, found_company

COMPANY = "copies"


@pytest.fixture(scope="module")
def wide(site: Site) -> Site:
    """A company of its own."""
    found_company(site, COMPANY, "wide", {"boss": ["boss"]})
    return site


@pytest.mark.parametrize(
    ("path", "body", "status", "places"),
    [
        ("/station", {"name": "Copy", "$copied_from": "{id}"}, 201, []),
        ("/station", {"name": "Copy", "$copied_from": "station 7"}, 422, ["copied_from"]),
        ("/station", {"name": "Copy", "$copied_from": 7}, 422, []),
        ("/station", {"name": "Copy", "copied_from": "{id}"}, 422, ["copied_from"]),
        (
            "/station/batch",
            {"partial": False, "changes": [
                {"action": "create", "values": {"name": "Copy"}, "copied_from": "{id}"}]},
            200,
            [],
        ),
    ],
)  # fmt: skip
def test_the_source_of_a_copy_stands_beside_the_values(
    wide: Site, path: str, body: dict[str, object], status: int, places: list[str]
) -> None:
    source = wide.made("station", of=COMPANY, name="First")["id"]
    sent = _with(body, source)
    answer = wide.call("POST", path, "boss", COMPANY, json=sent)
    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json().get("errors", [])] == places


def _with(body: object, source: str) -> object:
    if isinstance(body, dict):
        return {key: _with(value, source) for key, value in body.items()}
    if isinstance(body, list):
        return [_with(value, source) for value in body]
    return source if body == "{id}" else body
