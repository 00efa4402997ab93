"""Claims about the change feed: nothing is missed, and nobody is told more than she may see."""

import threading
import time

import pytest

from engine.actor import Actor
from engine.changes.feed import NOW, Feed, Told, feed
from engine.mutation import Delete, Restore
from engine.problem import Problem
from engine.sequencer import sequence
from engine.session import Session
from tests.engine.session.company import Company


def numbered(company: Company) -> None:
    with company.database.write() as connection:
        sequence(connection)


def followed(
    company: Company, session: Session, since: str | None, limit: int = 200
) -> tuple[list[Told], str]:
    """All that is told from a cursor on, and the next one."""
    numbered(company)
    told: list[Told] = []
    while True:
        page: Feed = feed(session, since, limit=limit)
        told += page.changes
        since = page.cursor
        if not page.more:
            return told, since


def beginning(company: Company, session: Session) -> str:
    numbered(company)
    return feed(session, NOW).cursor


def test_a_change_is_told_with_its_fields_and_who_made_it(company: Company) -> None:
    bob, ann = company.session("bob", "s_all"), company.session("ann", "s_all")
    start = beginning(company, ann)
    deal = company.create(bob, "deal", name="d", amount="10.50")
    company.update(bob, "deal", deal, name="e")
    made, renamed = followed(company, ann, start)[0]
    assert (made.object.name, made.record, made.version, made.kind) == ("deal", deal, 1, "created")
    assert [(one.field.name, one.old, one.new) for one in renamed.fields] == [("name", "d", "e")]
    assert renamed.change_set
    assert renamed.change_set.actor == company.ids["bob"]


def test_the_feed_goes_on_where_its_cursor_stands(company: Company) -> None:
    door = company.session()
    start = beginning(company, door)
    ids = [company.create(door, "account", name=f"a{n}") for n in range(7)]
    one_by_one, end = followed(company, door, start, limit=2)
    assert [told.record for told in one_by_one] == ids
    assert followed(company, door, end)[0] == []


def test_hidden_fields_are_left_out(company: Company) -> None:
    door, blind = company.session(), company.session("bob", "s_blind")
    start = beginning(company, blind)
    deal = company.create(door, "deal", name="d", amount="1", cost="7")
    told = followed(company, blind, start)[0]
    assert [one.record for one in told] == [deal]
    names = {changed.field.name for changed in told[0].fields}
    assert "amount" in names
    assert "cost" not in names


def test_records_out_of_sight_are_not_told(company: Company) -> None:
    bob, cy = company.session("bob", "s_own"), company.session("cy", "s_own")
    start = beginning(company, cy)
    company.create(bob, "account", name="bob's")
    mine = company.create(cy, "account", name="mine")
    assert [one.record for one in followed(company, cy, start)[0]] == [mine]


def test_of_a_deleted_record_only_its_id_is_told_to_those_who_could_read_it(company: Company) -> None:
    bob, cy = company.session("bob", "s_own"), company.session("cy", "s_own")
    start = {who: beginning(company, who) for who in (bob, cy)}
    account = company.create(bob, "account", name="secret name")
    company.apply(bob, "account", Delete(id=account))
    told = followed(company, bob, start[bob])[0]
    assert [(one.record, one.kind, one.gone) for one in told] == [
        (account, "created", True), (account, "deleted", True),
    ]  # fmt: skip
    assert all(one.fields == () and one.change_set is None for one in told)
    assert followed(company, cy, start[cy])[0] == []
    company.apply(bob, "account", Restore(id=account))
    assert [one.gone for one in followed(company, bob, start[bob])[0]] == [False, False, False]


def test_the_feed_of_one_object_tells_of_no_other(company: Company) -> None:
    door = company.session()
    start = beginning(company, door)
    company.create(door, "account", name="a")
    deal = company.create(door, "deal", name="d")
    numbered(company)
    page = feed(door, start, target=company.release.catalog.object("deal"))
    assert [one.record for one in page.changes] == [deal]


def test_a_cursor_opens_for_nobody_else(company: Company) -> None:
    ann, bob = company.session("ann", "s_all"), company.session("bob", "s_all")
    cursor = beginning(company, ann)
    with pytest.raises(Problem) as refused:
        feed(bob, cursor)
    assert refused.value.code.id == "P210"
    with pytest.raises(Problem):
        feed(ann, cursor[:-2] + "xx")


def test_the_feed_needs_the_right_to_see_history(company: Company) -> None:
    with pytest.raises(Problem) as refused:
        feed(company.session("ann", "s_reader"), None)
    assert refused.value.status == 403


def test_a_page_asks_for_rights_once_however_many_records_and_objects(company: Company) -> None:
    bob = company.session("bob", "s_own")
    start = beginning(company, bob)
    for number in range(20):
        account = company.create(bob, "account", name=f"a{number}")
        company.create(bob, "deal", name=f"d{number}", account=account)
    numbered(company)
    feed(bob, start)
    with company.database.read() as connection:
        # The Session lends itself the connection at hand, whose statements are counted.
        bob._open = connection
        before = connection.statements
        assert len(feed(bob, start).changes) == 40
        assert connection.statements - before == 3
        bob._open = None


def _held(company: Company, seconds: float) -> list[str]:
    """Follow the feed while one transaction stays open between two others; returns the records told."""
    door, reader = company.session(), company.session()
    since = beginning(company, reader)
    told: list[str] = []
    first = company.create(door, "account", name="first")
    holding, done = threading.Event(), threading.Event()
    slow: list[str] = []

    def hold() -> None:
        holder = company.session()
        with holder.transaction():
            slow.append(company.create(holder, "account", name="slow"))
            holding.set()
            time.sleep(seconds)
        done.set()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(10)
    last = company.create(door, "account", name="last")
    while not done.is_set():
        found, since = followed(company, reader, since)
        told += [one.record for one in found]
        time.sleep(0.02)
    thread.join()
    found, since = followed(company, reader, since)
    told += [one.record for one in found]
    assert sorted(told) == sorted([first, *slow, last])
    return told


def test_a_reader_misses_nothing_of_a_transaction_that_stays_open(company: Company) -> None:
    assert len(_held(company, 0.3)) == 3


@pytest.mark.soak
def test_a_reader_misses_nothing_of_a_transaction_that_stays_open_for_long(company: Company) -> None:
    assert len(_held(company, 5)) == 3


def test_somebody_without_an_id_follows_too(company: Company) -> None:
    """The command line follows as the system."""
    door = company.session()
    assert isinstance(door.actor, Actor)
    assert door.actor.id is None
    assert followed(company, door, None)[0][0].kind == "created"
