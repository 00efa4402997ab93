"""From one Release's tables to the next: what is made, kept and refused; and that it can be cut off."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.bulk import bulk_insert
from engine.codec import id_form
from engine.database import Database, ReferenceBroken, UniqueClash
from engine.impact import impact
from engine.migration import perform, steps
from engine.physical import read_physical
from engine.problem import Problem
from engine.release import Release, prepare
from engine.sqlite import DIALECT
from engine.statement import compile_text
from engine.steps import AddIndex, CreateTable
from metadata.catalog import Catalog
from tests.engine.data.model import LANGUAGE, F, O, catalog, link, text

IDS = [f"0190a0b0-0000-7000-8000-{n:012}" for n in range(2000)]

ACCOUNT = O(fields={"name": text(), "city": text(sortable=False)}, title="name")
USERS = {"user": O(fields={"name": text()}), "department": O(fields={"name": text()})}
START = catalog({**USERS, "account": ACCOUNT})


def release(model: Catalog, database: Database, number: int = 1) -> Release:
    """The Release of a model for this database."""
    return prepare(model, number, database.dialect, LANGUAGE)


def publish(database: Database, new: Release, old: Release | None = None) -> list[str]:
    """Perform what is needed and say what it was."""
    wanted = steps(old.tables if old else {}, new.tables)
    perform(wanted, database)
    return [step.describe() for step in wanted if step.sql(database.dialect)]


def insert(database: Database, made: Release, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows of values in the database's form."""
    table = made.tables[name].table
    encode = id_form(database.dialect).encode or str
    full = [{"id": encode(IDS[number]), **row} for number, row in enumerate(rows)]
    with database.write() as connection:
        bulk_insert(table, list(full[0]), database.dialect).run(connection, full)


def test_a_first_publication_makes_all_tables_with_their_indexes(database: Database) -> None:
    made = release(START, database)
    assert publish(database, made)[:3] == [
        "create table user with 12 columns",
        "create table department with 12 columns",
        "create table account with 13 columns",
    ]
    with database.read() as connection:
        found = read_physical(connection)
    assert {"id", "name", "name__sort", "city", "owner", "locked_by_run"} <= found.columns["account"]
    assert "city__sort" not in found.columns["account"]
    assert {"ix_account.owner", "ix_account.department", "ix_account.name__sort.id"} <= found.indexes
    assert not {index for index in found.indexes if "created_by" in index or "modified_by" in index}


def test_publishing_the_same_again_has_nothing_to_do(database: Database) -> None:
    made = release(START, database)
    publish(database, made)
    assert steps(made.tables, release(START, database).tables) == ()
    with database.read() as connection:
        assert impact(steps({}, made.tables), connection) == ()
    assert perform(steps({}, made.tables), database) == 0


def test_a_publication_that_was_cut_off_anywhere_can_be_run_again(database: Database) -> None:
    made = release(START, database)
    wanted = steps({}, made.tables)
    for cut in range(len(wanted)):
        perform(wanted[:cut], database)
    perform(wanted, database)
    with database.read() as connection:
        assert impact(wanted, connection) == ()


def test_new_fields_become_columns_and_rows_stay(database: Database) -> None:
    old = release(START, database)
    publish(database, old)
    insert(database, old, "account", [{"name": "Acme"}])
    wider = O(
        fields={
            **ACCOUNT.fields,
            "active": F(kind="boolean"),
            "amount": F(kind="currency"),
            "parent": link("account"),
            "note": text(),
        },
        title="name",
        indexes=[["active", "city"]],
    )
    new = release(catalog({**USERS, "account": wider}), database, 2)
    said = publish(database, new, old)
    assert said[:6] == [
        "add column account.active",
        "add column account.amount",
        "add column account.amount__company",
        "add column account.parent",
        "add column account.note",
        "add column account.note__sort",
    ]
    assert said[-2:] == ["add index on account (parent)", "add index on account (active, city)"]
    with database.read() as connection:
        assert connection.row("SELECT name, active, amount, parent FROM account") == ("Acme", 0, None, None)


