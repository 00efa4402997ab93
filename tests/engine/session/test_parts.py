"""Claims about parts of records: they live, die, belong and are accessible as their parent does."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import codes
from engine.database import Database
from engine.ids import seeded_ids
from engine.migration import perform, steps
from engine.mutation import Create, Mutation
from engine.problem import Problem
from engine.release import prepare
from engine.session import Session
from formula.issue import Rejected
from metadata.codes import PARENTAGE
from tests.engine.session.company import LANGUAGE, START, Company, compiled, opened
from tests.engine.session.test_statements import Counted

ORDER = """
object: {name}
label: {name}
plural: {name}s
title: name
fields:
  name: {{type: text, label: Name, required: true, searchable: true}}
  {link}
"""


def part(name: str, parent: str, **options: Any) -> str:
    """A document of an object whose records are parts."""
    more = "".join(f", {key}: {value}" for key, value in options.items())
    link = f"{parent}: {{type: master_detail, label: {parent}, to: {parent}{more}}}"
    return ORDER.format(name=name, link=link)


FILES = {
    "objects/order.yaml": ORDER.format(name="order", link="seller: {type: lookup, label: Seller, to: user}"),
    "objects/item.yaml": part("item", "order", reparent="true"),
    "objects/share.yaml": part("share", "item"),
    "permissions/parts.yaml": """
