"""Lists over HTTP, without a browser: filters, views of one's own, further rows, cells, bulk changes."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.runtime.site import Site

BASE = "/t/acme"
NAME = re.compile(r'<td class="name"[^>]*><a href="[^"]*">([^<]*)</a>')
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[dict[str, Reader]]:
    """Signed-in people by name; their connections end with the module."""
    with ExitStack() as readers:
        found = {name: Reader(site, name) for name in ("boss", "ann", "bob", "guest")}
        for reader in found.values():
            readers.callback(reader.http.close)
        yield found


@pytest.fixture(scope="module")
def boss(people: dict[str, Reader]) -> Reader:
    return people["boss"]


@pytest.fixture(scope="module")
def deals(site: Site) -> list[dict[str, Any]]:
    """Three deals whose names begin with Filtered."""
    rows = (("open", 10, "2026-01-05"), ("won", 20, "2026-02-05"), ("lost", None, None))
    return [
        site.made("deal", name=f"Filtered {stage}", stage=stage, amount=amount, closes=day)
        for stage, amount, day in rows
    ]


def names(response: httpx.Response) -> list[str]:
    """The titles of the rows."""
    return [html.unescape(name) for name in NAME.findall(response.text)]


def shown(response: httpx.Response) -> str:
    """The text of a page, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", response.text))


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ("f=stage:equal:open|won", "open won"),
        ("f=stage:not_equal:open|won", "lost"),
        ("f=amount:at_least:10&f=amount:less:20", "open"),
        ("f=closes:at_least:2026-02-01", "won"),
        ("f=closes:blank:", "lost"),
        ("f=owner:equal:me", "lost open won"),
        ("f=created_at:equal:today", "lost open won"),
        ("f=created_at:less:this_month", ""),
        ("f=name:contains:won", "won"),
    ],
)
@pytest.mark.usefixtures("deals")
def test_a_list_is_filtered(boss: Reader, filters: str, wanted: str) -> None:
    page = boss.get(f"/o/deal?q=Filtered&sort=name&{filters}")
    assert names(page) == [f"Filtered {stage}" for stage in wanted.split()]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ("f=amount:at_least:much", "“much” is not a number."),
        ("f=stage:equal:gone", "There is no option “gone”."),
        ("f=amount:contains:5", "This condition does not fit the field"),
        ("f=stage:equal:", "A value is missing."),
        ("f=nonsense:equal:5", "There is no such field"),
    ],
)
@pytest.mark.usefixtures("deals")
def test_a_filter_that_does_not_fit_is_told_and_left_out(boss: Reader, filters: str, said: str) -> None:
    page = boss.get(f"/o/deal?q=Filtered&{filters}")
    assert said in shown(page)
    assert len(names(page)) == 3


def test_the_form_of_a_filter_holds_what_it_changes(boss: Reader) -> None:
    form = boss.get(
        "/o/deal/filter?f=stage:equal:open|won&field=stage&was=stage:equal:open|won", headers=FRAGMENT
    )
    assert re.findall(r'name="value" value="(\w+)" checked', form.text) == ["open", "won"]
    assert '<option value="equal" selected>' in form.text
    assert form.text.lstrip().startswith("<form")


@pytest.mark.parametrize(
    "field", ["name", "client", "stage", "amount", "discount", "closes", "owner", "created_at"]
)
def test_every_kind_of_field_asks_for_its_values(boss: Reader, field: str) -> None:
    assert boss.get(f"/o/deal/filter?field={field}").status_code == 200


def test_a_field_that_is_hidden_has_no_form(people: dict[str, Reader]) -> None:
    assert people["ann"].get("/o/deal/filter?field=margin").status_code == 404


@pytest.mark.usefixtures("deals")
def test_a_form_without_script_leads_to_the_filtered_list(boss: Reader) -> None:
    page = boss.get(
        "/o/deal?q=Filtered&f=stage:equal:open&was=stage:equal:open&field=stage&op=equal&value=won"
    )
    assert names(page) == ["Filtered won"]
    assert page.text.count('class="chip"') == 1 + page.text.count('<button class="chip"')


LOGIC = "/o/deal?q=Filtered&sort=name&f=stage:equal:open&f=stage:equal:won&f=amount:at_least:15"


@pytest.mark.parametrize(
    ("logic", "wanted"),
    [
        ("", ""),
        ("1 OR 2 OR 3", "open won"),
        ("1 OR (2 AND 3)", "open won"),
        ("(1 OR 2) AND 3", "won"),
        ("(1 OR 2) AND NOT 3", "open"),
        ("NOT 1 AND (2 OR 3)", "won"),
    ],
)
@pytest.mark.usefixtures("deals")
def test_filters_are_joined_as_their_logic_says(boss: Reader, logic: str, wanted: str) -> None:
    page = boss.get(f"{LOGIC}&{urlencode({'logic': logic})}")
    assert names(page) == [f"Filtered {stage}" for stage in wanted.split()]


