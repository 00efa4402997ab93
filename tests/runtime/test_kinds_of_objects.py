"""Numbers, parts, trees, singletons and queries, through the API and the pages, on both databases."""

from re import fullmatch
from typing import Any

import pytest

from engine.codes import LINK_MISSING, NOT_STORED, NUMBERED, PARENT_FIXED, RING, SINGLETON
from engine.singleton import singleton_id
from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

SLUG = "kinds"
OBJECTS = ("order", "order_line", "place", "setup", "priced_line", "order_total")


@pytest.fixture(scope="module")
def kinds(site: Site) -> Site:
    """A company with an object of each kind."""
    found_company(site, SLUG, "kinds", {"boss": ["boss"], "ann": ["seller"], "bob": ["seller"]})
    return site


def made(site: Site, what: str, as_: str = "boss", **values: object) -> dict[str, Any]:
    """A new record."""
    return site.made(what, as_, SLUG, **values)


def refused(site: Site, method: str, path: str, **options: Any) -> tuple[int, list[str]]:
    """The status and codes of a refusal."""
    response = site.call(method, path, "boss", SLUG, headers={"If-Match": "*"}, **options)
    problem = response.json()
    return response.status_code, [each["code"] for each in problem.get("errors", ())] or [problem["code"]]


def test_an_order_is_numbered_and_its_lines_belong_to_it(kinds: Site) -> None:
    order = made(kinds, "order", "ann", remark="first")
    assert fullmatch(r"ORD-20\d\d-0001", order["number"])
    line = made(kinds, "order_line", "ann", name="x", order=order["id"], price=5)
    assert line["owner"] == order["owner"]
    assert (
        kinds.call("GET", f"/order_line/{line['id']}", "bob", SLUG).json()["order.title"] == order["number"]
    )
    theirs = kinds.call("POST", "/order_line", "bob", SLUG, json={"name": "y", "order": order["id"]})
    assert theirs.status_code == 422
    other = made(kinds, "order")
    assert other["number"].endswith("-0002")
    assert refused(kinds, "PATCH", f"/order/{other['id']}", json={"number": "X"}) == (422, [NUMBERED.id])
    moved = refused(kinds, "PATCH", f"/order_line/{line['id']}", json={"order": other["id"]})
    assert moved == (422, [PARENT_FIXED.id])
    kinds.call("DELETE", f"/order/{order['id']}", "boss", SLUG, headers={"If-Match": "*"})
    assert refused(kinds, "POST", f"/order_line/{line['id']}/restore") == (422, [LINK_MISSING.id])


def test_a_place_does_not_lie_within_itself(kinds: Site) -> None:
    world = made(kinds, "place", name="World")
    asia = made(kinds, "place", name="Asia", parent=world["id"])
    assert refused(kinds, "PATCH", f"/place/{world['id']}", json={"parent": asia["id"]}) == (422, [RING.id])


def test_there_is_one_setup_from_the_beginning(kinds: Site) -> None:
    (record,) = kinds.call("GET", "/setup", "boss", SLUG).json()["records"]
    with kinds.tenant(SLUG) as tenant:
        assert tenant.release is not None
        assert record["id"] == singleton_id(tenant.release.catalog.object("setup"))
    assert refused(kinds, "POST", "/setup", json={"name": "Second"}) == (409, [SINGLETON.id])
    assert refused(kinds, "DELETE", f"/setup/{record['id']}") == (409, [SINGLETON.id])
    changed = kinds.call("PATCH", f"/setup/{record['id']}", "boss", SLUG, json={"name": "Mine", "version": 1})
    assert changed.json()["name"] == "Mine"


