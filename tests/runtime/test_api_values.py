"""Claims about values of several parts, and links to one of several objects, over REST."""

from decimal import Decimal
from typing import Any

import pytest

from tests.runtime.specimens import Specimens

ADDRESS = {
    "country": "CN",
    "province": "浙江省",
    "city": "杭州市",
    "street": "文三路 477 号 🏠",
    "postal_code": "310012",
}
NAME = {"salutation": "Dr.", "family": "Wang", "given": "Wei", "suffix": "PhD"}


def test_a_value_of_parts_is_a_json_object_both_ways(specimens: Specimens) -> None:
    given = {"address": ADDRESS, "person_name": NAME, "geo": {"latitude": 30.274085, "longitude": -120.155}}
    record = specimens.made(**given)
    assert {name: record[name] for name in ("address", "person_name")} == {
        "address": ADDRESS,
        "person_name": NAME,
    }
    assert record["geo"] == {"latitude": Decimal("30.274085"), "longitude": Decimal("-120.155000")}
    again = specimens.call(
        "PATCH", f"/specimen/{record['id']}", json=given, headers={"If-Match": f'"{record["version"]}"'}
    )
    assert again == record


def test_parts_are_asked_for_filtered_and_sorted_by_name(specimens: Specimens) -> None:
    for city in ("Köln", "Aachen", "Bonn"):
        specimens.made(text="city", address={"city": city, "country": "DE"})
    params = {
        "fields": "address.city,address",
        "where": 'address.country = "DE" && address.city <> "Bonn"',
        "order": "-address.city",
    }
    records = specimens.call("GET", "/specimen", params=params)["records"]
    assert [(each["address.city"], each["address"]) for each in records] == [
        ("Köln", {"country": "DE", "city": "Köln"}),
        ("Aachen", {"country": "DE", "city": "Aachen"}),
    ]
    figures = specimens.call("GET", "/specimen/aggregate",
        params={"group": "address.country", "measures": "count,distinct:address", "where": 'text = "city"'},
    )  # fmt: skip
    assert figures["rows"] == [["DE", 3, 3]]


def test_a_link_names_object_and_record_and_shows_the_title(specimens: Specimens) -> None:
    station = specimens.call("POST", "/station", json={"name": "北站 🚉"})["id"]
    record = specimens.made(any_lookup={"object": "station", "id": station})
    assert (record["any_lookup"], record["any_lookup.title"]) == (f"station/{station}", "北站 🚉")
    shown = specimens.call("GET", "/specimen",
        params={"fields": "any_lookup.id,any_lookup.object", "where": f'any_lookup = "station/{station}"'},
    )["records"]  # fmt: skip
    assert [(each["any_lookup.id"], each["any_lookup.object"]) for each in shown] == [(station, "station")]


def test_history_shows_values_as_json(specimens: Specimens) -> None:
    record = specimens.made(address=ADDRESS)
    specimens.call("PATCH", f"/specimen/{record['id']}", json={"address": None}, headers={"If-Match": "*"})
    change = specimens.call("GET", f"/specimen/{record['id']}/history")["changes"][0]
    assert change["fields"] == [{"name": "address", "old": ADDRESS, "new": None}]


def test_the_description_tells_parts_and_objects(specimens: Specimens) -> None:
    fields = {each["name"]: each for each in specimens.call("GET", "/specimen/describe")["fields"]}
    assert fields["any_lookup"]["to"] == ["station", "specimen"]
    assert fields["geo"]["parts"] == ["latitude", "longitude"]
    assert fields["amount"]["parts"] == ["company"]
    assert "parts" not in fields["text"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"address": {"town": "x"}}, "P130"),
        ({"address": {"country": "China"}}, "P131"),
        ({"geo": "91, 0"}, "P132"),
        ({"any_lookup": "station"}, "P133"),
        ({"any_lookup": "part/018f2d3a-0000-7000-8000-000000000001"}, "P134"),
        ({"any_lookup": "station/018f2d3a-0000-7000-8000-000000000001"}, "P121"),
        ({"person_name": ["Wei"]}, "P102"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    specimens: Specimens, values: dict[str, Any], code: str
) -> None:
    response = specimens.ask("POST", "/specimen", json={"text": "x", **values})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == (next(iter(values)), code)
    assert error["hint"]


@pytest.mark.parametrize(
    "where", ["address = 5", 'geo.latitude = "a"', 'any_lookup.object = "part"', "address.town = 1"]
)
def test_a_condition_that_makes_no_sense_is_refused_with_its_place(specimens: Specimens, where: str) -> None:
    response = specimens.ask("GET", "/specimen", params={"where": where})
    assert response.status_code == 400 or response.status_code == 422
    assert response.json()["errors"][0]["column"]
