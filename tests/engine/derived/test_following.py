"""Claims about derived values: right after every kind of change, on both databases."""

from decimal import Decimal
from typing import Any

from tests.engine.session.company import Company


def values(company: Company, name: str, record: str, *fields: str) -> dict[str, Any]:
    """Some values of a record."""
    found = company.session().get(company.release.catalog.object(name), record)
    return {field: found.values[field] for field in fields}


def test_a_figure_follows_new_changed_moved_deleted_and_restored_records(ledger: Company) -> None:
    door = ledger.session()
    acme, beta = (ledger.create(door, "client", name=name) for name in ("Acme", "Beta"))
    assert values(ledger, "client", acme, "contracts", "total", "mean", "names") == {
        "contracts": 0, "total": 0, "mean": None, "names": None,
    }  # fmt: skip
    one = ledger.create(door, "contract", name="One", client=acme, amount=10, signed="2026-01-02")
    two = ledger.create(
        door, "contract", name="Two", client=acme, amount=5, signed="2026-01-01", stage="done"
    )
    fields = ("contracts", "open", "total", "mean", "most", "first", "last", "names", "best")
    assert values(ledger, "client", acme, *fields) == {
        "contracts": 2, "open": 1, "total": 15, "mean": Decimal("7.50"), "most": 10, "first": "Two",
        "last": "open", "names": "One, Two", "best": Decimal("0.6667"),
    }  # fmt: skip
    ledger.update(door, "contract", two, amount=20)
    assert values(ledger, "client", acme, "total")["total"] == 30
    assert values(ledger, "contract", one, "share")["share"] == Decimal("0.3333")
    ledger.update(door, "contract", two, client=beta)
    assert values(ledger, "client", acme, "contracts", "total") == {"contracts": 1, "total": 10}
    assert values(ledger, "client", beta, "contracts", "total") == {"contracts": 1, "total": 20}
    ledger.delete(door, "contract", one)
    assert values(ledger, "client", acme, "contracts", "total") == {"contracts": 0, "total": 0}
    ledger.restore(door, "contract", one)
    assert values(ledger, "client", acme, "contracts", "total") == {"contracts": 1, "total": 10}
