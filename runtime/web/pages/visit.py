"""One reader's request for one page: the Exchange, how the reader wants it, and the ways to answer.

Every handler is given a Visit and returns a response made by it.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine.system import meta
from runtime.web.formats import Formats
from runtime.web.pages import flash
from runtime.web.pages.navigation import frame
from runtime.web.reader import Reader
from runtime.web.shell import shell
from runtime.web.texts import choose_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.session import Session
    from runtime.exchange import Exchange
    from runtime.web.component import Component, Link
    from runtime.web.renderer import Renderer

    Page = Callable[["Visit"], Response]

UTC = ZoneInfo("UTC")
WORTH_PACKING = 1000
"""Bytes; a shorter page fits into one packet anyway."""
PACKING = 5
"""Level of gzip: a list of 50 rows becomes an eighth of its size in under two milliseconds."""
THEMES = ("light", "dark")
DENSITIES = ("cozy", "compact")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visit:
    """`session` speaks the reader's language: messages of rules come in the language of the page."""

    exchange: Exchange
    renderer: Renderer
    reader: Reader
    session: Session | None

    @property
    def signed_in(self) -> Session:
        """The Session on a page that demands one."""
        assert self.session is not None, "only an anonymous page is reached without a Session"
        return self.session

    @property
    def partial(self) -> bool:
        """Whether htmx asks, and wants a fragment instead of a page."""
        return self.exchange.headers.get("hx-request") == "true"

    @property
    def here(self) -> str:
        """The address of this page, for forms that come back to it."""
        url = self.exchange.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    @property
    def company(self) -> str:
        """What people call the company."""
        return _organisation(self.exchange, "name") or self.exchange.tenant.slug

    def page(
        self, *, title: str, body: Component, crumbs: tuple[Link, ...] = (), canvas: bool = False,
        scripts: tuple[str, ...] = (), searched: str = "", status: int = 200,
    ) -> Response:  # fmt: skip
        """A whole page in the frame."""
        toast = flash.take(self.exchange.request.cookies.get(flash.COOKIE), self.reader)
        whole = shell(
            frame(self), title=title, body=body, crumbs=crumbs, canvas=canvas, scripts=scripts, toast=toast,
            searched=searched,
        )  # fmt: skip
        response = self.answer(whole, status)
        if toast is not None:
            response.delete_cookie(flash.COOKIE, path=self.reader.link("/"), httponly=True)
        return response

    def answer(self, component: Component, status: int = 200) -> Response:
        """A component by itself: a document or a fragment."""
        html = self.renderer.html(component, self.reader).encode()
        if len(html) < WORTH_PACKING or "gzip" not in self.exchange.headers.get("accept-encoding", ""):
            return HTMLResponse(html, status)
        packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return HTMLResponse(gzip.compress(html, PACKING, mtime=0), status, packed)

    def go(self, address: str, done: flash.Done | None = None) -> Response:
        """Send the browser on to `address` (with prefix) after something was done."""
        response: Response
        if self.partial:
            response = Response(status_code=200, headers={"HX-Redirect": quote(address, safe="/:?&=%#+,;@~")})
        else:
            response = RedirectResponse(address, 303)
        if done is not None:
            flash.leave(response, done, self.reader)
        return response

    def local(self, address: str) -> str:
        """`address` if it is one of this tenant's pages, else "": never a way to another site."""
        inside = address.startswith(self.reader.link("/")) and not address.startswith("//")
        return address if inside and "\\" not in address and address.isprintable() else ""


def visit(renderer: Renderer, exchange: Exchange) -> Visit:
    """The Visit of a request; language, theme and density come from cookies, else from the person."""
    cookies = exchange.request.cookies
    texts = renderer.texts[
        choose_language(cookies.get("strata_language") or exchange.language, renderer.texts)
    ]
    session, theme, density = (
        exchange.session,
        cookies.get("strata_theme", ""),
        cookies.get("strata_density", ""),
    )
    if session is not None and session.actor.language != texts.code:
        session = exchange.tenant.session(exchange.release, replace(session.actor, language=texts.code))
    reader = Reader(
        texts=texts,
        formats=Formats(locale=texts.locale, zone=session.actor.zone if session else UTC),
        csrf=exchange.csrf,
        now=exchange.now,
        prefix=exchange.prefix,
        theme=theme if theme in THEMES else "",
        density=density if density in DENSITIES else DENSITIES[0],
        currency=_organisation(exchange, "currency"),
    )
    return Visit(exchange=exchange, renderer=renderer, reader=reader, session=session)


def _organisation(exchange: Exchange, name: str) -> str:
    """What the tenant was founded with (`currency`, `name`): read once per Release."""

    def read() -> str:
        with exchange.tenant.database.read() as connection:
            return meta(connection, name) or ""

    return exchange.release.statements.get((name,), read)
