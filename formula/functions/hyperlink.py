"""HYPERLINK: a link in a text that is shown as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import markup
from formula.emit import Piece
from formula.functions import Function, Inline, Prose, optional, takes
from formula.prose import html_encoded
from formula.sql import markup as sql
from formula.sql.form import both
from formula.types import TEXT

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call


def plain_link(address: str | None, name: str | None, target: str | None = None) -> str | None:
    """A link whose name is plain text."""
    return markup.link(address, html_encoded(name) if name else None, target)


def marked_link(address: str | None, name: str | None, target: str | None = None) -> str | None:
    """A link whose name is HTML, such as a picture."""
    return markup.link(address, name, target)


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    made = marked_link if markup.marked(call.arguments[1]) else plain_link
    return Piece(
        node=emitter.invoke(made, *(part.node for part in parts)), safe=all(part.safe for part in parts)
    )


FUNCTION = Function(
    name="HYPERLINK",
    category="text",
    signatures=(takes(address=TEXT, name=TEXT, target=optional(TEXT), returns=TEXT),),
    prose=Prose(
        en="A link, shown by its name; it opens in a new tab, or in the target. A page follows addresses of "
        "this site, http, https, mailto and tel only. The name may be an IMAGE(); another is plain text. "
        "Without a name the address is shown, without an address the link is blank.",
        zh="以名称显示的链接，在新标签页或指定目标中打开。页面只接受本站地址及 http、https、mailto、tel。"
        "名称可以是 IMAGE()，其他名称为纯文本；名称为空则显示地址，地址为空则结果为空。",
    ),
    examples=(
        (
            'HYPERLINK("https://example.com/?a=1&b=2", "A < B")',
            '"<a href=\\"https://example.com/?a=1&amp;b=2\\" target=\\"_blank\\">A &lt; B</a>"',
        ),
        (
            'HYPERLINK("/o/account", name, "_self")',
            '"<a href=\\"/o/account\\" target=\\"_self\\">Acme 中国</a>"',
        ),
        (
            'HYPERLINK("tel:5", IMAGE("/phone.png", "Call"))',
            '"<a href=\\"tel:5\\" target=\\"_blank\\"><img src=\\"/phone.png\\" alt=\\"Call\\"></a>"',
        ),
        ('HYPERLINK("/a", reason)', '"<a href=\\"/a\\" target=\\"_blank\\">/a</a>"'),
        ('HYPERLINK(reason, "why")', "null"),
    ),
    python=Inline(build=_build),
    pure=False,  # Stays a call, so that its markup is seen.
    markup=True,
    sql=both(sql.LINK),
)
