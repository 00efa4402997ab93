"""For each property the layer, the line and the value below; for each thing all that uses it."""

import pytest

from metadata.catalog import Catalog, Field, ObjectType
from metadata.explain import Explanation, NotFoundError, Origin, explanation
from metadata.package import from_files
from metadata.uses import Choice, Target, Use, uses
from tests.metadata.samples import above, base, compiled
from tests.metadata.test_compile import TENANT

SHOWN = [("view", "deal.mine"), ("layout", "deal")]


@pytest.fixture(scope="module")
def layered() -> Explanation:
    """The base package below a tenant's layer."""
    return explanation([base(), from_files(TENANT, origin="tenant")])


def told(layers: Explanation, name: str) -> dict[str, Origin]:
    return {origin.property: origin for origin in layers.origins(layers.find(name))}


def test_every_property_names_its_layer_and_line(layered: Explanation) -> None:
    shown = {
        name: (origin.value, origin.layer, str(origin.place))
        for name, origin in told(layered, "deal.amount").items()
    }
    assert shown["scale"] == (2, "base", "base/objects/deal.yaml:20:45")
    assert shown["help"] == ("Above 10 % your manager decides.", "tenant", "tenant/objects/deal.yaml:7:14")


def test_a_property_tells_what_it_stands_in_place_of_through_all_layers() -> None:
    module = above({"a.yaml": "extend: object deal\nlabel: Chance\n"})
    layers = explanation([base(), module, from_files(TENANT, origin="tenant")])
    here: Origin | None = told(layers, "deal")["label"]
    chain = []
    while here is not None:
        chain.append((here.value, here.layer))
        here = here.below
    assert chain == [("Project", "tenant"), ("Chance", "mod"), ("Deal", "base")]


def test_an_object_and_an_option_are_explained_too(layered: Explanation) -> None:
    assert told(layered, "deal")["label"].layer == "tenant"
    assert {name: origin.layer for name, origin in told(layered, "deal.stage.won").items()} == {
        "label": "tenant", "color": "base", "probability": "base", "closed": "base",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "wanted"),
    [
        ("layout:deal", "layout", {"highlights": "base", "path": "base"}),
        (
            "layout:deal.main",
            "section",
            {"label": "base", "fields": "base", "fields.x_region_head": "tenant"},
        ),
        ("rule:deal.lost_needs_reason", "rule", {"when": "base", "active": "tenant"}),
        ("deal.lost_needs_reason", "rule", {"message": "base"}),
        ("deal.x_all", "view", {"columns": "tenant"}),
        ("view:deal.mine", "view", {"where": "base", "order": "base"}),
        ("rep", "permission_set", {"rights": "base", "objects.deal.fields.x_region_head": "tenant"}),
        ("permission_set:rep.deal", "permission_set", {"create": "base"}),
        ("permission_set:rep.deal.reason", "permission_set", {"value": "base"}),
        ("flow:remind", "flow", {"start.record": "base"}),
        ("sales", "app", {"objects": "base"}),
    ],
)
def test_whatever_has_a_name_is_explained(
    layered: Explanation, name: str, kind: str, wanted: dict[str, str]
) -> None:
    assert layered.find(name).kind == kind
    found = told(layered, name)
    assert {title: found[title].layer for title in wanted} == wanted


def test_what_is_hidden_and_placed_says_who_did_it() -> None:
    own = {
        "a.yaml": "extend: layout deal\nsections: {hide: [after], set: {main: {fields: {hide: [stage]}}}}\n",
        "b.yaml": "extend: object deal\nfields: {place: {amount: first}}\n",
    }
    layers = explanation([base(), from_files(own, origin="tenant")])
    layout = told(layers, "layout:deal")
    assert str(layout["sections.after.hidden"].place) == "tenant/a.yaml:2:19"
    assert layout["sections.main.fields.stage.hidden"].layer == "tenant"
    assert told(layers, "layout:deal.after")["hidden"].layer == "tenant"
    assert told(layers, "deal.amount")["place"].value == "first"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("deal.amuont", "Did you mean `amount`?"),
        ("dael", "Did you mean `deal`?"),
        ("dael.amount", "Did you mean `deal`?"),
        ("deal.stage.wonn", "Did you mean `won`?"),
        ("flow:remnd", "Did you mean `remind`?"),
        ("layout:deal.mian", "Did you mean `main`?"),
        ("zzz", ""),
    ],
)
def test_a_name_that_is_nothing_is_answered_with_a_near_one(
    layered: Explanation, name: str, hint: str
) -> None:
    with pytest.raises(NotFoundError) as missing:
        layered.find(name)
    assert missing.value.hint == hint


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The base package with what uses things in further ways."""
    more = {
        "objects/visit.yaml": """\
object: visit
label: Visit
title: name
record_types:
  call: {label: Call, default: true, options: {mood: [good]}}
fields:
  name: {type: text, label: Name, visible_when: mood = "good"}
  mood: {type: picklist, label: Mood, default: good, options: {good: {label: Good}, bad: {label: Bad}}}
  deal: {type: lookup, label: Deal, to: deal}
""",
    }
    return compiled(base(), above(more))


def target(catalog: Catalog, name: str) -> Target:
    """The object, field or option of this name."""
    owner, *parts = name.split(".")
    found: ObjectType | Field = catalog.object(owner)
    if not parts:
        return found
    field = catalog.object(owner).fields[parts[0]]
    option = field.option(parts[1]) if len(parts) > 1 else None
    return field if option is None else Choice(field=field, option=option)


@pytest.mark.parametrize(
    ("name", "wanted"),
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
        ("visit.mood", [("condition", "visit.name"), ("layout", "visit"), ("record type", "visit.call")]),
        (
            "visit.mood.good",
            [("condition", "visit.name"), ("default", "visit.mood"), ("record type", "visit.call")],
        ),
        ("deal.stage.lost", [("rule", "deal.lost_needs_reason")]),
        ("deal.stage.won", [("process", "deal")]),
        ("deal.stage.open", [("default", "deal.stage"), ("process", "deal"), ("flow", "remind")]),
        (
            "deal",
            [("link", "visit.deal"), ("permission set", "rep"), ("flow", "remind"), ("app", "sales")],
        ),
    ],
)  # fmt: skip
def test_every_use_is_found(catalog: Catalog, name: str, wanted: list[tuple[str, str]]) -> None:
    found = uses(catalog, target(catalog, name))
    assert set(found) == {Use(kind=kind, name=place) for kind, place in wanted}
