"""Text with headings, lists, links and emphasis, kept as HTML that holds nothing else.

Whatever is sent is cleaned before it is kept (nh3, an allow-list): no script, style, form, picture or
foreign attribute ever reaches a page, whichever door it came in by.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape, unescape
from re import compile as pattern
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.plain_text import PlainText
from formula.condition import EQUALITY, Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "blockquote", "pre", "code"),
    *("strong", "b", "em", "i", "u", "s", "sub", "sup", "a", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_TAG = pattern(r"<[^>]*>")
_BREAK = pattern(r"<(?:br|/p|/h[1-4]|/li|/tr|hr)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class RichText(PlainText):
    """HTML of at most `max` characters, markup included; without any text it is blank."""

    kind: ClassVar[str] = "rich_text"
    widget: ClassVar[str] = "rich_text"
    operators: ClassVar[tuple[Operator, ...]] = (Operator.CONTAINS, *EQUALITY[2:])

    max: int = 100_000

    @property
    def longest(self) -> int:
        return self.max

    def read(self, text: str) -> str | None:
        import nh3  # two megabytes which a company without rich text need not spend

        cleaned = _cleaned(text if nh3.is_html(text) else _paragraphs(text))
        if not plain(cleaned):
            return None
        # A block at the start, so that what is answered is taken for HTML when it comes back.
        return cleaned if cleaned.startswith("<") else _cleaned(f"<p>{cleaned}</p>")


def _cleaned(html: str) -> str:
    import nh3

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def plain(html: str) -> str:
    """Return the words of cleaned HTML: blocks become lines, entities characters."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", html))).replace("\N{NO-BREAK SPACE}", " ").strip()


def _paragraphs(text: str) -> str:
    """Plain text as HTML that looks like it: a paragraph for each block of lines."""
    blocks = (block for block in escape(text, quote=False).replace("\r\n", "\n").split("\n\n") if block)
    return "".join(f"<p>{block.strip().replace(chr(10), '<br>')}</p>" for block in blocks)


def bind(options: Mapping[str, object]) -> RichText:
    """Bind to `max` (characters of HTML)."""
    return RichText(**options)  # type: ignore[arg-type]  # the schema has checked them


FIELD = Kind(
    name="rich_text",
    schema=options_schema(
        max={"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "Characters; 100000."},
    ),
    bind=bind,
)
