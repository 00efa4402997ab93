"""The files on a record: put there, renamed, replaced and taken off by plain forms, by who may change it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPANY = "attached"


class Desk:
    """A person at the page of one station."""

    def __init__(self, site: Site, person: str) -> None:
        self.site = site
        self.page = Reader(site, person, COMPANY)
        self.id = site.made("station", of=COMPANY, name="North")["id"]

    def do(self, what: str, *sent: tuple[str, bytes], **values: object) -> Any:
        """Post one of the panel's forms."""
        found = re.search(r'name="csrf-token" content="([^"]*)"', self.page.get("/search").text)
        assert found is not None
        return self.page.http.post(
            f"{self.page.base}/o/station/{self.id}/attachments",
            data={"_csrf": found[1], "do": what, **values},
            files=[("added:file", one) for one in sent] or [("added:file", ("", b""))],
        )

    def held(self) -> list[dict[str, Any]]:
        """The files on the record, as the API has them."""
        record = self.site.call("GET", f"/station/{self.id}", "boss", COMPANY).json()
        found: list[dict[str, Any]] = record["attachments"] or []
        return found


@pytest.fixture(scope="module")
def company(site: Site) -> Site:
    """A company whose stations hold files."""
    people = {"boss": ["boss"], "nobody": []}
    found_company(site, COMPANY, "wide", people)
    return site


@pytest.fixture
def desk(company: Site) -> Iterator[Desk]:
    """The boss at a new station."""
    made = Desk(company, "boss")
    yield made
    made.page.http.close()


def test_files_are_attached_shown_and_read(desk: Desk) -> None:
    answer = desk.do("add", ("合同.txt", b"one"), ("b.txt", b"two"))
    assert answer.status_code == 303, answer.text
    first, second = desk.held()
    assert (first["name"], second["name"]) == ("合同.txt", "b.txt")
    shown = desk.page.get(f"/o/station/{desk.id}").text
    address = f"/o/station/{desk.id}/files/attachments/{first['id']}"
    assert address in shown
    assert desk.page.get(address).content == b"one"


def test_one_is_renamed_and_its_bytes_stay(desk: Desk) -> None:
    desk.do("add", ("a.txt", b"one"), ("b.txt", b"two"))
    desk.do("rename", file=desk.held()[0]["id"], name="../Vertrag.txt")
    assert [each["name"] for each in desk.held()] == ["Vertrag.txt", "b.txt"]
    content = desk.page.get(f"/o/station/{desk.id}/files/attachments/{desk.held()[0]['id']}").content
    assert content == b"one"


def test_a_new_version_takes_the_place_and_the_old_one_stays_in_the_history(desk: Desk) -> None:
    desk.do("add", ("a.txt", b"one"), ("b.txt", b"two"))
    old = desk.held()[0]
    desk.do("replace", ("a2.txt", b"better"), file=old["id"])
    assert [each["name"] for each in desk.held()] == ["a2.txt", "b.txt"]
    former = f"/o/station/{desk.id}/files/attachments/{old['id']}"
    assert desk.page.get(former).content == b"one"
    assert former in desk.page.get(f"/o/station/{desk.id}?tab=history").text


def test_one_is_taken_off_and_the_others_stay(desk: Desk) -> None:
    desk.do("add", ("a.txt", b"one"), ("b.txt", b"two"))
    desk.do("remove", file=desk.held()[0]["id"])
    assert [each["name"] for each in desk.held()] == ["b.txt"]
    assert desk.do("nothing").status_code == 422


def test_what_somebody_added_meanwhile_is_not_lost(desk: Desk) -> None:
    """The panel was shown before the other file came; nothing says so, and nothing needs to."""
    desk.page.get(f"/o/station/{desk.id}")
    other = desk.site.call("POST", "/files", "boss", COMPANY, params={"name": "other"}, content=b"x").json()
    changed = {"attachments": [other["id"]]}
    desk.site.call("PATCH", f"/station/{desk.id}", "boss", COMPANY, json=changed, headers={"If-Match": "*"})
    desk.do("add", ("mine.txt", b"one"))
    assert [each["name"] for each in desk.held()] == ["other", "mine.txt"]


def test_who_may_not_change_the_record_attaches_nothing(company: Site, desk: Desk) -> None:
    desk.do("add", ("a.txt", b"one"))
    stranger = Desk(company, "nobody")
    stranger.id = desk.id
    assert stranger.do("add", ("b.txt", b"two")).status_code in (403, 404)
    assert stranger.page.get(f"/o/station/{desk.id}").status_code in (403, 404)
    stranger.page.http.close()
    assert len(desk.held()) == 1


def test_an_object_without_the_feature_has_none(desk: Desk) -> None:
    specimen = desk.site.made("specimen", of=COMPANY, text="x")
    assert 'id="attachments"' not in desk.page.get(f"/o/specimen/{specimen['id']}").text
