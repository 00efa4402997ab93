"""Computed links, pictures and new lines are shown as such, and whatever else a text holds harms nobody."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from engine.record import Record
from formula.program import Env, compile_python
from runtime.web.display import record_cell
from runtime.web.record import Value
from runtime.web.texts import read_texts
from tests.engine.session.company import compiled
from tests.web.samples import NOW, reader
from tests.web.test_components import RENDERER

if TYPE_CHECKING:
    from metadata.catalog import Catalog

SHOP = """
object: shop
label: Shop
plural: Shops
title: name
fields:
  name: {type: text, label: Name}
  page: {type: text, label: Page, max: 200}
  level: {type: text, label: Level}
  link: {type: formula, label: Link, returns: text, formula: "HYPERLINK(page, name)"}
  light: {type: formula, label: Light, returns: text, formula: 'IMAGE("/img/" & level & ".png", level, 9, 9)'}
  both:
    {type: formula, label: B, returns: text, formula: 'HYPERLINK(page, IMAGE("/a.png", name)) & BR() & name'}
  again: {type: formula, label: Again, returns: text, formula: '"→ " & link'}
  plain: {type: formula, label: Plain, returns: text, formula: 'name & " " & page'}
"""
READER = replace(reader(read_texts()["en"]), prefix="/acme")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Shops with computed texts."""
    return compiled({"objects/shop.yaml": SHOP})


def _shown(catalog: Catalog, computed_field: str, /, **values: str) -> tuple[str, str]:
    """A computed field on a record page as HTML, and its words."""
    shop = catalog.object("shop")
    row: dict[str, object] = {"name": None, "page": None, "level": None, **values}
    for computed in ("link", computed_field):
        formula = shop.fields[computed].formula
        assert formula is not None
        row[computed] = compile_python(formula)(row, Env(now=NOW))
    record = Record(object=shop, id="1", version=1, values=row)
    cell = record_cell(catalog.path(shop, computed_field), record, READER)
    view = Value(name=computed_field, label="", value=cell)
    html = str(RENDERER.html(view.component(), READER))
    return html[html.index("<dd>") + 4 : html.index("</dd>")], cell.text


def _names(html: str) -> set[str]:
    """All names of tags and attributes."""
    found: set[str] = set()

    class Reading(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update((tag, *(name for name, _ in attrs)))

    Reading().feed(html)
    return found


def test_a_link_is_a_link_that_opens_beside_the_page_and_tells_nobody(catalog: Catalog) -> None:
    html, words = _shown(catalog, "link", name="A & B", page="https://a.example/?x=1&y=2")
    assert html == (
        '<span class="markup"><a href="https://a.example/?x=1&amp;y=2" target="_blank" class="link" '
        'rel="noopener noreferrer">A &amp; B</a></span>'
    )
    assert words == "A & B"


def test_an_address_of_this_site_is_the_tenants(catalog: Catalog) -> None:
    assert 'href="/acme/o/account"' in _shown(catalog, "link", name="A", page="/o/account")[0]
    assert 'src="/acme/img/red.png"' in _shown(catalog, "light", level="red")[0]
    assert 'href="//b.example/a"' in _shown(catalog, "link", name="A", page="//b.example/a")[0]


def test_a_picture_is_shown_with_its_words_and_size(catalog: Catalog) -> None:
    html, words = _shown(catalog, "light", level="red")
    assert 'alt="red" height="9" width="9"' in html
    assert words == "red"


def test_a_picture_may_be_a_link_and_lines_end_where_they_are_told_to(catalog: Catalog) -> None:
    html, words = _shown(catalog, "both", name="A", page="/a")
    assert '<img src="/acme/a.png" alt="A"></a><br>A' in html
    assert words == "A A"


def test_a_formula_that_reads_a_link_shows_it(catalog: Catalog) -> None:
    assert '<span class="markup">→ <a href="/acme/a"' in _shown(catalog, "again", name="A", page="/a")[0]


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)"),
        *("data:text/html,<script>alert(1)</script>", "vbscript:x", "&#106;avascript:alert(1)"),
    ],
)
def test_an_address_that_would_run_something_is_none(catalog: Catalog, address: str) -> None:
    html, _ = _shown(catalog, "link", name="A", page=address)
    assert "<a target=" in html or 'href="&amp;#106;' in html
    assert 'href="j' not in html.lower()


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>x",
        '<img src=x onerror="alert(1)">',
        '"><svg onload=alert(1)>',
        "<a onclick=x>",
    ],
)
def test_what_people_typed_never_becomes_a_tag_in_a_link_and_never_runs(catalog: Catalog, typed: str) -> None:
    linked, words = _shown(catalog, "link", name=typed, page="/a")
    assert linked.count("<") == 4  # the span and the link, both closed
    assert words == typed
    beside, _ = _shown(catalog, "both", name=typed, page="/a")
    assert _names(beside) <= {"span", "class", "a", "href", "target", "rel", "img", "src", "alt", "br"}


def test_a_text_without_links_is_shown_as_it_is(catalog: Catalog) -> None:
    html, words = _shown(catalog, "plain", name="<b>A</b>", page='<a href="/x">x</a>')
    assert "<b>" not in html
    assert "<a" not in html
    assert words == '<b>A</b> <a href="/x">x</a>'
