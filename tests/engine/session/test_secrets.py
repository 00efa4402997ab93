"""Secret fields: encrypted wherever they are kept, dots wherever they are seen, told one by one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from engine.changes.undo import undo
from engine.fields.secret import DOTS, SEALED
from engine.mutation import Create, Delete, Restore, Update
from engine.problem import Problem
from engine.secrets.keyring import read_keyring, wrap_again
from engine.secrets.reveal import reveal
from engine.secrets.rotation import reseal, rotate
from engine.secrets.vault import NO_VAULT, Vault, decrypt, encrypt
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.record import Record
    from engine.session import Session
    from metadata.catalog import Catalog

CANARY = "hunter2 密码"
MORE = {
    "objects/gate.yaml": """
object: gate
label: Gate
plural: Gates
title: name
fields:
  name: {type: text, label: Name}
  password: {type: secret, label: Password, max: 40}
  pin: {type: secret, label: PIN, required: true}
  told: {type: formula, label: Told, returns: text, formula: 'name & ":" & password'}
  open: {type: formula, label: Open, returns: boolean, formula: ISBLANK(password)}
rules:
  not_its_name:
    when: password = name
    message: The password is the name.
    at: password
""",
    "permissions/keeper.yaml": """
permission_set: s_keeper
label: Keeper
objects:
  gate: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
rights: [history, reveal]
""",
    "permissions/guard.yaml": """
permission_set: s_guard
label: Guard
objects:
  gate: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
rights: [history]
""",
    "permissions/passer.yaml": """
permission_set: s_passer
label: Passer
objects:
  gate: {create: true, read: own, update: own, delete: own, fields: {"*": edit, password: none}}
rights: [history, reveal]
""",
}


def vault(*numbers: int) -> Vault:
    """Keys that tests know, and nonces that are the same each time."""
    return Vault(keys=tuple(bytes([n]) * 32 for n in numbers), random=random.Random(1).randbytes)


@pytest.fixture(scope="module")
def gates_catalog() -> Catalog:
    """The company's model with an object that keeps secrets."""
    return compiled(MORE)


@pytest.fixture
def firm(database_url: str, gates_catalog: Catalog) -> Iterator[Company]:
    """A company that keeps secrets, with a key."""
    database = open_url(database_url)
    company = opened(database, gates_catalog)
    company.vault = vault(1)
    yield company
    database.close()


def gate(firm: Company, session: Session, **values: object) -> Record:
    """A new gate."""
    made = firm.apply(session, "gate", Create(values={"pin": "0000", **values})).records[0]
    assert made is not None
    return made


def kept(firm: Company) -> str:
    """Everything the tables hold about gates, as text."""
    with firm.database.read() as connection:
        rows = [*connection.rows("SELECT * FROM gate"), *connection.rows("SELECT changes FROM s_journal")]
    return repr(rows)