def test_a_boolean_is_never_null_not_even_in_old_rows(database: Database) -> None:
    old = release(START, database)
    publish(database, old)
    insert(database, old, "account", [{"name": "Acme"}])
    with_flag = O(fields={**ACCOUNT.fields, "active": F(kind="boolean")}, title="name")
    new = release(catalog({**USERS, "account": with_flag}), database, 2)
    publish(database, new, old)
    with database.read() as connection:
        assert connection.row("SELECT count(*) FROM account WHERE active IS NULL") == (0,)


def test_a_rename_touches_nothing_physical(database: Database) -> None:
    old = release(START, database)
    renamed = O(
        fields={"title": replace(text(), id="account.name", column="name"), "city": text(sortable=False)}
    )
    new = release(catalog({**USERS, "account": replace(renamed, title="title")}), database, 2)
    assert steps(old.tables, new.tables) == ()
    assert new.tables["account"].kept["title"].value.column.name == "name"


def test_a_retired_field_keeps_its_column_and_values_and_can_come_back(database: Database) -> None:
    old = release(START, database)
    publish(database, old)
    insert(database, old, "account", [{"name": "Acme", "city": "Ulm"}])
    without = O(
        fields={"name": text(), "city": replace(text(sortable=False), more={"retired": True})}, title="name"
    )
    retired = release(catalog({**USERS, "account": without}), database, 2)
    assert publish(database, retired, old) == []
    assert "city" not in retired.tables["account"].kept
    publish(database, release(START, database, 3), retired)
    with database.read() as connection:
        assert connection.row("SELECT city FROM account") == ("Ulm",)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            F(kind="number", options={"scale": 2}),
            F(kind="number", options={"scale": 3}),
            "number with 2 decimals",
        ),
        (text(), F(kind="integer"), "text cannot become number with 0 decimals"),
        (F(kind="percent"), F(kind="number", options={"scale": 4}), "percent with 4 decimals cannot become"),
        (F(kind="date"), F(kind="datetime"), "date cannot become datetime"),
        (link("user"), link("department"), "lookup to user cannot become lookup to department"),
    ],
)
def test_values_that_would_change_their_form_are_refused(
    database: Database, before: F, after: F, said: str
) -> None:
    old = release(catalog({**USERS, "account": O(fields={"it": before})}), database)
    new = release(catalog({**USERS, "account": O(fields={"it": after})}), database, 2)
    with pytest.raises(Problem) as refused:
        steps(old.tables, new.tables)
    assert refused.value.code.id == "P305"
    (detail,) = refused.value.details
    assert detail.field == "account.it"
    assert said in detail.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text(max=10), text(max=200)),
        (F(kind="phone"), F(kind="phone", options={"many": False})),
        (F(kind="number", options={"precision": 5, "scale": 2}), F(kind="number", options={"scale": 2})),
        (F(kind="integer"), F(kind="number", options={"scale": 0})),
    ],
)
def test_what_is_kept_alike_may_change_freely(database: Database, before: F, after: F) -> None:
    old = release(catalog({**USERS, "account": O(fields={"it": before})}), database)
    new = release(catalog({**USERS, "account": O(fields={"it": after})}), database, 2)
    assert steps(old.tables, new.tables) == ()


def test_a_field_that_becomes_sortable_gets_keys_for_the_rows_that_are_there(database: Database) -> None:
    old = release(START, database)
    publish(database, old)
    insert(database, old, "account", [{"city": "Ulm" if n % 2 else None} for n in range(1200)])
    sortable = O(fields={"name": text(), "city": text()}, title="name")
    new = release(catalog({**USERS, "account": sortable}), database, 2)
    wanted = steps(old.tables, new.tables)
    with database.read() as connection:
        assert [found.describe() for found in impact(wanted, connection)] == [
            "add column account.city__sort",
            "fill account.city__sort from city; rewrites 600 rows",
        ]
    assert perform(wanted, database) == 2
    with database.read() as connection:
        found = connection.rows("SELECT city__sort, count(*) FROM account GROUP BY 1 ORDER BY 2, 1 DESC")
        assert set(found) == {("ulm", 600), (None, 600)}
        assert impact(wanted, connection) == ()
    assert perform(wanted, database) == 0