permission_set: s_parts
label: Parts
objects:
  order: {create: true, read: departments, update: own, delete: own, fields: {"*": edit}}
  item: {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
  share: {create: false, read: own, update: none, delete: none, fields: {"*": edit}}
  user: {create: false, read: all, update: none, delete: none, fields: {"*": read}}
""",
    "permissions/whole.yaml": """
permission_set: s_whole
label: Whole
objects:
  order: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
  item: {create: false, read: none, update: none, delete: none, fields: {"*": edit}}
""",
}
PARTS = compiled(FILES)


@pytest.fixture
def shop(database: Database) -> Company:
    """A company with an order of bob's, and one of dee's; each with an item that has a share."""
    company = opened(database, PARTS)
    door = company.session()
    for who in ("bob", "dee"):
        order = company.create(door, "order", name=f"order of {who}", owner=company.ids[who])
        item = company.create(door, "item", name=f"item of {who}", order=order)
        company.create(door, "share", name=f"share of {who}", item=item)
    return company


def codes_of(problem: Problem) -> list[str]:
    """The codes of a problem's details, or its own."""
    return [detail.code for detail in problem.details] or [problem.code.id]


def refused(company: Company, session: Session, what: str, change: Any) -> list[str]:
    """The codes with which a change is refused."""
    with pytest.raises(Problem) as caught:
        company.apply(session, what, change)
    return codes_of(caught.value)


def owners(company: Company, what: str) -> dict[object, tuple[object, object]]:
    """Owner and department of the records of an object, by name."""
    found = company.session().query(company.query(company.session(), what, "name", "owner", "department"))
    return {
        record.values["name"]: (record.values["owner"], record.values["department"])
        for record in found.records
    }


def test_a_part_has_the_owner_and_department_of_its_parent_whoever_makes_it(shop: Company) -> None:
    bob = (shop.ids["bob"], shop.ids["north"])
    assert owners(shop, "item")["item of bob"] == bob
    assert owners(shop, "share")["share of bob"] == bob
    assert refused(shop, shop.session(), "item", Create(values={"name": "x", "owner": shop.ids["cy"]})) == [
        codes.FOLLOWS_PARENT.id,
        codes.REQUIRED.id,
    ]
    fields = {view.field.name: view.editable for view in shop.session().describe("item").fields}
    assert not fields["owner"]


def test_parts_follow_their_parent_at_every_depth_when_it_is_handed_over(shop: Company) -> None:
    door = shop.session()
    shop.delete(door, "share", shop.ids["share of bob"])
    shop.update(door, "order", shop.ids["order of bob"], owner=shop.ids["dee"])
    shop.restore(door, "share", shop.ids["share of bob"])
    dee = (shop.ids["dee"], shop.ids["finance"])
    assert (owners(shop, "item")["item of bob"], owners(shop, "share")["share of bob"]) == (dee, dee)
    assert shop.names(shop.session("bob", "s_parts"), "item") == []


def test_whoever_reads_the_parent_reads_its_parts_and_nobody_else(shop: Company) -> None:
    for who in ("bob", "cy"):
        session = shop.session(who, "s_parts")
        for what in ("order", "item", "share"):
            name = f"{what} of bob"
            assert shop.names(session, what) == [name]
            assert session.get(shop.release.catalog.object(what), shop.ids[name]).id == shop.ids[name]
            with pytest.raises(Problem) as hidden:
                session.get(shop.release.catalog.object(what), shop.ids[f"{what} of dee"])
            assert hidden.value.status == 404
            assert shop.names(session, what, find="dee") == []


def test_parts_that_no_set_grants_stay_closed_even_to_those_who_see_the_whole(shop: Company) -> None:
    bob = shop.session("bob", "s_whole")
    with pytest.raises(Problem) as closed:
        shop.names(bob, "item")
    assert closed.value.code is codes.FORBIDDEN


def test_whoever_may_change_the_parent_writes_its_parts(shop: Company) -> None:
    bob, cy = shop.session("bob", "s_parts"), shop.session("cy", "s_parts")
    order, item = shop.ids["order of bob"], shop.ids["item of bob"]
    assert refused(shop, cy, "item", Create(values={"name": "x", "order": order})) == [codes.FORBIDDEN.id]
    with pytest.raises(Problem) as forbidden:
        shop.update(cy, "item", item, name="y")
    assert forbidden.value.status == 403
    with pytest.raises(Problem) as forbidden:
        shop.delete(cy, "item", item)
    assert forbidden.value.status == 403
    made = shop.create(bob, "item", name="x", order=order)
    assert shop.update(bob, "item", made, name="y").values["name"] == "y"
    shop.delete(bob, "item", made)


def test_a_part_of_what_one_may_not_see_is_refused_as_if_that_were_not_there(shop: Company) -> None:
    bob = shop.session("bob", "s_parts")
    change = Create(values={"name": "x", "order": shop.ids["order of dee"]})
    assert codes.LINK_MISSING.id in refused(shop, bob, "item", change)


def test_a_part_dies_and_comes_back_with_its_parent_and_not_without_it(shop: Company) -> None:
    door = shop.session()
    shop.delete(door, "order", shop.ids["order of bob"])
    assert shop.names(door, "share") == ["share of dee"]
    with pytest.raises(Problem) as lonely:
        shop.restore(door, "item", shop.ids["item of bob"])
    assert codes_of(lonely.value) == [codes.LINK_MISSING.id]
    shop.restore(door, "order", shop.ids["order of bob"])
    assert shop.names(door, "share") == ["share of bob", "share of dee"]


def test_a_part_needs_its_parent_and_moves_only_where_the_link_says_so(shop: Company) -> None:
    door = shop.session()
    item, share = shop.ids["item of bob"], shop.ids["share of bob"]
    for values in ({"order": None}, {"order": ""}):
        with pytest.raises(Problem) as blank:
            shop.update(door, "item", item, **values)
        assert codes_of(blank.value) == [codes.REQUIRED.id]
    with pytest.raises(Problem) as fixed:
        shop.update(door, "share", share, item=shop.ids["item of dee"])
    assert codes_of(fixed.value) == [codes.PARENT_FIXED.id]
    shop.update(door, "share", share, item=item, name="same")
    shop.update(door, "item", item, order=shop.ids["order of dee"])
    assert owners(shop, "item")["item of bob"] == owners(shop, "share")["same"]
    assert owners(shop, "share")["same"][0] == shop.ids["dee"]


def test_a_part_moves_only_to_a_parent_that_one_may_change(shop: Company) -> None:
    other = shop.create(shop.session(), "order", name="of cy", owner=shop.ids["cy"])
    bob = shop.session("bob", "s_parts")
    with pytest.raises(Problem) as refused:
        shop.update(bob, "item", shop.ids["item of bob"], order=other)
    assert codes_of(refused.value) == [codes.FORBIDDEN.id]


def test_a_parent_and_its_parts_are_saved_together(shop: Company) -> None:
    bob, order, item = shop.session("bob", "s_parts"), shop.make_id(), shop.make_id()
    catalog = shop.release.catalog

    def batch(what: str, *changes: Create) -> Mutation:
        return Mutation(object=catalog.object(what), changes=changes, entry="test")

    bob.apply_all(
        [
            batch("order", Create(id=order, values={"name": "o"})),
            batch("item", Create(id=item, values={"name": "i", "order": order})),
        ]
    )
    assert owners(shop, "item")["i"][0] == shop.ids["bob"]
    with pytest.raises(Problem) as caught:
        bob.apply_all(
            [
                batch(
                    "order",
                    Create(id=shop.make_id(), values={"name": ""}),
                    Create(id=(o := shop.make_id()), values={"name": "p"}),
                ),
                batch("item", Create(values={"name": "", "order": o})),
            ]
        )
    assert [(d.mutation, d.row, d.field) for d in caught.value.details] == [(0, 0, "name"), (1, 0, "name")]


def test_a_part_costs_one_statement_more_whatever_the_batch(shop: Company) -> None:
    counted, bob = Counted(shop), shop.session("bob", "s_parts")
    order, seller = shop.ids["order of bob"], shop.ids["bob"]
    sent = []
    for size in (1, 40):
        shop.apply(bob, "order", *(Create(values={"name": "a", "seller": seller}) for _ in range(size)))
        plain = counted.sent()
        shop.apply(bob, "item", *(Create(values={"name": "a", "order": order}) for _ in range(size)))
        sent.append(counted.sent() - plain)
    assert sent == [1, 1]


def test_a_part_made_while_its_parent_is_handed_over_follows_it_all_the_same(shop: Company) -> None:
    order = shop.ids["order of bob"]

    def session(number: int) -> Session:
        return Session(
            database=shop.database, release=shop.release, actor=shop.session().actor, clock=shop.clock,
            ids=seeded_ids(lambda: START, 50 + number),
        )  # fmt: skip

    def hand_over(_: int) -> None:
        door = session(1)
        for who in ("cy", "dee", "ann", "bob") * 3:
            shop.update(door, "order", order, owner=shop.ids[who])

    def make(number: int) -> None:
        door = session(number)
        for n in range(12):
            shop.apply(door, "item", Create(values={"name": f"i{n}", "order": order}))

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(lambda work: work[0](work[1]), [(hand_over, 1), (make, 2), (make, 3)]))
    found = owners(shop, "item")
    del found["item of dee"]
    assert set(found.values()) == {(shop.ids["bob"], shop.ids["north"])}


