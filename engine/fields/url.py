"""A web address. Only http and https: pages show it as a link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codes import NOT_A_URL
from engine.fields.contract import Kind, options_schema
from engine.fields.many import listed
from engine.fields.plain_text import PlainText
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESS = re.compile(r"https?://[^\s/?#@<>\"\\]+([/?#][^\s<>\"\\]*)?", re.IGNORECASE)
_BARE_HOST = re.compile(r"[^\s/:?#@]+\.[^\s/:?#@.]{2,}([/?#].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Url(PlainText):
    """An absolute address; https:// is put before a bare host name such as `example.com`."""

    kind: ClassVar[str] = "url"
    widget: ClassVar[str] = "url"

    @property
    def longest(self) -> int:
        return 2000

    def read(self, text: str) -> str:
        address = text.strip()
        if _BARE_HOST.fullmatch(address):
            address = f"https://{address}"
        if not _ADDRESS.fullmatch(address):
            raise Refusal(
                NOT_A_URL,
                "“{address}” is not a web address.",
                "Write it like https://example.com.",
                address=address,
            )
        return address


def bind(_options: Mapping[str, object]) -> Url:
    """Bind; there are no options."""
    return Url()


FIELD = listed(Kind(name="url", schema=options_schema(), bind=bind))
