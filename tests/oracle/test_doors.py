"""No route of the server is forgotten: it is behind a door that the oracle asks, or there is a reason."""

from __future__ import annotations

from runtime.api.routes import ROUTES
from runtime.web.assets import read_assets
from runtime.web.pages.routes import routes
from runtime.web.renderer import Renderer
from runtime.web.texts import read_texts
from tests.oracle.all_doors import INSIDE, OUTSIDE, WITHOUT_RECORDS


def _served() -> set[tuple[str, str]]:
    pages = routes(Renderer(assets=read_assets(), texts=read_texts()))
    return {(method, route.path) for route in (*ROUTES, *pages) for method in route.methods}


def test_every_route_is_behind_a_door_or_tells_of_no_record() -> None:
    behind = {route for door in OUTSIDE for route in door.routes}
    assert _served() - behind - set(WITHOUT_RECORDS) == set(), "add a Door, or a reason to WITHOUT_RECORDS"


def test_no_door_names_a_route_that_there_is_not() -> None:
    behind = {route for door in (*INSIDE, *OUTSIDE) for route in door.routes}
    assert (behind | set(WITHOUT_RECORDS)) - _served() == set()
    assert behind & set(WITHOUT_RECORDS) == set()
