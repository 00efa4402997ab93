"""Claims about conditions of one shape: they share a plan, and each still gets its own answer."""

from zoneinfo import ZoneInfo

import pytest

from engine.planner import read_plan
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from engine.release import MOST_CONDITIONS
from formula.program import Env, compile_expr
from tests.engine.session.company import START, Company

SHARED = [
    ('stage = "won"', 'stage = "lost"'),
    ('name = "alpha"', 'name = "100%_\\\\\'"'),
    ('name > "alpha"', 'name > "zeta"'),
    ("amount > 3", "amount > 250000.25"),
    ("12.5 <= amount", "0 <= amount"),
    ("closes >= DATE(2026, 1, 2)", "closes >= DATE(2026, 12, 31)"),
    ('CONTAINS(name, "a") && NOT(stage = "won")', 'CONTAINS(name, "%") && NOT(stage = "open")'),
    (
        'id = "01890000-0000-7000-8000-000000000001"',
        'id = "01890000-0000-7000-8000-000000000002"',
    ),
    ('account.name = "a" || stage = "won"', 'account.name = "b" || stage = "lost"'),
]
APART = [
    ('stage = "won"', 'stage = ""'),
    ("amount > 3", "amount > 3.001"),
    ("amount > 3", "cost > 3"),
    ('BEGINS(name, "al")', 'BEGINS(name, "b")'),
    ("amount * 2 > 3", "amount * 2 > 4"),
    ('stage = "won"', 'stage <> "won"'),
]
HARD = [
    *(text for pair in (*SHARED, *APART) for text in pair),
    "amount = 10.50", "amount = 10.501", "amount < 10.501", "amount <= -0.001", "amount <> 7",
    "amount > 99999999999999999999", 'name <> "alpha"', 'name < "b"', 'name >= "Ω"', 'name = ""',
    "seen > NOW()", "expected > 1.0500", "margin >= 3", 'IF(stage = "won", amount > 9, amount > 11)',
    'BEGINS(name, "100%")', 'reason = "x"', 'NOT(reason = "x")', "closes = DATE(2026, 4, 3)",
]  # fmt: skip


@pytest.fixture
def deals(company: Company) -> Company:
    """The company with a handful of deals, blanks and odd characters among them."""
    door = company.session()
    made: dict[str, dict[str, str | None]] = {
        "alpha": {"amount": "10.50", "stage": "won", "cost": "3"},
        "beta": {"amount": "0", "stage": "lost", "reason": "x", "closes": "2026-01-02"},
        "100%_\\'": {"amount": "250000.26", "cost": "250000", "seen": "2030-01-01T00:00:00Z"},
        "Ωmega": {"stage": None, "closes": None},
    }
    for name, values in made.items():
        company.create(door, "deal", name=name, **values)
    return company


def _plans(company: Company, text: str) -> int:
    """How many plans there are after a list, a count and a sum under a condition."""
    door, target = company.session(), company.release.catalog.object("deal")
    asked = company.query(door, "deal", "name", where=text, count=True, order=["name"])
    door.query(asked)
    measures = (Measure(function=Function.SUM, path=company.release.catalog.path(target, "amount")),)
    door.aggregate(Aggregate(object=target, measures=measures, where=door.condition(target, text)))
    return len(company.release.statements)


@pytest.mark.parametrize(("first", "second"), SHARED)
def test_other_constants_need_no_other_plan(deals: Company, first: str, second: str) -> None:
    assert _plans(deals, first) == _plans(deals, second)


@pytest.mark.parametrize(("first", "second"), APART)
def test_a_constant_that_changes_the_statement_makes_another_plan(
    deals: Company, first: str, second: str
) -> None:
    assert _plans(deals, first) < _plans(deals, second)


def test_each_condition_gets_the_answer_that_python_gives(deals: Company) -> None:
    """All conditions run one after the other on the same plans, so a wrong parameter would show."""
    door, target = deals.session(), deals.release.catalog.object("deal")
    names = [n for n, f in target.fields.items() if not f.retired]
    rows = [
        {"account.name": None, **record.values}
        for record in door.query(deals.query(door, "deal", *names, "stage.probability")).records
    ]
    env = Env(now=START, zone=ZoneInfo("UTC"), globals={"$user.id": None})
    for text in HARD * 2:
        holds = compile_expr(door.condition(target, text)).condition
        wanted = sorted(row["name"] for row in rows if holds(row, env))
        assert sorted(map(str, deals.names(door, "deal", where=text))) == wanted, text


def test_a_cursor_belongs_to_its_constants(deals: Company) -> None:
    door = deals.session()
    page = door.query(deals.query(door, "deal", "name", where="amount >= 0", order=["name"], limit=1))
    assert page.next
    with pytest.raises(Problem):
        door.query(
            deals.query(door, "deal", "name", where="amount >= 1", order=["name"], limit=1, after=page.next)
        )


def test_a_flood_of_conditions_pushes_no_plan_out(deals: Company) -> None:
    before = _plans(deals, "amount > 3")
    door, target = deals.session(), deals.release.catalog.object("deal")
    for number in range(MOST_CONDITIONS + 20):
        door.condition(target, f"amount > {number}")
    assert _plans(deals, "amount > 5") == before
    assert len(deals.release.conditions) == MOST_CONDITIONS


def test_an_index_serves_a_lifted_constant(company: Company) -> None:
    """Stated of SQLite, which plans without statistics; both get `column = :parameter`."""
    door = company.session()
    query = company.query(door, "account", "name", where='code = "x"')
    plan = read_plan(company.release, door.policy, query, None)
    assert "code = " in plan.statement.text.replace('"', "")
    if company.release.dialect.sqlite:
        params = {**door.reader().params(query), "row_limit": 2}
        with company.database.read() as connection:
            rows = connection.rows(f"EXPLAIN QUERY PLAN {plan.statement.text}", plan.statement.params(params))
        assert any("uq_account.code" in str(row) for row in rows), rows


def test_values_of_every_kind_reach_the_database(deals: Company) -> None:
    door = deals.session()
    record = deals.ids["alpha"]
    assert deals.names(door, "deal", where=f'id = "{record}"') == ["alpha"]
    assert deals.names(door, "deal", where=f'created_by = "{record}"') == []
    assert deals.names(door, "deal", where="closes = DATE(2026, 1, 2)") == ["beta"]
    assert deals.names(door, "deal", where="amount = 250000.26") == ["100%_\\'"]
