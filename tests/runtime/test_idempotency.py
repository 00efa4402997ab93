"""Idempotency keys: once is once, however often a request is sent."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from runtime.api.routes import ROUTES
from tests.runtime.site import Site


def _post(site: Site, key: str, person: str = "boss", **values: object) -> Any:
    return site.call("POST", "/deal", person, json=values, headers={"Idempotency-Key": key})


def _named(site: Site, name: str) -> list[Any]:
    records: list[Any] = site.call("GET", "/deal", params={"where": f'name = "{name}"'}).json()["records"]
    return records


def test_a_repeat_answers_the_first_result_and_does_nothing(site: Site) -> None:
    first, again = (_post(site, "key-1", name="Once") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert len(_named(site, "Once")) == 1


def test_twenty_at_once_are_one(site: Site) -> None:
    site.token("boss")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: _post(site, "key-race", name="Raced"), range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(_named(site, "Raced")) == 1


def test_a_key_with_another_request_is_refused(site: Site) -> None:
    _post(site, "key-2", name="One thing")
    response = _post(site, "key-2", name="Another thing")
    assert (response.status_code, response.json()["code"]) == (422, "P715")
    assert _named(site, "Another thing") == []


def test_a_refused_request_may_be_tried_again_with_its_key(site: Site) -> None:
    assert _post(site, "key-3", name="").status_code == 422
    assert _post(site, "key-3", name="Now right").status_code == 201


def test_keys_belong_to_people(site: Site) -> None:
    assert _post(site, "key-4", name="Boss's").status_code == 201
    assert _post(site, "key-4", "ann", name="Ann's").json()["name"] == "Ann's"


def test_a_value_that_is_taken_is_said_in_a_keyed_request_too(site: Site) -> None:
    site.made("client", name="Taken already")
    response = site.call(
        "POST", "/client", json={"name": "Taken already"}, headers={"Idempotency-Key": "key-5"}
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "name"


def test_an_endless_key_is_refused(site: Site) -> None:
    assert _post(site, "k" * 201, name="Long key").status_code == 400


def test_work_in_several_transactions_answers_its_first_result_too(site: Site) -> None:
    made = site.call("PATCH", f"/deal/{_post(site, 'key-6', name='Undone').json()['id']}", "boss",
                     json={"name": "Changed"}, headers={"If-Match": "*"})  # fmt: skip
    record = made.json()["id"]
    change_set = site.call("GET", f"/deal/{record}/history", "boss").json()["changes"][0]["change_set"]
    path = f"/change-sets/{change_set}/undo"
    keyed = {"Idempotency-Key": "key-7"}
    first, again = (site.call("POST", path, "boss", json={}, headers=keyed) for _ in range(2))
    assert first.status_code == 200
    assert first.json()["change_set"]
    assert again.content == first.content
    assert site.call("POST", path, "boss", json={}).json()["change_set"] is None


WITHOUT_KEY = {
    "/api/v1/formula/check": "writes nothing",
    "/api/v1/{object}/{id}/secrets/{field}": "its answer must not be kept, and each time counts",
    "/api/v1/files": "the handler keys what it has taken in",
    "/api/v1/import": "the handler keys what it has taken in",
}


def test_every_route_that_writes_takes_a_key() -> None:
    bare = {
        route.path
        for route in ROUTES
        if set(route.methods) - {"GET"} and not hasattr(route.handler, "__wrapped__")
    }
    assert bare == set(WITHOUT_KEY)
