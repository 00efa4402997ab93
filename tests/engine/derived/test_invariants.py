"""Claims about invariants: whoever changes what they follow from is refused, told where she made it so."""

from decimal import Decimal
from typing import Any

import pytest

from engine import codes
from engine.mutation import Change, Create, Delete, Mutation, Update
from engine.problem import Problem
from tests.engine.derived.test_following import values
from tests.engine.session.company import Company


def refused(company: Company, what: str, *changes: Change) -> list[tuple[str | None, str | None, str]]:
    """Where a batch is refused, and with what."""
    with pytest.raises(Problem) as problem:
        company.apply(company.session(), what, *changes)
    assert {detail.code for detail in problem.value.details} == {codes.INVARIANT_BROKEN.id}
    return [(str(detail.row), detail.field, detail.message) for detail in problem.value.details]


def mutation(company: Company, what: str, *changes: Change, **more: Any) -> Mutation:
    """A batch."""
    return Mutation(object=company.release.catalog.object(what), changes=changes, entry="test", **more)


@pytest.fixture
def order(ledger: Company) -> str:
    """An order of a hundred."""
    return ledger.create(ledger.session(), "order", name="O", amount=100)


def test_a_child_that_breaks_it_is_refused_at_the_field_that_was_added_up(
    ledger: Company, order: str
) -> None:
    door = ledger.session()
    ledger.create(door, "bill", name="one", order=order, amount=60)
    wrong = Create(values={"order": order, "amount": "40.01"})
    assert refused(ledger, "bill", wrong) == [("0", "amount", "More is billed than was ordered.")]
    assert values(ledger, "order", order, "billed")["billed"] == 60
    draft = ledger.create(door, "bill", name="draft", order=order, amount=50, draft=True)
    assert refused(ledger, "bill", Update(id=draft, values={"draft": False}))[0][1] == "amount"


def test_the_record_itself_is_refused_at_the_field_named(ledger: Company, order: str) -> None:
    ledger.create(ledger.session(), "bill", name="one", order=order, amount=60)
    assert refused(ledger, "order", Update(id=order, values={"amount": 59}))[0][:2] == ("0", "amount")
    ledger.update(ledger.session(), "order", order, amount=60)


def test_what_is_blank_breaks_nothing(ledger: Company, order: str) -> None:
    ledger.create(ledger.session(), "bill", name="one", order=order, amount=60)
    ledger.update(ledger.session(), "order", order, amount=None)


def test_of_a_partial_batch_only_the_rows_behind_it_are_refused(ledger: Company, order: str) -> None:
    other = ledger.create(ledger.session(), "order", name="P", amount=5)
    rows = [Create(values={"order": each, "amount": 6, "name": "x"}) for each in (order, other, order)]
    result = ledger.apply(ledger.session(), "bill", *rows, partial=True)
    assert [problem is None for problem in result.problems] == [True, False, True]
    assert [values(ledger, "order", each, "billed")["billed"] for each in (order, other)] == [12, 0]


def test_parts_that_are_changed_together_must_come_to_a_hundred(ledger: Company, order: str) -> None:
    door = ledger.session()
    assert refused(ledger, "split", Create(values={"order": order, "percent": 40}))[0][1] == "percent"
    ids = [ledger.make_id(), ledger.make_id()]
    values_ = [{"order": order, "percent": percent} for percent in (40, 60)]
    made = [Create(id=each, values=given) for each, given in zip(ids, values_, strict=True)]
    ledger.apply(door, "split", *made)
    up = mutation(ledger, "split", Update(id=ids[0], values={"percent": 50}))
    down = mutation(ledger, "split", Update(id=ids[1], values={"percent": 50}))
    door.apply_all([up, down])
    assert values(ledger, "order", order, "divided")["divided"] == Decimal(1)
    with pytest.raises(Problem) as problem:
        door.apply_all([up, mutation(ledger, "split", Update(id=ids[1], values={"percent": 51}))])
    assert {(detail.mutation, detail.field) for detail in problem.value.details} == {(1, "percent")}
    assert refused(ledger, "split", Delete(id=ids[0]))
    ledger.apply(door, "split", *(Delete(id=each) for each in ids))
