"""Claims about lists in groups and about marked rows: pages that stay right, and nothing hidden shown."""

from typing import Any

import pytest

from engine.codes import UNKNOWN_FIELD
from engine.mutation import Create
from engine.problem import Problem
from engine.query import GROUP, Aggregate, Bucket, Function, Group, Measure, Unit, mark_name
from engine.session import Session
from tests.engine.session.company import Company

ROWS = (
    # name, stage, account, closes, amount
    ("a", "won", "Beta", "2026-02-27", 1), ("b", "open", None, "2026-01-31", 2),
    ("c", "lost", "alpha", None, 3), ("d", "open", "Alpha", "2026-02-01", 4),
    ("e", None, "alpha", "2026-01-01", 5), ("f", "won", "Alpha", "2025-12-31", 6),
)  # fmt: skip


@pytest.fixture(scope="module")
def accounts() -> tuple[str, ...]:
    return ("Beta", "alpha", "Alpha")


@pytest.fixture
def deals(company: Company, accounts: tuple[str, ...]) -> Company:
    door = company.session()
    for name in accounts:
        company.create(door, "account", name=name)
    rows = (
        {"name": name, "stage": stage, "account": company.ids[account] if account else None,
         "closes": closes, "amount": amount, "reason": "r"}
        for name, stage, account, closes, amount in ROWS
    )  # fmt: skip
    company.apply(door, "deal", *(Create(values=row) for row in rows))
    return company


def group_of(company: Company, name: str, unit: str = "", *, descending: bool = False) -> Group:
    found = company.release.catalog.path(company.release.catalog.object("deal"), name)
    return Group(by=Bucket(path=found, unit=Unit(unit)) if unit else found, descending=descending)


GROUPS: tuple[tuple[str, str, bool, str], ...] = (
    ("stage", "", False, "bdafce"),
    ("stage", "", True, "cafbde"),
    ("account", "", False, ""),
    ("closes", "month", False, "fbeadc"),
    ("closes", "year", True, "abdefc"),
    ("account.name", "", False, ""),
)


@pytest.mark.parametrize(("name", "unit", "down", "wanted"), GROUPS)
def test_pages_of_a_grouped_list_hold_each_record_once_and_each_group_in_one_piece(
    deals: Company, name: str, unit: str, down: bool, wanted: str
) -> None:
    session, group = deals.session(), group_of(deals, name, unit, descending=down)
    seen: list[tuple[Any, Any]] = []
    after = None
    while True:
        query = deals.query(session, "deal", "name", order=["name"], group=group, limit=1, after=after)
        page = session.query(query)
        seen += [(record.values[GROUP], record.values["name"]) for record in page.records]
        if (after := page.next) is None:
            break
    assert sorted(name for _, name in seen) == list("abcdef")
    values = [value for value, _ in seen]
    pieces = [value for place, value in enumerate(values) if place == 0 or values[place - 1] != value]
    assert len(pieces) == len(set(values)), "a group is torn apart"
    assert pieces[-1] is None or None not in values, "blanks come last"
    if wanted:
        assert "".join(name for _, name in seen) == wanted
    back = session.query(deals.query(session, "deal", "name", order=["name"], group=group, limit=2))
    second = session.query(
        deals.query(session, "deal", "name", order=["name"], group=group, limit=2, after=back.next)
    )
    first = session.query(
        deals.query(session, "deal", "name", order=["name"], group=group, limit=2, before=second.previous)
    )
    assert [one.id for one in first.records] == [one.id for one in back.records]


@pytest.mark.parametrize(("name", "unit", "down", "_wanted"), GROUPS)
def test_figures_of_groups_come_in_the_order_of_the_list(
    deals: Company, name: str, unit: str, down: bool, _wanted: str
) -> None:
    session, group = deals.session(), group_of(deals, name, unit, descending=down)
    query = deals.query(session, "deal", "name", order=["name"], group=group)
    listed = list(dict.fromkeys(record.values[GROUP] for record in session.query(query).records))
    asked = Aggregate(
        object=query.object,
        group=(group.by,),
        measures=(Measure(function=Function.COUNT),),
        ranked=group,
    )
    lines = session.aggregate(asked)
    alike = {deals.ids.get("alpha"), deals.ids.get("Alpha"), "alpha", "Alpha"}
    assert sum(int(str(line[1])) for line in lines) == len(ROWS)
    assert [each for each in listed if each not in alike] == [
        line[0] for line in lines if line[0] not in alike
    ]


def test_marks_say_of_each_row_whether_a_condition_holds(deals: Company) -> None:
    session = deals.session()
    deal = deals.release.catalog.object("deal")
    marks = (session.condition(deal, 'stage = "won"'), session.condition(deal, "amount > 4 && amount < 6"))
    query = deals.query(
        session, "deal", "name", order=["name"], marks=marks, where='stage <> "lost" && amount < 6'
    )
    found = {
        record.values["name"]: (record.values[mark_name(0)], record.values[mark_name(1)])
        for record in session.query(query).records
    }
    assert found == {"a": (True, False), "b": (False, False), "d": (False, False), "e": (False, True)}


def test_neither_groups_nor_marks_name_what_is_hidden(deals: Company) -> None:
    blind, system = deals.session("ann", "s_blind"), deals.session()
    deal = deals.release.catalog.object("deal")
    hidden = system.condition(deal, "cost > 0")

    def refused(session: Session, **more: Any) -> bool:
        with pytest.raises(Problem) as raised:
            session.query(deals.query(session, "deal", "name", **more))
        return raised.value.code is UNKNOWN_FIELD

    assert refused(blind, marks=(hidden,))
    assert refused(blind, group=group_of(deals, "account.secret"))
    assert system.query(deals.query(system, "deal", "name", marks=(hidden,))).records
