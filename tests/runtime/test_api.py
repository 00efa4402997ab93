"""The REST API's contract, on both kinds of databases."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from engine.codes import HIDDEN, OPTION_CLOSED, REQUIRED
from tests.runtime.site import Site


def _exact(response: Any) -> Any:
    """The body with numbers as they were written."""
    return msgspec.json.Decoder(float_hook=Decimal).decode(response.content)


def test_a_record_is_created_and_read_back(site: Site) -> None:
    response = site.call("POST", "/deal", json={"name": "First", "amount": 12.5, "closes": "2026-05-01"})
    assert response.status_code == 201
    made = response.json()
    assert (made["name"], made["stage"], made["version"]) == ("First", "open", 1)
    assert response.headers["etag"] == '"1"'
    assert response.headers["location"] == f"/t/acme/api/v1/deal/{made['id']}"
    read = site.client.get(
        response.headers["location"], headers={"Authorization": f"Bearer {site.token('boss')}"}
    )
    assert read.json() == made


def test_numbers_keep_every_digit(site: Site) -> None:
    body = b'{"name": "Exact", "amount": 1234567890123456.07}'
    response = site.call("POST", "/deal", content=body, headers={"Content-Type": "application/json"})
    assert _exact(response)["amount"] == Decimal("1234567890123456.07")
    assert b'"amount":1234567890123456.07' in response.content


def test_a_percentage_is_written_and_read_as_people_write_it(site: Site) -> None:
    """What the API answers, it takes back and nothing has changed; figures speak the same unit."""
    made = site.call("POST", "/deal", json={"name": "Cheap", "discount": 12.5}).json()
    assert made["discount"] == 12.5
    given = {"discount": made["discount"]}
    again = site.call("PATCH", f"/deal/{made['id']}", json=given, headers={"If-Match": "*"})
    assert again.json()["discount"] == 12.5
    assert again.json()["version"] == made["version"]
    parameters = {"group": "discount", "measures": "count,max:discount", "where": "discount = 0.125"}
    figures = site.call("GET", "/deal/aggregate", params=parameters).json()
    assert figures["rows"] == [[12.5, 1, 12.5]]


def test_a_list_of_values_is_stored_whole_or_not_at_all(site: Site) -> None:
    rows = [{"name": f"Whole {n}"} for n in range(3)]
    response = site.call("POST", "/client", json=rows)
    assert response.status_code == 201
    assert [record["name"] for record in response.json()["records"]] == ["Whole 0", "Whole 1", "Whole 2"]
    response = site.call("POST", "/client", json=[{"name": "Whole 9"}, {"name": ""}])
    assert response.status_code == 422
    assert response.json()["errors"][0]["row"] == 1
    assert site.call("GET", "/client", params={"where": 'name = "Whole 9"'}).json()["records"] == []


def test_refused_values_have_an_entry_per_field(site: Site) -> None:
    response = site.call("POST", "/deal", json={"stage": "gone", "amount": "much", "closes": "someday"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert {error["field"] for error in response.json()["errors"]} == {"name", "stage", "amount", "closes"}
    assert all(error["message"] and error["code"] for error in response.json()["errors"])


def test_a_rule_speaks_at_its_field(site: Site) -> None:
    response = site.call("POST", "/deal", json={"name": "Rule", "stage": "lost", "amount": 5})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["field"], error["message"]) == ("amount", "A lost deal is worth nothing.")


def test_a_change_names_the_version_it_saw(site: Site) -> None:
    made = site.made("deal", name="Versions")
    path = f"/deal/{made['id']}"
    changed = site.call("PATCH", path, json={"amount": 1}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["version"], changed.headers["etag"]) == (200, 2, '"2"')
    assert site.call("PATCH", path, json={"amount": 2, "version": 2}).json()["version"] == 3
    silent = site.call("PATCH", path, json={"amount": 3})
    assert (silent.status_code, silent.json()["code"]) == (428, "P708")
    assert site.call("PATCH", path, json={"amount": 4}, headers={"If-Match": "*"}).json()["version"] == 4


def test_a_stale_change_is_answered_with_both_versions(site: Site) -> None:
    made = site.made("deal", name="Stale")
    path = f"/deal/{made['id']}"
    site.call("PATCH", path, json={"amount": 1, "version": 1})
    response = site.call("PATCH", path, json={"amount": 2, "version": 1})
    assert response.status_code == 409
    assert _exact(site.call("GET", path))["amount"] == 1
    told = response.json()
    assert (told["yours"]["values"], told["theirs"]["values"]["amount"]) == ({"amount": 2}, 1.0)


@pytest.mark.parametrize("given", ['"x"', '""', "-1", "1.5"])
def test_a_version_that_is_none_is_refused(site: Site, given: str) -> None:
    made = site.made("deal", name="Odd version")
    response = site.call("PATCH", f"/deal/{made['id']}", json={"amount": 1}, headers={"If-Match": given})
    assert response.status_code == 400


def test_a_deleted_record_is_gone_until_it_is_restored(site: Site) -> None:
    made = site.made("deal", name="Bin")
    path = f"/deal/{made['id']}"
    assert site.call("DELETE", path).status_code == 428
    assert site.call("DELETE", path, headers={"If-Match": '"1"'}).status_code == 204
    assert site.call("GET", path).status_code == 404
    binned = site.call("GET", "/deal", params={"deleted": "true", "where": 'name = "Bin"'}).json()["records"]
    assert [record["id"] for record in binned] == [made["id"]]
    assert site.call("POST", f"{path}/restore").json()["name"] == "Bin"
    assert site.call("GET", path).status_code == 200


def test_an_unchanged_record_need_not_be_sent_again(site: Site) -> None:
    made = site.made("deal", name="Known")
    response = site.call("GET", f"/deal/{made['id']}", headers={"If-None-Match": '"1"'})
    assert (response.status_code, response.content) == (304, b"")


def test_lists_filter_sort_follow_paths_and_count(site: Site) -> None:
    client = site.made("client", name="Listed Ltd")
    for number in range(5):
        site.made("deal", name=f"L{number}", amount=number, client=client["id"])
    params = {
        "fields": "name,amount,client,client.name",
        "where": 'client.name = "Listed Ltd" && amount >= 1',
        "order": "-amount",
        "count": "true",
        "limit": "3",
    }
    answer = site.call("GET", "/deal", params=params).json()
    assert [record["name"] for record in answer["records"]] == ["L4", "L3", "L2"]
    assert answer["records"][0]["client.name"] == "Listed Ltd"
    assert answer["records"][0]["client.title"] == "Listed Ltd"
    assert answer["count"] == {"number": 4, "exact": True}
    rest = site.call("GET", "/deal", params={**params, "after": answer["next"]}).json()
    assert [record["name"] for record in rest["records"]] == ["L1"]
    assert rest["next"] is None
    back = site.call("GET", "/deal", params={**params, "before": rest["previous"]}).json()
    assert [record["name"] for record in back["records"]] == ["L4", "L3", "L2"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"wehre": "true"}, "no parameter 'wehre'"),
        ({"limit": "0"}, "limit=0"),
        ({"limit": "501"}, "limit=501"),
        ({"limit": "ten"}, "limit=ten"),
        ({"count": "maybe"}, "count=maybe"),
        ({"fields": "nope"}, "no field 'nope'"),
        ({"fields": "amuont"}, "Did you mean amount?"),
        ({"order": "-client.nmae"}, "Did you mean client.name?"),
        ({"fields": "client.nope"}, "no field 'client.nope'"),
        ({"order": "-nope"}, "no field 'nope'"),
        ({"where": "name ="}, "condition"),
        ({"where": "nope = 1"}, "condition"),
        ({"where": "amount > 1 && nope = 1"}, '"column":15'),
        ({"where": "amount"}, "condition"),
        ({"after": "xyz"}, "cursor"),
    ],
)
def test_what_cannot_be_understood_in_a_list_is_said(site: Site, params: dict[str, str], said: str) -> None:
    response = site.call("GET", "/deal", params=params)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.text


def test_a_batch_has_an_outcome_per_row(site: Site) -> None:
    known = site.made("client", name="Batch known")
    stale = site.made("client", name="Batch stale")
    site.made("client", name="Batch taken")
    changes = [
        {"action": "create", "values": {"name": "Batch new"}},
        {"action": "create", "values": {"name": "Batch taken"}},
        {"action": "update", "id": known["id"], "version": 1, "values": {"name": "Batch renamed"}},
        {"action": "update", "id": stale["id"], "version": 7, "values": {"name": "Lost update"}},
        {"action": "delete", "id": "0190a000-0000-7000-8000-000000000000", "version": "*"},
    ]
    response = site.call("POST", "/client/batch", json={"changes": changes, "reason": "test"})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert [result["status"] for result in answer["results"]] == [201, 422, 200, 409, 404]
    assert (answer["stored"], answer["refused"]) == (2, 3)
    assert answer["results"][0]["record"]["name"] == "Batch new"
    assert answer["results"][1]["problem"]["errors"][0]["field"] == "name"
    history = site.call("GET", f"/client/{known['id']}/history").json()["changes"]
    assert (history[0]["change_set"], history[0]["reason"]) == (answer["change_set"], "test")


def test_a_batch_that_is_not_partial_changes_nothing_when_a_row_is_refused(site: Site) -> None:
    changes = [{"action": "create", "values": {"name": name}} for name in ("Alone", "")]
    response = site.call("POST", "/client/batch", json={"changes": changes, "partial": False})
    assert response.status_code == 422
    assert site.call("GET", "/client", params={"where": 'name = "Alone"'}).json()["records"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"changes": []}, 422),
        ({"changes": [{"action": "explode"}]}, 422),
        ({"changes": [{"action": "update", "id": "x"}]}, 422),
        ({"changes": [{"action": "create", "values": {}, "extra": 1}]}, 422),
        ({"changes": [{"action": "delete", "id": "0190a000-0000-7000-8000-000000000000"}]}, 428),
        ({"changes": [{"action": "create", "values": {}}] * 2001}, 422),
    ],
)
def test_a_batch_of_the_wrong_shape_is_refused(site: Site, body: object, status: int) -> None:
    response = site.call("POST", "/client/batch", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_figures_are_grouped_and_exact(site: Site) -> None:
    client = site.made("client", name="Figures")["id"]
    for stage, amount in (("open", "0.10"), ("open", "0.20"), ("won", "7.25")):
        site.made("deal", name="Figure", client=client, stage=stage, amount=amount)
    params = {
        "group": "stage",
        "measures": "count,sum:amount,max:amount",
        "where": f'client = "{client}"',
    }
    response = site.call("GET", "/deal/aggregate", params=params)
    answer = _exact(response)
    assert answer["columns"] == ["stage", "count", "sum:amount", "max:amount"]
    assert sorted(answer["rows"]) == [
        ["open", 2, Decimal("0.30"), Decimal("0.20")],
        ["won", 1, Decimal("7.25"), Decimal("7.25")],
    ]


@pytest.mark.parametrize(
    "params", [{"measures": "sum"}, {"measures": "most:amount"}, {"group": "closes:hour"}]
)
def test_figures_that_there_are_not_are_refused(site: Site, params: dict[str, str]) -> None:
    assert site.call("GET", "/deal/aggregate", params=params).status_code == 400


def test_an_object_describes_what_the_caller_may_use(site: Site) -> None:
    boss = site.call("GET", "/deal/describe", "boss").json()
    ann = site.call("GET", "/deal/describe", "ann").json()
    assert boss["actions"] == ["create", "delete", "read", "update"]
    stage = next(field for field in boss["fields"] if field["name"] == "stage")
    assert [option["code"] for option in stage["options"]] == ["open", "won", "lost"]
    assert {f["name"] for f in boss["fields"]} - {f["name"] for f in ann["fields"]} == {"margin"}


def test_an_object_describes_its_record_types_and_what_options_depend_on(site: Site) -> None:
    described = site.call("GET", "/visit/describe", "boss").json()
    assert described["record_types"] == [
        {
            "name": "call",
            "label": "Call",
            "icon": "phone",
            "default": False,
            "options": {"status": ["planned"]},
        },
        {"name": "trip", "label": "Trip", "icon": "", "default": True, "options": {}},
    ]
    result = next(field for field in described["fields"] if field["name"] == "result")
    assert result["depends_on"] == "status"
    assert [option.get("when") for option in result["options"]] == [["done"], None]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"result": "none"}, "result", HIDDEN.id),
        ({"status": "done"}, "result", REQUIRED.id),
        ({"record_type": "call", "status": "done", "result": "none"}, "status", OPTION_CLOSED.id),
    ],
)
def test_a_value_that_the_others_do_not_allow_is_refused_at_its_field(
    site: Site, values: dict[str, str], field: str, code: str
) -> None:
    response = site.call("POST", "/visit", json={"name": "x", **values})
    assert response.status_code == 422
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [(field, code)]


def test_the_objects_one_may_read_are_listed(site: Site) -> None:
    names = {item["name"] for item in site.call("GET", "", "ann").json()["objects"]}
    assert names >= {"deal", "client"}
    assert site.call("GET", "", "nobody").json()["objects"] == []


def test_history_tells_who_changed_what(site: Site) -> None:
    made = site.made("deal", name="Past")
    site.call("PATCH", f"/deal/{made['id']}", json={"name": "Present", "version": 1})
    newest = site.call("GET", f"/deal/{made['id']}/history").json()["changes"][0]
    assert {"name": "name", "old": "Past", "new": "Present"} in newest["fields"]
    assert (newest["kind"], newest["entry"], newest["version"]) == ("updated", "api", 2)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/deal/not-an-id", 404),
        ("GET", "/deal/0190a000-0000-7000-8000-000000000000", 404),
        ("PUT", "/deal", 405),
        ("POST", "/deal/aggregate", 405),
        ("GET", "/deal/1/2/3/4", 404),
    ],
)
def test_addresses_that_are_none_are_problems_too(site: Site, method: str, path: str, status: int) -> None:
    response = site.call(method, path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["status"] == status
    if status == 405:
        assert response.headers["allow"]


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b'{"name": ', "application/json", 400, "P705"),
        (b"\xff\xfe", "application/json", 400, "P705"),
        (b'{"name":' + b"[" * 10_000, "application/json", 400, "P705"),
        (b'"text"', "application/json", 422, "P707"),
        (b"[1, 2]", "application/json", 422, "P707"),
        (b"name=x", "text/plain", 415, "P704"),
        (b"<a/>", "application/xml", 415, "P704"),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    site: Site, content: bytes, media_type: str, status: int, code: str
) -> None:
    response = site.call("POST", "/deal", content=content, headers={"Content-Type": media_type})
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_body_over_the_limit_is_not_read(site: Site) -> None:
    response = site.call("POST", "/deal", content=b" " * (site.settings.body_limit + 1))
    assert (response.status_code, response.json()["code"]) == (413, "P703")


def test_a_client_made_id_is_kept_and_a_second_use_reveals_nothing(site: Site) -> None:
    wanted = "0190a000-1111-7000-8000-00000000000a"
    assert site.made("deal", as_="ann", id=wanted, name="Offline")["id"] == wanted
    response = site.call("POST", "/deal", "bob", json={"id": wanted, "name": "Again"})
    assert response.status_code in (409, 422)
    assert "Offline" not in response.text
