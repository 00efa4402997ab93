"""Claims about the history of values that name other records or are made of parts."""

from __future__ import annotations

import html
import re

from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

COMPANY = "told"


def test_a_history_names_records_by_their_titles_and_values_by_their_text(site: Site) -> None:
    found_company(site, COMPANY, "wide", {"boss": ["boss"]})
    station = site.made("station", of=COMPANY, name="北站 🚉")["id"]
    record = site.made("specimen", of=COMPANY, text="x", person_name="Wei Wang")["id"]
    given = {"any_lookup": f"station/{station}", "person_name": "王伟", "geo": "1, 2"}
    site.call("PATCH", f"/specimen/{record}", "boss", COMPANY, json=given, headers={"If-Match": "*"})
    page = Reader(site, "boss", COMPANY)
    answer = page.get(f"/o/specimen/{record}?tab=history")
    page.http.close()
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
    assert answer.status_code == 200
    for told in ("北站 🚉", "Wei Wang", "王伟", "1.000000, 2.000000"):
        assert told in text
    assert f"station/{station}" not in text
