"""Each difference of the tenant's layer remembers what it saw below when it was made."""

import json

from metadata.merged import Difference
from metadata.package import Package, from_files
from metadata.seen import differences, from_plain, plain, remembered
from tests.metadata.samples import BASE, locked

OWN = {
    "deal.yaml": """\
extend: object deal
fields:
  add: {x_head: {type: lookup, label: Head, to: user}}
  set:
    amount: {label: Sum, max: 9.5}
    stage: {options: {set: {won: {label: Signed}}, hide: [lost]}}
  place: {x_head: {after: [name]}}
""",
    "view.yaml": "extend: view deal.mine\ncolumns: {hide: [stage], add: [close_on]}\n",
}


def seen(below: Package, own: dict[str, str]) -> tuple[Difference, ...]:
    return differences(locked([below, from_files(own, origin="tenant")]), "tenant")


def newer(**changed: str) -> Package:
    """The base package in its next version, with texts of objects/deal.yaml replaced."""
    files = {**BASE, "package.yaml": BASE["package.yaml"].replace("1.2.0", "1.3.0")}
    for old, new in changed.items():
        files["objects/deal.yaml"] = files["objects/deal.yaml"].replace(f"label: {old}", f"label: {new}")
    return from_files(files, origin="base")


def test_a_difference_remembers_the_value_and_the_version_it_saw() -> None:
    found = {(each.verb, each.path): each for each in seen(from_files(BASE, origin="base"), OWN)}
    assert found["set", "fields.amount.label"] == Difference(
        document="object deal",
        path="fields.amount.label",
        verb="set",
        value="Sum",
        base="Amount",
        package="base",
        version="1.2.0",
    )
    assert found["set", "fields.amount.max"].base is None
    assert found["set", "fields.stage.options.won.label"].base == "Won"
    assert found["hide", "fields.stage.options.lost"].package == "base"
    assert found["place", "fields.x_head"].value == {"after": ["name"]}
    assert found["add", "fields.x_head"].base is None
    assert found["hide", "columns.stage"].document == "view deal.mine"
    assert found["add", "columns.close_on"].value == "close_on"


def test_what_was_seen_comes_back_from_the_database_as_it_was() -> None:
    before = seen(from_files(BASE, origin="base"), OWN)
    kept = from_plain(json.loads(json.dumps(plain(before))))
    assert plain(kept) == plain(before)
    assert remembered(before, kept) == kept


def test_an_upgrade_below_does_not_make_a_difference_forget() -> None:
    before = seen(from_files(BASE, origin="base"), OWN)
    now = seen(newer(Amount="Total"), OWN)
    (label,) = (each for each in remembered(now, before) if each.path == "fields.amount.label")
    assert (label.base, label.version) == ("Amount", "1.2.0")
    (fresh,) = (each for each in now if each.path == "fields.amount.label")
    assert (fresh.base, fresh.version) == ("Total", "1.3.0")


def test_a_difference_that_is_made_anew_sees_anew() -> None:
    before = seen(from_files(BASE, origin="base"), OWN)
    now = seen(newer(Amount="Total"), {**OWN, "deal.yaml": OWN["deal.yaml"].replace("Sum", "Volume")})
    (label,) = (each for each in remembered(now, before) if each.path == "fields.amount.label")
    assert (label.value, label.base, label.version) == ("Volume", "Total", "1.3.0")


def test_without_a_layer_there_is_nothing_to_remember() -> None:
    assert differences([from_files(BASE, origin="base")], "tenant") == ()
