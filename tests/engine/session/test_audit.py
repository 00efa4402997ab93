"""Claims about the audit chain: what was not written shows, and what was erased is no tampering."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from random import Random

import pytest

from engine.changes.audit_file import written
from engine.changes.chain import Link, extend, last, lines, verify
from engine.changes.erasure import erase, erase_reasons
from engine.changes.proof import START, Line, check, check_file
from engine.codec import id_form
from engine.mutation import Delete, Update
from engine.sequencer import sequence
from engine.statement import compile_text
from tests.engine.session.company import Company


def chained(company: Company, limit: int = 200) -> int:
    """Number what waits and take it up; returns how many entries."""
    made = count()
    done = 0
    while True:
        with company.database.write() as connection:
            sequence(connection)
            more = extend(connection, lambda: sha256(str(next(made)).encode()).hexdigest()[:32], limit)
        done += more
        if not more:
            return done


def filled(company: Company) -> str:
    """A company with some writes; returns the id of a deal."""
    door = company.session("bob", "s_all")
    account = company.create(door, "account", name="acme", secret="Zhang San")
    deal = company.create(door, "deal", name="d", amount="10.50", account=account)
    company.apply(door, "deal", Update(id=deal, values={"amount": "12"}), reason="a better offer")
    company.apply(door, "deal", Delete(id=deal))
    return account


def exported(company: Company) -> list[str]:
    with company.database.read() as connection:
        return list(written(connection))


def test_an_export_verifies_with_nothing_but_the_file(company: Company) -> None:
    filled(company)
    assert chained(company) == chained_entries(company)
    verdict = check_file(exported(company))
    assert verdict.breaks == ()
    assert verdict.erased == 0
    assert verdict.entries == chained_entries(company)


def chained_entries(company: Company) -> int:
    with company.database.read() as connection:
        row = connection.row("SELECT count(*) FROM s_journal")
    assert row is not None
    return int(row[0])


def test_the_chain_is_the_same_in_one_go_and_piece_by_piece(company: Company) -> None:
    """It can be carried on after any stop: what is there already is not looked at again."""
    filled(company)
    chained(company, limit=3)
    company.create(company.session(), "account", name="later")
    assert chained(company, limit=1) == 1
    assert check_file(exported(company)).breaks == ()


def test_a_file_follows_the_rules_of_the_documentation(company: Company) -> None:
    """The same chain by hand, as docs/developers/audit.md tells it."""
    filled(company)
    chained(company)
    chain = bytes(32)
    *rows, end = (json.loads(row) for row in exported(company))
    for row in rows:
        leaves = b""
        for place, part in enumerate(row["parts"]):
            salt = sha256(bytes.fromhex(row["salt"]) + place.to_bytes(4, "big")).digest()
            leaves += sha256(salt + part.encode("utf-8")).digest()
        chain = sha256(chain + sha256(row["head"].encode("utf-8")).digest() + leaves).digest()
        assert chain.hex() == row["chain"]
    assert end == {"entries": len(rows), "chain": chain.hex()}


def _tampered(rows: list[str], dice: Random) -> Iterator[tuple[str, list[str], int]]:
    """Ways to forge a file: what was done, the forged lines, and the line at which that must show."""
    at = dice.randrange(1, len(rows) - 2)
    row = json.loads(rows[at])
    for name, value in (("head", row["head"].replace("created", "updated")[:-1] + " ]"), ("salt", "00" * 16)):
        yield name, [*rows[:at], json.dumps({**row, name: value}), *rows[at + 1 :]], at + 1
    parts = [*row["parts"][:-1], row["parts"][-1][:-1] + " ]"]
    yield "a part", [*rows[:at], json.dumps({**row, "parts": parts}), *rows[at + 1 :]], at + 1
    gone = {**row, "parts": [*row["parts"][:-1], None]}
    yield "a hidden part", [*rows[:at], json.dumps(gone), *rows[at + 1 :]], at + 1
    yield "a deletion", [*rows[:at], *rows[at + 1 :]], at + 1
    yield "a swap", [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]], at + 1
    yield "a repetition", [*rows[:at], rows[at], *rows[at:]], at + 2
    yield "no line", [*rows[:at], "{", *rows[at + 1 :]], at + 1
    yield "cut off", rows[:-2], len(rows) - 1
    yield "cut off before its end", [*rows[:-2], rows[-1]], len(rows) - 1


@pytest.mark.parametrize("seed", range(5))
def test_forging_shows_with_its_place(company: Company, seed: int) -> None:
    filled(company)
    chained(company)
    rows = exported(company)
    for what, forged, line in _tampered(rows, Random(seed)):
        breaks = check_file(forged).breaks
        assert breaks, what
        assert min(found.line for found in breaks) == line, what


def test_a_file_that_was_cut_off_and_ended_anew_shows_against_a_noted_end(company: Company) -> None:
    filled(company)
    chained(company)
    rows = exported(company)
    chain = json.loads(rows[-3])["chain"]
    cut = [*rows[:-2], json.dumps({"entries": len(rows) - 2, "chain": chain})]
    assert check_file(cut).breaks == ()
    assert check_file(cut, head=json.loads(rows[-1])["chain"]).breaks[-1].line == len(rows) - 1


def test_what_is_no_file_of_entries_is_told_and_breaks_nothing() -> None:
    for junk in ("", "[]", "1e999", '{"head": "[1e999]", "parts": [], "chain": "x"}', "[" * 100_000):
        assert check_file([junk, '{"head": "[]", "parts": [1], "chain": ""}']).breaks


def test_erased_values_show_as_erased_and_the_rest_still_verifies(company: Company) -> None:
    account = filled(company)
    chained(company)
    secret = company.release.catalog.object("account").fields["secret"].id
    with company.database.write() as connection:
        assert erase(connection, {_entry(company, account): {secret}}) == 1
    rows = exported(company)
    verdict = check_file(rows)
    assert (verdict.breaks, verdict.erased) == ((), 1)
    assert "Zhang San" not in "".join(rows)
    forged = [row.replace("acme", "acne") for row in rows]
    assert forged != rows
    assert check_file(forged).breaks
    with company.database.read() as connection:
        assert verify(connection).breaks == ()
        row = connection.row("SELECT count(*) FROM s_audit WHERE salt IS NULL")
    assert row
    assert row[0] == 1


def test_values_can_be_erased_one_after_the_other_and_all_at_once(company: Company) -> None:
    account = filled(company)
    chained(company)
    fields = company.release.catalog.object("account").fields
    entry = _entry(company, account)
    with company.database.write() as connection:
        assert erase(connection, {entry: {fields["secret"].id}}) == 1
        assert erase(connection, {entry: {fields["secret"].id, fields["name"].id}}) == 1
        assert erase(connection, {entry: None}) > 1
        assert erase(connection, {entry: None}) == 0
        assert verify(connection).breaks == ()
    past = company.session().history(company.release.catalog.object("account"), account)
    assert all(changed.erased for changed in past[0].fields)


def test_what_is_erased_before_it_is_chained_never_comes_into_the_chain(company: Company) -> None:
    account = filled(company)
    with company.database.write() as connection:
        erase(connection, {_entry(company, account): None})
    chained(company)
    rows = exported(company)
    assert check_file(rows).breaks == ()
    assert "Zhang San" not in "".join(rows)


def test_a_reason_is_erased_in_every_entry_of_its_change_set(company: Company) -> None:
    filled(company)
    chained(company)
    with company.database.write() as connection:
        asked = "SELECT id FROM s_change_set WHERE reason = 'a better offer'"
        decode = id_form(connection.dialect).decode
        row = compile_text(asked, connection.dialect, (decode,)).row(connection)
        assert row is not None
        assert erase_reasons(connection, [row[0]]) == 1
    rows = exported(company)
    assert check_file(rows).breaks == ()
    assert check_file(rows).erased == 1
    assert "a better offer" not in "".join(rows)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE s_journal SET changes = '[]' WHERE seq = 5",
        "UPDATE s_journal SET kind = 'deleted' WHERE seq = 5",
        "DELETE FROM s_journal WHERE seq = 5",
        "DELETE FROM s_audit WHERE seq = 5",
        "UPDATE s_change_set SET entry = '' WHERE id = (SELECT change_set FROM s_journal WHERE seq = 5)",
    ],
)
def test_forging_the_database_shows(company: Company, forgery: str) -> None:
    filled(company)
    chained(company)
    with company.database.write() as connection:
        connection.run(forgery)
    with company.database.read() as connection:
        assert verify(connection).breaks


def test_a_cut_end_of_the_database_shows_against_an_end_that_was_noted(company: Company) -> None:
    filled(company)
    chained(company)
    with company.database.write() as connection:
        known = last(connection)
        for table in ("s_journal", "s_audit"):
            compile_text(f"DELETE FROM {table} WHERE seq = :seq", connection.dialect).run(
                connection, {"seq": known.seq}
            )
        assert verify(connection).breaks == ()
        assert verify(connection, known).breaks
        assert verify(connection, Link(seq=0, chain=START)).breaks == ()


def test_entries_of_a_chain_keep_their_leaves_apart(company: Company) -> None:
    """Two entries with the same content commit to it differently, so that nobody can guess by comparing."""
    door = company.session()
    for _ in range(2):
        company.create(door, "account", name="same")
    chained(company)
    with company.database.read() as connection:
        found: list[Line] = [line for line in lines(connection) if "same" in str(line.parts)]
    assert found[0].salt != found[1].salt
    assert check(found, before=START).breaks


def _entry(company: Company, record: str) -> str:
    """The id of the first entry of a record."""
    dialect, form = company.release.dialect, id_form(company.release.dialect)
    with company.database.read() as connection:
        text = "SELECT id FROM s_journal WHERE record = :record ORDER BY version LIMIT 1"
        row = compile_text(text, dialect, (form.decode,)).row(
            connection, {"record": form.encode(record) if form.encode else record}
        )
    assert row is not None
    return str(row[0])
