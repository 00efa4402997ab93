"""Search: documents follow the saves, hidden fields reveal nothing, the best and newest hits come first."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.estimate import Estimate
from engine.mutation import Create
from engine.search import reach
from engine.search.documents import kept_tokens
from engine.search.ranking import Rank
from engine.search.reach import search
from engine.search.rebuild import MakeDocuments
from tests.engine.session.company import FILES, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.session import Session
    from metadata.catalog import Catalog
    from tests.engine.session.company import Company

THING = """
object: thing
label: Thing
plural: Things
title: name
fields:
  name: {type: text, label: Name, required: true, max: 200}
  note: {type: text, label: Note, searchable: true}
  hidden: {type: text, label: Hidden, searchable: true}
  body: {type: rich_text, label: Body, searchable: true}
  phones: {type: phone, label: Phones, many: true, searchable: true}
  tags: {type: tags, label: Tags, searchable: true}
  size: {type: number, label: Size, scale: 2}
"""
BLIND = """
permission_set: s_dim
label: Dim
objects:
  thing: {create: false, read: all, update: none, delete: none, fields: {"*": read, hidden: none}}
  account: {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
"""
NAMELESS = """
permission_set: s_nameless
label: Nameless
objects:
  thing: {create: false, read: all, update: none, delete: none, fields: {"*": read, name: none, hidden: none}}
"""
CASES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "cases" / "search.yaml").read_text())
MORE = {
    "objects/thing.yaml": THING,
    "permissions/dim.yaml": BLIND,
    "permissions/nameless.yaml": NAMELESS,
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The company with things that have all kinds of searched fields."""
    return compiled(MORE)


@pytest.fixture
def place(database_url: str, catalog: Catalog) -> Iterator[Company]:
    """A company with things."""
    database = open_url(database_url)
    yield opened(database, catalog)
    database.close()


def found(company: Company, session: Session, text: str, *names: str, limit: int = 20) -> list[Any]:
    """The titles found, or ids where there is no title to see, in their order."""
    targets = [company.release.catalog.object(name) for name in names or ("thing",)]
    answer = search(session, text, targets, limit)
    return [each.record.title() or each.record.id for _, group in answer.groups for each in group]


def test_records_are_found_by_words_characters_pinyin_and_parts_of_numbers(place: Company) -> None:
    door = place.session()
    place.create(door, "thing", name="恒锐精密")
    body = "<p><strong>Bold</strong></p>"
    place.create(door, "thing", name="Ácme GmbH", phones=["+86 138 0013 8000"], body=body)
    place.create(door, "thing", name="重庆火锅", tags=["VIP", "old"])
    for text, titles in CASES.items():
        assert found(place, door, text) == titles, text
        assert place.names(door, "thing", find=text) == titles, text
    assert len(place.names(door, "thing", find=" ")) == 3


def test_titles_come_before_what_else_was_found_and_the_newest_first_among_equals(place: Company) -> None:
    door = place.session()
    for name, note in (
        ("Zed", "acme"),
        ("My Acme", None),
        ("Acme", None),
        ("Acme Two", None),
        ("Acme One", None),
    ):
        place.create(door, "thing", name=name, note=note)
    assert found(place, door, "acme") == ["Acme", "Acme One", "Acme Two", "My Acme", "Zed"]


def test_the_best_title_is_found_among_many_newer_hits(place: Company) -> None:
    door = place.session()
    place.create(door, "thing", name="Acme")
    place.apply(door, "thing", *(Create(values={"name": f"n{n}", "note": "acme"}) for n in range(120)))
    assert found(place, door, "acme", limit=3)[0] == "Acme"


def test_what_is_hidden_reveals_nothing(place: Company) -> None:
    """No hit, no rank, no count, and neither by a filter on words that stand in two fields."""
    door, dim = place.session(), place.session("bob", "s_dim")
    place.create(door, "thing", name="Open", hidden="zebra", note="lion")
    place.create(door, "thing", name="Zebra crossing")
    assert found(place, door, "zebra") == ["Zebra crossing", "Open"]
    assert found(place, dim, "zebra") == ["Zebra crossing"]
    assert found(place, dim, "lion zebra") == []
    assert found(place, dim, "zebar") == ["Zebra crossing"]  # nor by a slip
    assert place.names(dim, "thing", find="zebra") == ["Zebra crossing"]
    asked = place.query(dim, "thing", find="zebra", count=True)
    count = dim.query(asked).count
    assert count is not None
    assert count.number == 1
    shown = search(dim, "open", [place.release.catalog.object("thing")]).groups[0][1][0]
    assert "hidden" not in shown.record.values


def test_a_hidden_title_is_not_looked_at(place: Company) -> None:
    door, blind = place.session(), place.session("bob", "s_nameless")
    record = place.create(door, "thing", name="Zebra", note="stripes")
    assert found(place, blind, "zebra") == []
    assert found(place, blind, "zebar") == []
    answer = search(blind, "stripes", [place.release.catalog.object("thing")])
    assert [(each.record.id, each.rank) for each in answer.groups[0][1]] == [(record, Rank.ELSEWHERE)]


def test_only_rows_that_the_reader_may_see_are_found(place: Company) -> None:
    door, bob = place.session(), place.session("bob", "s_dim")
    place.create(door, "account", name="Acme A", owner=place.ids["ann"])
    place.create(door, "account", name="Acme B", owner=place.ids["bob"])
    assert found(place, bob, "acme", "account") == ["Acme B"]
    assert found(place, place.session("dee"), "acme", "account") == []


@pytest.mark.parametrize("few", [False, True])
def test_a_reader_of_few_finds_them_among_very_many_hits(
    place: Company, monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    monkeypatch.setattr(reach, "AT_FIRST", 5)
    monkeypatch.setattr(reach, "THEN", (10, 500))
    about = Estimate(rows=1000, seen=1 if few else 999, most=10)
    monkeypatch.setattr(reach, "estimate", lambda *_: about)
    door, bob = place.session(), place.session("bob", "s_dim")
    place.create(door, "account", name="Acme mine", owner=place.ids["bob"])
    others = (Create(values={"name": f"Acme {n}", "owner": place.ids["ann"]}) for n in range(60))
    place.apply(door, "account", *others)
    assert found(place, bob, "acme", "account") == ["Acme mine"]
    assert place.names(bob, "account", find="acme") == ["Acme mine"]


def test_the_bin_is_not_searched_and_what_comes_back_is(place: Company) -> None:
    door = place.session()
    record = place.create(door, "thing", name="Acme")
    place.delete(door, "thing", record)
    assert found(place, door, "acme") == []
    assert place.names(door, "thing", find="acme", deleted=True) == ["Acme"]
    place.restore(door, "thing", record)
    assert found(place, door, "acme") == ["Acme"]


def test_one_slip_in_a_latin_word_is_forgiven(place: Company) -> None:
    door = place.session()
    place.create(door, "thing", name="Vandelay", note="imports")
    place.create(door, "thing", name="cat")
    for typed in ("vandelya", "vandlay", "vandelaay", "vandeley", "Vandelya imports"):
        assert found(place, door, typed) == ["Vandelay"], typed
    for typed in ("vndly", "cta"):
        assert found(place, door, typed) == [], typed


HOSTILE = [
    '"', "'", '""', 'a"b', "* OR *", 'acme" OR "', "NEAR(a b)", "tokens:acme", "-", "_", "^a", "{c0}: a",
    "a:*", "a & b", "a | !b", "<->", "\0", "a\0b", "\ud800", "%", "\\", "' OR 1=1 --", "x" * 10_000,
    "恒" * 10_000, "!?," * 3000, "a " * 5000, "\u202e", "🙂", "½", "ﬁ", "İ", "ß",
]  # fmt: skip


def test_nothing_typed_is_an_error_or_finds_what_it_should_not(company: Company) -> None:
    door = company.session()
    company.create(door, "account", name="Plain")
    for text in HOSTILE:
        assert found(company, door, text, "account", "deal") == [], text
        assert company.names(door, "account", find=text) == [], text
        count = door.query(company.query(door, "account", find=text, count=True)).count
        assert count is not None
        assert count.number == 0


def test_documents_after_random_saves_are_those_of_a_rebuild(place: Company) -> None:
    random, door, catalog = Random(5), place.session(), place.release.catalog.object("thing")
    alive: list[str] = []
    words = ["acme", "恒锐精密", "Ü 12345", "重庆", "x-1", ""]
    for _ in range(60):
        values = {
            "name": random.choice(words) or "n",
            "note": random.choice(words),
            "tags": random.sample(["a", "b", "c"], 2),
            "size": random.randrange(9),
        }
        match random.randrange(4):
            case 0 if alive:
                changed: dict[str, Any] = {random.choice(["note", "size", "name"]): "7"}
                place.update(door, "thing", random.choice(alive), **changed)
            case 1 if alive:
                place.delete(door, "thing", gone := alive.pop())
                if random.random() < 0.5:
                    place.restore(door, "thing", gone)
            case _:
                alive.append(place.create(door, "thing", **values))
    step = MakeDocuments(target=place.release.table(catalog))
    assert step.run(place.database) == 0


def test_a_rebuild_makes_what_lacks_and_drops_what_has_no_record(place: Company) -> None:
    door, thing = place.session(), place.release.catalog.object("thing")
    record = place.create(door, "thing", name="Acme", phones=["+8613800138000"], tags=["vip"])
    step = MakeDocuments(target=place.release.table(thing))
    with place.database.read() as connection:
        before = kept_tokens(connection, thing, [record])
    with place.database.write() as connection:
        connection.run("DELETE FROM s_search")
    assert found(place, door, "acme") == []
    assert step.run(place.database) == 1
    with place.database.read() as connection:
        assert kept_tokens(connection, thing, [record]) == before
    with place.database.write() as connection:
        for name in ("thing__phones", "thing__tags", "thing"):
            connection.run(f"DELETE FROM {name}")
    assert step.run(place.database) == 1
    with place.database.read() as connection:
        assert kept_tokens(connection, thing, [record]) == {}


def test_computed_fields_are_found_by_a_look_at_the_rows(database_url: str) -> None:
    shown = '  shown: {type: formula, label: Shown, returns: text, formula: name & " Inc"}\n  code:'
    account = FILES["objects/account.yaml"].replace("title: name", "title: shown").replace("  code:", shown)
    files = {"objects/account.yaml": account}
    database = open_url(database_url)
    company = opened(database, compiled(files))
    company.create(company.session(), "account", name="Acme")
    assert found(company, company.session(), "acme inc", "account") == ["Acme Inc"]
    database.close()
