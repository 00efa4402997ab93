"""Several records become one: what hangs on them moves, values are chosen, and an undo parts them exactly."""

from typing import Any

import pytest

from engine.changes.ledger import change_set
from engine.changes.undo import undo
from engine.merging.merge import Merge, merge
from engine.merging.proposal import UNION
from engine.problem import Problem
from tests.engine.merging.hanging import content, links, merged
from tests.engine.session.company import Company


def _accounts(company: Company) -> None:
    admin = company.session()
    company.create(admin, "account", name="A", code="c1", phones=["+86 21 5555 0101"], revenue="1.50")
    company.later(hours=1)
    company.create(
        admin, "account", name="B", code="c2", secret="b", phones=["+86 21 5555 0102"], share="12.5"
    )
    company.later(hours=1)
    company.create(admin, "account", name="C", secret="c", active=False, where={"city": "Suzhou"})


def test_all_that_hangs_on_the_losers_hangs_on_the_survivor(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    merging.create(admin, "deal", name="both", account=ids["B"], partner=ids["C"])
    merging.create(admin, "site", name="plant", account=ids["C"], position=1)
    merging.create(
        admin, "note", name="note", about=f"account/{ids['B']}", others=[ids["C"], ids["A"], ids["B"]]
    )
    merging.create(admin, "record_share", record=f"account/{ids['C']}", user=ids["cy"])
    merging.create(admin, "account", name="child", parent=ids["B"], friends=[ids["C"]])

    done = merged(merging, admin, "A", "B", "C", reason="the same")

    assert links(merging, "deal", "account") == {"both": ids["A"]}
    assert links(merging, "deal", "partner") == {"both": ids["A"]}
    assert links(merging, "site", "account") == {"plant": ids["A"]}
    assert links(merging, "note", "about") == {"note": f"account/{ids['A']}"}
    assert links(merging, "note", "others") == {"note": (ids["A"],)}
    assert links(merging, "account", "parent") == {"A": None, "child": ids["A"]}
    assert links(merging, "account", "friends") == {"A": None, "child": (ids["A"],)}
    assert merging.names(admin, "account") == ["A", "child"]
    moved = {f"{link.object.name}.{link.name}": number for link, number in done.moved.items()}
    assert moved == {
        "account.parent": 1, "account.friends": 1, "deal.account": 1, "deal.partner": 1, "note.about": 1,
        "note.others": 1, "record_share.record": 1, "site.account": 1,
    }  # fmt: skip
    kept = change_set(admin, done.change_set).change_set
    assert (kept.entry, kept.subject, kept.reason, kept.open) == ("merge", ids["A"], "the same", False)


def test_values_are_the_survivors_then_the_newest_others_and_lists_are_joined(merging: Company) -> None:
    _accounts(merging)
    merged(merging, merging.session(), "A", "B", "C")
    record = merging.session().get(merging.release.catalog.object("account"), merging.ids["A"])
    assert (record.values["code"], record.values["secret"]) == ("c1", "c")
    assert record.values["phones"] == ("+86 21 5555 0101", "+86 21 5555 0102")
    assert str(record.values["revenue"]) == "1.50"
    assert record.values["where"]["city"] == "Suzhou"
    assert record.values["active"] is False


def test_each_field_takes_the_value_of_the_record_chosen_for_it_even_a_unique_one(merging: Company) -> None:
    _accounts(merging)
    b, c = merging.ids["B"], merging.ids["C"]
    take = {"name": c, "code": b, "phones": b, "share": b, "secret": b}
    merged(merging, merging.session(), "A", "B", "C", take=take)
    record = merging.session().get(merging.release.catalog.object("account"), merging.ids["A"])
    wanted = {"name": "C", "code": "c2", "secret": "b", "phones": ("+86 21 5555 0102",)}
    assert {name: record.values[name] for name in wanted} == wanted
    assert str(record.values["share"]) == "0.125"


def test_a_merge_is_taken_back_exactly(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    merging.create(admin, "deal", name="d", account=ids["B"], partner=ids["C"])
    merging.create(
        admin, "note", name="n", about=f"account/{ids['B']}", others=[ids["C"], ids["B"], ids["A"]]
    )
    for name in "ABC":
        merging.create(admin, "site", name=f"site of {name}", account=ids[name], position=1)
        merging.create(admin, "badge", name=f"badge of {name}", account=ids[name])
        merging.create(admin, "colleague", account=ids[name], user=ids["cy"], role="sales")
    merging.update(admin, "account", ids["A"], parent=ids["B"], friends=[ids["C"]])
    before = content(merging)

    done = merged(merging, admin, "A", "B", "C", take={"code": ids["B"], "name": ids["C"]})
    after = content(merging)
    back = undo(admin, done.change_set)

    assert [(one.object, one.field and one.field.name, one.message) for one in back.conflicts] == []
    assert (back.refused, back.hidden) == (0, 0)
    assert content(merging) == before != after
    assert back.change_set is not None
    again = undo(admin, back.change_set)
    assert again.refused == 0
    assert _without_time(content(merging)) == _without_time(after)


def _without_time(tables: dict[str, list[tuple[object, ...]]]) -> dict[str, int]:
    """How many rows there are: what is deleted anew bears another time."""
    return {name: len(rows) for name, rows in tables.items()}


def test_what_cannot_stand_beside_the_survivors_own_gives_way(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    for name in "AB":
        merging.create(admin, "site", name=f"site {name}", account=ids[name], position=1)
        merging.create(admin, "badge", name=f"badge {name}", account=ids[name])
        merging.create(admin, "colleague", account=ids[name], user=ids["cy"], role="sales")
    merging.create(admin, "colleague", account=ids["B"], user=ids["cy"], role="sales", access="edit")
    merging.create(admin, "colleague", account=ids["B"], user=ids["cy"], role="service")

    done = merged(merging, admin, "A", "B")

    assert links(merging, "site", "position") == {"site A": 1, "site B": 2}
    assert merging.names(admin, "badge") == ["badge A"]
    query = merging.query(admin, "colleague", "role", "access", order=["role", "access"])
    rows = [tuple(each.values.values()) for each in admin.query(query).records]
    assert sorted(rows) == [("sales", "edit"), ("sales", "read"), ("service", "read")]
    told = sorted((each.object.name, str(each.message)) for each in done.gave_way)
    assert told == [
        ("badge", "The survivor has the same already; this one went into the recycle bin."),
        ("colleague", "The survivor has the same already; this one went into the recycle bin."),
        ("site", "Its place was taken; it was numbered 2."),
    ]


def test_of_records_of_nothing_but_links_that_link_the_same_one_goes(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    for deal in ("first", "second"):
        merging.create(admin, "deal", name=deal)
    for account, deal in (("A", "first"), ("B", "first"), ("C", "first"), ("C", "second")):
        merging.create(admin, "pair", account=ids[account], deal=ids[deal])
    before = content(merging)
    done = merged(merging, admin, "A", "B", "C")
    query = merging.query(admin, "pair", "account", "deal")
    pairs = sorted(
        tuple(each.values[name] for name in ("account", "deal")) for each in admin.query(query).records
    )
    assert pairs == sorted([(ids["A"], ids["first"]), (ids["A"], ids["second"])])
    assert len(done.gave_way) == 2
    assert undo(admin, done.change_set).refused == 0
    assert content(merging) == before


def test_roll_ups_follow_there_and_back(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    for name, amount in (("A", 1), ("B", 10), ("C", 100)):
        merging.create(admin, "deal", name=f"deal of {name}", account=ids[name], amount=amount)
    done = merged(merging, admin, "A", "B", "C")
    assert links(merging, "account", "deals") == {"A": 3}
    assert {name: int(str(worth)) for name, worth in _worth(merging).items()} == {"A": 111}
    assert undo(admin, done.change_set).refused == 0
    assert links(merging, "account", "deals") == {"A": 1, "B": 1, "C": 1}
    assert {name: int(str(worth)) for name, worth in _worth(merging).items()} == {"A": 1, "B": 10, "C": 100}


def _worth(company: Company) -> dict[object, object]:
    return {name: str(worth).partition(".")[0] for name, worth in links(company, "account", "worth").items()}


def test_a_survivor_below_its_losers_becomes_the_root(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    merging.create(admin, "account", name="middle", parent=ids["B"])
    merging.update(admin, "account", ids["A"], parent=ids["middle"])
    before = content(merging)
    done = merged(merging, admin, "A", "B")
    assert links(merging, "account", "parent") == {"A": None, "middle": ids["A"], "C": None}
    assert [str(each.message) for each in done.gave_way] == [
        "It would stand below itself, and has become the root of its tree."
    ]
    assert undo(admin, done.change_set).refused == 0
    assert content(merging) == before


@pytest.mark.parametrize(
    ("names", "more", "code"),
    [
        (("A",), {}, "P224"),
        (("A", "B", "B"), {}, "P224"),
        (("A", "00000000-0000-7000-8000-000000000001"), {}, "P201"),
        (("A", "no id"), {}, "P201"),
        (("A", "B"), {"take": {"nothing": UNION}}, "P224"),
        (("A", "B"), {"take": {"name": UNION}}, "P224"),
        (("A", "B"), {"take": {"name": "00000000-0000-7000-8000-000000000001"}}, "P224"),
        (("A", "B"), {"versions": {"B": 7}}, "P203"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_changes(
    merging: Company, names: tuple[str, ...], more: dict[str, Any], code: str
) -> None:
    _accounts(merging)
    versions = {merging.ids[name]: number for name, number in more.get("versions", {}).items()}
    before = content(merging)
    with pytest.raises(Problem) as refused:
        merged(merging, merging.session(), *names, take=more.get("take", {}), versions=versions)
    assert refused.value.code.id == code
    assert content(merging) == before


def test_people_and_departments_are_not_merged(merging: Company) -> None:
    target = merging.release.catalog.object("user")
    asked = Merge(object=target, survivor=merging.ids["cy"], losers=(merging.ids["bob"],))
    with pytest.raises(Problem) as refused:
        merge(merging.session(), asked)
    assert refused.value.code.id == "P224"
