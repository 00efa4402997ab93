"""An e-mail address. Kept in lower case, so that `unique` means what people think it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codes import NOT_AN_EMAIL
from engine.fields.contract import Kind, options_schema
from engine.fields.formed import FormedText
from engine.fields.many import listed
from engine.matching.forms import NORMAL
from engine.matching.mails import mail_form
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import Codec

# Deliberately kind: the only proof of an address is a mail that arrives.
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\]+@[^\s@<>,;:\"\\.]+(\.[^\s@<>,;:\"\\.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Email(FormedText):
    """One address, without a display name."""

    kind: ClassVar[str] = "email"
    widget: ClassVar[str] = "email"

    @property
    def longest(self) -> int:
        return 254  # RFC 5321, section 4.5.3.1.3, less the brackets of a path

    @property
    def normal(self) -> str:
        return NORMAL

    @property
    def form(self) -> Codec:
        return mail_form

    def read(self, text: str) -> str:
        address = text.strip().lower()
        if not _ADDRESS.fullmatch(address):
            message = "“{address}” is not an e-mail address."
            raise Refusal(NOT_AN_EMAIL, message, "Write it like name@example.com.", address=address)
        return address


def bind(_options: Mapping[str, object]) -> Email:
    """Bind; there are no options."""
    return Email()


FIELD = listed(Kind(name="email", schema=options_schema(), bind=bind))
