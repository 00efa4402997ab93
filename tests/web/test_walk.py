"""Every field type, all the way: create, read, filter, sort, group, edit in place, API, OpenAPI, translation,
and wrong values refused with their code – on both databases, with blanks, extremes, Chinese and emoji.

A type without a case fails the first test.
"""

from __future__ import annotations

import html
import io
import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from engine.fields import field_kinds
from engine.transfer.mapping import Form
from engine.transfer.table import open_table
from runtime.jobs import JobWorker, job_kinds
from runtime.log import open_log
from tests.runtime.site import Site, email, found_company
from tests.web.reader import Reader
from tests.web.walk_cases import GIVEN_BY_THE_SYSTEM, NORTH, SOUTH, UPLOADS, WALKS, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPANY = "wide"
COVERED_ELSEWHERE = {"id", "master_detail"}  # every test names records by id; parts are tests of their own
TOLD_IN_PART = {"rich_text", "address", "secret"}
"""A cell tells how formatted text and an address read, not what they are made of; a secret is dots in it."""
KINDS_OF_FIELDS = {"decimal": "number", "amount": "currency", "serial": "auto_number"}


class Walker:
    """A company with the field types in it, and how a walk asks it."""

    def __init__(self, site: Site, page: Reader) -> None:
        self.site = site
        self.page = page
        self.ids = {
            NORTH: site.made("station", of=COMPANY, name="北站 🚉")["id"],
            SOUTH: site.made("station", of=COMPANY, name="South")["id"],
        }
        for place, (name, content) in UPLOADS.items():
            sent = self.call("POST", "/files", params={"name": name}, content=content)
            assert sent.status_code == 201, sent.text
            self.ids[place] = sent.json()["id"]
        self.document: dict[str, Any] = self.call("GET", "/openapi.json").json()

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Ask the API as the boss."""
        return self.site.call(method, path, "boss", COMPANY, **options)

    def real(self, value: Any) -> Any:
        """A value of a case with the ids of this company."""
        text = json.dumps(value)
        for name, id_ in self.ids.items():
            text = text.replace(name, id_)
        return json.loads(text)

    def made(self, name: str, value: Any) -> dict[str, Any]:
        """A specimen with one value."""
        return self.site.made("specimen", of=COMPANY, **{name: value})

    def exported(self, fields: str, form: str) -> bytes:
        """The file of all specimens."""
        answer = self.call("GET", "/specimen/export", params={"fields": fields, "format": form})
        assert answer.status_code == 200, answer.text
        content: bytes = answer.content
        return content

    def imported(self, content: bytes, *fields: str) -> dict[str, Any]:
        """The result of an import of a file whose columns are these fields, the id the key if it is there."""
        heads = open_table(io.BytesIO(content), Form()).heads
        named = ("id", *fields)[-len(heads) :]
        columns = [{"column": head, "field": field} for head, field in zip(heads, named, strict=True)]
        part = {"object": "specimen", "columns": columns, "key": ["id"] if len(heads) > len(fields) else []}
        data = {"mapping": json.dumps({"objects": [part]})}
        job = self.call("POST", "/import", data=data, files={"file": ("file", content)})
        assert job.status_code == 202, job.text
        worker = JobWorker(kinds=job_kinds(), worker="walk", log=open_log(self.site.settings))
        with self.site.tenant(COMPANY) as tenant:
            worker.turn(tenant, lambda: False, job.json()["id"])
        done = self.call("GET", f"/jobs/{job.json()['id']}").json()
        assert done["state"] == "done", done["problem"]
        result: dict[str, Any] = done["result"]
        return result

    def listed(self, **query: str) -> list[dict[str, Any]]:
        """The specimens that a list has."""
        answer = self.call("GET", "/specimen", params={"limit": "100", **query})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["records"]
        return found


@pytest.fixture(scope="module")
def walker(site: Site) -> Iterator[Walker]:
    found_company(site, COMPANY, "wide", {"boss": ["boss", "taker"], "polyglot": ["boss"]})
    page = Reader(site, "boss", COMPANY)
    yield Walker(site, page)
    page.http.close()


@pytest.fixture(params=list(WALKS))
def name(request: pytest.FixtureRequest) -> str:
    """A field of `specimen`."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def walk(walker: Walker, name: str) -> Walk:
    """Its case."""
    case = WALKS[name]
    real = {
        each: walker.real(getattr(case, each))
        for each in ("values", "filters", "typed", "kept", "groups", "wrong")
    }
    return Walk(**{**{each: getattr(case, each) for each in Walk.__slots__}, **real})