@pytest.mark.usefixtures("deals")
def test_a_logic_that_is_wrong_is_kept_and_told_and_all_filters_hold(boss: Reader) -> None:
    page = boss.get(f"{LOGIC}&logic=1+OR+2+OR+4")
    assert names(page) == []
    assert 'name="logic" value="1 OR 2 OR 4"' in page.text
    assert "There is no filter 4." in shown(page)
    assert "Filter 3 is missing in the logic." in shown(page)
    page = boss.get(f"{LOGIC}&" + urlencode({"logic": '1 OR <b>"'}))
    assert page.status_code == 200
    assert '<b>"' not in page.text


@pytest.mark.usefixtures("deals")
def test_a_filter_that_is_not_in_force_is_left_out_of_the_logic(boss: Reader) -> None:
    page = boss.get("/o/deal?q=Filtered&f=amount:at_least:much&f=stage:equal:won&logic=1+OR+2")
    assert names(page) == ["Filtered won"]


@pytest.mark.usefixtures("deals")
def test_a_logic_goes_with_the_list_into_links_forms_and_views(boss: Reader) -> None:
    page = boss.get(f"{LOGIC}&logic=1+OR+(2+AND+3)")
    removals = re.findall(r'<a href="([^"]*)" aria-label="Remove', page.text)
    logics = [parse_qs(urlsplit(html.unescape(href)).query).get("logic", []) for href in removals]
    assert logics == [[], ["1 OR 2"], ["1 OR 2"]]
    forms = page.text.count('name="logic" value="1 OR (2 AND 3)"')
    assert forms >= 3, "the search, the columns and the logic itself"
    query = LOGIC.partition("?")[2] + "&logic=1+OR+2"
    made = boss.post("/o/deal/views", {"do": "add", "query": query, "name": "Joined"})
    saved = boss.http.get(made.headers["location"])
    assert names(saved) == []
    assert 'name="logic" value="1 OR 2"' in saved.text
    assert "Filter 3 is missing" in shown(saved)
    boss.post("/o/deal/views", {"do": "remove", "id": id_of(made.headers["location"])})


def view_address(boss: Reader, query: str, **form: str) -> str:
    """The address of a view that is saved now."""
    made = boss.post("/o/client/views", {"do": "add", "query": query, **form})
    assert made.status_code == 303
    return html.unescape(made.headers["location"]).removeprefix(BASE)


def id_of(address: str) -> str:
    found = re.search(r"mine=([0-9a-f-]+)", address)
    assert found is not None
    return found[1]


def test_a_view_keeps_the_state_of_the_list_for_its_owner_alone(people: dict[str, Reader]) -> None:
    boss, bob = people["boss"], people["bob"]
    address = view_address(boss, "?sort=-name&f=name:contains:Zed&col=name", name="Zeds")
    page = boss.get(address)
    assert re.search(r'aria-current="page">Zeds</a>', page.text)
    assert "name contains Zed" in " ".join(shown(page).lower().replace("zed", "Zed").split())
    assert "Zeds" not in bob.get("/o/client").text
    assert 'aria-current="page">Zeds' not in bob.get(address).text


def test_a_default_view_opens_with_the_list_until_it_is_released(boss: Reader) -> None:
    current = 'aria-current="page">First'
    address = view_address(boss, "?f=name:contains:Nowhere", name="First", default="1")
    assert current in boss.get("/o/client").text
    assert current not in boss.get("/o/client?view=all").text
    boss.post("/o/client/views", {"do": "release", "id": id_of(address), "query": ""})
    assert current not in boss.get("/o/client").text


def test_a_view_is_renamed_changed_and_removed(boss: Reader) -> None:
    address = view_address(boss, "?f=name:contains:A", name="Before")
    mine = id_of(address)
    boss.post("/o/client/views", {"do": "rename", "id": mine, "name": "After", "query": ""})
    boss.post("/o/client/views", {"do": "update", "id": mine, "query": "?f=name:contains:B"})
    page = boss.get("/o/client")
    found = re.search(r'<a href="([^"]*)"[^>]*>After</a>', page.text)
    assert found is not None
    assert "name:contains:B" in html.unescape(found[1])
    removed = boss.post("/o/client/views", {"do": "remove", "id": mine, "query": ""})
    assert "After" not in boss.http.get(removed.headers["location"]).text.replace("View removed", "")


def test_nobody_changes_a_view_of_somebody_else(people: dict[str, Reader]) -> None:
    address = view_address(people["boss"], "?sort=name", name="Kept")
    people["bob"].post("/o/client/views", {"do": "remove", "id": id_of(address), "query": ""})
    people["bob"].post(
        "/o/client/views", {"do": "rename", "id": id_of(address), "name": "Stolen", "query": ""}
    )
    assert ">Kept</a>" in people["boss"].get("/o/client").text


