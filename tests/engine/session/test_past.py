"""Claims about a record as it was: the same as what was read then, whatever was written since."""

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from engine.changes.erasure import erase
from engine.changes.past import AsOf, Lost, as_of, bring_back
from engine.codec import id_form
from engine.database import Database
from engine.migration import perform, steps
from engine.mutation import Delete, Restore, Update
from engine.problem import Problem
from engine.query import Query
from engine.release import prepare
from engine.session import Session
from engine.statement import compile_text
from engine.system import set_meta
from metadata.catalog import FieldPath
from tests.engine.session.company import LANGUAGE, Company, compiled, opened

if TYPE_CHECKING:
    from datetime import datetime
from decimal import Decimal

THING = """
object: thing
label: Thing
plural: Things
title: name
fields:
  name: {type: text, label: Name, required: true}
  share: {type: percent, label: Share}
  site: {type: text, label: Site}
  price: {type: currency, label: Price, scale: 2}
  seen: {type: datetime, label: Seen}
  long: {type: duration, label: Long}
  where: {type: address, label: Where}
  words: {type: tags, label: Words}
  account: {type: lookup, label: Account, to: account, on_delete: set_null}
  accounts: {type: many_to_many, label: Accounts, to: account, on_delete: set_null}
  about: {type: any_lookup, label: About, to: [account, deal]}
  data: {type: json, label: Data}
  pin: {type: secret, label: Pin}
  notes: {type: rollup, label: Notes, from: note.thing, function: count}
  said: {type: rollup, label: Said, from: note.thing, function: list, field: name, order: name}
"""
NOTE = """
object: note
label: Note
plural: Notes
title: name
fields:
  name: {type: text, label: Name, required: true}
  thing: {type: lookup, label: Thing, to: thing, on_delete: set_null}
"""


@pytest.fixture
def things(database: Database) -> Company:
    """A company with an object of fields of many kinds."""
    return opened(database, compiled({"objects/thing.yaml": THING, "objects/note.yaml": NOTE}))


def read(company: Company, session: Session, record: str) -> dict[str, Any]:
    """All stored values of a thing as JSON, in the recycle bin too."""
    target = company.release.catalog.object("thing")
    fields = tuple(FieldPath(field=field) for field in target.fields.values() if field.sort.stored)
    for deleted in (False, True):
        where = session.condition(target, f'id = "{record}"')
        page = session.query(Query(object=target, fields=fields, where=where, deleted=deleted))
        if page.records:
            return plain(page.records[0].json())
    raise AssertionError("it is there")


