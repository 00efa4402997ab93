"""Claims about removing records for good: nothing is left but the journal, and nothing else breaks."""

import pytest

from engine.changes.bin import recycled
from engine.changes.erasure import erase
from engine.changes.ledger import recent
from engine.changes.past import as_of
from engine.changes.purge import purge
from engine.changes.retention import keep_days, kept_days, settle_days, sweep
from engine.changes.undo import undo
from engine.codec import id_form
from engine.database import Database
from engine.mutation import Update
from engine.problem import Problem
from engine.query import Query
from engine.release import prepare
from engine.session import Session
from engine.statement import compile_text
from tests.engine.session.company import FILES, LANGUAGE, Company, compiled, opened

PURGER = """
permission_set: s_purger
label: Purger
objects:
  "*": {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
rights: [history, purge]
"""
CARD = """
object: card
label: Card
plural: Cards
title: name
fields:
  name: {type: text, label: Name, required: true, searchable: true}
  number: {type: text, label: Number, unique: true}
  deal: {type: lookup, label: Deal, to: deal, on_delete: cascade}
  words: {type: tags, label: Words}
  accounts: {type: many_to_many, label: Accounts, to: account, on_delete: set_null}
  about: {type: any_lookup, label: About, to: [account, deal], on_delete: cascade}
"""


@pytest.fixture
def office(database: Database) -> Company:
    """A company with lists, links to several objects, and somebody who may purge."""
    files = {"permissions/purger.yaml": PURGER, "objects/card.yaml": CARD}
    return opened(database, compiled(files))


def rows(company: Company, text: str, **given: str) -> list[tuple[object, ...]]:
    encode = id_form(company.database.dialect).encode or str
    with company.database.read() as connection:
        values = {name: encode(value) for name, value in given.items()}
        return compile_text(text, connection.dialect).rows(connection, values)


def gone(company: Company, table: str, record: str) -> bool:
    held = rows(company, f'SELECT 1 FROM "{table}" WHERE id = :id', id=record)
    return not held


def remove(company: Company, session: Session, name: str, *records: str) -> tuple[str, ...]:
    """Purge, and return what stayed."""
    done = purge(session, company.release.catalog.object(name), records)
    return done.missing + done.held


def test_a_purged_tree_leaves_nothing_but_the_journal(office: Company) -> None:
    door = office.session()
    deal = office.create(door, "deal", name="deal to go", amount="10")
    account = office.create(door, "account", name="stays")
    line = office.create(door, "line", name="l", deal=deal)
    card = office.create(
        door, "card", name="card to go", deal=deal, words=["x"], accounts=[account], about=f"deal/{deal}"
    )
    office.delete(door, "deal", deal)
    result = purge(door, office.release.catalog.object("deal"), [deal])
    counts = {target.name: number for target, number in result.records.items()}
    assert (counts, result.held) == ({"deal": 1, "line": 1, "card": 1}, ())
    assert all(gone(office, *each) for each in (("deal", deal), ("line", line), ("card", card)))
    assert not gone(office, "account", account)
    assert rows(office, "SELECT 1 FROM card__words UNION ALL SELECT 1 FROM card__accounts") == []
    table = "s_search_content" if office.database.dialect.sqlite else "s_search"
    column = "c1" if office.database.dialect.sqlite else "record"
    for record in (deal, card):
        assert rows(office, f"SELECT 1 FROM {table} WHERE {column} = :id", id=record) == []
        past = rows(
            office, "SELECT kind, changes FROM s_journal WHERE record = :id ORDER BY version DESC", id=record
        )
        assert [kind for kind, _ in past] == ["purged", "deleted", "created"]
        assert past[0][1] == "[]"
    assert recycled(door).records == ()
    with pytest.raises(Problem):
        as_of(door, office.release.catalog.object("deal"), deal, office.now)


def test_what_is_not_in_the_bin_is_kept(office: Company) -> None:
    door = office.session()
    account = office.create(door, "account", name="a")
    assert remove(office, door, "account", account, "nonsense") == (account, "nonsense")
    assert not gone(office, "account", account)


def test_a_record_stays_as_long_as_one_that_stays_needs_it(office: Company) -> None:
    """A deal in the bin restricts its account: the deal goes first."""
    door = office.session()
    account = office.create(door, "account", name="a")
    deal = office.create(door, "deal", name="d", account=account)
    office.delete(door, "deal", deal)
    office.delete(door, "account", account)
    assert remove(office, door, "account", account) == (account,)
    assert remove(office, door, "deal", deal) == ()
    assert remove(office, door, "account", account) == ()
    assert gone(office, "account", account)


def test_links_from_the_bin_that_may_be_blank_are_blanked(office: Company) -> None:
    """They come back blank, not leading nowhere."""
    door = office.session()
    partner = office.create(door, "account", name="p")
    deal = office.create(door, "deal", name="d", partner=partner)
    card = office.create(door, "card", name="c", accounts=[partner])
    for name, record in (("deal", deal), ("card", card), ("account", partner)):
        office.delete(door, name, record)
    assert remove(office, door, "account", partner) == ()
    for name, record, link in (("deal", deal, "partner"), ("card", card, "accounts")):
        office.restore(door, name, record)
        found = door.get(office.release.catalog.object(name), record)
        assert found.values[link] is None


def test_purging_needs_the_right_and_what_is_not_ones_own_is_kept(office: Company) -> None:
    bob = office.session("bob", "s_all")
    purger, cy = office.session("bob", "s_purger"), office.session("cy", "s_purger")
    account = office.create(bob, "account", name="a")
    office.delete(bob, "account", account)
    with pytest.raises(Problem) as refused:
        remove(office, bob, "account", account)
    assert refused.value.status == 403
    assert remove(office, cy, "account", account) == (account,)
    assert remove(office, purger, "account", account) == ()


