"""A list with a field of every type: each can be a column, a filter with every operator, an edited cell."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.runtime.site import found_company
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.site import Site

COMPANY = "listed"
FILTER = re.compile(r'href="[^"]*/o/specimen/filter\?[^"]*field=(\w+)"')
OPERATOR = re.compile(r'<option value="(\w+)"')
TYPED = "3"
"""A text that most types can read; those that cannot must say so beside the filter."""


@pytest.fixture(scope="module")
def boss(site: Site) -> Iterator[Reader]:
    """The boss of a company with one object that has a field of every type."""
    found_company(site, COMPANY, "wide", {"boss": ["boss"]})
    site.made("specimen", of=COMPANY, text="First", integer=3, tags=["a"], multi_picklist=["red"])
    with ExitStack() as stack:
        reader = Reader(site, "boss", COMPANY)
        stack.callback(reader.http.close)
        yield reader


def test_every_field_can_be_a_column(boss: Reader) -> None:
    names = FILTER.findall(html.unescape(boss.get("/o/specimen").text))
    assert len(names) > 30
    for name in names:
        page = boss.get(f"/o/specimen?col={name}")
        assert page.status_code == 200, name
        assert "First" in page.text


def test_every_field_is_filtered_by_each_of_its_operators(boss: Reader) -> None:
    names = FILTER.findall(html.unescape(boss.get("/o/specimen").text))
    for name in names:
        form = boss.get(f"/o/specimen/filter?field={name}", headers={"HX-Request": "true"})
        assert form.status_code == 200, name
        chosen = form.text.partition('name="op"')[2].partition("</select>")[0]
        for operator in OPERATOR.findall(chosen):
            page = boss.get(f"/o/specimen?f={name}:{operator}:{TYPED}")
            assert page.status_code == 200, (name, operator)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("f=tags:includes:a", True),
        ("f=tags:excludes:a|b", False),
        ("f=multi_picklist:includes:red|blue", True),
        ("f=multi_picklist:includes:blue", False),
        ("f=integer:equal:3|4", True),
        ("f=formula:equal:6", True),
        ("f=many_text:blank:", True),
    ],
)
def test_lists_and_computed_fields_are_filtered(boss: Reader, filters: str, *, found: bool) -> None:
    page = boss.get(f"/o/specimen?{filters}")
    assert ">First</a>" in page.text if found else ">First</a>" not in page.text
    assert "chip bad" not in page.text


def test_every_cell_that_offers_it_can_be_edited(boss: Reader) -> None:
    names = FILTER.findall(html.unescape(boss.get("/o/specimen").text))
    shown = "".join(
        boss.get("/o/specimen?" + "&".join(f"col={name}" for name in names[at : at + 15])).text
        for at in range(0, len(names), 15)
    )
    record = re.search(r'<tr data-id="([^"]+)"', shown)
    assert record is not None
    offered = set(re.findall(r'data-field="(\w+)"', shown))
    assert {"text", "integer", "picklist", "multi_picklist", "tags", "boolean", "lookup"} <= offered
    for name in offered:
        cell = boss.get(f"/o/specimen/{record[1]}/cell/{name}", headers={"HX-Request": "true"})
        assert cell.status_code == 200, name
        assert "cell-edit" in cell.text
