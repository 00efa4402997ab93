"""Texts that are HTML: what HYPERLINK, IMAGE and BR write, and which expressions hold it.

A page shows nothing but these few forms, cleaned; see `runtime.web.markup`. Addresses and plain words are
written with entities, so that no text ends a tag before its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.expr import Call, children
from formula.prose import html_encoded

if TYPE_CHECKING:
    from decimal import Decimal

    from formula.expr import Expr

NEW_TAB = "_blank"
"""Where a link opens that does not say."""


def marked(expr: Expr) -> bool:
    """Whether a part of the expression writes HTML."""
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Call) and node.function.markup:
            return True
        pending.extend(children(node))
    return False


def link(address: str | None, name: str | None, target: str | None) -> str | None:
    """A link; `name` is HTML already. Without a name the address is shown; null without an address."""
    if address is None:
        return None
    written = html_encoded(address)
    return f'<a href="{written}" target="{html_encoded(target or NEW_TAB)}">{name or written}</a>'


def picture(
    address: str | None, words: str | None, height: Decimal | None = None, width: Decimal | None = None
) -> str | None:
    """A picture, the words for those who do not see it, and its size in pixels; null without an address."""
    if address is None:
        return None
    return f'<img src="{html_encoded(address)}" alt="{html_encoded(words or "")}"{_sizes(height, width)}>'


def _sizes(height: Decimal | None, width: Decimal | None) -> str:
    named = (("height", height), ("width", width))
    return "".join(f' {name}="{int(size)}"' for name, size in named if size is not None and size >= 1)
