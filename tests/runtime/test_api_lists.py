"""Claims about lists over REST: arrays both ways, filters, figures, history and description."""

from typing import Any

import pytest

from tests.runtime.specimens import Specimens


def test_lists_are_arrays_both_ways(specimens: Specimens) -> None:
    station = specimens.call("POST", "/station", json={"name": "北站 🚉"})["id"]
    given = {
        "tags": ["vip", "大客户"], "multi_picklist": ["blue", "red"], "many_text": ["a, b", "c"],
        "many_email": ["a@example.com"], "many_integer": [3, 1, 2], "many_date": ["2026-03-01"],
        "many_to_many": [station],
    }  # fmt: skip
    record = specimens.made(**given)
    assert {name: record[name] for name in given} == given
    assert record["many_to_many.titles"] == ["北站 🚉"]
    again = specimens.call("PATCH", f"/specimen/{record['id']}", json=given, headers={"If-Match": "*"})
    assert again == record
    emptied: dict[str, list[str]] = {name: [] for name in given}
    record = specimens.call("PATCH", f"/specimen/{record['id']}", json=emptied, headers={"If-Match": "*"})
    assert {name: record[name] for name in given} == dict.fromkeys(given)
    changes = specimens.call("GET", f"/specimen/{record['id']}/history")["changes"][0]["fields"]
    assert {each["name"]: each["old"] for each in changes} == given


def test_records_are_filtered_sorted_and_counted_by_what_their_lists_hold(specimens: Specimens) -> None:
    for tags in (["m2", "n1"], ["m1", "n1"], ["m3"]):
        specimens.made(text="counted", tags=tags)
    params = {"fields": "tags", "where": 'text = "counted" && INCLUDES(tags, "n1")', "order": "tags"}
    records = specimens.call("GET", "/specimen", params=params)["records"]
    assert [each["tags"] for each in records] == [["m1", "n1"], ["m2", "n1"]]
    asked = {"group": "tags", "measures": "count", "where": 'text = "counted"'}
    rows = specimens.call("GET", "/specimen/aggregate", params=asked)["rows"]
    assert rows == [["m1", 1], ["m2", 1], ["m3", 1], ["n1", 2]]
    found = specimens.call("GET", "/specimen", params={"fields": "tags", "find": "m3"})["records"]
    assert [each["tags"] for each in found] == [["m3"]]


def test_the_description_tells_what_a_list_holds(specimens: Specimens) -> None:
    fields = {each["name"]: each for each in specimens.call("GET", "/specimen/describe")["fields"]}
    assert (fields["many_to_many"]["element"], fields["many_to_many"]["to"]) == ("lookup", "station")
    assert (fields["many_date"]["many"], fields["many_date"]["element"]) == (True, "date")
    assert [option["code"] for option in fields["multi_picklist"]["options"]] == ["red", "green", "blue"]
    assert "many" not in fields["text"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"tags": ["x" * 61]}, "P103"),
        ({"multi_picklist": ["pink"]}, "P112"),
        ({"many_date": ["2026-02-30"]}, "P109"),
        ({"many_to_many": ["018f2d3a-0000-7000-8000-000000000001"]}, "P121"),
        ({"many_integer": list(range(201))}, "P150"),
        ({"many_text": {"a": "b"}}, "P102"),
    ],
)
def test_what_cannot_be_listed_is_refused_at_its_field(
    specimens: Specimens, values: dict[str, Any], code: str
) -> None:
    response = specimens.ask("POST", "/specimen", json={"text": "x", **values})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == (next(iter(values)), code)
    assert error["hint"]
