"""The tables behind lists: made, kept when their field is retired, and never turned into columns."""

from dataclasses import replace

import pytest

from engine.codec import id_form
from engine.database import Database, ReferenceBroken
from engine.impact import tightened
from engine.migration import perform, steps
from engine.physical import read_physical
from engine.problem import Problem
from engine.release import prepare
from metadata.catalog import Catalog
from tests.engine.data.model import LANGUAGE, F, O, catalog, text
from tests.engine.data.test_migration import IDS, USERS, insert, publish, release

TAGS = F(kind="tags")
PEOPLE = F(kind="many_to_many", options={"to": "user"})


def model(**fields: F) -> Catalog:
    """Deals with these fields."""
    return catalog({**USERS, "deal": O(fields={"name": text(), **fields}, title="name")})


def test_a_list_is_a_table_with_indexes_both_ways_and_no_column(database: Database) -> None:
    told = publish(database, release(model(words=TAGS, people=PEOPLE), database))
    assert "create table deal__words for the values of deal.words" in told
    with database.read() as connection:
        found = read_physical(connection)
    assert "words" not in found.columns["deal"]
    assert found.columns["deal__words"] == {"record", "position", "value", "sort"}
    assert found.columns["deal__people"] == {"record", "position", "value"}
    assert {"ix_deal__words.value.record", "ix_deal__people.value.record"} <= found.indexes
    if not database.dialect.sqlite:
        links = {"fk_deal__words.record", "fk_deal__people.record", "fk_deal__people.value"}
        assert links <= found.foreign_keys


def test_a_new_list_is_made_beside_the_rows_and_comes_back_when_it_was_retired(database: Database) -> None:
    first = release(model(), database)
    publish(database, first)
    insert(database, first, "deal", [{"name": "a", "version": 1}])
    second = release(model(words=TAGS), database, 2)
    assert publish(database, second, first)[0] == "create table deal__words for the values of deal.words"
    assert perform(steps({}, second.tables), database) == 0
    assert publish(database, first, second) == []
    wanted = steps(first.tables, second.tables)
    assert perform(wanted, database) == 0


def test_a_plan_counts_who_lacks_a_list_that_becomes_required(database: Database) -> None:
    first = release(model(words=TAGS), database)
    publish(database, first)
    insert(database, first, "deal", [{"name": "a", "version": 1}, {"name": "b", "version": 1}])
    encode = id_form(database.dialect).encode or str
    with database.write() as connection:
        value = connection.dialect.sqlite
        mark = ":id" if value else "%(id)s"
        statement = f"INSERT INTO deal__words (record, position, value) VALUES ({mark}, 0, 'x')"
        connection.run(statement, {"id": encode(IDS[0])})
    second = release(model(words=replace(TAGS, more={"required": True})), database, 2)
    with database.read() as connection:
        (told,) = tightened(first.tables, second.tables, connection)
    assert told.describe() == "require deal.words; 1 record has no value"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text(), F(kind="text", options={"many": True})),
        (F(kind="text", options={"many": True}), text()),
        (F(kind="text", options={"many": True}), F(kind="date", options={"many": True})),
        (PEOPLE, F(kind="many_to_many", options={"to": "department"})),
    ],
)
def test_one_value_becomes_no_list_and_a_list_no_other(database: Database, before: F, after: F) -> None:
    old, new = release(model(words=before), database), release(model(words=after), database, 2)
    with pytest.raises(Problem) as refused:
        steps(old.tables, new.tables)
    assert [detail.field for detail in refused.value.details] == ["deal.words"]
    assert "list of" in str(refused.value.details[0].message)


def test_tags_and_texts_of_many_are_kept_alike(database: Database) -> None:
    old = release(model(words=TAGS), database)
    new = release(model(words=F(kind="text", options={"many": True})), database, 2)
    assert steps(old.tables, new.tables) == ()


def test_a_list_called_like_another_table_is_refused(database: Database) -> None:
    lists = O(fields={"name": text(), "line": TAGS})
    clashing = catalog({**USERS, "deal": lists, "deal__line": O(fields={"name": text()})})
    with pytest.raises(Problem) as refused:
        prepare(clashing, 1, database.dialect, LANGUAGE)
    assert "deal__line" in str(refused.value.message)


def test_long_names_are_shortened_and_told_apart(database: Database) -> None:
    names = [f"{'interested_parties_of_the_negotiation'}_{n}" for n in ("one", "two")]
    made = catalog({**USERS, "deal_of_the_northern_region": O(fields=dict.fromkeys(names, TAGS))})
    publish(database, release(made, database))
    with database.read() as connection:
        tables = [name for name in read_physical(connection).columns if "__" in name]
    assert len(tables) == 2
    assert all(len(name) <= 63 for name in tables)


def test_a_list_of_links_holds_only_records_that_there_are(database: Database) -> None:
    made = release(model(people=PEOPLE), database)
    publish(database, made)
    insert(database, made, "deal", [{"name": "a", "version": 1}])
    encode = id_form(database.dialect).encode or str
    mark = (":id", ":to") if database.dialect.sqlite else ("%(id)s", "%(to)s")
    statement = f"INSERT INTO deal__people (record, position, value) VALUES ({mark[0]}, 0, {mark[1]})"
    with pytest.raises(ReferenceBroken), database.write() as connection:
        connection.run(statement, {"id": encode(IDS[0]), "to": encode(IDS[9])})
