"""Claims about the currency that an amount is shown in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.record import Record
from metadata.catalog import Catalog
from runtime.web.display import record_cell, with_currencies
from runtime.web.texts import read_texts
from tests.engine.session.company import compiled
from tests.engine.session.test_currencies import ORDER
from tests.web.samples import reader


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Orders with a currency of their own, deals without."""
    return compiled({"objects/order.yaml": ORDER})


@pytest.mark.parametrize(
    ("name", "code", "sign"),
    [("price", "EUR", "€"), ("half", "EUR", "€"), ("worth", "EUR", "¥"), ("price", None, "¥")],
)
def test_an_amount_is_shown_in_the_currency_of_its_record(
    catalog: Catalog, name: str, code: str | None, sign: str
) -> None:
    order = catalog.object("order")
    record = Record(object=order, id="1", version=1, values={name: Decimal(7), "currency": code})
    chinese = replace(reader(read_texts()["en"]), currency="CNY")
    assert sign in record_cell(catalog.path(order, name), record, chinese).text


def test_a_list_fetches_the_currency_beside_the_amounts_once_and_only_if_it_may_be_seen(
    catalog: Catalog,
) -> None:
    order, deal = catalog.object("order"), catalog.object("deal")
    paths = tuple(catalog.path(order, name) for name in ("name", "price", "costs"))
    assert [path.name for path in with_currencies(paths, lambda _: True)][3:] == ["currency"]
    assert with_currencies(paths, lambda _: False) == paths
    own = (catalog.path(deal, "amount"),)
    assert with_currencies(own, lambda _: True) == own
