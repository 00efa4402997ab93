"""For each property the layer and the line it came from; for each field every place that uses it."""

import pytest

from metadata.explain import Use, origins, uses
from metadata.package import from_files
from tests.metadata.samples import above, base, compiled
from tests.metadata.test_compile import TENANT
from tests.metadata.test_pages import FILES
from tests.metadata.test_pages import TENANT as PAGES

SHOWN = [("view", "deal.mine"), ("layout", "deal")]


def test_every_property_names_its_layer_and_line() -> None:
    found = origins([base(), from_files(TENANT, origin="tenant")], "deal.amount")
    shown = {origin.property: (origin.value, origin.layer, str(origin.place)) for origin in found}
    assert shown["scale"] == (2, "base", "base/objects/deal.yaml:20:45")
    assert shown["help"] == ("Above 10 % your manager decides.", "tenant", "tenant/objects/deal.yaml:7:14")


def test_an_object_and_an_option_are_explained_too() -> None:
    layers = [base(), from_files(TENANT, origin="tenant")]
    assert {o.property: o.layer for o in origins(layers, "deal")}["label"] == "tenant"
    assert {o.property: o.layer for o in origins(layers, "deal.stage.won")} == {
        "label": "tenant", "color": "base", "probability": "base", "closed": "base",
    }  # fmt: skip
    assert origins(layers, "deal.nothing") == ()


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("deal.amount", [("formula", "deal.expected"), *SHOWN, ("process", "deal")]),
        ("deal.reason", [("rule", "deal.lost_needs_reason"), ("layout", "deal"), ("permission set", "rep")]),
        ("account.parent", [("layout", "account")]),
        (
            "account.name",
            [("view", "deal.mine"), ("layout", "account"), ("title", "account"), ("flow", "remind")],
        ),
        ("user.manager", [("layout", "user")]),
        ("deal.close_on", [*SHOWN, ("index", "deal")]),
    ],
)  # fmt: skip
def test_every_use_of_a_field_is_found(field: str, wanted: list[tuple[str, str]]) -> None:
    catalog = compiled(base())
    object_, name = field.split(".")
    found = uses(catalog, catalog.object(object_).fields[name])
    assert set(found) == {Use(kind=kind, name=place) for kind, place in wanted}


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        (
            "activity.status",
            [
                ("condition", "activity.result"), ("layout", "activity"), ("layout", "activity.call"),
                ("layout", "deal"), ("process", "activity"), ("record type", "activity.call"),
            ],
        ),
        ("activity.where", [("dependent picklist", "activity.city")]),
        ("activity.hours", [("layout", "deal")]),
        ("activity.deal", [("condition", "activity.result"), ("layout", "deal")]),
    ],
)  # fmt: skip
def test_conditions_record_types_and_child_tables_use_fields(
    field: str, wanted: list[tuple[str, str]]
) -> None:
    catalog = compiled(base(), above(FILES), from_files(PAGES, origin="tenant"))
    object_, name = field.split(".")
    found = uses(catalog, catalog.object(object_).fields[name])
    assert set(found) == {Use(kind=kind, name=place) for kind, place in wanted}
