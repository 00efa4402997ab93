"""Claims about formulas without a value: errors show a reason, refuse saves, and are blank in lists."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.mutation import Create
from engine.planner import records_plan
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from metadata.catalog import FieldPath
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

OFFER = """
object: offer
label: Offer
plural: Offers
title: name
fields:
  name: {type: text, label: Name, required: true}
  amount: {type: currency, label: Amount, scale: 2}
  discount: {type: number, label: Discount, scale: 2}
  code: {type: text, label: Code}
  whole: {type: lookup, label: Whole, to: offer}
  guard: {type: number, label: Guard, scale: 2}
  start: {type: number, label: Start, scale: 2, default: "=IF(code = \\"broken\\", 1 / discount, 5)"}
  ratio: {type: formula, label: Ratio, returns: number, scale: 4, formula: amount / discount}
  next: {type: formula, label: Next, returns: number, scale: 4, formula: ratio + 1}
  safe: {type: formula, label: Safe, returns: number, scale: 4, formula: "IFERROR(ratio, -1)"}
  number: {type: formula, label: Number, returns: number, scale: 0, formula: VALUE(code)}
  above: {type: formula, label: Above, returns: number, scale: 4, formula: whole.ratio * 2}
  mine: {type: formula, label: Mine, returns: number, scale: 0, formula: "LEN($user.name) / discount"}
  flag: {type: formula, label: Flag, returns: boolean, formula: ratio > 3}
  plain: {type: formula, label: Plain, returns: currency, formula: amount * 2}
rules:
  not_steep:
    when: guard > 0 && ratio > guard
    message: Too steep.
    at: discount
  not_under_steep:
    when: NOT(ISBLANK(whole)) && guard < 0 && whole.ratio > 3
    message: The whole is too steep.
    at: whole
  shown:
    when: code = "late" && DATEVALUE(code) > TODAY()
    message: Never said.
    at: code
"""
HALF = """
permission_set: s_half
label: Half
objects:
  offer: {create: true, read: all, update: all, delete: all, fields: {"*": edit, code: none}}
  user: {create: false, read: all, update: none, delete: none, fields: {"*": read}}