@pytest.fixture
def records(walker: Walker, name: str, walk: Walk) -> Iterator[list[str]]:
    """A record for each value, made in another order than they sort; the only ones there are."""
    try:
        made = {place: walker.made(name, walk.values[place])["id"] for place in _shuffled(len(walk.values))}
        yield [made[place] for place in range(len(walk.values))]
    finally:
        for record in walker.listed(fields="text"):
            walker.call("DELETE", f"/specimen/{record['id']}", headers={"If-Match": "*"})


def _shuffled(number: int) -> list[int]:
    return [*range(1, number, 2), *range(0, number, 2)]


def _kind(field: str) -> str:
    return KINDS_OF_FIELDS.get(field, field)


def test_every_field_type_walks() -> None:
    kinds = {_kind(name) for name in (*WALKS, *GIVEN_BY_THE_SYSTEM)}
    assert set(field_kinds()) - COVERED_ELSEWHERE - kinds == set()


def test_a_value_is_read_as_it_was_created(walker: Walker, name: str, walk: Walk, records: list[str]) -> None:
    answered = [walker.call("GET", f"/specimen/{id_}").json()[name] for id_ in records]
    assert answered == list(walk.told)
    listed = {record["id"]: record[name] for record in walker.listed(fields=name)}
    assert [listed[id_] for id_ in records] == list(walk.told)


def test_an_export_that_is_imported_again_changes_nothing_and_elsewhere_makes_the_same(
    walker: Walker, name: str, walk: Walk, records: list[str]
) -> None:
    before = walker.listed(fields=f"{name},version")
    result = walker.imported(walker.exported(f"id,{name}", "csv"), name)
    assert (result["unchanged"], result["failed"]) == (len(records), 0), result["issues"]
    assert walker.listed(fields=f"{name},version") == before

    result = walker.imported(walker.exported(name, "xlsx"), name)
    assert result["failed"] == 0, result["issues"]
    made = [record[name] for record in walker.listed(fields=name) if record["id"] not in records]
    if name not in TOLD_IN_PART:
        wanted = [value for value in walk.told if value not in (None, [])]
        assert sorted(made, key=wanted.index) == wanted


def test_blank_is_blank_however_it_is_said(walker: Walker, name: str, walk: Walk) -> None:
    for blank in walk.blanks:
        made = walker.made(name, blank)
        assert made[name] is None
        walker.call("DELETE", f"/specimen/{made['id']}", headers={"If-Match": "*"})


def test_a_filter_finds_the_records_it_means(
    walker: Walker, name: str, walk: Walk, records: list[str]
) -> None:
    for where, places in walk.filters.items():
        found = {record["id"] for record in walker.listed(where=where, fields=name)}
        assert found == {records[place] for place in places}, where


def test_a_list_sorts_by_it_both_ways_with_blanks_last(
    walker: Walker, name: str, walk: Walk, records: list[str]
) -> None:
    filled = [id_ for id_, value in zip(records, walk.values, strict=True) if value is not None]
    blank = [id_ for id_ in records if id_ not in filled]
    up = [record["id"] for record in walker.listed(order=name, fields=name)]
    down = [record["id"] for record in walker.listed(order=f"-{name}", fields=name)]
    assert set(up) == set(down) == set(records)
    assert up[len(filled) :] == down[len(filled) :] == blank
    assert up[: len(filled)] == down[: len(filled)][::-1]
    if walk.sorted:
        assert up == records


