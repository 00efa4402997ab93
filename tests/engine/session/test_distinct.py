"""Claims about fields that must differ together: a declared index that is unique."""

import pytest

from engine import codes
from engine.database import Database
from engine.impact import impact
from engine.migration import perform, steps
from engine.mutation import Create, Update
from engine.problem import Problem
from engine.release import prepare
from tests.engine.session.company import LANGUAGE, Company, compiled, opened
from tests.engine.session.test_statements import Counted

SEAT = """
object: seat
label: Seat
plural: Seats
title: name
fields:
  name: {type: text, label: Name}
  deal: {type: lookup, label: Deal, to: deal}
  row: {type: integer, label: Row}
  at: {type: date, label: At}
indexes:
  - [at]
  - {fields: [deal, row], unique: true}
  - {fields: [name, at], unique: true}
"""
SEATS = compiled({"objects/seat.yaml": SEAT})


@pytest.fixture
def hall(database: Database) -> Company:
    """A deal with two seats."""
    company = opened(database, SEATS)
    door = company.session()
    deal = company.create(door, "deal", name="d")
    for row in (1, 2):
        company.create(door, "seat", name=f"s{row}", deal=deal, row=row, at="2026-03-01")
    return company


def told(problem: Problem) -> set[tuple[int | None, str | None, str]]:
    """Where a problem's details lie, and their codes."""
    return {(detail.row, detail.field, detail.code) for detail in problem.details}


def test_a_combination_is_taken_by_one_record_alone(hall: Company) -> None:
    door, deal = hall.session(), hall.ids["d"]
    with pytest.raises(Problem) as refused:
        hall.apply(door, "seat", Create(values={"deal": deal, "row": 2, "name": "s1", "at": "2026-03-01"}))
    assert told(refused.value) == {(0, field, codes.NOT_UNIQUE.id) for field in ("deal", "row", "name", "at")}
    hall.create(door, "seat", name="other", deal=deal, row=3)
    hall.create(door, "seat", name="s1", at="2026-03-02")
    with pytest.raises(Problem) as refused:
        hall.update(door, "seat", hall.ids["other"], row=1)
    assert told(refused.value) == {(0, field, codes.NOT_UNIQUE.id) for field in ("deal", "row")}


def test_blank_is_equal_to_nothing(hall: Company) -> None:
    door = hall.session()
    hall.apply(door, "seat", *(Create(values={"row": 1}) for _ in range(3)))
    hall.apply(door, "seat", *(Create(values={"deal": hall.ids["d"]}) for _ in range(3)))


def test_within_a_batch_too_and_two_records_may_swap(hall: Company) -> None:
    door, deal = hall.session(), hall.ids["d"]
    with pytest.raises(Problem) as refused:
        hall.apply(door, "seat", *(Create(values={"deal": deal, "row": 9}) for _ in range(2)))
    assert {row for row, _, _ in told(refused.value)} == {1}
    hall.delete(door, "seat", hall.ids["s1"])
    hall.update(door, "seat", hall.ids["s2"], row=1)
    with pytest.raises(Problem) as refused:
        hall.restore(door, "seat", hall.ids["s1"])
    assert {field for _, field, _ in told(refused.value)} == {"deal", "row"}


def test_it_costs_one_statement_whatever_the_batch(hall: Company) -> None:
    counted = Counted(hall)
    door, deal = hall.session(), hall.ids["d"]
    sent = []
    for size in (1, 40):
        hall.apply(door, "seat", *(Create(values={"deal": deal}) for _ in range(size)))
        plain = counted.sent()
        hall.apply(door, "seat", *(Create(values={"deal": deal, "row": 100 * size + n}) for n in range(size)))
        sent.append(counted.sent() - plain)
    assert sent == [1, 1]


def test_what_stands_in_the_way_is_told_before_and_refused(database: Database) -> None:
    company = opened(database, compiled({"objects/seat.yaml": SEAT[: SEAT.index("indexes:")]}))
    door = company.session()
    deal = company.create(door, "deal", name="d")
    company.apply(door, "seat", *(Create(values={"deal": deal, "row": 7}) for _ in range(2)))
    release = prepare(SEATS, 1, database.dialect, LANGUAGE)
    wanted = steps(company.release.tables, release.tables)
    with database.read() as connection:
        examples = [each.examples for each in impact(wanted, connection) if each.examples]
    assert len(examples) == 1
    assert "“7”" in examples[0][0]
    with pytest.raises(Problem) as refused:
        perform(wanted, database)
    assert refused.value.code is codes.DUPLICATES


def test_a_unique_link_is_unique_in_the_database_too(database: Database) -> None:
    text = SEAT.replace("to: deal}", "to: deal, unique: true}")
    company = opened(database, compiled({"objects/seat.yaml": text}))
    indexes = company.release.table(company.release.catalog.object("seat")).indexes
    assert [index.unique for index in indexes if index.columns == ("deal",)] == [True]
    door = company.session()
    deal = company.create(door, "deal", name="d")
    company.create(door, "seat", deal=deal)
    with pytest.raises(Problem) as refused:
        company.apply(door, "seat", Create(values={"deal": deal}))
    assert told(refused.value) == {(0, "deal", codes.NOT_UNIQUE.id)}


def test_an_update_that_touches_none_of_them_is_not_asked_about(hall: Company) -> None:
    counted, door = Counted(hall), hall.session()
    counted.sent()
    hall.apply(door, "seat", Update(id=hall.ids["s1"], values={"row": 1}))
    same = counted.sent()
    hall.apply(door, "deal", Update(id=hall.ids["d"], values={"name": "d"}))
    assert same == counted.sent()