def test_records_that_become_parts_follow_their_parents_from_then_on(database: Database) -> None:
    plain = {
        path: text.replace("master_detail", "lookup").replace(", reparent: true", "")
        for path, text in FILES.items()
    }
    company = opened(database, compiled(plain))
    door, ids = company.session(), company.ids
    order = company.create(door, "order", name="o", owner=ids["bob"])
    item = company.create(door, "item", name="i", order=order, owner=ids["cy"])
    company.create(door, "share", name="s", item=item, owner=ids["dee"])
    release = prepare(PARTS, 1, database.dialect, LANGUAGE)
    wanted = steps(company.release.tables, release.tables)
    perform(wanted, database)
    assert perform(wanted, database) == 0
    company.release = release
    assert owners(company, "share")["s"] == owners(company, "item")["i"] == (ids["bob"], ids["north"])


@pytest.mark.parametrize(
    "files",
    [
        {"objects/a.yaml": part("a", "a")},
        {"objects/a.yaml": part("a", "b"), "objects/b.yaml": part("b", "a")},
        {"objects/a.yaml": part("a", "deal") + "  second: {type: master_detail, label: S, to: account}\n"},
        {
            "objects/a.yaml": part("a", "deal"),
            "objects/b.yaml": part("b", "a"),
            "objects/c.yaml": part("c", "b"),
            "objects/d.yaml": part("d", "c"),
        },
    ],
    ids=["itself", "circle", "two", "deep"],
)
def test_parts_of_themselves_of_two_wholes_or_too_deep_are_refused(files: dict[str, str]) -> None:
    with pytest.raises(Rejected) as rejected:
        compiled(files)
    assert {issue.code for issue in rejected.value.issues} == {PARENTAGE}
