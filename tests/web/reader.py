"""A person with a browser that runs no script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import httpx

from tests.runtime.site import PASSWORD, email

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.runtime.site import Site


class Reader:
    """A person with a browser that runs no script: keeps cookies, posts forms back with their token."""

    def __init__(self, site: Site, person: str | None, slug: str = "acme") -> None:
        self.base = f"/t/{slug}"
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        self.http = httpx.Client(base_url=site.client.base_url, headers=headers, timeout=30, trust_env=False)
        if person is not None:
            response = self.post("/sign-in", {"login": email(person), "password": PASSWORD})
            assert response.status_code == 303, response.text

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(self.base + path, **options)

    def post(self, path: str, values: Mapping[str, object], **options: Any) -> httpx.Response:
        page = self.get("/sign-in" if path == "/sign-in" else "/search")
        token = re.search(r'name="csrf-token" content="([^"]*)"', page.text)
        assert token is not None
        return self.http.post(self.base + path, data={"_csrf": token[1], **values}, **options)


class _Form(HTMLParser):
    """Collects what the form with id `form` would send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = 0
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("form", "template"):
            self.inside = 1 if tag == "form" and given.get("id") == "form" else 0
        name = given.get("name", "") if self.inside else ""
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.sent.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.sent.setdefault(self.select, []).append(given.get("value", ""))
        elif tag == "textarea" and name:
            self.area = name
            self.sent[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.inside = 1
        elif tag in ("form", "select", "textarea"):
            self.select = self.area = ""
            self.inside = 0 if tag == "form" else self.inside

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][0] += data


def untouched(page: httpx.Response) -> dict[str, str | list[str]]:
    """What a browser sends of a page's form when nobody types; lists for names that come several times."""
    form = _Form()
    form.feed(page.text)
    sent = {name: texts[0] if len(texts) == 1 else texts for name, texts in form.sent.items()}
    return {name: value for name, value in sent.items() if name != "_csrf"}