def test_an_endless_state_is_refused(boss: Reader) -> None:
    refused = boss.post("/o/client/views", {"do": "add", "name": "x", "query": "?q=" + "x" * 5000})
    assert refused.status_code == 422


def test_rows_follow_up_to_three_hundred_and_then_a_link_leads_on(site: Site, boss: Reader) -> None:
    site.call("POST", "/deal", json=[{"name": f"Scrolled {n:03}"} for n in range(360)])
    page = boss.get("/o/deal?q=Scrolled&sort=name")
    seen = names(page)
    while more := re.search(r'<tr class="more" hx-get="([^"]*)"', page.text):
        page = boss.http.get(html.unescape(more[1]), headers=FRAGMENT)
        assert page.text.lstrip().startswith("<tr")
        seen += names(page)
    assert seen == [f"Scrolled {n:03}" for n in range(300)]
    onward = re.search(r'rel="next" href="([^"]*)"', page.text)
    assert onward is not None
    assert names(boss.http.get(html.unescape(onward[1])))[0] == "Scrolled 300"


def test_columns_stand_in_the_order_of_the_address_behind_the_name(boss: Reader) -> None:
    page = boss.get("/o/deal?col=closes&col=stage&col=name&down=closes")
    assert re.findall(r'<th scope="col".*?<a[^>]*>(\w+)', page.text) == ["Name", "Stage", "Closes"]


def test_a_cell_is_saved_and_answers_its_row(site: Site, boss: Reader) -> None:
    deal = site.made("deal", name="Celled", amount=5)
    path = f"/o/deal/{deal['id']}/cell/amount?col=stage&col=amount"
    form = boss.get(path, headers=FRAGMENT)
    assert 'class="cell-edit"' in form.text
    assert 'value="5.00"' in form.text
    row = boss.post(path, {"amount": "7.5", "_version": "1"}, headers=FRAGMENT)
    assert row.status_code == 200
    assert names(row) == ["Celled"]
    assert "7.5" in shown(row)