def test_queries_are_read_and_not_written(kinds: Site) -> None:
    order = made(kinds, "order", remark="asked", place=made(kinds, "place", name="Here")["id"])
    for n in (1, 2):
        made(kinds, "order_line", name=f"asked {n}", order=order["id"], price=n)
    lines = kinds.call("GET", "/priced_line", "boss", SLUG, params={"find": "asked", "order": "name"}).json()
    assert [(line["name"], line["place"]) for line in lines["records"]] == [
        ("asked 1", "Here"),
        ("asked 2", "Here"),
    ]
    where = {"where": f'number = "{order["number"]}"', "count": "true"}
    totals = kinds.call("GET", "/order_total", "ann", SLUG, params=where).json()
    (total,) = totals["records"]
    assert (total["lines"], total["total"], total["order.title"]) == (2, 3.0, order["number"])
    assert kinds.call("GET", f"/order_total/{total['id']}", "ann", SLUG).json()["lines"] == 2
    for what, record in (("priced_line", lines["records"][0]), ("order_total", total)):
        assert refused(kinds, "POST", f"/{what}", json={}) == (403, [NOT_STORED.id])
        assert refused(kinds, "PATCH", f"/{what}/{record['id']}", json={}) == (403, [NOT_STORED.id])
        assert refused(kinds, "DELETE", f"/{what}/{record['id']}") == (403, [NOT_STORED.id])
    figures = kinds.call("GET", "/order_total/aggregate", "boss", SLUG, params={"measures": "sum:lines"})
    assert figures.status_code == 200, figures.text


@pytest.mark.parametrize("what", OBJECTS)
def test_every_kind_is_described_and_has_its_pages(kinds: Site, what: str) -> None:
    order = made(kinds, "order", remark="shown", place=made(kinds, "place", name="There")["id"])
    made(kinds, "order_line", name="shown", order=order["id"], price=1)
    described = kinds.call("GET", f"/{what}/describe", "boss", SLUG)
    assert described.status_code == 200
    record = kinds.call("GET", f"/{what}", "boss", SLUG).json()["records"][0]["id"]
    paths = [f"/o/{what}", f"/o/{what}/{record}", f"/o/{what}/rows", "/search?q=shown"]
    if "update" in described.json()["actions"]:
        paths.append(f"/o/{what}/{record}/edit")
    reader = Reader(kinds, "boss", SLUG)
    pages = {path: reader.get(path).status_code for path in paths}
    reader.http.close()
    assert set(pages.values()) == {200}, pages
    assert kinds.call("GET", f"/{what}/{record}/history", "boss", SLUG).status_code == 200


def test_the_description_of_the_api_knows_them(kinds: Site) -> None:
    document = kinds.call("GET", "/openapi.json", "boss", SLUG).json()
    paths = document["paths"]
    assert {"get", "post"} <= paths["/api/v1/order"].keys()
    assert "post" not in paths["/api/v1/priced_line"]


def test_an_order_and_its_lines_are_saved_in_one_request_or_not_at_all(kinds: Site) -> None:
    order, other = "0190f2d3-0000-7000-8000-00000000000a", "0190f2d3-0000-7000-8000-00000000000b"

    def saved(id_: str, *lines: dict[str, object]) -> Any:
        parts = [
            {"object": "order", "changes": [{"action": "create", "id": id_, "values": {"remark": "whole"}}]},
            {
                "object": "order_line",
                "changes": [{"action": "create", "values": {**line, "order": id_}} for line in lines],
            },
        ]
        return kinds.call("POST", "/$batch", "ann", SLUG, json={"parts": parts, "reason": "typed"})

    answer = saved(order, {"name": "x", "price": 1}, {"name": "y", "price": 2}).json()
    assert [part["object"] for part in answer["parts"]] == ["order", "order_line"]
    assert [each["status"] for each in answer["parts"][1]["results"]] == [201, 201]
    wrong = saved(other, {"name": "x"}, {"name": "", "price": "much"})
    assert wrong.status_code == 422
    places = {(each["mutation"], each["row"], each["field"]) for each in wrong.json()["errors"]}
    assert places == {(1, 1, "name"), (1, 1, "price")}
    assert kinds.call("GET", f"/order/{other}", "ann", SLUG).status_code == 404
    change = {"parts": [{"object": "order", "changes": [{"action": "update", "id": order, "values": {}}]}]}
    unseen = kinds.call("POST", "/$batch", "ann", SLUG, json=change)
    assert (unseen.status_code, unseen.json()["errors"][0]["mutation"]) == (428, 0)
    assert kinds.call("POST", "/$batch", "ann", SLUG, json={"parts": []}).status_code == 422
    gone = {"parts": [{"object": "gone", "changes": [{"action": "create", "values": {}}]}]}
    assert kinds.call("POST", "/$batch", "ann", SLUG, json=gone).status_code == 404
