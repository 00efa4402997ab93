"""The one spelling of an e-mail address, for comparing only: mail goes to the address as it was written.

What follows a plus in the name is a tag of the reader's own (RFC 5233), and Google's mail takes no notice of
dots. A domain with other letters than ASCII is compared as the network knows it (IDNA). Pure.
"""

from __future__ import annotations

import unicodedata

_GOOGLE = frozenset({"gmail.com", "googlemail.com"})


def mail_form(text: str) -> str:
    """Return the form in which addresses are compared."""
    name, _, domain = unicodedata.normalize("NFKC", text).strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    domain = _ascii(domain.rstrip("."))
    if domain in _GOOGLE:
        name, domain = name.replace(".", "") or name, "gmail.com"
    return f"{name}@{domain}"


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:  # too long, or letters that no domain may have: then it is compared as it is
        return domain
