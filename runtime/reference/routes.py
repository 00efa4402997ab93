"""The page of the REST API: its routes, and the parameters of lists and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.api.routes import ROUTES
from runtime.reference.markdown import code, sections, table

if TYPE_CHECKING:
    from runtime.exchange import Route

_ABOUT = """
How to sign in, page, write and read refusals is told in [Calling the API](../developers/api.md). Addresses
begin with `/t/{tenant}` where host name and installation leave the tenant open.
"""


def routes() -> str:
    """All routes in the order in which they are tried."""
    return sections(_ABOUT, table(("method", "address", "what it does"), map(_row, ROUTES)))


def _row(route: Route) -> tuple[str, str, str]:
    (method,) = route.methods
    about = " ".join((route.handler.__doc__ or "").partition("\n\n")[0].split())
    return method, code(route.path), about.removeprefix(f"{method} {route.path}").lstrip(": ")