def test_people_are_never_purged(office: Company) -> None:
    door = office.session()
    with pytest.raises(Problem) as refused:
        remove(office, door, "user", office.ids["dee"])
    assert refused.value.status == 403


def test_a_unique_value_is_free_again_and_its_record_does_not_come_back(office: Company) -> None:
    door = office.session()
    deal = office.create(door, "deal", name="d")
    office.create(door, "card", name="c", deal=deal, number="7")
    office.delete(door, "deal", deal)
    office.create(door, "card", name="other", number="7")
    with pytest.raises(Problem) as refused:
        office.restore(door, "deal", deal)
    assert "which would come back too" in refused.value.details[0].message
    assert office.names(door, "deal") == []
    assert remove(office, door, "deal", deal) == ()
    assert office.names(door, "card") == ["other"]


def nightly(company: Company) -> int:
    """Tonight's purge, piece by piece; returns how many pieces."""
    pieces = 1
    while sweep(company.session()):
        pieces += 1
    return pieces


def test_the_night_purges_what_was_kept_long_enough(office: Company) -> None:
    door = office.session()
    old = office.create(door, "account", name="old")
    office.delete(door, "account", old)
    office.later(days=60)
    new = office.create(door, "account", name="new")
    office.delete(door, "account", new)
    assert nightly(office) == 1
    office.later(days=31)
    assert nightly(office) > 1
    assert (gone(office, "account", old), gone(office, "account", new)) == (True, False)
    assert sweep(office.session()) is False


def test_the_night_goes_on_where_it_was_broken_off(office: Company) -> None:
    door = office.session()
    ids = [office.create(door, "account", name=f"a{n}") for n in range(3)]
    deals = [office.create(door, "deal", name=f"d{n}") for n in range(3)]
    for name, records in (("account", ids), ("deal", deals)):
        for record in records:
            office.delete(door, name, record)
    office.later(days=100)
    assert sweep(office.session()) is True
    assert nightly(office) >= 1
    assert all(gone(office, "account", id_) for id_ in ids)
    assert all(gone(office, "deal", id_) for id_ in deals)
    found = rows(office, "SELECT count(*) FROM s_change_set WHERE entry = 'purge'")
    assert found == [(1,)]


def test_a_company_says_for_how_long_records_stay(office: Company) -> None:
    door = office.session()
    account = office.create(door, "account", name="a")
    office.delete(door, "account", account)
    with office.database.write() as connection:
        keep_days(connection, 0)
    office.later(days=5000)
    nightly(office)
    assert not gone(office, "account", account)
    with office.database.write() as connection:
        keep_days(connection, 1)
        assert kept_days(connection) == 1
        with pytest.raises(Problem):
            keep_days(connection, -1)
    nightly(office)
    assert gone(office, "account", account)


def test_for_how_long_records_stay_is_told_among_the_changes(office: Company) -> None:
    door = office.session()
    settle_days(door, 7)
    with office.database.read() as connection:
        assert kept_days(connection) == 7
    newest = recent(door)[0].change_set
    assert (newest.entry, newest.reason) == ("setting", "Records stay in the recycle bin for 7 days.")


def test_a_link_that_went_out_of_use_keeps_nothing_back(database: Database) -> None:
    """Its column is still there, and the database holds to it."""
    company = opened(database, compiled())
    door = company.session()
    partner = company.create(door, "account", name="p")
    company.create(door, "deal", name="d", partner=partner)
    retired = FILES["objects/deal.yaml"].replace("  partner: {", "  partner: {retired: true, ")
    company.release = prepare(compiled({"objects/deal.yaml": retired}), 1, database.dialect, LANGUAGE)
    door = company.session()
    company.delete(door, "account", partner)
    assert remove(company, door, "account", partner) == ()
    assert gone(company, "account", partner)
    assert door.query(Query(object=company.release.catalog.object("deal"))).records


def test_an_undo_leaves_alone_what_was_purged(office: Company) -> None:
    """It tells what cannot come back; the purge itself cannot be taken back."""
    door = office.session()
    partner = office.create(door, "account", name="p")
    deal = office.create(door, "deal", name="d", partner=partner)
    deletion = office.delete(door, "account", partner).change_set
    purged = purge(door, office.release.catalog.object("account"), [partner])
    undone = undo(door, deletion)
    told = [(one.record, one.field and one.field.name) for one in undone.conflicts]
    assert told == [(deal, "partner")]
    assert door.get(office.release.catalog.object("deal"), deal).values["partner"] is None
    assert purged.change_set
    again = undo(door, purged.change_set)
    assert (again.records, again.conflicts) == ({}, ())


def test_an_undo_leaves_alone_what_was_erased(office: Company) -> None:
    door = office.session()
    account = office.create(door, "account", name="a", secret="x")
    change_set = office.apply(
        door, "account", Update(id=account, values={"secret": "y", "name": "b"})
    ).change_set
    target = office.release.catalog.object("account")
    with office.database.write() as connection:
        decode = id_form(connection.dialect).decode
        asked = "SELECT id FROM s_journal WHERE version = 2 ORDER BY id DESC LIMIT 1"
        row = compile_text(asked, connection.dialect, (decode,)).row(connection)
        assert row
        erase(connection, {row[0]: {target.fields["secret"].id}})
    undone = undo(door, change_set)
    assert [one.field and one.field.name for one in undone.conflicts] == ["secret"]
    now = door.get(target, account).values
    assert (now["name"], now["secret"]) == ("a", "y")
