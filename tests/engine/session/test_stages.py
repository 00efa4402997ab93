"""Claims about the history of stages: every stay with its end, length and amount, for who may read."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.changes.undo import undo
from engine.mutation import Create, Update
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from tests.engine.session.company import START, Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

HISTORY = Path(__file__).parents[3].joinpath("apps/platform/objects/stage_history.yaml").read_text("utf-8")
ORDER = """
object: order
label: Order
plural: Orders
title: name
fields:
  name: {type: text, label: Name}
  price: {type: currency, label: Price, scale: 2}
  stage:
    type: picklist
    label: Stage
    default: open
    attributes: {closed: boolean}
    options: {open: {label: Open}, sent: {label: Sent}, lost: {label: Lost, closed: true}}
  paid: {type: picklist, label: Paid, options: {no_: {label: Not yet}, yes_: {label: Paid}}}
  days: {type: formula, label: Days, returns: integer, formula: "TODAY() - DATEVALUE(stage_entered_at)"}
process:
  stage: {amount: price, moves: {sent: {from: [open]}}}
  paid: {moves: {}}
"""


@pytest.fixture
def shop(database_url: str) -> Iterator[Company]:
    """A company that follows its orders through two picklists."""
    database = open_url(database_url)
    yield opened(database, compiled({"objects/order.yaml": ORDER, "objects/stage_history.yaml": HISTORY}))
    database.close()


def _stays(shop: Company, *who: str, where: str = "") -> list[Any]:
    door = shop.session(*who) if who else shop.session()
    names = ("record", "picklist", "came_from", "stage", "duration", "amount", "reopened", "moved_by")
    query = shop.query(door, "stage_history", *names, order=["entered_at", "picklist"], where=where or None)
    return [tuple(record.values[name] for name in names[1:]) for record in door.query(query).records]


def test_every_stay_is_told_with_its_length_its_amount_and_who_moved_it(shop: Company) -> None:
    ann = shop.session("ann", "s_all")
    order = shop.create(ann, "order", price="10")
    shop.later(hours=5)
    shop.update(ann, "order", order, price="20")
    shop.later(hours=1)
    shop.update(shop.session(), "order", order, stage="sent")
    assert _stays(shop) == [
        ("stage", None, "open", Decimal(6 * 3600), Decimal(10), False, shop.ids["ann"]),
        ("stage", "open", "sent", None, Decimal(20), False, None),
    ]


def test_a_reopened_record_is_in_a_stage_twice(shop: Company) -> None:
    order = shop.create(shop.session(), "order")
    for stage in ("lost", "open", "lost"):
        shop.later(days=1)
        shop.update(shop.session(), "order", order, stage=stage)
    day = Decimal(86400)
    told = [(stage, duration, reopened) for _, _, stage, duration, _, reopened, _ in _stays(shop)]
    assert told == [("open", day, False), ("lost", day, False), ("open", day, True), ("lost", None, False)]


def test_each_picklist_with_a_process_has_its_own_history(shop: Company) -> None:
    order = shop.create(shop.session(), "order")
    shop.later(minutes=1)
    shop.update(shop.session(), "order", order, paid="no_")
    shop.later(minutes=2)
    shop.update(shop.session(), "order", order, paid=None, stage="lost")
    assert [(each[0], each[2], each[3]) for each in _stays(shop)] == [
        ("stage", "open", Decimal(180)), ("paid", "no_", Decimal(120)), ("stage", "lost", None),
    ]  # fmt: skip


def test_a_record_says_since_when_and_formulas_and_filters_use_it(shop: Company) -> None:
    door, target = shop.session(), shop.release.catalog.object("order")
    old = shop.create(door, "order", name="old")
    shop.later(days=9)
    shop.create(door, "order", name="new")
    assert door.get(target, old).values["stage_entered_at"] == START
    assert door.get(target, old).values["days"] == 9
    assert shop.names(door, "order", where="stage_entered_at < NOW() - 7") == ["old"]
    assert shop.names(door, "order", where="days > 7") == ["old"]
    shop.update(door, "order", old, stage="sent")
    assert door.get(target, old).values["days"] == 0


def test_nobody_gives_the_time_of_entry(shop: Company) -> None:
    with pytest.raises(Problem):
        shop.create(shop.session(), "order", stage_entered_at="2020-01-01T00:00:00Z")


def test_who_reads_the_record_reads_its_history_and_nobody_writes_it(shop: Company) -> None:
    cy, bob = shop.session("cy", "s_own"), shop.session("bob", "s_below")
    mine = shop.create(cy, "order", name="mine")
    shop.create(bob, "order", name="his")
    assert [len(_stays(shop, *who)) for who in (("cy", "s_own"), ("bob", "s_below"), ("ann", "s_all"))] == [
        1,
        2,
        2,
    ]
    history = shop.release.catalog.object("stage_history")
    (stay,) = cy.query(shop.query(cy, "stage_history")).records
    for act in (
        lambda: shop.update(shop.session("ann", "s_all"), "stage_history", stay.id, stage="lost"),
        lambda: shop.delete(shop.session("ann", "s_all"), "stage_history", stay.id),
        lambda: shop.create(
            cy, "stage_history", record=f"order/{mine}", picklist="stage", stage="x", entered_at=START
        ),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.status == 403
    with pytest.raises(Problem):
        cy.get(
            history,
            next(
                each.id for each in bob.query(shop.query(bob, "stage_history")).records if each.id != stay.id
            ),
        )
    shop.delete(cy, "order", mine)
    assert _stays(shop, "cy", "s_own") == []
    shop.restore(cy, "order", mine)
    assert len(_stays(shop, "cy", "s_own")) == 1


def test_an_undo_is_told_like_any_move_and_erases_nothing(shop: Company) -> None:
    order = shop.create(shop.session(), "order")
    shop.later(hours=1)
    moved = shop.apply(shop.session(), "order", Update(id=order, values={"stage": "sent"}))
    shop.later(hours=2)
    assert undo(shop.session(), moved.change_set).refused == 0
    assert [(each[1], each[2], each[3]) for each in _stays(shop)] == [
        (None, "open", Decimal(3600)), ("open", "sent", Decimal(7200)), ("sent", "open", None),
    ]  # fmt: skip


def test_a_record_that_was_made_can_be_unmade_with_its_history(shop: Company) -> None:
    made = shop.apply(shop.session(), "order", Create(values={"name": "a"}))
    assert undo(shop.session(), made.change_set).refused == 0
    assert _stays(shop) == []


def test_a_history_costs_two_statements_however_many_records_move(shop: Company) -> None:
    counted = Counted(shop)
    door = shop.session()

    def sent(size: int, **values: str) -> int:
        orders = [shop.create(door, "order") for _ in range(size)]
        counted.sent()
        shop.apply(door, "order", *(Update(id=order, values=values) for order in orders))
        return counted.sent()

    sent(2, stage="sent")
    plain = sent(2, price="7")
    assert sent(2, stage="sent") == sent(30, stage="sent") == plain + 2


def test_time_in_stages_is_a_figure_like_any_other(shop: Company) -> None:
    for hours in (1, 3):
        order = shop.create(shop.session(), "order")
        shop.later(hours=hours)
        shop.update(shop.session(), "order", order, stage="lost")
    history = shop.release.catalog.object("stage_history")
    path = {name: shop.release.catalog.path(history, name) for name in ("stage", "duration")}
    measure = Measure(function=Function.AVG, path=path["duration"])
    asked = Aggregate(object=history, group=(path["stage"],), measures=(measure,))
    figures = shop.session("ann", "s_all").aggregate(asked)
    assert sorted(figures, key=str) == [("lost", None), ("open", Decimal(7200))]
