"""Forms and record pages over HTTP, without a script: conditions, types, child rows, every kind of field."""

from __future__ import annotations

import html
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from engine.database import Database

PEOPLE = {"boss": ["boss"], "guest": ["guest"]}
SLUG = "works"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def works(site: Site) -> Site:
    """The installation with a workshop beside the other companies."""
    found_company(site, SLUG, "workshop", PEOPLE)
    return site


@pytest.fixture(scope="module")
def boss(works: Site) -> Iterator[Reader]:
    reader = Reader(works, "boss", SLUG)
    yield reader
    reader.http.close()


def made(works: Site, object_: str, **values: object) -> dict[str, Any]:
    """A record of the workshop."""
    return works.made(object_, "boss", SLUG, **values)


def read(works: Site, object_: str, id_: str) -> dict[str, Any]:
    """A record as it is now."""
    found: dict[str, Any] = works.call("GET", f"/{object_}/{id_}", slug=SLUG).json()
    return found


def lines_of(works: Site, job: str) -> list[tuple[str, int, float | None]]:
    """Product, quantity and price of a job's lines, by product."""
    where = {"where": f'job = "{job}"', "order": "product"}
    found = works.call("GET", "/job_line", slug=SLUG, params=where).json()["records"]
    return [(one["product"], one["quantity"], one["price"]) for one in found]