def test_a_refused_cell_keeps_what_was_typed_beside_the_reason(site: Site, boss: Reader) -> None:
    deal = site.made("deal", name="Refused cell")
    path = f"/o/deal/{deal['id']}/cell/amount"
    refused = boss.post(path, {"amount": "much", "_version": "1"}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert 'value="much"' in refused.text
    assert "“much” is not a number." in shown(refused)


def test_a_rule_that_refuses_a_cell_is_told_in_it(site: Site, boss: Reader) -> None:
    deal = site.made("deal", name="Ruled", amount=5)
    refused = boss.post(
        f"/o/deal/{deal['id']}/cell/stage", {"stage": "lost", "_version": "1"}, headers=FRAGMENT
    )
    assert refused.status_code == 422
    assert "A lost deal is worth nothing." in shown(refused)


def test_a_cell_that_was_changed_meanwhile_tells_both_and_saves_the_second_time(
    site: Site, boss: Reader
) -> None:
    deal = site.made("deal", name="Contested", amount=5)
    site.call("PATCH", f"/deal/{deal['id']}", json={"version": 1, "amount": 6})
    path = f"/o/deal/{deal['id']}/cell/amount"
    conflict = boss.post(path, {"amount": "7", "_version": "1"}, headers=FRAGMENT)
    assert conflict.status_code == 409
    assert "it is now “6”" in shown(conflict)
    assert 'value="7"' in conflict.text
    version = re.search(r'name="_version" value="(\d+)"', conflict.text)
    assert version is not None
    assert boss.post(path, {"amount": "7", "_version": version[1]}, headers=FRAGMENT).status_code == 200


def test_a_cell_that_may_not_be_edited_is_marked_and_refused(site: Site, people: dict[str, Reader]) -> None:
    deal = site.made("deal", name="Read only")
    page = people["guest"].get("/o/deal?q=Read only")
    assert "data-field" not in page.text
    assert 'aria-readonly="true"' in page.text
    assert people["guest"].get(f"/o/deal/{deal['id']}/cell/name").status_code == 404
    assert people["boss"].get(f"/o/deal/{deal['id']}/cell/modified_at").status_code == 404


def test_one_field_of_several_records_is_changed_in_one_change_set(site: Site, boss: Reader) -> None:
    ids = [site.made("deal", name=f"Bulk {n}")["id"] for n in range(3)]
    form = boss.post("/o/deal/bulk", {"id": ids, "field": "stage"}, headers=FRAGMENT)
    assert "Change 3 records" in shown(form)
    assert form.text.count('name="id"') == 3
    done = boss.post("/o/deal/bulk/save", {"id": ids, "field": "stage", "stage": "won"})
    assert done.status_code == 303
    assert "3 records changed" in shown(boss.http.get(done.headers["location"]))
    history = [site.call("GET", f"/deal/{id_}/history").json()["changes"][0] for id_ in ids]
    assert len({one["change_set"] for one in history}) == 1


def test_what_is_refused_of_many_is_told_record_by_record(site: Site, boss: Reader) -> None:
    cheap, dear = site.made("deal", name="Cheap"), site.made("deal", name="Dear", amount=9)
    ids = [cheap["id"], dear["id"]]
    result = boss.post("/o/deal/bulk/save", {"id": ids, "field": "stage", "stage": "lost"}, headers=FRAGMENT)
    assert result.status_code == 200
    said = shown(result)
    assert "1 record changed" in said
    assert "Dear" in said
    assert "A lost deal is worth nothing." in said
    assert [site.call("GET", f"/deal/{id_}").json()["stage"] for id_ in ids] == ["lost", "open"]


def test_a_value_that_suits_none_stands_in_the_form_again(site: Site, boss: Reader) -> None:
    ids = [site.made("deal", name=f"Wrong {n}")["id"] for n in range(2)]
    refused = boss.post(
        "/o/deal/bulk/save", {"id": ids, "field": "amount", "amount": "much"}, headers=FRAGMENT
    )
    assert refused.status_code == 422
    assert 'value="much"' in refused.text
    assert "“much” is not a number." in shown(refused)


def test_all_that_match_are_changed_not_only_those_on_the_page(site: Site, boss: Reader) -> None:
    site.call("POST", "/deal", json=[{"name": f"Everyone {n:03}"} for n in range(70)])
    values = {"all": "1", "query": "?q=Everyone", "field": "stage", "stage": "won"}
    assert boss.post("/o/deal/bulk/save", values).status_code == 303
    found = site.call(
        "GET", "/deal", params={"where": 'BEGINS(name, "Everyone") && stage = "won"', "limit": 100}
    )
    assert len(found.json()["records"]) == 70


def test_more_than_five_thousand_are_not_changed_at_once(
    boss: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.web.pages.selection.MOST", 10)
    monkeypatch.setattr("runtime.web.pages.selection.PAGE", 5)
    refused = boss.post("/o/deal/bulk", {"all": "1", "query": "?q=Everyone"}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "More than 10 records match." in shown(refused)


def test_who_lacks_the_right_deletes_one_by_one_and_changes_none_at_once(
    site: Site, people: dict[str, Reader]
) -> None:
    ann = people["ann"]
    ids = [site.made("deal", "ann", name=f"Ann's {n}")["id"] for n in range(3)]
    page = ann.get("/o/deal")
    assert "/o/deal/bulk" not in page.text
    assert "You may delete one record at a time." in html.unescape(page.text)
    assert ann.post("/o/deal/bulk/save", {"id": ids, "field": "stage", "stage": "won"}).status_code == 403
    assert ann.post("/o/deal/delete", {"id": ids}).status_code == 403
    assert ann.post("/o/deal/delete", {"all": "1", "query": ""}).status_code == 403
    assert ann.post("/o/deal/delete", {"id": ids[0]}).status_code == 303


def test_of_many_deletions_those_that_a_link_forbids_are_told(site: Site, boss: Reader) -> None:
    free, needed = site.made("client", name="Free"), site.made("client", name="Much needed")
    site.made("deal", name="Needs it much", client=needed["id"])
    result = boss.post("/o/client/delete", {"id": [free["id"], needed["id"]]})
    assert result.status_code == 200
    assert "1 record deleted" in shown(result)
    assert "Much needed" in shown(result)
    assert site.call("GET", f"/client/{free['id']}").status_code == 404


def test_an_empty_list_and_one_that_matches_nothing_say_what_to_do_next(people: dict[str, Reader]) -> None:
    page = people["boss"].get("/o/deal?q=No such words at all")
    assert "Nothing matches" in shown(page)
    assert "Show all" in shown(page)


def test_figures_over_more_records_than_are_counted_come_after_the_page(
    site: Site, boss: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.call("POST", "/deal", json=[{"name": f"Counted {n}"} for n in range(12)])
    assert "12 records" in shown(boss.get("/o/deal?q=Counted"))
    monkeypatch.setattr("runtime.web.pages.listed.ROWS", 5)
    page = boss.get("/o/deal?q=Counted")
    assert "12 records" in shown(page)
    assert 'class="figures" hx-get=' in page.text, "what is on no page yet is added up after it"
    monkeypatch.setattr("engine.reading.COUNT_BUDGET", 10)
    page = boss.get("/o/deal?q=Counted")
    assert "10+ records" in shown(page)
    later = re.search(r'class="figures" hx-get="([^"]*)"', page.text)
    assert later is not None
    assert "12 records" in shown(boss.http.get(html.unescape(later[1]), headers=FRAGMENT))
