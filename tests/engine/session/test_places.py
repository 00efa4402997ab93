"""Distances between places that records keep, on both databases."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = """
object: site
label: Site
plural: Sites
title: name
fields:
  name: {type: text, label: Name}
  place: {type: geo, label: Place}
  home: {type: geo, label: Home, default: "=GEOLOCATION(48.137154, 11.576124)"}
  way:
    type: formula
    label: Way
    returns: number
    scale: 3
    formula: ROUND(DISTANCE(place, home, "km"), 3)
"""
PLACES = {"Berlin": "52.52, 13.405", "Garching": "48.248872, 11.653248", "Nowhere": None}


@pytest.fixture
def sites(database_url: str) -> Iterator[Company]:
    """Three sites, each at home in Munich; of one nobody knows where it is."""
    database = open_url(database_url)
    company = opened(database, compiled({"objects/site.yaml": SITE}))
    for name, place in PLACES.items():
        company.create(company.session(), "site", name=name, place=place)
    yield company
    database.close()


def _found(company: Company, where: str) -> list[tuple[object, object]]:
    door = company.session()
    query = company.query(door, "site", "name", "way", order=("name",), where=where)
    return [(record.values["name"], record.values["way"]) for record in door.query(query).records]


def test_a_computed_distance_is_read_filtered_and_blank_without_a_place(sites: Company) -> None:
    assert _found(sites, "true") == [
        ("Berlin", Decimal("504.302")), ("Garching", Decimal("13.675")), ("Nowhere", None),
    ]  # fmt: skip
    assert [name for name, _ in _found(sites, "way < 50")] == ["Garching"]
    near = 'DISTANCE(place, GEOLOCATION(52.5, 13.4), "mi") < 5'
    assert [name for name, _ in _found(sites, near)] == ["Berlin"]
    assert [name for name, _ in _found(sites, "ISBLANK(place)")] == ["Nowhere"]
