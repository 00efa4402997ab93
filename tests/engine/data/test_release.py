"""Preparing a Release: everything that can fail does so now, and nothing is left for the first request."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine import postgres
from engine.actor import SYSTEM_SET
from engine.database import Database, Dialect
from engine.fields import field_kinds
from engine.impact import impact
from engine.migration import perform, steps
from engine.policy import policy_of
from engine.release import prepare
from engine.save.evaluation import inputs
from engine.save.sheet import sheet
from engine.sqlite import DIALECT
from formula.issue import Rejected
from metadata.catalog import Catalog
from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.kinds import Kinds
from metadata.package import Package, from_files
from runtime.packages import bundled
from tests.engine.data.model import LANGUAGE
from workflow.step import step_types

HEAD = "package: company\nversion: 1.0.0\nlabel: Company\n"
OBJECT = """object: {name}
label: {name}
plural: {name}
title: name
fields:
  name: {{type: text, label: Name}}
"""


def compiled(*packages: Package, steps: Mapping[str, Any] | None = None) -> Catalog:
    """The Catalog of packages."""
    return compile_packages(packages, Kinds(fields=field_kinds(), steps=steps or {}), LANGUAGE)


def company(fields: str, **permissions: str) -> Catalog:
    """A company with people, and an object `thing` with these fields beside its name."""
    files = {"package.yaml": HEAD, "objects/thing.yaml": OBJECT.format(name="thing") + fields}
    files |= {f"permissions/{name}.yaml": text for name, text in permissions.items()}
    files |= {f"objects/{name}.yaml": OBJECT.format(name=name) for name in ("user", "department")}
    package = from_files(files)
    return compiled(from_files({**files, "identity.lock": lock(package).render()}))


def test_the_first_save_of_an_object_finds_its_plans_made() -> None:
    """What a save asks of the Release by itself – sheet, rules, computed defaults – is there already."""
    made = prepare(
        company(
            "  size: {type: number, label: Size}\n"
            "  twice: {type: formula, label: Twice, returns: number, formula: size * 2}\n"
            '  until: {type: date, label: Until, default: "=TODAY() + 1"}\n'
            "rules:\n"
            "  big: {when: size > 10, message: Too big.}\n"
        ),
        1,
        DIALECT,
        LANGUAGE,
    )
    before = len(made.statements)
    thing = made.catalog.object("thing")
    sheet(made, thing)
    inputs(made, thing, "rules", tuple(rule.when for rule in thing.rules))
    inputs(made, thing, "defaults", (thing.fields["until"].default,))  # type: ignore[arg-type]
    policy_of(made, (SYSTEM_SET,))
    assert len(made.statements) == before


@pytest.mark.parametrize("dialect", [DIALECT, postgres.DIALECT])
def test_a_computed_field_that_follows_too_many_lookups_is_an_issue_before_it_is_published(
    dialect: Dialect,
) -> None:
    links = "".join(f"  l{n}: {{type: lookup, label: L, to: thing}}\n" for n in range(61))
    names = " & ".join(f"l{n}.name" for n in range(61))
    with pytest.raises(Rejected, match=r"P309[^€]*follows more than 60 lookups"):
        prepare(
            company(f"{links}  all: {{type: formula, label: All, returns: text, formula: {names}}}\n"),
            1,
            dialect,
            LANGUAGE,
        )


def test_formulas_that_lead_to_formulas_follow_ten_lookups_in_a_row() -> None:
    """Each follows six lookups; one that ends at another follows twelve."""
    up = "up." * 5
    model = (
        "  up: {type: lookup, label: Up, to: thing}\n"
        f"  far: {{type: formula, label: Far, returns: text, formula: {up}name}}\n"
        f"  twice: {{type: formula, label: Twice, returns: text, formula: {up}far}}\n"
        "  more: {type: formula, label: More, returns: text, formula: up.twice}\n"
    )
    with pytest.raises(Rejected, match="more than 10 lookups in a row") as refused:
        prepare(company(model), 1, DIALECT, LANGUAGE)
    assert [issue.source.text for issue in refused.value.issues] == ["up.twice"]


@pytest.mark.parametrize("dialect", [DIALECT, postgres.DIALECT])
@pytest.mark.timeout(20)
def test_formulas_that_double_each_other_are_refused_and_not_written_out(dialect: Dialect) -> None:
    fields = "".join(
        f"  n{n}: {{type: formula, label: N, returns: number, formula: n{n - 1} + n{n - 1}}}\n"
        for n in range(1, 30)
    )
    with pytest.raises(Rejected, match="too long in SQL"):
        prepare(company(f"  n0: {{type: number, label: N}}\n{fields}"), 1, dialect, LANGUAGE)


def test_what_the_database_cannot_compute_is_an_issue_at_its_place_before_it_is_published() -> None:
    """PostgreSQL has no sine that is exact to the digit; SQLite takes the program's own."""
    model = company(
        "  size: {type: number, label: Size}\n"
        "  wave: {type: formula, label: Wave, returns: number, formula: SIN(size)}\n"
        "views:\n"
        "  steep: {label: Steep, columns: [name], where: TAN(size) > 1}\n"
    )
    with pytest.raises(Rejected) as refused:
        prepare(model, 1, postgres.DIALECT, LANGUAGE)
    issues = refused.value.issues
    assert [issue.code.id for issue in issues] == ["P309", "P309"]
    assert [str(issue.place).partition(":")[0] for issue in issues] == ["objects/thing.yaml"] * 2
    assert "angles" in issues[0].message
    assert prepare(model, 1, DIALECT, LANGUAGE).number == 1


def test_conditions_of_grants_and_rules_that_the_database_cannot_answer_are_issues_at_their_places() -> None:
    """They would refuse every request of those whom they concern."""
    where = "TAN(size) > 1"
    model = company(
        "  size: {type: number, label: Size}\n",
        some=f"permission_set: some\nlabel: Some\nobjects:\n  thing: {{read: {{where: {where}}}}}\n",
        shared=f"sharing_rule: shared\nlabel: Shared\nobject: thing\nwhere: {where}\n"
        "to: [{department: north}]\naccess: read\n",
        kept=f"restriction_rule: kept\nlabel: Kept\nobject: thing\nwhere: {where}\n",
    )
    with pytest.raises(Rejected) as refused:
        prepare(model, 1, postgres.DIALECT, LANGUAGE)
    places = sorted(str(issue.place).partition(":")[0] for issue in refused.value.issues)
    assert places == [f"permissions/{name}.yaml" for name in ("kept", "shared", "some")]
    assert prepare(model, 1, DIALECT, LANGUAGE).number == 1


def test_the_standard_crm_is_published_once_and_for_all(database: Database) -> None:
    """All tables of the packages that come with the product are made, and a second plan is empty."""
    made = prepare(compiled(*bundled(), steps=step_types()), 1, database.dialect, LANGUAGE)
    wanted = steps({}, made.tables)
    assert perform(wanted, database) > 50
    with database.read() as connection:
        assert impact(wanted, connection) == ()
        for table in made.tables.values():
            assert connection.rows(f'SELECT * FROM "{table.table.name}"') == []