def test_a_secret_is_encrypted_where_it_is_kept_and_dots_where_it_is_seen(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = gate(firm, keeper, name="North", password=CANARY)
    assert CANARY not in kept(firm)
    assert f"{SEALED}1." in kept(firm)
    assert made.json()["password"] == made.values["password"] == DOTS
    assert (made.values["told"], made.values["open"]) == (f"North:{DOTS}", False)
    told = firm.session("ann", "s_keeper").query(firm.query(keeper, "gate", "password"))
    assert [each.json()["password"] for each in told.records] == [DOTS]
    past = keeper.history(made.object, made.id)
    assert DOTS in repr(past)
    assert CANARY not in repr(past)
    assert SEALED not in repr(past)


def test_filters_see_whether_there_is_a_value_and_nothing_of_it(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    gate(firm, keeper, name="North", password=CANARY)
    gate(firm, keeper, name="South")
    assert firm.names(keeper, "gate", where="ISBLANK(password)") == ["South"]
    assert firm.names(keeper, "gate", where=f'password = "{CANARY}"') == []
    assert firm.names(keeper, "gate", where=f'BEGINS(password,  "{SEALED}")') == []


def test_dots_and_the_same_value_change_nothing_and_a_blank_takes_it_away(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = gate(firm, keeper, name="North", password=CANARY)
    before = kept(firm)
    for same in (DOTS, CANARY):
        assert firm.update(keeper, "gate", made.id, password=same).version == 1
    assert kept(firm) == before
    assert firm.update(keeper, "gate", made.id, password="").values["password"] is None
    assert reveal(keeper, made.object, made.id, "password") is None


def test_dots_for_a_new_record_are_no_value(firm: Company) -> None:
    with pytest.raises(Problem) as refused:
        gate(firm, firm.session("ann", "s_keeper"), pin=DOTS)
    assert [(each.field, each.code) for each in refused.value.details] == [("pin", "P101")]


def test_a_value_is_told_to_who_may_know_it_and_the_history_says_so(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = gate(firm, keeper, name="North", password=CANARY)
    assert reveal(keeper, made.object, made.id, "password") == CANARY
    newest = keeper.history(made.object, made.id)[0]
    assert (newest.kind, newest.change_set.actor) == ("revealed", firm.ids["ann"])
    assert keeper.get(made.object, made.id).version == 1
    undone = undo(keeper, newest.change_set.id)
    assert (undone.change_set, undone.refused) == (None, 0)
    assert keeper.get(made.object, made.id).values["name"] == "North"


@pytest.mark.parametrize(
    ("sets", "name", "code"),
    [
        ("s_guard", "password", "P202"),
        ("s_passer", "password", "P262"),
        ("s_keeper", "name", "P262"),
        ("s_keeper", "nothing", "P262"),
        ("s_passer", "pin", "P201"),
    ],
)
def test_nobody_else_is_told(firm: Company, sets: str, name: str, code: str) -> None:
    """Without the right; a hidden field; a field that is no secret; none; a record out of reach."""
    made = gate(firm, firm.session("ann", "s_keeper"), name="North", password=CANARY)
    with pytest.raises(Problem) as refused:
        reveal(firm.session("bob", sets), made.object, made.id, name)
    assert refused.value.code.id == code
    assert "revealed" not in kept(firm)


def test_an_undo_brings_the_value_back_and_a_restore_too(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = gate(firm, keeper, name="North", password=CANARY)
    changed = firm.apply(keeper, "gate", Update(id=made.id, values={"password": "other"})).change_set
    assert reveal(keeper, made.object, made.id, "password") == "other"
    assert undo(keeper, changed).refused == 0
    assert reveal(keeper, made.object, made.id, "password") == CANARY
    firm.apply(keeper, "gate", Delete(id=made.id))
    firm.apply(keeper, "gate", Restore(id=made.id))
    assert reveal(keeper, made.object, made.id, "password") == CANARY


def test_what_is_sealed_for_one_place_is_only_a_text_at_another(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = gate(firm, keeper, name="North", password="short")
    with firm.database.read() as connection:
        row = connection.row("SELECT password FROM gate")
    assert row is not None
    sealed = str(row[0])[:40]
    other = gate(firm, keeper, name="South", pin=str(row[0]), password=sealed)
    assert reveal(keeper, made.object, other.id, "pin") == str(row[0])
    assert reveal(keeper, made.object, other.id, "password") == sealed


def test_without_a_key_values_are_refused_at_their_fields_and_the_rest_works(firm: Company) -> None:
    firm.vault = NO_VAULT
    with pytest.raises(Problem) as refused:
        gate(firm, firm.session("ann", "s_keeper"), password="x")
    assert {(each.field, each.code) for each in refused.value.details} >= {("password", "P260")}
    assert "gate" not in {row for row in kept(firm).split() if row.startswith("s1.")}


def test_a_preview_seals_nothing_for_good(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    target = firm.release.catalog.object("gate")
    keeper.preview(target, None, {"name": "N", "password": CANARY})
    with firm.database.read() as connection:
        assert connection.row("SELECT count(*) FROM s_key") == (0,)


def test_a_new_key_seals_everything_again_and_what_the_journal_holds_still_opens(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = [gate(firm, keeper, name=f"G{n}", password=f"p{n}") for n in range(5)]
    firm.apply(keeper, "gate", Delete(id=made[4].id))
    changed = firm.apply(keeper, "gate", Update(id=made[0].id, values={"password": "new"})).change_set
    assert rotate(firm.session()) == 10
    assert reseal(firm.session()) == 0
    with firm.database.read() as connection:
        rows = connection.rows("SELECT password, pin, version FROM gate")
    assert all(f"{SEALED}2." in value for row in rows for value in row[:2])
    assert sorted(row[2] for row in rows) == [1, 1, 1, 2, 2]
    assert reveal(keeper, made[3].object, made[3].id, "password") == "p3"
    assert undo(keeper, changed).refused == 0
    assert reveal(keeper, made[0].object, made[0].id, "password") == "p0"


def test_a_new_key_of_the_installation_wraps_the_keys_again(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    made = gate(firm, keeper, name="North", password=CANARY)
    firm.vault = vault(2, 1)
    with firm.database.write() as connection:
        assert wrap_again(connection, firm.vault) == 1
        assert wrap_again(connection, firm.vault) == 0
    firm.vault = vault(2)
    assert reveal(firm.session("ann", "s_keeper"), made.object, made.id, "password") == CANARY
    firm.vault = vault(1)
    with pytest.raises(Problem, match="does not open"), firm.database.read() as connection:
        read_keyring(connection, firm.vault)


def test_an_altered_token_does_not_open() -> None:
    key, noise = b"k" * 32, random.Random(1).randbytes
    token = encrypt(key, b"value", "here", noise)
    assert decrypt(key, token, "here") == b"value"
    assert decrypt(key, token, "there") is None
    assert decrypt(b"x" * 32, token, "here") is None
    assert all(decrypt(key, token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :], "here") is None
               for n in range(len(token) - 1))  # fmt: skip
    assert decrypt(key, "no token", "here") is None


def test_a_save_reads_the_keys_once_however_many_values_it_seals(firm: Company) -> None:
    keeper = firm.session("ann", "s_keeper")
    gate(firm, keeper, name="G", password="x")
    counts = []
    counted = Counted(firm)
    keeper = firm.session("ann", "s_keeper")
    for many in (1, 50, 1, 50):
        counted.sent()
        firm.apply(keeper, "gate", *(Create(values={"name": f"G{n}", "pin": str(n)}) for n in range(many)))
        counts.append(counted.sent())
    assert counts[2] == counts[3]