def fields(page: httpx.Response) -> dict[str, str]:
    """The hidden inputs of a form: what a browser sends back untouched."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in pairs if name != "_csrf"}


def at(page: httpx.Response, name: str) -> str:
    """The part of a form that belongs to a field, its opening tag included."""
    return page.text.split(f'id="at-{name}"', 1)[1].split('<div class="field', 1)[0]


def preview(boss: Reader, path: str, **values: object) -> dict[str, Any]:
    """What the form is told while somebody types."""
    answer = boss.post(path, {"_was": "{}", **values}, headers=FRAGMENT)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


# Record types


def test_new_asks_for_the_type_first_and_each_type_has_its_own_form(boss: Reader) -> None:
    asked = boss.get("/o/job/new")
    assert "What kind is it?" in asked.text
    ways = re.findall(r'<a class="card" href="([^"]*)"', asked.text)
    assert len(ways) == 2
    repair = boss.get("/o/job/new?record_type=repair")
    build = boss.get("/o/job/new?record_type=build")
    assert 'id="at-budget"' in build.text
    assert 'id="at-budget"' not in repair.text
    assert 'value="checked" hidden disabled' in at(repair, "status")


def test_the_record_has_the_type_that_was_chosen_and_its_page_the_types_layout(
    works: Site, boss: Reader
) -> None:
    answer = boss.post("/o/job/new", {"record_type": "repair", "name": "Mend the door"})
    assert answer.status_code == 303, answer.text
    page = boss.http.get(answer.headers["location"])
    assert "Repair" in page.text
    assert "JOB-0" in page.text
    assert 'id="value-budget"' not in page.text
    assert read(works, "job", answer.headers["location"].rsplit("/", 1)[1])["record_type"] == "repair"


# Defaults and conditions


def test_a_new_form_begins_with_computed_defaults(boss: Reader) -> None:
    page = boss.get("/o/job/new?record_type=build")
    assert re.search(r'id="field-due"[^>]* value="20\d\d-\d\d-\d\d"', at(page, "due"))


def test_a_field_shows_and_must_be_filled_while_its_condition_holds(boss: Reader) -> None:
    page = boss.get("/o/job/new?record_type=repair")
    assert at(page, "reason").split(">", 1)[0].endswith("hidden")
    lost = preview(boss, "/o/job/new/preview", record_type="repair", name="x", status="lost")
    assert lost["fields"]["reason"] == {
        "visible": True,
        "required": True,
        "fixed": False,
        "options": None,
        "sign": None,
    }
    refused = boss.post("/o/job/new", {"record_type": "repair", "name": "x", "status": "lost", "reason": ""})
    assert refused.status_code == 422
    assert not at(refused, "reason").split(">", 1)[0].endswith("hidden")
    assert 'class="err"' in at(refused, "reason")


def test_the_preview_narrows_dependent_options_hides_sections_and_closes_fields(boss: Reader) -> None:
    told = preview(boss, "/o/job/new/preview", record_type="build", name="x", province="gd")
    assert told["fields"]["city"]["options"] == ["gz"]
    assert told["sections"] == ["outcome"]
    assert told["fields"]["closed_on"]["fixed"]


def test_the_preview_fills_only_inputs_that_still_hold_their_default(boss: Reader) -> None:
    untouched = preview(
        boss, "/o/job/new/preview", record_type="build", name="x", due="1999-01-01", _auto="due"
    )
    assert untouched["values"]["due"] > "2026"
    typed = preview(boss, "/o/job/new/preview", record_type="build", name="x", due="1999-01-01")
    assert typed["values"] == {}


def test_a_saved_record_shows_only_sections_whose_condition_holds(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Open", record_type="build")
    assert "Outcome" not in boss.get(f"/o/job/{job['id']}").text
    lost = made(works, "job", name="Lost", record_type="build", status="lost", reason="Price")
    page = boss.get(f"/o/job/{lost['id']}")
    assert "Outcome" in page.text
    assert "Price" in page.text


# The path


def test_the_path_leads_only_where_the_process_does(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Pathed", record_type="build")
    page = boss.get(f"/o/job/{job['id']}").text
    steps = dict(re.findall(r'<button name="status" value="(\w+)"([^>]*)>', page.split("<ol", 1)[1]))
    assert "disabled" not in steps["doing"]
    assert "disabled" in steps["done"]
    assert '<button class="item" name="status" value="lost">' in page
    refused = boss.post(f"/o/job/{job['id']}/stage", {"_version": "1", "status": "lost"})
    assert refused.status_code == 422
    assert 'class="err"' in at(refused, "reason")


# Child rows


def row(key: str, **values: object) -> dict[str, object]:
    """The inputs of one child row."""
    return {f"rows.lines.{key}.{name}": value for name, value in values.items()}


def test_a_record_is_made_with_its_rows_and_blank_ones_make_none(works: Site, boss: Reader) -> None:
    page = boss.get("/o/job/new?record_type=build")
    untouched = {name: value for name, value in fields(page).items() if name.startswith("rows.lines.new")}
    answer = boss.post("/o/job/new", {
        "record_type": "build", "name": "With rows", **untouched,
        **row("new", product="", quantity="1", price=""),
        **row("new0", product="Door", quantity="2", price="10"), **row("new1", product="Bolt", price="0.5"),
    })  # fmt: skip
    assert answer.status_code == 303, answer.text
    job = answer.headers["location"].rsplit("/", 1)[1]
    assert lines_of(works, job) == [("Bolt", 1, 0.5), ("Door", 2, 10)]
    shown = boss.get(f"/o/job/{job}?tab=work").text
    assert re.search(r"<tfoot>.*20\.5", shown, re.DOTALL)
    assert 'Work <span class="n">2</span>' in shown


def test_rows_are_changed_added_and_taken_away_with_their_parent(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Rows", record_type="build")["id"]
    for product in ("Keep", "Change", "Drop"):
        made(works, "job_line", job=job, product=product, quantity=1, price=1)
    page = boss.get(f"/o/job/{job}/edit")
    sent = fields(page)
    rows = re.findall(r'name="rows\.lines\.(\d+)\.product"[^>]*value="(\w+)"', page.text)
    keys = {product: key for key, product in rows}
    change, drop = keys["Change"], keys["Drop"]
    answer = boss.post(f"/o/job/{job}/edit", {
        **sent, **row(change, quantity="5"), **row(drop, delete="1"), **row("new3", product="Add", price="2"),
    })  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert lines_of(works, job) == [("Add", 1, 2), ("Change", 5, 1), ("Keep", 1, 1)]


def test_a_refused_row_says_so_at_its_cell_and_nothing_is_written(works: Site, boss: Reader) -> None:
    answer = boss.post("/o/job/new", {
        "record_type": "build", "name": "Half", **row("new0", product="Plank", price="3"),
        **row("new1", product="Sawdust", quantity="many", price="1"),
    })  # fmt: skip
    assert answer.status_code == 422
    assert 'name="rows.lines.new0.product" ' in answer.text
    cell = answer.text.split('name="rows.lines.new1.quantity"', 1)[1].split("</td>", 1)[0]
    assert 'class="err"' in cell
    assert '<a href="#field-lines-new1-quantity">' in answer.text
    found = works.call("GET", "/job", slug=SLUG, params={"where": 'name = "Half"'}).json()["records"]
    assert found == []


def test_a_conflict_keeps_the_rows_that_were_typed(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Contested", record_type="build")["id"]
    sent = fields(boss.get(f"/o/job/{job}/edit"))
    works.call("PATCH", f"/job/{job}", slug=SLUG, json={"version": 1, "name": "Theirs"})
    conflict = boss.post(
        f"/o/job/{job}/edit", {**sent, "name": "Mine", **row("new7", product="Door", price="1")}
    )
    assert conflict.status_code == 409
    assert fields(conflict)["rows.lines.new7.product"] == "Door"
    chosen = dict(re.findall(r'<input type="radio" name="([\w:]+)" value="([^"]*)" checked>', conflict.text))
    saved = boss.post(f"/o/job/{job}/edit", {**fields(conflict), **chosen})
    assert saved.status_code == 303, saved.text
    assert lines_of(works, job) == [("Door", 1, 1)]


# Every field type


def test_a_form_reads_back_what_it_showed_of_every_type(works: Site, boss: Reader) -> None:
    """A form sent back untouched changes nothing, whatever the type."""
    partner = made(works, "customer", name="Partner")["id"]
    customer = made(
        works, "customer", name="All", contact={"family": "Wang", "given": "Wei"},
        address={"country": "CN", "city": "杭州"}, place={"latitude": 30.25, "longitude": 120.125},
        emails=["a@b.example", "c@d.example"], tags=["vip", "new"], trades=["wood", "glass"],
        partners=[partner], opens="09:30:00", drive=5400, stars=4, color="#3b5bdb",
        since="2026-01-02T03:04:00Z", key=True, discount=12.5, notes="<p>Say <strong>yes</strong></p>",
        extra={"plan": "gold"}, memo="one\ntwo",
    )  # fmt: skip
    page = boss.get(f"/o/customer/{customer['id']}/edit")
    assert page.status_code == 200
    was = json.loads(fields(page)["_was"])
    assert set(was) == set(customer) - {"id", "version"} & set(was) | set(was)
    sent = {f"{name}:text": text for name, text in was.items()}
    answer = boss.post(f"/o/customer/{customer['id']}/edit", {**fields(page), **sent})
    assert answer.status_code == 303, answer.text
    assert read(works, "customer", customer["id"]) == customer


def test_a_value_of_several_inputs_is_read_from_all_of_them(works: Site, boss: Reader) -> None:
    answer = boss.post("/o/customer/new", {
        "name": "Composed", "contact.family": "李", "contact.given": "雷", "address.city": "Ulm",
        "emails": "a@b.example\r\nc@d.example", "tags": "vip, new", "trades": ["", "wood", "steel"],
        "stars": "3", "drive": "1:30", "place.latitude": "30", "place.longitude": "120",
    })  # fmt: skip
    assert answer.status_code == 303, answer.text
    found = read(works, "customer", answer.headers["location"].rsplit("/", 1)[1])
    assert found["contact"] == {"family": "李", "given": "雷"}
    assert found["address"] == {"city": "Ulm"}
    assert (found["emails"], found["tags"]) == (["a@b.example", "c@d.example"], ["vip", "new"])
    assert (found["trades"], found["stars"], found["drive"]) == (["wood", "steel"], 3, 5400)


@pytest.mark.parametrize(
    ("field", "sent", "wanted"),
    [
        ("contact", {"contact.family": "Curie", "contact.given": "Marie"}, "Marie Curie"),
        ("tags", {"tags": "one, two"}, "one"),
        ("trades", {"trades": ["", "glass"]}, "Glass"),
        ("opens", {"opens": "08:15"}, "08:15"),
        ("drive", {"drive": "2h"}, "2:00"),
        ("stars", {"stars": "5"}, "5 of 5 stars"),
        ("color", {"color": "#abc"}, "#aabbcc"),
        ("notes", {"notes": "<p>Safe<script>alert(1)</script></p>"}, "<p>Safe</p>"),
        ("extra", {"extra": '{"a": [1]}'}, "{&#34;a&#34;:[1]}"),
        ("place", {"place.latitude": "1", "place.longitude": "2"}, "1.000000, 2.000000"),
    ],
)
def test_every_type_is_edited_in_place(
    works: Site, boss: Reader, field: str, sent: dict[str, object], wanted: str
) -> None:
    customer = made(works, "customer", name=f"In place {field}")["id"]
    path = f"/o/customer/{customer}/field/{field}"
    asked = boss.get(path, headers=FRAGMENT)
    assert asked.status_code == 200
    assert "<form" in asked.text
    saved = boss.post(path, {"_version": "1", **sent}, headers=FRAGMENT)
    assert saved.status_code == 200, saved.text
    assert saved.headers["hx-retarget"] == "#record"
    assert wanted in saved.text.split(f'id="value-{field}"', 1)[1].split("</dd>", 1)[0]


def test_a_value_that_is_refused_in_place_stands_beside_its_input(works: Site, boss: Reader) -> None:
    customer = made(works, "customer", name="Refused in place")["id"]
    refused = boss.post(
        f"/o/customer/{customer}/field/color", {"_version": "1", "color": "reddish"}, headers=FRAGMENT
    )
    assert refused.status_code == 422
    assert 'value="reddish"' in refused.text
    assert 'class="err"' in refused.text
    assert "hx-retarget" not in refused.headers


# Look-ups


def test_a_link_to_several_objects_is_searched_in_all_or_in_one(works: Site, boss: Reader) -> None:
    customer = made(works, "customer", name="Zebra customer")["id"]
    job = made(works, "job", name="Zebra job", record_type="build")["id"]
    both = boss.get("/lookup/job/about?q=zebra").json()["options"]
    assert {one["value"] for one in both} == {f"customer/{customer}", f"job/{job}"}
    only = boss.get("/lookup/job/about?q=zebra&in=job").json()["options"]
    assert [one["value"] for one in only] == [f"job/{job}"]
    held = made(works, "job", name="About", record_type="build", about=f"customer/{customer}")["id"]
    assert (
        f'<option value="customer/{customer}" selected>Zebra customer</option>'
        in boss.get(f"/o/job/{held}/edit").text
    )


def test_a_record_made_in_a_dialog_is_told_to_the_form_behind_it(works: Site, boss: Reader) -> None:
    form = boss.get("/o/customer/new?dialog=1", headers=FRAGMENT)
    assert fields(form)["_dialog"] == "1"
    answer = boss.post("/o/customer/new", {"_dialog": "1", "name": "在对话框里"}, headers=FRAGMENT)
    told = json.loads(answer.headers["hx-trigger"])["strata:created"]
    assert told["text"] == "在对话框里"
    assert read(works, "customer", told["value"])["name"] == "在对话框里"
    refused = boss.post("/o/customer/new", {"_dialog": "1", "name": ""}, headers=FRAGMENT)
    assert refused.status_code == 422


# The page


def test_the_history_tells_fields_and_values_as_the_page_shows_them(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Told", record_type="build", budget=5)["id"]
    works.call("PATCH", f"/job/{job}", slug=SLUG, json={"version": 1, "status": "doing", "budget": 1234.5})
    past = boss.get(f"/o/job/{job}?tab=history").text
    table = past.split('class="tbl past"', 1)[1]
    assert "Status" in table
    assert '<span class="badge amber">Doing</span>' in table
    assert "1,234.50" in table


def test_the_rail_shows_the_lists_that_the_layout_puts_there(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Railed", record_type="build")["id"]
    made(works, "job", name="Follower", record_type="build", about=f"job/{job}")
    rail = boss.get(f"/o/job/{job}").text.split('class="rec-rail"', 1)[1]
    assert "About this" in rail
    assert "Follower" in rail
    assert f"about=job%2F{job}" in rail


def test_a_section_that_the_reader_closed_comes_closed(works: Site, boss: Reader) -> None:
    customer = made(works, "customer", name="Folded")["id"]

    def open_sections(cookie: str) -> set[str]:
        page = boss.http.get(f"{boss.base}/o/customer/{customer}", headers={"Cookie": cookie}).text
        return set(re.findall(r'data-fold="customer\.(\w+)" open', page))

    cookies = "; ".join(f"{name}={value}" for name, value in boss.http.cookies.items())
    assert open_sections(cookies) == {"who"}
    assert open_sections(f"{cookies}; strata_folds=-customer.who!+customer.more") == {"more"}


MOST_STATEMENTS = 12


class _Counted:
    """A database that notes the loans it gave, to ask them how much they sent."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.loans: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    @contextmanager
    def read(self) -> Iterator[Any]:
        with self._database.read() as connection:
            self.loans.append(connection)
            yield connection

    def sent(self) -> int:
        """Statements since the last time this was asked, those that begin and end a transaction too."""
        loans, self.loans = self.loans, []
        return sum(loan.statements for loan in loans)


