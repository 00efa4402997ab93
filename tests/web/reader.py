"""A person with a browser that runs no script."""

from __future__ import annotations

import re
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
