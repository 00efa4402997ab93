"""A company whose object has a field of every type, as its boss meets it over REST."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import msgspec

from tests.runtime.site import Site, found_company

COMPANY = "specimens"


@dataclass(frozen=True)
class Specimens:
    """The company."""

    site: Site

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer to a request, whatever it is."""
        response: httpx.Response = self.site.call(method, path, "boss", COMPANY, **options)
        return response

    def call(self, method: str, path: str, **options: Any) -> Any:
        """What a request that must not fail is answered; numbers keep every digit."""
        response = self.ask(method, path, **options)
        assert response.status_code < 300, response.text
        return msgspec.json.Decoder(float_hook=Decimal).decode(response.content) if response.content else None

    def made(self, **values: Any) -> dict[str, Any]:
        """A new record of the object."""
        record: dict[str, Any] = self.call("POST", "/specimen", json={"text": "x", **values})
        return record


def found_specimens(site: Site) -> Specimens:
    """Make the company."""
    found_company(site, COMPANY, "wide", {"boss": ["boss"]})
    return Specimens(site=site)
