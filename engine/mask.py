"""How a text is shown to whom a permission set shows it masked: enough to recognise it, too little to use.

Chosen by the type's class; a text of no type of its own keeps its first character. What is masked is refused
wherever it could be asked about – filters, sorting, groups, search, history, computed fields.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from engine.fields.email import Email
from engine.fields.phone import Phone

if TYPE_CHECKING:
    from engine.fields.contract import FieldType

HIDDEN = "****"
_BEGIN, _END = 3, 4
"""How many digits of a phone number stay, at its begin and at its end."""


@singledispatch
def mask(sort: FieldType, value: str) -> str:  # noqa: ARG001  (dispatched on)
    """The value of a text type as it is shown masked; how long it is does not show."""
    return value[:1] + HIDDEN if len(value) > 1 else HIDDEN


@mask.register(Phone)
def _(sort: Phone, value: str) -> str:  # noqa: ARG001
    """As Chinese forms print it: 138****1234; of a short number nothing."""
    digits = "".join(filter(str.isdigit, value))
    if len(digits) < _BEGIN + _END + 1:
        return HIDDEN
    return f"{digits[:_BEGIN]}{HIDDEN}{digits[-_END:]}"


@mask.register(Email)
def _(sort: Email, value: str) -> str:  # noqa: ARG001
    """The first character and the domain."""
    name, _, domain = value.rpartition("@")
    return f"{name[:1]}{HIDDEN}@{domain}"
