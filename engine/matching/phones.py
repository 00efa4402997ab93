"""The one spelling of a telephone number: E.164, with the extension as RFC 3966 writes it.

`+86 138-1234-5678`, `138 1234 5678` written in China and `0086 13812345678` are all `+8613812345678`; an
extension follows as `;ext=12`, as people of one company share a number. Pure, but for the tables of
numbering plans, which the first number loads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_EXTENSION = re.compile(r"\s*;?(?:转|轉|分机|分機|ext[.=]?|x|#)\s*(\d{1,8})\s*$", re.IGNORECASE)
_ABROAD = re.compile(r"^\s*00(?=[1-9])")
_SHORTEST = 7
"""Digits below which a number without a country's code is a service's – 110, 95588."""
_DOMESTIC_ZERO = re.compile(r"\(0\)")


def phone_form(region: str | None, text: str) -> str:
    """Return the form in which numbers are compared.

    Args:
        region: where a number without a country code is dialled, ISO 3166-1 alpha-2; None: nowhere, so such
            numbers keep their digits.
        text: the number as it was written, not blank.

    Returns:
        E.164, and `;ext=` with the extension if there is one. What no numbering plan knows – 110, 95588, a
        number that is too short – is its digits.
    """
    extension = _EXTENSION.search(text)
    number = text[: extension.start()] if extension else text
    number = _DOMESTIC_ZERO.sub("", number) if "+" in number else number
    found = _parsed(region, _ABROAD.sub("+", number))
    bare = _written(found) if found else _digits(number)
    return f"{bare};ext={extension.group(1)}" if extension else bare


def digits(form: str) -> str:
    """The digits of a form without the extension, as search takes them."""
    return form.partition(";")[0].lstrip("+")


def _parsed(region: str | None, number: str) -> PhoneNumber | None:
    import phonenumbers  # 40 ms, of no use to a process that saves no number

    try:
        found = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    short = not number.lstrip().startswith("+") and len(str(found.national_number)) < _SHORTEST
    return found if phonenumbers.is_possible_number(found) and not short else None


def _written(number: PhoneNumber) -> str:
    import phonenumbers

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digits(number: str) -> str:
    plus = "+" if number.lstrip().startswith("+") else ""
    return plus + "".join(filter(str.isdigit, number))
