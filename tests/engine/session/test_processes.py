"""Claims about processes: conditions of moves, who makes them, several at once, the way back by an undo."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.changes.undo import preview_undo, undo
from engine.mutation import Update
from engine.problem import Problem
from engine.session import Session
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

ORDER = """
object: order
label: Order
plural: Orders
title: name
record_types:
  plain: {label: Plain, default: true}
  rush:
    label: Rush
    process:
      stage:
        moves:
          sent: {from: [open, void]}
          void: {by: [s_all]}
fields:
  name: {type: text, label: Name}
  hours: {type: integer, label: Hours}
  note: {type: text, label: Note}
  stage:
    type: picklist
    label: Stage
    default: open
    options: {open: {label: Open}, packed: {label: Packed}, sent: {label: Sent}, void: {label: Void}}
  paid:
    type: picklist
    label: Paid
    default: no_
    options: {no_: {label: Not yet}, part: {label: In part}, yes_: {label: Paid}}
process:
  stage:
    moves:
      open: {from: []}
      packed: {from: [open], require: [note]}
      sent:
        from: [packed]
        when: hours >= 8 && paid = "yes_" && $old.name <> "frozen"
        message: It is sent when it is paid and eight hours were worked.
      void: {from: [open], by: [s_all]}
  paid:
    moves:
      yes_: {from: [part], when: 10 / hours > 0}
"""


@pytest.fixture
def shop(database_url: str) -> Iterator[Company]:
    """A company whose orders are packed, sent and paid."""
    database = open_url(database_url)
    yield opened(database, compiled({"objects/order.yaml": ORDER}))
    database.close()


def _order(shop: Company, **values: object) -> str:
    return shop.create(shop.session(), "order", **values)


def _refused(shop: Company, session: Session, order: str, **values: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(Problem) as refused:
        shop.update(session, "order", order, **values)
    return [(detail.field, str(detail.message)) for detail in refused.value.details]


def test_a_move_is_open_while_its_condition_holds_of_the_record_as_it_is_to_be(shop: Company) -> None:
    door, order = shop.session(), _order(shop, stage="packed", hours=4, paid="yes_")
    message = "It is sent when it is paid and eight hours were worked."
    assert _refused(shop, door, order, stage="sent") == [("stage", message)]
    assert shop.update(door, "order", order, stage="sent", hours=8).values["stage"] == "sent"


def test_a_condition_sees_what_the_record_was(shop: Company) -> None:
    order = _order(shop, stage="packed", hours=9, paid="yes_", name="frozen")
    assert _refused(shop, shop.session(), order, stage="sent", name="thawed")


def test_a_condition_that_cannot_be_computed_refuses_with_the_reason(shop: Company) -> None:
    ((field, message),) = _refused(shop, shop.session(), _order(shop, paid="part", hours=0), paid="yes_")
    assert field == "paid"
    assert "cannot be computed" in message


def test_a_batch_is_judged_row_by_row(shop: Company) -> None:
    orders = [_order(shop, stage="packed", hours=hours, paid="yes_") for hours in (8, 2, 9)]
    changes = [Update(id=order, values={"stage": "sent"}) for order in orders]
    result = shop.apply(shop.session(), "order", *changes, partial=True)
    assert [problem is None for problem in result.problems] == [True, False, True]


def test_a_move_is_made_by_who_holds_the_permission_set(shop: Company) -> None:
    hers = shop.session("cy", "s_department", "s_below")
    order = shop.create(hers, "order")
    assert _refused(shop, hers, order, stage="void") == [("stage", "You may not make Stage Void.")]
    assert shop.update(shop.session("cy", "s_all"), "order", order, stage="void").values["stage"] == "void"


def test_several_picklists_have_their_own_processes(shop: Company) -> None:
    order = _order(shop, hours=1)
    refused = _refused(shop, shop.session(), order, stage="packed", paid="yes_")
    assert {field for field, _ in refused} == {"note", "paid"}
    done = shop.update(shop.session(), "order", order, stage="packed", note="in a box", paid="part")
    assert (done.values["stage"], done.values["paid"]) == ("packed", "part")


def test_a_record_type_s_process_takes_the_place_of_that_picklist_s_alone(shop: Company) -> None:
    order = _order(shop, record_type="rush", hours=1)
    assert {field for field, _ in _refused(shop, shop.session(), order, stage="sent", paid="yes_")} == {
        "paid"
    }
    assert shop.update(shop.session(), "order", order, stage="sent").values["stage"] == "sent"


def test_a_preview_tells_which_moves_are_open_and_what_they_lack(shop: Company) -> None:
    target = shop.release.catalog.object("order")
    order = _order(shop, hours=4, paid="yes_")
    found = shop.session().preview(target, order, None).ways["stage"]
    assert {code: (bool(way.refused), [f.name for f in way.missing]) for code, way in found.items()} == {
        "packed": (False, ["note"]), "sent": (True, []), "void": (False, []),
    }  # fmt: skip
    assert set(shop.session().preview(target, order, {})["stage"].options or ()) == {"open", "packed", "void"}
    packed = _order(shop, stage="packed", hours=4, paid="yes_")
    options = [shop.session().preview(target, packed, {"hours": h})["stage"].options or () for h in (4, 8)]
    assert ["sent" in each for each in options] == [False, True]
    assert shop.session().preview(target, order, {"stage": "packed"})["note"].required


def test_an_undo_takes_a_move_back_that_leads_one_way_only(shop: Company) -> None:
    order = _order(shop, note="box")
    target = shop.release.catalog.object("order")
    moved = shop.apply(shop.session(), "order", Update(id=order, values={"stage": "packed"}))
    assert _refused(shop, shop.session(), order, stage="open")
    assert undo(shop.session(), moved.change_set).refused == 0
    assert shop.session().get(target, order).values["stage"] == "open"


def test_an_undo_gives_nobody_a_move_that_is_not_hers(shop: Company) -> None:
    order = _order(shop, stage="void", owner=shop.ids["cy"], record_type="rush")
    target = shop.release.catalog.object("order")
    hers = shop.session("cy", "s_own")
    changed = shop.apply(hers, "order", Update(id=order, values={"stage": "sent", "note": "box"}))
    done = undo(hers, changed.change_set)
    assert (done.refused, [one.field for one in done.conflicts]) == (1, [target.fields["stage"]])
    assert preview_undo(shop.session(), changed.change_set).refused == 0