@pytest.mark.parametrize(
    ("before", "after", "column", "value", "form"),
    [
        (text(), text(normalise="company"), "it__as_company", "Acme Co., Ltd.", "acme"),
        (text(normalise="company"), text(normalise="person"), "it__as_person", "Dr. Wei Wang", "wang wei"),
        (F(kind="email"), F(kind="phone"), "it__e164", "+86 21 5555 0101", "+862155550101"),
        (F(kind="phone"), F(kind="phone", options={"region": "CN"}), "it__e164_cn", "110", "110"),
    ],
)
def test_a_field_that_gets_a_normaliser_gets_forms_for_the_rows_that_are_there(
    database: Database, before: F, after: F, column: str, value: str, form: str
) -> None:
    """Another way to make forms has another column, so that a form of the old way is never taken for one."""
    old = release(catalog({**USERS, "thing": O(fields={"it": before})}), database)
    publish(database, old)
    insert(database, old, "thing", [{"it": value if n % 2 else None} for n in range(1200)])
    new = release(catalog({**USERS, "thing": O(fields={"it": after})}), database, 2)
    wanted = steps(old.tables, new.tables)
    assert perform(wanted, database) == 2
    with database.read() as connection:
        found = connection.rows(f"SELECT {column}, count(*) FROM thing GROUP BY 1")
        assert set(found) == {(form, 600), (None, 600)}
        assert impact(wanted, connection) == ()
    assert perform(wanted, database) == 0


def test_unique_covers_live_rows_and_blanks_never_clash(database: Database) -> None:
    coded = O(fields={"code": replace(text(), more={"unique": True})})
    made = release(catalog({**USERS, "thing": coded}), database)
    publish(database, made)
    gone = compile_text("UPDATE thing SET deleted_at = modified_at", database.dialect)
    stamp = 0 if database.dialect.sqlite else "2026-01-31T00:00:00Z"
    insert(database, made, "thing", [{"code": "A", "modified_at": stamp}])
    with database.write() as connection:
        gone.run(connection)
    encode = id_form(database.dialect).encode or str
    more = [{"id": encode(IDS[9]), "code": "A"}, *({"id": encode(IDS[n]), "code": None} for n in (10, 11))]
    add = bulk_insert(made.tables["thing"].table, ["id", "code"], database.dialect)
    with database.write() as connection:
        add.run(connection, more)
    with pytest.raises(UniqueClash) as clash, database.write() as connection:
        add.run(connection, [{"id": encode(IDS[12]), "code": "A"}])
    field = made.tables["thing"].clashing(clash.value.constraint)
    assert field is not None
    assert field.name == "code"


def test_a_field_cannot_become_unique_over_equal_values_and_the_plan_shows_them(database: Database) -> None:
    old = release(START, database)
    publish(database, old)
    insert(
        database,
        old,
        "account",
        [{"city": city} for city in ("Ulm", "Ulm", "Köln", "Bonn", "Köln", None, None)],
    )
    unique = O(
        fields={"name": text(), "city": replace(text(sortable=False), more={"unique": True})}, title="name"
    )
    new = release(catalog({**USERS, "account": unique}), database, 2)
    wanted = steps(old.tables, new.tables)
    with database.read() as connection:
        (found,) = impact(wanted, connection)
    assert found.examples == ("“Köln”", "“Ulm”")
    assert found.rows == 7
    with pytest.raises(Problem) as refused:
        perform(wanted, database)
    assert refused.value.code.id == "P306"
    assert refused.value.details[0].field == "account.city"
    with database.write() as connection:
        connection.run("UPDATE account SET deleted_at = NULL, city = NULL")
    assert perform(wanted, database) == 1


def test_a_link_to_nothing_cannot_be_committed(database: Database) -> None:
    model = catalog({**USERS, "account": O(fields={"parent": link("account")})})
    made = release(model, database)
    publish(database, made)
    encode = id_form(database.dialect).encode or str
    insert(database, made, "account", [{"parent": encode(IDS[1])}, {"parent": encode(IDS[0])}])
    with pytest.raises(ReferenceBroken), database.write() as connection:
        compile_text("UPDATE account SET parent = :gone", database.dialect).run(
            connection, {"gone": encode(IDS[7])}
        )


