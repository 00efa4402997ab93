"""Roll-ups as people and programs meet them: read-only, and like any stored field in all else."""

from tests.runtime.site import Site
from tests.runtime.specimens import COMPANY, found_specimens
from tests.web.reader import Reader


def test_a_roll_up_is_listed_filtered_sorted_grouped_found_described_and_told(site: Site) -> None:
    company = found_specimens(site)
    one, two = (company.made(text=name)["id"] for name in ("one", "two"))
    for name in ("bolt", "axle"):
        company.call("POST", "/part", json={"name": name, "specimen": one})
    fields = {"fields": "text,rollup,part_names"}
    listed = company.call("GET", "/specimen", params={**fields, "order": "-rollup"})["records"]
    assert [(r["id"], r["rollup"], r["part_names"]) for r in listed] == [
        (one, 2, "axle, bolt"),
        (two, 0, None),
    ]
    found = company.call("GET", "/specimen", params={**fields, "where": "rollup > 1"})["records"]
    assert [record["id"] for record in found] == [one]
    grouped = company.call("GET", "/specimen/aggregate", params={"group": "rollup", "measures": "count"})
    assert sorted(grouped["rows"]) == [[0, 1], [2, 1]]
    told = company.call("GET", f"/specimen/{one}/history")["changes"][0]
    assert (told["kind"], told["version"]) == ("derived", 1)
    assert {each["name"]: each["new"] for each in told["fields"]} == {"rollup": 2, "part_names": "axle, bolt"}
    hits = company.call("GET", "/search", params={"q": "axle"})
    assert one in str(hits)
    page = Reader(site, "boss", COMPANY)
    assert "axle, bolt" in page.get(f"/o/specimen/{one}").text
    assert 'name="rollup"' not in page.get(f"/o/specimen/{one}/edit").text
    page.http.close()
