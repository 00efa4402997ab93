"""Computed texts that are HTML: links, pictures and new lines, and nothing else that a text may hold.

What a formula writes with HYPERLINK, IMAGE and BR stands among texts that people typed, so all of it is
cleaned (nh3, an allow-list) whenever it is shown. Called by `display`; other doors answer the text as it is.
"""

from __future__ import annotations

from functools import partial
from html import unescape
from re import compile as pattern
from typing import TYPE_CHECKING

from formula.markup import marked
from metadata.catalog import FieldPath
from metadata.derivation import expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from metadata.catalog import Field

ATTRIBUTES = {"a": {"href", "target"}, "img": {"src", "alt", "height", "width"}, "br": set[str]()}
SCHEMES = {"http", "https", "mailto", "tel"}

_BREAK = pattern("<br>")
_PICTURE = pattern(r'<img(?: (?!alt=)\w+="[^"]*")*(?: alt="([^"]*)")?[^>]*>')
_TAG = pattern("<[^>]*>")


def holds_markup(field: Field) -> bool:
    """Whether the field's formula, or that of a formula field which it reads, writes HTML."""
    formula = expression(field)
    if formula is None:
        return False
    if marked(formula.expr):
        return True
    paths = (reference.key for reference in formula.refs if isinstance(reference.key, FieldPath))
    return any(holds_markup(path.field) for path in paths if not path.part)


def cleaned(text: str, link: Callable[[str], str]) -> str:
    """The text as HTML that is safe to show; `link` makes an address of this site the reader's."""
    import nh3  # two megabytes which a company without such fields need not spend

    return nh3.clean(
        text,
        tags=set(ATTRIBUTES),
        attributes=ATTRIBUTES,
        attribute_filter=partial(_address, link),
        set_tag_attribute_values={"a": {"class": "link"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def words(html: str) -> str:
    """What cleaned HTML says in one line: pictures by their words."""
    plain = _TAG.sub("", _PICTURE.sub(r"\1", _BREAK.sub(" ", html)))
    return unescape(plain).strip()


def _address(link: Callable[[str], str], _tag: str, name: str, value: str) -> str:
    here = name in {"href", "src"} and value.startswith("/") and not value.startswith(("//", "/\\"))
    return link(value) if here else value