def told(past: AsOf) -> dict[str, Any]:
    return plain({one.field.name: one.then for one in past.fields})


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values after a way through JSON, numbers exact."""
    text = msgspec.json.Encoder(decimal_format="number").encode(values)
    return msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(text)


def _values(dice: Random, accounts: list[str]) -> dict[str, object]:
    some = dice.sample(accounts, dice.randrange(len(accounts)))
    choices: dict[str, object] = {
        "name": dice.choice(["a", "b", "ü 中文"]),
        "share": dice.choice([None, "12.5", 40]),
        "price": dice.choice([None, "10.50", "0"]),
        "seen": dice.choice([None, "2026-01-31T09:30:00Z"]),
        "long": dice.choice([None, "1:30"]),
        "where": dice.choice([None, {"city": "Shanghai", "street": "1 Nanjing Road"}]),
        "words": dice.choice([None, ["x"], ["y", "x"]]),
        "account": dice.choice([None, *accounts]),
        "accounts": some or None,
        "about": dice.choice([None, f"account/{accounts[0]}"]),
        "data": dice.choice([None, {"deep": [1, 2.5, None]}]),
    }
    return {name: choices[name] for name in dice.sample(sorted(choices), 3)}


def _random_writes(company: Company, dice: Random, writes: int) -> None:
    door = company.session("bob", "s_all")
    accounts = [company.create(door, "account", name=f"a{n}") for n in range(4)]
    record = company.create(door, "thing", name="first")
    seen: list[tuple[datetime, dict[str, Any], bool]] = [(company.now, read(company, door, record), False)]
    binned = False
    for _ in range(writes):
        company.later(seconds=dice.randrange(1, 100))
        turn = dice.random()
        if binned or turn < 0.1:
            company.apply(door, "thing", Restore(id=record) if binned else Delete(id=record))
            binned = not binned
        elif turn < 0.2 and len(accounts) > 2:
            company.delete(door, "account", accounts.pop())
        elif turn < 0.4:
            company.create(door, "note", name=dice.choice("xyz"), thing=record)
        else:
            company.apply(door, "thing", Update(id=record, values=_values(dice, accounts)))
        seen.append((company.now, read(company, door, record), binned))
    target = company.release.catalog.object("thing")
    for at, values, deleted in seen:
        past = as_of(door, target, record, at)
        then = {name: value for name, value in values.items() if name in told(past)}
        assert told(past) == then
        assert past.deleted is deleted
        assert past.version == int(values["version"])


@pytest.mark.parametrize("seed", range(2))
def test_a_record_as_it_was_is_what_was_read_then(things: Company, seed: int) -> None:
    _random_writes(things, Random(seed), 25)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_a_record_as_it_was_is_what_was_read_then_over_many_writes(things: Company, seed: int) -> None:
    _random_writes(things, Random(seed), 200)


def test_before_it_was_made_there_is_nothing_to_tell(company: Company) -> None:
    door = company.session()
    before = company.now
    company.later(hours=1)
    account = company.create(door, "account", name="a")
    with pytest.raises(Problem) as refused:
        as_of(door, company.release.catalog.object("account"), account, before)
    assert refused.value.status == 404
    assert "did not exist yet" in refused.value.message


def test_chosen_fields_come_back_and_the_others_stay(company: Company) -> None:
    door = company.session("bob", "s_all")
    deal = company.create(door, "deal", name="d", amount="10.50", reason="why")
    then = company.now
    company.later(hours=1)
    company.update(door, "deal", deal, name="e", amount="12", reason="no more")
    target = company.release.catalog.object("deal")
    result = bring_back(door, target, deal, then, ["name", "amount"], version=2, reason="a slip")
    (record,) = result.records
    assert record is not None
    assert (record.values["name"], str(record.values["amount"]), record.values["reason"]) == (
        "d", "10.50", "no more",
    )  # fmt: skip
    newest = door.history(target, deal)[0]
    assert (newest.change_set.entry, newest.change_set.reason) == ("restore", "a slip")


def test_bringing_back_asks_for_the_version_that_was_seen(company: Company) -> None:
    door = company.session("bob", "s_all")
    deal = company.create(door, "deal", name="d")
    company.update(door, "deal", deal, name="e")
    with pytest.raises(Problem) as refused:
        bring_back(door, company.release.catalog.object("deal"), deal, company.now, ["name"], version=1)
    assert refused.value.status == 409


def test_hidden_fields_are_hidden_in_the_past_too(company: Company) -> None:
    door, blind = company.session(), company.session("bob", "s_blind")
    deal = company.create(door, "deal", name="d", cost="7")
    target = company.release.catalog.object("deal")
    assert "cost" not in told(as_of(blind, target, deal, company.now))
    with pytest.raises(Problem) as refused:
        bring_back(blind, target, deal, company.now, ["cost"])
    assert refused.value.code.id == "P118"


def test_the_past_of_what_one_may_not_read_is_missing(company: Company) -> None:
    bob, cy = company.session("bob", "s_own"), company.session("cy", "s_own")
    account = company.create(bob, "account", name="bob's")
    target = company.release.catalog.object("account")
    for binned in (False, True):
        if binned:
            company.apply(bob, "account", Delete(id=account))
            assert as_of(bob, target, account, company.now).binned
        with pytest.raises(Problem) as refused:
            as_of(cy, target, account, company.now)
        assert refused.value.status == 404
    with pytest.raises(Problem) as refused:
        as_of(company.session("ann", "s_reader"), target, account, company.now)
    assert refused.value.status == 403


def test_an_erased_value_is_told_as_erased_and_does_not_come_back(company: Company) -> None:
    door = company.session("bob", "s_all")
    account = company.create(door, "account", name="a", secret="x")
    then = company.now
    company.later(hours=1)
    company.update(door, "account", account, secret="y")
    target = company.release.catalog.object("account")
    with company.database.write() as connection:
        decode = id_form(connection.dialect).decode
        asked = "SELECT id FROM s_journal WHERE version = 2 ORDER BY id DESC LIMIT 1"
        row = compile_text(asked, connection.dialect, (decode,)).row(connection)
        assert row
        erase(connection, {row[0]: {target.fields["secret"].id}})
    (secret,) = (one for one in as_of(door, target, account, then).fields if one.field.name == "secret")
    assert (secret.lost, secret.then, secret.now) == (Lost.ERASED, None, "y")
    with pytest.raises(Problem) as refused:
        bring_back(door, target, account, then, ["secret"])
    assert [detail.field for detail in refused.value.details] == ["secret"]


def test_fields_that_changed_their_type_or_went_out_of_use_are_told(things: Company) -> None:
    door, thing = things.session(), things.release.catalog.object("thing")
    record = things.create(door, "thing", name="t", site="example.org", long="1:30")
    then = things.now
    things.later(hours=1)
    things.update(door, "thing", record, site="example.com")
    assert "pin" not in {one.field.name for one in as_of(door, thing, record, then).fields}
    later = THING.replace("  long: {", "  long: {retired: true, ").replace(
        "site: {type: text", "site: {type: url"
    )
    _published(things, {"objects/thing.yaml": later, "objects/note.yaml": NOTE})
    past = as_of(things.session(), things.release.catalog.object("thing"), record, then)
    lost = {one.field.name: one.lost for one in past.fields if one.lost}
    assert lost == {"site": Lost.RETYPED, "long": Lost.RETIRED}


def _published(company: Company, files: dict[str, str]) -> None:
    """Put another Catalog in force."""
    old = company.release
    company.release = prepare(compiled(files), 2, company.database.dialect, LANGUAGE)
    perform(steps(old.tables, company.release.tables), company.database)
    with company.database.write() as connection:
        set_meta(connection, "release_no", "2")
