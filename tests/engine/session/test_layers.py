"""Claims about what a layer hides: kept, computed with, and in nobody's way, but not offered to anybody."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from engine import codes
from engine.describe import describe
from engine.mutation import Create, Update
from engine.problem import Problem
from metadata.catalog import Catalog
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from engine.database import Database

HIDING = """
extend: object deal
fields:
  set:
    cost: {required: true, default: 3}
    stage: {options: {hide: [lost]}}
  hide: [cost]
"""


@pytest.fixture(scope="module")
def hiding() -> Catalog:
    """The company without costs and lost deals."""
    return compiled({"objects/hiding.yaml": HIDING})


@pytest.fixture
def company(database_url: str, hiding: Catalog) -> Iterator[Company]:
    """A company that hides the cost of its deals."""
    database: Database = open_url(database_url)
    yield opened(database, hiding)
    database.close()


def test_a_hidden_field_keeps_its_column_and_formulas_read_it(company: Company) -> None:
    deal = company.create(company.session("bob", "s_all"), "deal", name="A", amount=Decimal(10))
    record = company.session("bob", "s_all").get(company.release.catalog.object("deal"), deal)
    assert record.values["margin"] == Decimal(7)
    assert "cost" not in record.values


def test_a_hidden_field_is_named_in_no_description_and_taken_from_nobody(company: Company) -> None:
    door = company.session("bob", "s_all")
    assert "cost" not in {view.field.name for view in describe(door.release, door.policy, "deal").fields}
    with pytest.raises(Problem) as problem:
        company.apply(door, "deal", Create(values={"name": "B", "cost": 1}))
    assert {(detail.field, detail.code) for detail in problem.value.details} == {
        ("cost", codes.UNKNOWN_FIELD.id)
    }


def test_a_hidden_option_stays_where_it_is_and_is_not_chosen_again(company: Company) -> None:
    door = company.session("bob", "s_all")
    deal = company.create(door, "deal", name="A", amount=1)
    with pytest.raises(Problem) as problem:
        company.apply(door, "deal", Update(id=deal, values={"stage": "lost"}))
    assert [(d.field, d.code) for d in problem.value.details] == [("stage", codes.OPTION_CLOSED.id)]