def test_names_that_databases_reserve_or_cut_off_are_quoted_and_shortened(database: Database) -> None:
    long = "a_name_that_goes_on_and_on_until_no_database_would_take_it"
    odd = O(
        fields={
            "order": text(),
            "select": F(kind="number"),
            "group": link("order"),
            f"{long}_1": replace(text(), more={"unique": True}),
            f"{long}_2": replace(text(), more={"unique": True}),
        },
        title="order",
        indexes=[["select", "order"]],
    )
    made = release(catalog({**USERS, "order": odd}), database)
    publish(database, made)
    insert(
        database, made, "order", [{"order": "x", "select": 5 if database.dialect.sqlite else Decimal("0.05")}]
    )
    names = [index.name for index in made.tables["order"].indexes]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 60


def test_an_index_that_is_wanted_twice_is_made_once(database: Database) -> None:
    twice = O(fields={"parent": link("account")}, indexes=[["parent"], ["parent"]])
    made = release(catalog({**USERS, "account": twice}), database)
    names = [index.columns for index in made.tables["account"].indexes]
    assert names.count(("parent",)) == 1


def test_what_an_interrupted_index_left_behind_is_made_anew(postgres_database: Database) -> None:
    """PostgreSQL leaves an invalid index when CREATE INDEX CONCURRENTLY fails; it must not count as done."""
    old = release(START, postgres_database)
    publish(postgres_database, old)
    insert(postgres_database, old, "account", [{"city": "Ulm"}, {"city": "Ulm"}])
    unique = O(
        fields={"name": text(), "city": replace(text(sortable=False), more={"unique": True})}, title="name"
    )
    wanted = steps(old.tables, release(catalog({**USERS, "account": unique}), postgres_database, 2).tables)
    with pytest.raises(Problem):
        perform(wanted, postgres_database)
    with postgres_database.write() as connection:
        connection.run("DELETE FROM account")
    assert perform(wanted, postgres_database) == 1
    with postgres_database.read() as connection:
        assert "uq_account.city" in read_physical(connection).indexes


def test_a_migration_gives_way_to_those_who_hold_a_table_and_tries_again(postgres_database: Database) -> None:
    """Whoever comes while it waits is served: only for half a second at a time does it stand in their way."""
    old = release(START, postgres_database)
    publish(postgres_database, old)
    wider = O(fields={**ACCOUNT.fields, "note": text()}, title="name")
    new = release(catalog({**USERS, "account": wider}), postgres_database, 2)
    with postgres_database.write() as holder:
        holder.rows("SELECT * FROM account")
        migration = threading.Thread(target=perform, args=(steps(old.tables, new.tables), postgres_database))
        migration.start()
        migration.join(0.3)
        started = time.monotonic()
        with postgres_database.read() as reader:
            assert reader.rows("SELECT * FROM account") == []
        assert time.monotonic() - started < 3
    migration.join(30)
    with postgres_database.read() as connection:
        assert read_physical(connection).has_column("account", "note")


def test_an_object_with_a_system_table_s_name_is_refused(database: Database) -> None:
    with pytest.raises(Problem) as refused:
        release(catalog({"s_journal": O(fields={})}), database)
    assert refused.value.code.id == "P308"


def test_an_object_with_more_columns_than_a_database_takes_is_refused(database: Database) -> None:
    wide = O(fields={f"f{n}": text() for n in range(760)})
    with pytest.raises(Problem, match="needs 1530 columns") as refused:
        release(catalog({"wide": wide}), database)
    assert refused.value.code.id == "P307"


def test_defaults_that_do_not_fit_are_found_when_the_release_is_prepared_all_of_them(
    database: Database,
) -> None:
    wrong = O(
        fields={
            "size": replace(F(kind="integer"), default="many"),
            "on": replace(F(kind="date"), default="soon"),
            "rate": replace(F(kind="percent"), default=25),
        }
    )
    with pytest.raises(Problem) as refused:
        release(catalog({"thing": wrong}), database)
    assert [(detail.field, detail.code) for detail in refused.value.details] == [
        ("thing.size", "P105"),
        ("thing.on", "P109"),
    ]
    right = O(fields={"rate": replace(F(kind="percent"), default=25)})
    assert release(catalog({"thing": right}), database).defaults["thing"] == {"rate": Decimal("0.25")}


def test_a_plan_names_its_steps_and_performs_nothing() -> None:
    made = prepare(START, 1, DIALECT, LANGUAGE)
    wanted = steps({}, made.tables)
    assert [type(step) for step in wanted[:3]] == [CreateTable] * 3
    assert isinstance(wanted[-1], AddIndex)
    assert all(step.describe() for step in wanted)
