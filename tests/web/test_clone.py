"""Copies of records over HTTP: what they begin with, what stays behind, and who may make one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from metadata.identity import lock
from metadata.package import from_files, read_folder
from runtime.publish import apply, plan
from tests.runtime.site import PACKAGES, Site, found_company
from tests.web.reader import Reader, untouched

if TYPE_CHECKING:
    from collections.abc import Iterator

SLUG = "works"
LAYER = {
    "package.yaml": "package: tenant\n",
    "job.yaml": """extend: object job
rules:
  add:
    x_once:
      when: ISCLONE() && name = "Only once"
      message: This job is done only once.
      at: name
""",
}


@pytest.fixture(scope="module")
def works(site: Site) -> Site:
    """The installation with a workshop, which forbids one copy, beside the other companies."""
    found_company(site, SLUG, "workshop", {"boss": ["boss"]})
    below = read_folder(PACKAGES / "workshop")
    own = from_files({**LAYER, "identity.lock": lock(from_files(LAYER), [below]).render()})
    with site.tenant(SLUG) as tenant:
        planned = plan(site.composition, tenant, [own])
        apply(planned, tenant, site.tenants.control, by=None, reason="no copies")
    return site


@pytest.fixture(scope="module")
def boss(works: Site) -> Iterator[Reader]:
    reader = Reader(works, "boss", SLUG)
    yield reader
    reader.http.close()


@pytest.fixture(scope="module")
def ann(site: Site) -> Iterator[Reader]:
    """A seller, who does not see margins, in the company `acme`."""
    reader = Reader(site, "ann")
    yield reader
    reader.http.close()


def made(works: Site, object_: str, **values: object) -> str:
    return str(works.made(object_, "boss", SLUG, **values)["id"])


def read(works: Site, object_: str, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = works.call("GET", f"/{object_}/{id_}", slug=SLUG).json()
    return found


def cloned(reader: Reader, path: str, **typed: str) -> str:
    """The id of the copy that is saved with what the form holds, and what is typed besides."""
    page = reader.get(path)
    assert page.status_code == 200, page.text
    answer = reader.post(path.split("/clone")[0].rsplit("/", 1)[0] + "/new", {**untouched(page), **typed})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def test_a_copy_has_every_kind_of_value(works: Site, boss: Reader) -> None:
    partner = made(works, "customer", name="Partner")
    values = {
        "contact": {"family": "Wang", "given": "Wei"}, "address": {"city": "Köln", "country": "DE"},
        "place": {"latitude": 30.25, "longitude": -120.5}, "emails": ["a@example.com", "b@example.com"],
        "tags": ["vip", "大客户"], "trades": ["wood", "glass"], "partners": [partner], "opens": "08:30:00",
        "stars": 4, "color": "#aabbcc", "key": True, "discount": 12.5, "memo": "Two\nlines & <b>",
        "since": "2026-03-01T08:30:00Z",
    }  # fmt: skip
    source = made(works, "customer", name="Source", **values)
    copy = read(works, "customer", cloned(boss, f"/o/customer/{source}/clone"))
    before = read(works, "customer", source)
    same = {"name", *values} - {"since"}
    assert {name: copy[name] for name in same} == {name: before[name] for name in same}
    assert copy["since"][:16] == before["since"][:16]
    assert (copy["id"] != source, copy["version"]) == (True, 1)


def test_a_copy_starts_its_path_anew_without_what_came_on_the_way(works: Site, boss: Reader) -> None:
    source = made(works, "job", name="Lost", record_type="repair", status="lost", reason="Price")
    page = boss.get(f"/o/job/{source}/clone")
    assert "Clone of Lost" in page.text
    sent = untouched(page)
    assert {name: sent.get(name, "") for name in ("name", "status", "reason", "record_type")} == {
        "name": "Lost", "status": "planned", "reason": "", "record_type": "repair",
    }  # fmt: skip
    copy, before = read(works, "job", cloned(boss, f"/o/job/{source}/clone")), read(works, "job", source)
    assert (copy["status"], copy["reason"]) == ("planned", None)
    assert copy["number"] != before["number"]


def test_the_preview_of_a_copy_keeps_what_was_copied(works: Site, boss: Reader) -> None:
    source = made(works, "job", name="Kept", record_type="build", due="2031-05-06")
    page = boss.get(f"/o/job/{source}/clone")
    assert "due" in page.text.split('data-copied="')[1].split('"')[0].split()
    told = boss.post("/o/job/new/preview", untouched(page)).json()
    assert told["fields"]["name"]["visible"]
    assert told["values"] == {}


def test_a_copy_says_what_it_is_a_copy_of_when_it_is_saved(works: Site, boss: Reader) -> None:
    source = made(works, "job", name="Only once", record_type="build")
    sent = untouched(boss.get(f"/o/job/{source}/clone"))
    refused = boss.post("/o/job/new", sent)
    assert refused.status_code == 422
    assert "This job is done only once." in refused.text
    assert "Clone of Only once" in refused.text
    assert untouched(refused)["_copy"] == source
    assert boss.post("/o/job/new", {**untouched(refused), "name": "Twice"}).status_code == 303


def test_rows_come_along_when_they_are_asked_for(works: Site, boss: Reader) -> None:
    source = made(works, "job", name="With rows", record_type="build")
    for product, price in (("Door", 10), ("Bolt", 0.5)):
        made(works, "job_line", job=source, product=product, quantity=2, price=price)
    alone = boss.get(f"/o/job/{source}/clone")
    assert f"/o/job/{source}/clone?_rows=1" in alone.text
    assert "Door" not in alone.text
    copy = cloned(boss, f"/o/job/{source}/clone?_rows=1")
    for job in (source, copy):
        where = {"where": f'job = "{job}"', "order": "product"}
        found = works.call("GET", "/job_line", slug=SLUG, params=where).json()["records"]
        assert [(one["product"], one["quantity"], one["price"]) for one in found] == [
            ("Bolt", 2, 0.5),
            ("Door", 2, 10),
        ]
    lonely = made(works, "job", name="Lonely", record_type="build")
    assert "_rows=1" not in boss.get(f"/o/job/{lonely}/clone").text


def test_a_link_to_what_is_gone_stays_behind(works: Site, boss: Reader) -> None:
    partner, customer = made(works, "customer", name="Stays"), made(works, "customer", name="Goes")
    job = made(works, "job", name="Linked", record_type="build", customer=customer)
    group = made(works, "customer", name="Group", partners=[customer, partner])
    works.call("DELETE", f"/customer/{customer}", slug=SLUG, headers={"If-Match": "*"})
    assert read(works, "job", cloned(boss, f"/o/job/{job}/clone"))["customer"] is None
    assert read(works, "customer", cloned(boss, f"/o/customer/{group}/clone"))["partners"] == [partner]


def test_unique_values_and_hidden_ones_stay_behind(site: Site, ann: Reader) -> None:
    client = site.made("client", as_="ann", name="Unique")["id"]
    assert untouched(ann.get(f"/o/client/{client}/clone"))["name"] == ""
    deal = site.made("deal", as_="ann", name="Mine", client=client, amount=7)["id"]
    changed = site.call("PATCH", f"/deal/{deal}", json={"margin": 77.25}, headers={"If-Match": "*"})
    assert changed.status_code == 200
    page = ann.get(f"/o/deal/{deal}/clone")
    assert "77.25" not in page.text
    copy = cloned(ann, f"/o/deal/{deal}/clone")
    values = site.call("GET", f"/deal/{copy}").json()
    assert (values["client"], values["amount"], values["margin"]) == (client, 7, None)


def test_who_may_not_create_or_see_a_record_cannot_copy_it(site: Site, ann: Reader) -> None:
    bobs = site.made("deal", as_="bob", name="Bob's")["id"]
    assert ann.get(f"/o/deal/{bobs}/clone").status_code == 404
    assert ann.get("/o/deal/x/clone").status_code == 404
    refused = ann.post("/o/deal/new", {"name": "Pretended", "_copy": bobs})
    assert refused.status_code == 422
    assert "Bob" not in refused.text
    guest = Reader(site, "guest")
    assert guest.get(f"/o/deal/{bobs}/clone").status_code == 403
    assert "/clone" not in guest.get(f"/o/deal/{bobs}").text
    guest.http.close()
    boss = Reader(site, "boss")
    assert f"/o/deal/{bobs}/clone" in boss.get(f"/o/deal/{bobs}").text
    boss.http.close()
