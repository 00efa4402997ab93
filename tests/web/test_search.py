"""The page of results over HTTP: marks, pieces of other fields, and what was meant; all of it escaped."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tests.runtime.site import email
from tests.web.reader import Reader

if TYPE_CHECKING:
    from tests.runtime.site import Site


def test_results_are_marked_escaped_and_say_what_was_meant(site: Site) -> None:
    site.call("POST", "/client", "boss", json={"name": "<b>Zircon</b> Ümlaut"})
    boss = Reader(site, "boss")
    page = boss.get("/search?q=zircon umlaut").text
    assert "&lt;b&gt;<mark>Zircon</mark>&lt;/b&gt; <mark>Ümlaut</mark>" in page
    slipped = html.unescape(boss.get("/search?q=zicron").text)
    assert "Nothing found for “zicron”. These are for “zircon”." in slipped
    assert "<b>Zircon" not in boss.get("/search?q=zircon").text
    boss.http.close()


def test_a_hit_beside_the_title_shows_where_it_was(site: Site) -> None:
    admin, name = Reader(site, "admin"), email("bob")
    domain = name.split("@")[1].split(".")[0]
    page = admin.get("/search/results", params={"q": domain}).text
    assert f'<small class="trunc snippet">E-mail: bob@<mark>{domain}</mark>' in page
    admin.http.close()