def test_figures_group_by_it(walker: Walker, name: str, walk: Walk, records: list[str]) -> None:
    answer = walker.call("GET", "/specimen/aggregate", params={"group": name, "measures": "count"})
    assert answer.status_code == 200, answer.text
    found = sorted(([value, count] for value, count in answer.json()["rows"]), key=repr)
    if walk.groups is not None and not walk.groups:
        assert [count for _, count in found] == [1] * len(records), "each text is a group of its own"
        return
    wanted = walk.groups or [[value, 1] for value in walk.told]
    assert found == sorted(([value, count] for value, count in wanted), key=repr)


def test_it_is_edited_in_place(walker: Walker, name: str, walk: Walk, records: list[str]) -> None:
    address = f"/o/specimen/{records[0]}/field/{name}"
    shown = walker.page.get(address)
    assert shown.status_code == 200
    assert f'name="{name}' in shown.text
    saved = walker.page.post(address, {f"{name}:text": walk.typed, "_version": "1"})
    assert saved.status_code == 303, saved.text
    assert walker.call("GET", f"/specimen/{records[0]}").json()[name] == walk.kept
    assert walk.shown in _text(walker.page.get(f"/o/specimen/{records[0]}").text)
    assert walker.page.get(f"/o/specimen?col=text&col={name}").status_code == 200
    edited = walker.page.get(f"/o/specimen/{records[0]}/edit")
    assert edited.status_code == 200


def test_a_wrong_value_is_refused_with_its_code_and_nothing_is_changed(
    walker: Walker, name: str, walk: Walk, records: list[str]
) -> None:
    for value, code in walk.wrong:
        created = walker.call("POST", "/specimen", json={name: value})
        changed = walker.call("PATCH", f"/specimen/{records[0]}", json={name: value, "version": 1})
        for answer in (created, changed):
            assert answer.status_code == 422, (value, answer.text)
            errors = answer.json()["errors"]
            assert [(error["field"], error["code"]) for error in errors] == [(name, code)], value
    assert {record["id"] for record in walker.listed(fields=name)} == set(records)


def test_the_description_fits_what_is_answered(
    walker: Walker, name: str, walk: Walk, records: list[str]
) -> None:
    del records
    schema = walker.document["components"]["schemas"]["specimen.create"]["properties"][name]
    for value in (*walk.values, *walk.told):
        jsonschema.validate(value, schema)


def test_a_patch_changes_it_and_the_history_tells(
    walker: Walker, name: str, walk: Walk, records: list[str]
) -> None:
    first, second = walk.told[0], walk.told[1]
    changed = walker.call("PATCH", f"/specimen/{records[0]}", json={name: walk.values[1], "version": 1})
    assert changed.json()[name] == second
    told = walker.call("GET", f"/specimen/{records[0]}/history").json()["changes"][0]["fields"]
    assert [(each["old"], each["new"]) for each in told if each["name"] == name] == [(first, second)]


def test_its_label_is_translated(walker: Walker, name: str, walk: Walk) -> None:
    polyglot = walker.site.call(
        "GET", "/user", "boss", COMPANY, params={"where": f'email = "{email("polyglot")}"'}
    )
    (person,) = polyglot.json()["records"]
    if person["language"] != "zh-CN":
        walker.call("PATCH", f"/user/{person['id']}", json={"language": "zh-CN"}, headers={"If-Match": "*"})
    described = walker.site.call("GET", "/specimen/describe", "polyglot", COMPANY).json()["fields"]
    assert {each["name"]: each["label"] for each in described}[name] == walk.chinese


@pytest.mark.parametrize(("field", "code"), GIVEN_BY_THE_SYSTEM.items())
def test_what_the_system_gives_nobody_writes(walker: Walker, field: str, code: str) -> None:
    answer = walker.call("POST", "/specimen", json={field: "7" if field != "id" else 7})
    assert answer.status_code == 422
    if field != "id":
        assert [error["code"] for error in answer.json()["errors"]] == [code]


def _text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))
