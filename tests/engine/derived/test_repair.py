"""Claims about the proof that what is stored is right, and the mend where it is not."""

from engine.derived.repair import check, repair
from tests.engine.derived.test_following import values
from tests.engine.session.company import Company


def spoil(company: Company, sql: str) -> None:
    """Write past the save, as no program of ours does."""
    with company.database.write() as connection:
        connection.run(sql)


def test_what_differs_is_listed_and_put_right_up_all_levels(ledger: Company) -> None:
    door = ledger.session()
    acme = ledger.create(door, "client", name="Acme")
    one = ledger.create(door, "contract", name="One", client=acme, amount=10)
    assert list(check(door)) == []
    spoil(ledger, "UPDATE client SET total = NULL, contracts = 7")
    spoil(ledger, "UPDATE contract SET share = NULL")
    assert {each.field.name for each in check(door)} >= {"total", "contracts", "share"}
    done = repair(door, reason="After a disk failed")
    assert done.records >= 2
    assert list(check(door)) == []
    assert values(ledger, "client", acme, "total", "contracts") == {"total": 10, "contracts": 1}
    past = door.history(ledger.release.catalog.object("client"), acme)[0]
    assert (past.kind, past.change_set.entry) == ("derived", "repair")
    assert past.change_set.reason == "After a disk failed"
    assert values(ledger, "contract", one, "version")["version"] == 1


def test_a_repair_of_what_is_right_leaves_no_trace(ledger: Company) -> None:
    door = ledger.session()
    ledger.create(door, "client", name="Acme")
    assert repair(door).change_set is None


def test_a_derived_change_leaves_the_version_and_says_so_in_the_history(ledger: Company) -> None:
    door = ledger.session("bob", "s_own")
    acme = ledger.create(door, "client", name="Acme")
    ledger.later(days=1)
    ledger.create(ledger.session(), "contract", name="One", client=acme, amount=10)
    record = door.get(ledger.release.catalog.object("client"), acme)
    assert (record.values["version"], record.values["modified_by"]) == (1, ledger.ids["bob"])
    entry = door.history(ledger.release.catalog.object("client"), acme)[0]
    told = {each.field.name: (each.old, each.new) for each in entry.fields}
    assert (entry.kind, entry.version, told["total"]) == ("derived", 1, (0, 10))
    ledger.update(door, "client", acme, version=1, name="Acme AG")