"""


@pytest.fixture
def shop(database_url: str) -> Iterator[Company]:
    """A company with offers."""
    database = open_url(database_url)
    yield opened(database, compiled({"objects/offer.yaml": OFFER, "permissions/half.yaml": HALF}))
    database.close()


def offer(company: Company, name: str, **values: Any) -> str:
    return company.create(company.session(), "offer", name=name, **values)


def listed(company: Company, *names: str, who: Any = None, **more: Any) -> list[Mapping[str, Any]]:
    door = who or company.session()
    query = company.query(door, "offer", *names, **({"order": ["name"]} | more))
    return [record.json() for record in door.query(query).records]


def test_a_value_that_is_an_error_is_blank_and_says_why(shop: Company) -> None:
    offer(shop, "a", amount=10, discount=0)
    offer(shop, "b", amount=10, discount=4)
    offer(shop, "c", amount=10)
    assert listed(shop, "ratio") == [
        {"ratio": None, "ratio.error": "division by zero in amount / discount"},
        {"ratio": Decimal("2.5")},
        {"ratio": None},
    ]


def test_one_record_and_the_answer_of_a_save_say_why_too(shop: Company) -> None:
    door = shop.session()
    result = shop.apply(door, "offer", Create(values={"name": "a", "code": "n/a", "discount": 1}))
    (record,) = result.records
    assert record is not None
    assert record.json()["number.error"] == '"n/a" is not a number in VALUE(code)'
    again = door.get(shop.release.catalog.object("offer"), record.id)
    assert again.json() == record.json()
    assert [name for name in again.values if name.endswith(".error")] == ["number.error"]


def test_what_refers_to_an_error_is_an_error_unless_it_is_caught(shop: Company) -> None:
    whole = offer(shop, "a", amount=10, discount=0)
    offer(shop, "b", amount=1, discount=1, whole=whole)
    first, second = listed(shop, "next", "safe", "flag", "above", "whole.ratio")
    reason = "division by zero in amount / discount"
    assert first == {
        "next": None, "next.error": f"ratio: {reason}", "safe": Decimal(-1),
        "flag": None, "flag.error": f"ratio: {reason}", "above": None, "whole.ratio": None,
    }  # fmt: skip
    assert second == {
        "next": Decimal(2), "safe": Decimal(1), "flag": False,
        "above": None, "above.error": f"whole.ratio: {reason}",
        "whole.ratio": None, "whole.ratio.error": reason,
    }  # fmt: skip


def test_the_reason_is_told_with_the_reader_and_to_who_may_see_the_value(shop: Company) -> None:
    offer(shop, "a", amount=10, discount=0, code="x")
    ann = shop.session("ann", "s_half")
    assert listed(shop, "mine", who=ann) == [
        {"mine": None, "mine.error": "division by zero in LEN($user.name) / discount"}
    ]
    with pytest.raises(Problem, match="no field 'number'"):
        listed(shop, "number", who=ann)


def test_lists_filter_sort_and_group_an_error_as_blank(shop: Company) -> None:
    for name, discount in (("a", 5), ("b", 0), ("c", None), ("d", 2), ("e", 0)):
        offer(shop, name, amount=10, discount=discount)
    door = shop.session()
    assert shop.names(door, "offer", where="ISBLANK(ratio)") == ["b", "c", "e"]
    assert shop.names(door, "offer", where="ratio > 3") == ["d"]
    assert shop.names(door, "offer", where="NOT(ratio > 3)") == ["a"]
    assert shop.names(door, "offer", where="flag") == ["d"]
    assert shop.names(door, "offer", where="amount / discount > 3") == ["d"]
    assert shop.names(door, "offer", order=["ratio", "name"]) == ["a", "d", "b", "c", "e"]
    assert shop.names(door, "offer", order=["-ratio", "-name"]) == ["d", "a", "e", "c", "b"]
    target = shop.release.catalog.object("offer")
    ratio = FieldPath(field=target.fields["ratio"])
    measures = (Measure(function=Function.COUNT), Measure(function=Function.SUM, path=ratio))
    grouped = door.aggregate(Aggregate(object=target, group=(ratio,), measures=measures))
    assert grouped == ((Decimal(2), 1, Decimal(2)), (Decimal(5), 1, Decimal(5)), (None, 3, None))


def test_pages_go_on_behind_an_error(shop: Company) -> None:
    for name, discount in (("a", 0), ("b", 0), ("c", 1), ("d", 0)):
        offer(shop, name, amount=10, discount=discount)
    door, seen, after = shop.session(), [], None
    for _ in range(4):
        query = shop.query(door, "offer", "name", "ratio", order=["ratio", "name"], limit=1, after=after)
        page = door.query(query)
        seen += [(record.values["name"], "ratio.error" in record.values) for record in page.records]
        after = page.next
    assert seen == [("c", False), ("a", True), ("b", True), ("d", True)]
    assert after is None


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        (
            {"guard": 1, "amount": 1, "discount": 0},
            "discount",
            "The rule not_steep cannot be computed: ratio: division by zero in amount / discount.",
        ),
        (
            {"code": "late"},
            "code",
            'The rule shown cannot be computed: "late" is not a date like 2026-01-31 in DATEVALUE(code).',
        ),
        (
            {"code": "broken", "discount": 0},
            "start",
            "The default of start cannot be computed: division by zero in 1 / discount.",
        ),
        (
            {"guard": -1, "whole": "a"},
            "whole",
            "The rule not_under_steep cannot be computed: whole.ratio is an error in whole.ratio > 3.",
        ),
    ],
)
def test_a_rule_or_a_default_that_errs_refuses_the_save_and_says_why(
    shop: Company, values: dict[str, Any], field: str, message: str
) -> None:
    whole = offer(shop, "a", amount=1, discount=0)
    given = {name: whole if name == "whole" else value for name, value in values.items()}
    with pytest.raises(Problem) as refused:
        offer(shop, "b", **given)
    told = [(detail.field, detail.code, detail.message) for detail in refused.value.details]
    assert told == [(field, "P123", message)]


def test_who_has_no_errors_pays_for_no_flags(shop: Company) -> None:
    target = shop.release.catalog.object("offer")
    door = shop.session()
    fields = tuple(FieldPath(field=target.fields[name]) for name in ("name", "plain", "safe"))
    plan = records_plan(shop.release, door.policy, target, fields)
    assert plan.failing == ()
    assert " c5" not in plan.statement.text


BLANKS = """
object: bill
label: Bill
plural: Bills
title: name
fields:
  name: {type: text, label: Name, required: true}
  net: {type: currency, label: Net, scale: 2}
  tax: {type: currency, label: Tax, scale: 2}
  gross: {type: formula, label: Gross, returns: currency, formula: net + tax}
  total: {type: formula, label: Total, returns: currency, formula: net + tax, blanks: as_zero}
rules:
  as_it_is: {when: net + tax > 10, message: Blank is unknown., at: net}
  zero: {when: net + tax > 10, message: Blank is nothing., at: tax, blanks: as_zero}
"""


def test_formulas_and_rules_say_how_they_read_blank_numbers(database_url: str) -> None:
    database = open_url(database_url)
    books = opened(database, compiled({"objects/bill.yaml": BLANKS}))
    door = books.session()
    books.create(door, "bill", name="a", net=7)
    (record,) = door.query(books.query(door, "bill", "gross", "total")).records
    assert record.json() == {"gross": None, "total": Decimal(7)}
    assert books.names(door, "bill", where="total = 7 && ISBLANK(gross)") == ["a"]
    with pytest.raises(Problem) as refused:
        books.create(door, "bill", name="b", net=11)
    assert [(detail.field, detail.message) for detail in refused.value.details] == [
        ("tax", "Blank is nothing.")
    ]
    database.close()
