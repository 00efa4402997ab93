"""Lists in groups and colours over HTTP: heads, folded groups, pages that go on within a group, legends."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.web.reader import Reader
from tests.web.test_lists import FRAGMENT, names, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.runtime.site import Site

HEAD = re.compile(
    r'<tr class="group( folded)?">.*?<span class="group-name">(.*?)</span>'
    r'.*?figures">(.*?)</span></span></th>',
    re.DOTALL,
)
LIST = "/o/deal?q=Grouped&sort=name"


@pytest.fixture(scope="module")
def people(site: Site) -> Iterator[dict[str, Reader]]:
    with ExitStack() as readers:
        found = {name: Reader(site, name) for name in ("boss", "ann")}
        for reader in found.values():
            readers.callback(reader.http.close)
        yield found


@pytest.fixture(scope="module")
def boss(site: Site, people: dict[str, Reader]) -> Reader:
    """Who sees five deals that are called Grouped."""
    rows = (
        ("a", "won", "2026-01-31", 7), ("b", "open", "2026-02-01", 1), ("c", "won", "2026-02-28", 9),
        ("d", None, None, None), ("e", "open", "2025-12-31", 3),
    )  # fmt: skip
    for name, stage, closes, amount in rows:
        site.made("deal", name=f"Grouped {name}", stage=stage, closes=closes, amount=amount)
    return people["boss"]


def heads(page: httpx.Response) -> list[tuple[bool, str, str]]:
    """Folded or not, label, figures."""
    return [
        (
            bool(folded),
            html.unescape(re.sub(r"<[^>]+>", "", label)).strip(),
            re.sub(r"<[^>]+>", " ", told).strip(),
        )
        for folded, label, told in HEAD.findall(page.text)
    ]


def letters(page: httpx.Response) -> str:
    return "".join(name.removeprefix("Grouped ") for name in names(page))


def test_rows_stand_below_the_heads_of_their_groups(boss: Reader) -> None:
    page = boss.get(f"{LIST}&group=stage")
    assert letters(page) == "beacd"
    assert heads(page) == [
        (False, "Open", "2 records"), (False, "Won", "2 records"), (False, "No value", "1 record"),
    ]  # fmt: skip
    assert "5 records" in shown(page)


@pytest.mark.parametrize(
    ("group", "wanted", "labels"),
    [
        ("closes:month", "eabcd", ["2025-12", "2026-01", "2026-02", "No value"]),
        ("-closes:year", "abced", ["2026", "2025", "No value"]),
        ("closes:quarter", "eabcd", ["2025 Q4", "2026 Q1", "No value"]),
        ("margin", "abcde", []),
        ("nonsense", "abcde", []),
    ],
)
def test_dates_are_grouped_by_stretches_and_what_has_no_groups_is_left_out(
    boss: Reader, group: str, wanted: str, labels: list[str]
) -> None:
    page = boss.get(f"{LIST}&group={group}")
    assert letters(page) == wanted
    assert [label for _, label, _ in heads(page)] == labels


def test_a_folded_group_keeps_its_place_and_its_figures(boss: Reader) -> None:
    page = boss.get(f"{LIST}&group=stage&fold=won")
    assert letters(page) == "bed"
    assert heads(page)[1] == (True, "Won", "2 records")
    assert "5 records" in shown(page)
    every = boss.get(f"{LIST}&group=stage&fold=won&fold=open&fold=")
    assert letters(every) == ""
    assert [folded for folded, _, _ in heads(every)] == [True, True, True]


def test_a_page_goes_on_within_its_group_and_shows_no_head_twice(
    boss: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.web.pages.listed.ROWS", 2)
    page = boss.get(f"{LIST}&group=stage&fold=won")
    assert letters(page) == "be"
    more = html.unescape(re.findall(r'hx-get="/t/acme(/o/deal/rows[^"]*)"', page.text)[0])
    rows = boss.get(more, headers=FRAGMENT)
    assert letters(rows) == "d"
    assert [label for _, label, _ in heads(rows)] == ["Won", "No value"]
    alone = boss.get(html.unescape(re.findall(r'rel="next" href="/t/acme([^"]*)"', page.text)[0]))
    assert [label for _, label, _ in heads(alone)] == ["Won", "No value"]
    one = boss.get(f"{LIST}&group=closes:year&fold=2025-01-01")
    again = boss.get(html.unescape(re.findall(r'rel="next" href="/t/acme([^"]*)"', one.text)[0]))
    assert letters(again) == "cd"
    assert [label for _, label, _ in heads(again)] == ["2026 (continued)", "No value"]


def test_the_head_of_a_long_list_fetches_its_own_figures(
    boss: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.COUNT_BUDGET", 2)
    monkeypatch.setattr("engine.planner.COUNT_BUDGET", 2)
    page = boss.get(f"{LIST}&group=closes:month&f=amount:at_least:0")
    loads = re.findall(r'hx-get="/t/acme(/o/deal/group[^"]*)"', page.text)
    assert len(loads) == 3
    told = boss.get(html.unescape(loads[0]), headers=FRAGMENT)
    assert shown(told).split() == ["1", "record"]


def test_rows_and_cells_are_coloured_and_say_why(boss: Reader) -> None:
    page = boss.get(f"{LIST}&paint=red:row:amount:at_least:7&paint=amber:cell:closes:less:2026-02-01")
    assert re.findall(r'<tr data-id="[^"]*" class="shade (\w+)" title="([^"]*)"', page.text) == [
        ("red", "Amount ≥ 7"), ("red", "Amount ≥ 7"),
    ]  # fmt: skip
    assert page.text.count('<span class="sr"> – Amount ≥ 7</span>') == 2
    assert len(re.findall(r'<td class="[^"]*shade amber" title="Closes &lt; 2026-02-01"', page.text)) == 2


@pytest.mark.parametrize(
    "rule", ["red:row:margin:more:0", "red:row:nonsense:more:0", "red:row:amount:more:x"]
)
def test_a_colour_rule_that_does_not_fit_or_names_what_is_hidden_colours_nothing(
    people: dict[str, Reader], site: Site, rule: str
) -> None:
    site.made("deal", as_="ann", name="Plain")
    page = people["ann"].get(f"/o/deal?q=Plain&paint={rule}")
    assert set(names(page)) == {"Plain"}
    assert 'class="shade' not in page.text
    assert '<li class="off">' in page.text
    assert "margin" not in shown(page).lower()


def test_the_form_of_a_colour_rule_makes_one(boss: Reader) -> None:
    form = boss.get("/o/deal/filter?field=amount&painting=1", headers=FRAGMENT)
    assert re.findall(r'name="color" value="(\w+)"', form.text)[:2] == ["red", "amber"]
    page = boss.get(f"{LIST}&field=amount&op=at_least&value=7&color=green&cell=1")
    assert len(re.findall(r'<td class="[^"]*shade green"', page.text)) == 2


def test_an_edited_row_keeps_its_colour(boss: Reader) -> None:
    page = boss.get(f"{LIST}&paint=red:row:amount:at_least:7")
    record = re.findall(r'<tr data-id="([^"]*)" class="shade', page.text)[0]
    row = boss.post(
        f"/o/deal/{record}/cell/closes?paint=red:row:amount:at_least:7",
        {"closes": "2026-01-30", "version": "*"}, headers=FRAGMENT,
    )  # fmt: skip
    assert 'class="shade red"' in row.text or row.status_code == 409