def test_a_page_sends_few_statements_however_much_it_lists(works: Site, boss: Reader) -> None:
    customer = made(works, "customer", name="Counted")["id"]
    full = made(works, "job", name="Full", record_type="build", customer=customer)["id"]
    bare = made(works, "job", name="Bare", record_type="build", customer=customer)["id"]
    for n in range(8):
        made(works, "job_line", job=full, product=f"Line {n}", price=n)
        made(works, "job", name=f"About {n}", record_type="build", about=f"job/{full}")
        changed = {"version": n + 1, "customer": None if n % 2 == 0 else customer, "budget": n}
        works.call("PATCH", f"/job/{full}", slug=SLUG, json=changed)
    paths = [f"/o/job/{id_}{tab}" for id_ in (bare, full) for tab in ("", "?tab=work", "?tab=history")]
    for path in (*paths, f"/o/customer/{customer}"):
        boss.get(path)  # the first time, plans are made
    with works.tenant(SLUG) as tenant:
        counted = _Counted(tenant.database)
        tenant.database = counted
        try:
            sent = {path: (boss.get(path), counted.sent())[1] for path in paths}
        finally:
            tenant.database = counted._database
    assert 0 < min(sent.values()) <= max(sent.values()) <= MOST_STATEMENTS, sent


def test_a_guest_reads_the_page_and_is_offered_nothing_to_change(works: Site, boss: Reader) -> None:
    job = made(works, "job", name="Read only", record_type="build")["id"]
    guest = Reader(works, "guest", SLUG)
    page = guest.get(f"/o/job/{job}")
    assert page.status_code == 200
    assert "/edit" not in page.text.split('id="record"', 1)[1]
    assert guest.get(f"/o/job/{job}/edit").status_code == 403
    guest.http.close()
