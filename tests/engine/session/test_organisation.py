"""Claims about `$org`: whatever the checker lets a formula name is there when it runs, on both databases."""

from collections.abc import Iterator

import pytest

from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

OFFER = """
object: offer
label: Offer
plural: Offers
title: name
fields:
  name: {type: text, label: Name, default: '="Offer of " & $org.name'}
  money: {type: text, label: Money, default: "=$org.currency"}
  foreign: {type: formula, label: Foreign, returns: boolean, formula: money <> $org.currency}
  signer: {type: text, label: Signer, default: "=$user.name"}
rules:
  no_yen:
    when: money = "JPY" && $org.currency = "EUR"
    message: Not in yen.
    at: money
"""


@pytest.fixture
def offers(database_url: str) -> Iterator[Company]:
    """A company that knows who it is."""
    database = open_url(database_url)
    company = opened(database, compiled({"objects/offer.yaml": OFFER}), currency="EUR", name="Acme")
    yield company
    database.close()


def test_a_default_a_formula_field_a_rule_and_a_filter_know_the_company(offers: Company) -> None:
    door = offers.session()
    offers.create(door, "offer")
    offers.create(door, "offer", name="abroad", money="USD")
    page = door.query(offers.query(door, "offer", "name", "money", "foreign", order=["name"]))
    assert [tuple(record.values.values()) for record in page.records] == [
        ("abroad", "USD", True),
        ("Offer of Acme", "EUR", False),
    ]
    assert offers.names(door, "offer", where="money = $org.currency") == ["Offer of Acme"]
    with pytest.raises(Problem) as refused:
        offers.create(door, "offer", money="JPY")
    assert [detail.field for detail in refused.value.details] == ["money"]


def test_what_was_never_set_is_blank(offers: Company) -> None:
    door = offers.session()
    offers.create(door, "offer", name="a")
    assert offers.names(door, "offer", where="ISBLANK($org.language)") == ["a"]
    assert offers.names(door, "offer", where='$org.time_zone = "UTC"') == []


def test_a_name_that_the_company_has_not_is_refused(offers: Company) -> None:
    with pytest.raises(Problem) as refused:
        offers.names(offers.session(), "offer", where='$org.size = "big"')
    assert refused.value.details


def test_the_system_acts_for_nobody_and_fields_of_the_user_are_blank(offers: Company) -> None:
    made = offers.create(offers.session(), "offer", name="a")
    target = offers.release.catalog.object("offer")
    assert offers.session().get(target, made).values["signer"] is None
