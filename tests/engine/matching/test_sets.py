"""Claims about the sets a steward judges: what fills them, and that what she parted is not proposed again."""

from functools import partial

import pytest

from engine.changes.undo import undo
from engine.database import Database
from engine.matching.scan import FIRST, Scanned, scan
from engine.merging.merge import Merge, merge
from engine.mutation import Create
from metadata.catalog import Catalog
from runtime.packages import APPS
from tests.engine.matching.test_duplicates import FIRM, PERSON, RIGHTS
from tests.engine.session.company import Company, compiled, opened

_OBJECTS = ("duplicate_set", "duplicate_set_member")


@pytest.fixture(scope="module")
def model() -> Catalog:
    """The market with the platform's objects for stewards."""
    own = {
        f"objects/{name}.yaml": (APPS / "platform" / "objects" / f"{name}.yaml").read_text("utf-8")
        for name in _OBJECTS
    }
    return compiled(
        {
            "objects/firm.yaml": FIRM,
            "objects/prospect.yaml": PERSON,
            "permissions/s_market.yaml": RIGHTS,
            **own,
        }
    )


@pytest.fixture
def market(database: Database, model: Catalog) -> Company:
    """Two firms of different names."""
    company = opened(database, model)
    company.create(company.session(), "firm", name="Acme Ltd")
    company.create(company.session(), "firm", name="Beta Ltd")
    return company


def sets(market: Company) -> list[tuple[object, set[str]]]:
    """The states of all sets with the names of their members."""
    door = market.session()
    names = {f"firm/{id_}": name for name, id_ in market.ids.items()}
    found = {}
    for record in door.query(market.query(door, "duplicate_set", "id", "state", order=["id"])).records:
        found[record.values["id"]] = (record.values["state"], set[str]())
    for member in door.query(market.query(door, "duplicate_set_member", "set", "record")).records:
        found[member.values["set"]][1].add(names[member.values["record"]])
    return list(found.values())


def twin(market: Company, name: str) -> str:
    """A firm that is made although it is like another."""
    id_ = market.make_id()
    market.apply(
        market.session("bob", "s_market"),
        "firm",
        Create(id=id_, values={"name": name}),
        accept_duplicates=True,
    )
    market.ids[name] = id_
    return id_


def test_a_save_that_went_through_with_a_warning_puts_both_into_a_set(market: Company) -> None:
    twin(market, "ACME Inc.")
    assert sets(market) == [("open", {"Acme Ltd", "ACME Inc."})]
    twin(market, "Acme GmbH")
    twin(market, "Gamma")
    assert sets(market) == [("open", {"Acme Ltd", "ACME Inc.", "Acme GmbH"})]


def test_within_one_batch_too(market: Company) -> None:
    ids = [market.make_id() for _ in range(2)]
    rows = [
        Create(id=id_, values={"name": name}) for id_, name in zip(ids, ("Delta AG", "Delta SE"), strict=True)
    ]
    market.apply(market.session(), "firm", *rows, accept_duplicates=True)
    market.ids |= {"Delta AG": ids[0], "Delta SE": ids[1]}
    assert sets(market) == [("open", {"Delta AG", "Delta SE"})]


def test_what_a_steward_parted_is_neither_warned_of_nor_proposed_again(market: Company) -> None:
    door, acme = market.session(), twin(market, "ACME Inc.")
    (set_,) = door.query(market.query(door, "duplicate_set", "id")).records
    market.update(door, "duplicate_set", str(set_.values["id"]), state="not_duplicate")
    market.update(door, "firm", acme, name="ACME Incorporated")
    assert finished(market).sets == 0
    assert [state for state, _ in sets(market)] == ["not_duplicate"]
    twin(market, "Acme BV")
    assert sorted(str(state) for state, _ in sets(market)) == ["not_duplicate", "open"]


def finished(market: Company) -> Scanned:
    """A scan from the beginning to its end."""
    so_far, door, change_set = Scanned(last=FIRST), market.session(), market.make_id()
    while not so_far.done:
        so_far = door.written(partial(scan, door, so_far=so_far, change_set=change_set))
    return so_far


def test_a_scan_finds_what_was_there_before_the_rule_and_goes_on_where_it_stopped(market: Company) -> None:
    door, wanted = market.session(), []
    for n in range(3):
        twin(market, f"Firm {n} Ltd")
        wanted.append({f"Firm {n} Ltd", f"FIRM {n}"})
        twin(market, f"FIRM {n}")
    for record in door.query(market.query(door, "duplicate_set", "id")).records:
        market.delete(door, "duplicate_set", str(record.values["id"]))
    assert sets(market) == []
    found = finished(market)
    assert found.sets == 3
    assert sorted((members for _, members in sets(market)), key=min) == sorted(wanted, key=min)
    assert finished(market).sets == 0


def test_a_rule_that_is_switched_on_gets_keys_for_the_records_that_are_there(
    database: Database, model: Catalog
) -> None:
    from engine.migration import perform, steps
    from engine.release import prepare
    from tests.engine.session.company import LANGUAGE

    silent = FIRM[: FIRM.index("duplicates:")]
    plain = compiled(
        {
            **{
                f"objects/{n}.yaml": (APPS / "platform" / "objects" / f"{n}.yaml").read_text("utf-8")
                for n in _OBJECTS
            },
            "objects/firm.yaml": silent,
        }
    )
    company = opened(database, plain)
    for name in ("Acme Ltd", "ACME Inc."):
        company.create(company.session(), "firm", name=name)
    release = prepare(model, 1, database.dialect, LANGUAGE)
    wanted = steps(company.release.tables, release.tables)
    perform(wanted, database)
    company.release = release
    assert finished(company).sets == 1
    assert sets(company) == [("open", {"Acme Ltd", "ACME Inc."})]
    assert not any(step.run(database) for step in wanted if step.phase == "values")  # type: ignore[attr-defined]


def test_a_merge_judges_the_set_and_its_undo_opens_it_again(market: Company) -> None:
    acme, other = twin(market, "ACME Inc."), market.ids["Acme Ltd"]
    twin(market, "Acme BV")
    door, firm = market.session(), market.release.catalog.object("firm")
    first = merge(door, Merge(object=firm, survivor=other, losers=(acme,)))
    assert [state for state, _ in sets(market)] == ["open"]
    second = merge(door, Merge(object=firm, survivor=other, losers=(market.ids["Acme BV"],)))
    assert sets(market) == [("merged", {"Acme Ltd"})]
    for done in (second, first):
        assert undo(door, done.change_set).refused == 0
    assert sets(market) == [("open", {"Acme Ltd", "ACME Inc.", "Acme BV"})]
