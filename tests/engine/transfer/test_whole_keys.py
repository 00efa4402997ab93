"""A second import of a file changes nothing, whatever kind of field its key begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.transfer.mapping import read_mapping

if TYPE_CHECKING:
    from tests.engine.session.company import Company
    from tests.engine.transfer.conftest import Imports

ROWS = (("Deal", "Account", "Amount", "Closes"), ("Bars", "Acme", "12.50", "2026-01-31"),
        ("Bars", "Bolt", "7", "2026-02-28"), ("Pipes", "Acme", "12.50", "2026-02-28"))  # fmt: skip


@pytest.mark.parametrize(
    "key", [["account", "name"], ["amount", "name"], ["closes", "account"], ["name", "account"]]
)
def test_a_key_may_begin_with_a_link_a_number_or_a_day(
    imports: Imports, company: Company, key: list[str]
) -> None:
    for name in ("Acme", "Bolt"):
        company.create(company.session(), "account", name=name)
    columns = [{"column": head, "field": "name" if head == "Deal" else head.lower()} for head in ROWS[0]]
    said = read_mapping({"objects": [{"object": "deal", "key": key, "columns": columns}]})
    assert imports(said, *ROWS).result["created"] == 3
    again = imports(said, *ROWS).result
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3)


def test_a_key_may_begin_with_a_link_to_another_record_of_the_row(imports: Imports) -> None:
    deal = {"object": "deal", "key": ["name"], "columns": [{"column": "Deal", "field": "name"}]}
    line = {"object": "line", "key": ["deal", "name"], "links": {"deal": "deal"},
            "columns": [{"column": "Account", "field": "name"}]}  # fmt: skip
    said = read_mapping({"objects": [deal, line]})
    assert imports(said, *ROWS).result["created"] == 5
    assert imports(said, *ROWS).result["created"] == 0
