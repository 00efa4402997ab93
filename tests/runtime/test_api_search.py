"""GET /api/v1/search: what is found, in which order, and what stays hidden."""

from typing import Any

import pytest

from tests.runtime.site import Site


def search(site: Site, person: str, **params: Any) -> Any:
    answer = site.call("GET", "/search", person, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_best_of_all_objects_come_first_with_marks(site: Site) -> None:
    client = site.call("POST", "/client", "boss", json={"name": "Quartz 恒锐 AG"}).json()
    site.call("POST", "/deal", "boss", json={"name": "New quartz", "client": client["id"]})
    answer = search(site, "boss", q="quartz")
    assert [(each["object"], each["title"], each["rank"]) for each in answer["results"]] == [
        ("client", "Quartz 恒锐 AG", "begins"),
        ("deal", "New quartz", "holds"),
    ]
    assert [each["marks"] for each in answer["results"]] == [[[0, 6]], [[4, 10]]]
    assert [each["title"] for each in search(site, "boss", q="quartz", objects="deal")["results"]] == [
        "New quartz"
    ]
    assert [each["title"] for each in search(site, "boss", q="hr")["results"]] == ["Quartz 恒锐 AG"]
    slipped = search(site, "boss", q="qaurtz")
    assert (slipped["meant"], len(slipped["results"])) == ("quartz", 2)
    assert search(site, "boss", q="")["results"] == []


def test_nobody_finds_what_she_may_not_read(site: Site) -> None:
    site.call("POST", "/client", "boss", json={"name": "Onyx"})
    site.call("POST", "/deal", "boss", json={"name": "Onyx deal"})
    assert [each["object"] for each in search(site, "ann", q="onyx")["results"]] == ["client"]
    assert search(site, "nobody", q="onyx") == {"q": "onyx", "meant": None, "results": []}
    assert search(site, "nobody", q="onxy")["meant"] is None


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "x"}, {"limit": "101"}, {"limit": "９"}])
def test_a_limit_that_is_none_is_refused(site: Site, params: dict[str, str]) -> None:
    answer = site.call("GET", "/search", "boss", params={"q": "a", **params})
    assert (answer.status_code, answer.json()["code"]) == (422, "P706")


def test_an_unknown_object_is_named(site: Site) -> None:
    answer = site.call("GET", "/search", "boss", params={"q": "a", "objects": "nowhere"})
    assert answer.status_code == 404
