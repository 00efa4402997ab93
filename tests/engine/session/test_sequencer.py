"""Claims about the order of events, and about writers who meet."""

import threading
from decimal import Decimal

import pytest

from engine.mutation import Delete, Update
from engine.release import StaleRelease
from engine.sequencer import Event, events, sequence
from engine.system import set_meta
from tests.engine.session.company import Company


def numbered(company: Company, after: int = 0) -> tuple[Event, ...]:
    """Let the sequencer work, then read on."""
    with company.database.write() as connection:
        sequence(connection)
    with company.database.read() as connection:
        return events(connection, after, 100)


def test_an_event_tells_what_changed_and_why(company: Company) -> None:
    seen = numbered(company)[-1].seq
    bob = company.session("bob", "s_all")
    deal = company.create(bob, "deal", name="d", amount="10.50")
    target = company.release.catalog.object("deal")
    (event,) = numbered(company, seen)
    assert (event.object, event.record, event.version, event.kind) == (target.id, deal, 1, "created")
    assert (event.actor, event.entry, event.automation) == (company.ids["bob"], "test", True)
    changes = {field: (old, new) for field, _, old, new in event.changes}
    assert changes[target.fields["amount"].id] == (None, Decimal("10.50"))


def test_a_cascade_leaves_one_event_for_each_record(company: Company) -> None:
    door = company.session()
    deal = company.create(door, "deal", name="d")
    for name in ("l1", "l2"):
        company.create(door, "line", name=name, deal=deal)
    seen = numbered(company)[-1].seq
    company.apply(door, "deal", Delete(id=deal), automation=False, reason="tidy")
    found = numbered(company, seen)
    assert sorted((event.object, event.kind) for event in found) == [
        ("deal", "deleted"), ("line", "deleted"), ("line", "deleted"),
    ]  # fmt: skip
    assert len({event.change_set for event in found}) == 1
    assert not any(event.automation for event in found)


def test_a_transaction_held_open_between_two_others_loses_no_event(company: Company) -> None:
    """A reader who follows the numbers sees every event, though the middle one commits last."""
    door = company.session()
    seen = numbered(company)[-1].seq
    first = company.create(door, "account", name="first")
    if company.database.dialect.sqlite:
        # One writer at a time: nothing can commit while another transaction is open.
        slow = company.create(door, "account", name="slow")
        last = company.create(door, "account", name="last")
        assert [event.record for event in numbered(company, seen)] == [first, slow, last]
        return
    holder = company.session()
    followed: list[str] = []
    with holder.transaction():
        slow = company.create(holder, "account", name="slow")
        last = company.create(door, "account", name="last")
        found = numbered(company, seen)
        followed += [event.record for event in found]
        assert followed == [first]
        seen = found[-1].seq
    found = numbered(company, seen)
    followed += [event.record for event in found]
    assert sorted(followed) == sorted([first, slow, last])
    assert len(followed) == 3
    assert numbered(company, found[-1].seq) == ()


def test_versions_of_a_record_are_numbered_in_their_order(company: Company) -> None:
    """Version 2 by a younger transaction must not come after version 3 by an older one."""
    door = company.session()
    account = company.create(door, "account", name="v1")
    other = company.create(door, "account", name="other")
    seen = numbered(company)[-1].seq
    older = company.session()
    if company.database.dialect.sqlite:
        company.update(door, "account", account, name="v2")
        company.update(older, "account", account, name="v3")
    else:
        bystander = company.session()
        with older.transaction():
            company.update(older, "account", other, name="older has its number now")
            with bystander.transaction():
                company.create(bystander, "account", name="keeps the horizon low")
                company.update(door, "account", account, name="v2")
                company.update(older, "account", account, name="v3")
                assert numbered(company, seen) == ()
    found = [event.version for event in numbered(company, seen) if event.record == account]
    assert found == [2, 3]


def test_two_writers_of_one_record_both_land(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="a", secret="")

    def write(number: int) -> None:
        name = ("name", "secret")[number]
        for turn in range(5):
            company.apply(company.session(), "account", Update(id=account, values={name: f"{number}{turn}"}))

    threads = [threading.Thread(target=write, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record = door.get(company.release.catalog.object("account"), account)
    assert (record.version, record.values["name"], record.values["secret"]) == (11, "04", "14")


def test_writers_who_lock_in_opposite_order_both_land(company: Company) -> None:
    """Rows are locked in the order of their ids, so that batches which cross do not deadlock."""
    door = company.session()
    ids = [company.create(door, "account", name=f"a{n}") for n in range(20)]

    def write(order: list[str], secret: str) -> None:
        for turn in range(3):
            changes = (Update(id=id_, values={"secret": f"{secret}{turn}"}) for id_ in order)
            company.apply(company.session(), "account", *changes)

    threads = [
        threading.Thread(target=write, args=(order, secret))
        for order, secret in ((ids, "x"), (ids[::-1], "y"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    versions = {door.get(company.release.catalog.object("account"), id_, ()).version for id_ in ids}
    assert versions == {7}


def test_a_write_on_a_replaced_release_is_turned_away(company: Company) -> None:
    door = company.session()
    with company.database.write() as connection:
        set_meta(connection, "release_no", "2")
    with pytest.raises(StaleRelease):
        company.create(door, "account", name="a")
    assert company.names(door, "account") == []
