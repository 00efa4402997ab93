"""Claims about what a Session reads."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.access import Action, Never
from engine.codes import BAD_CURSOR, FORBIDDEN, NOT_FOUND, UNKNOWN_FIELD
from engine.mutation import Create
from engine.problem import Problem
from tests.engine.session.company import Company


def test_values_come_back_as_they_went_in(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="Acme", active="yes")
    deal = company.create(
        door,
        "deal",
        name="Big",
        account=account,
        amount="1234.50",
        closes="2026-05-01",
        seen="2026-05-01T08:00:00Z",
    )
    values = door.get(company.release.catalog.object("deal"), deal).values
    assert values["amount"] == Decimal("1234.50")
    assert values["closes"] == date(2026, 5, 1)
    assert values["seen"] == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert (values["account"], values["account.title"]) == (account, "Acme")
    assert values["reason"] is None
    assert door.get(company.release.catalog.object("account"), account).values["active"] is True


def test_paths_follow_lookups_and_option_attributes(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="Acme", owner=company.ids["cy"])
    company.create(door, "deal", name="Big", account=account, stage="won", amount="7")
    asked = company.query(
        door,
        "deal",
        "account.owner.name",
        "account.owner.manager.name",
        "stage.probability",
        "amount.company",
    )
    values = door.query(asked).records[0].values
    assert values["account.owner.name"] == "cy"
    assert values["account.owner.manager.name"] == "bob"
    assert values["amount.company"] == Decimal(7)
    assert values["stage.probability"] is not None


def test_computed_fields_are_read_filtered_and_sorted(company: Company) -> None:
    door = company.session()
    for name, amount, cost in (("a", 10, 1), ("b", 10, 5), ("c", 10, 9), ("d", None, 1)):
        company.create(door, "deal", name=name, amount=amount, cost=cost)
    asked = company.query(door, "deal", "name", "margin", order=["-margin"])
    found = [(r.values["name"], r.values["margin"]) for r in door.query(asked).records]
    assert found == [("a", Decimal(9)), ("b", Decimal(5)), ("c", Decimal(1)), ("d", None)]
    assert company.names(door, "deal", where="margin > 4") == ["a", "b"]


def test_conditions_know_the_acting_user(company: Company) -> None:
    door = company.session()
    for owner in ("ann", "bob"):
        company.create(door, "account", name=f"of {owner}", owner=company.ids[owner])
    bob = company.session("bob", "s_all")
    assert company.names(bob, "account", where="owner = $user.id") == ["of bob"]
    assert company.names(bob, "account", where="owner = $user.manager") == ["of ann"]


def test_text_is_ordered_as_people_expect_and_blanks_come_last(company: Company) -> None:
    door = company.session()
    for reason in ("beta", None, "Alpha", "张", "äther", "章"):
        company.create(door, "deal", name="x", reason=reason)
    for order, wanted in (
        ("reason", ["Alpha", "äther", "beta", "张", "章", None]),
        ("-reason", ["章", "张", "beta", "äther", "Alpha", None]),
    ):
        page = door.query(company.query(door, "deal", "reason", order=[order]))
        assert [r.values["reason"] for r in page.records] == wanted


def test_picklists_order_by_place_and_lookups_by_what_people_see(company: Company) -> None:
    door = company.session()
    accounts = {name: company.create(door, "account", name=name) for name in ("zoo", "Arc")}
    for stage, account in (("won", "zoo"), ("open", "Arc")):
        company.create(door, "deal", name=stage, stage=stage, account=accounts[account])
    assert company.names(door, "deal", order=["stage"]) == ["open", "won"]
    assert company.names(door, "deal", order=["-account"]) == ["won", "open"]


@pytest.mark.parametrize("order", [["reason"], ["-reason"], ["-stage", "reason"], ["closes", "-amount"], []])
def test_pages_walk_the_whole_list_both_ways(company: Company, order: list[str]) -> None:
    door = company.session()
    rows = [
        {
            "name": f"n{n}",
            "reason": (None, "b", "a", "b")[n % 4],
            "stage": ("open", "won")[n % 2],
            "amount": n % 3 or None,
        }
        for n in range(11)
    ]
    company.apply(door, "deal", *(Create(values=row) for row in rows))
    whole = [r.id for r in door.query(company.query(door, "deal", order=order, limit=50)).records]
    assert len(whole) == 11

    forwards, cursor = [], None
    while True:
        page = door.query(company.query(door, "deal", order=order, limit=3, after=cursor))
        forwards += [r.id for r in page.records]
        last, cursor = page, page.next
        if cursor is None:
            break
    assert forwards == whole

    backwards, cursor = [r.id for r in last.records], last.previous
    while cursor is not None:
        page = door.query(company.query(door, "deal", order=order, limit=3, before=cursor))
        assert page.next is not None
        backwards = [r.id for r in page.records] + backwards
        cursor = page.previous
    assert backwards == whole


def test_a_cursor_serves_only_its_reader_and_its_list(company: Company) -> None:
    door = company.session()
    company.apply(door, "account", *(Create(values={"name": f"a{n}"}) for n in range(3)))
    cursor = door.query(company.query(door, "account", order=["name"], limit=1)).next
    assert cursor is not None
    others = (
        (company.session("bob", "s_all"), {"order": ["name"]}, cursor),
        (door, {"order": ["-name"]}, cursor),
        (door, {"order": ["name"], "where": "active"}, cursor),
        (door, {"order": ["name"], "find": "a"}, cursor),
        (door, {"order": ["name"]}, "A" + cursor[1:] if cursor[0] != "A" else "B" + cursor[1:]),
        (door, {"order": ["name"]}, "nonsense"),
        (door, {"order": ["name"]}, "é"),
    )
    for session, more, text in others:
        with pytest.raises(Problem) as refused:
            session.query(company.query(session, "account", after=text, limit=1, **more))
        assert refused.value.code is BAD_CURSOR


def test_counting_stops_at_its_budget(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    door = company.session()
    company.apply(door, "account", *(Create(values={"name": f"a{n}"}) for n in range(5)))
    count = door.query(company.query(door, "account", count=True, limit=1)).count
    assert count is not None
    assert (count.number, count.exact) == (5, True)
    monkeypatch.setattr("engine.planner.COUNT_BUDGET", 3)
    monkeypatch.setattr("engine.reading.COUNT_BUDGET", 3)
    other = door.query(company.query(door, "account", count=True, limit=1, where="NOT(active)")).count
    assert other is not None
    assert (other.number, other.exact) == (3, False)


@pytest.mark.parametrize(
    ("find", "found"),
    [("acme", ["Acme 恒锐"]), ("恒", ["Acme 恒锐"]), ("acm 锐", ["Acme 恒锐"]), ("cme", []),
     ("100%", ["100% Pure"]), ("%", []),
     ("_", []), ("zzz", []), ("PURE", ["100% Pure"]), ("", ["100% Pure", "Acme 恒锐"])],
)  # fmt: skip
def test_words_are_found_in_visible_text(company: Company, find: str, found: list[str]) -> None:
    door = company.session()
    for name in ("Acme 恒锐", "100% Pure"):
        company.create(door, "account", name=name, secret="zzz")
    assert company.names(door, "account", find=find) == found


@pytest.mark.parametrize(
    "asked",
    [{"fields": ["cost"]}, {"fields": ["margin"]}, {"fields": ["account.secret"]}, {"order": ["cost"]},
     {"order": ["account.secret"]}, {"order": ["margin"]}],
)  # fmt: skip
def test_hidden_fields_are_refused_wherever_they_are_named(
    company: Company, asked: dict[str, list[str]]
) -> None:
    bob = company.session("bob", "s_blind")
    with pytest.raises(Problem) as refused:
        bob.query(company.query(bob, "deal", *asked.get("fields", ()), order=asked.get("order", ())))
    assert refused.value.code is UNKNOWN_FIELD


def test_a_hidden_and_an_unknown_name_in_a_condition_get_the_same_answer(company: Company) -> None:
    bob = company.session("bob", "s_blind")
    deal = company.release.catalog.object("deal")
    told = []
    hidden = ("cost", "account.secret", "margin", "$user.manager")
    for name in (*hidden, "cosx", "account.secrex", "$user.managex"):
        with pytest.raises(Problem) as refused:
            bob.condition(deal, f"ISBLANK({name})")
        detail = refused.value.details[0]
        assert "cost" not in detail.hint.replace("cosx", "")
        told.append((refused.value.code, detail.code))
    assert len(set(told)) == 1
    bob.condition(deal, "owner = $user.id")


def test_a_fault_in_a_condition_says_where_it_stands(company: Company) -> None:
    deal = company.release.catalog.object("deal")
    with pytest.raises(Problem) as refused:
        company.session().condition(deal, "amuont > 1 && name = 5")
    assert [detail.column for detail in refused.value.details] == [1, 22]
    assert "hint" not in refused.value.json()


def test_a_condition_that_reached_the_session_otherwise_is_refused_too(company: Company) -> None:
    """A saved view is checked without its reader; the planner looks again."""
    everything, bob = company.session(), company.session("bob", "s_blind")
    deal = company.release.catalog.object("deal")
    where = everything.condition(deal, "cost > 3")
    from dataclasses import replace

    with pytest.raises(Problem) as refused:
        bob.query(replace(company.query(bob, "deal", "name"), where=where))
    assert refused.value.code is UNKNOWN_FIELD


def test_an_unreadable_parent_is_missing_in_paths_label_filter_and_sort(company: Company) -> None:
    door = company.session()
    mine = company.create(door, "account", name="mine", owner=company.ids["bob"])
    other = company.create(door, "account", name="A first", owner=company.ids["ann"])
    for name, account in (("d1", mine), ("d2", other)):
        company.create(door, "deal", name=name, account=account)
    bob = company.session("bob", "s_blind")
    asked = company.query(bob, "deal", "name", "account", "account.name", order=["account"])
    seen = [
        (r.values["name"], r.values["account.name"], r.values["account.title"])
        for r in bob.query(asked).records
    ]
    assert seen == [("d1", "mine", "mine"), ("d2", None, None)]
    assert company.names(bob, "deal", where='account.name = "A first"') == []
    assert company.names(bob, "deal", where="ISBLANK(account.name)") == ["d2"]


def test_without_a_grant_there_is_nothing(company: Company) -> None:
    door, nobody = company.session(), company.session("bob")
    account = company.create(door, "account", name="Acme", owner=company.ids["bob"])
    target = company.release.catalog.object("account")
    assert isinstance(nobody.policy.decide(target, Action.READ), Never)
    with pytest.raises(Problem) as refused:
        nobody.get(target, account, ())
    assert refused.value.code is FORBIDDEN
    with pytest.raises(Problem) as unknown:
        nobody.describe("account")
    assert unknown.value.code is NOT_FOUND


def test_an_unreadable_record_is_as_missing_as_one_that_never_was(company: Company) -> None:
    door = company.session()
    hidden = company.create(door, "account", name="Acme", owner=company.ids["ann"])
    bob, target = company.session("bob", "s_own"), company.release.catalog.object("account")
    told = []
    for record in (hidden, company.make_id()):
        with pytest.raises(Problem) as refused:
            bob.get(target, record)
        told.append((refused.value.code, refused.value.status, refused.value.message.replace(record, "")))
    assert told[0] == told[1]
    assert told[0][:2] == (NOT_FOUND, 404)


def test_an_object_is_described_as_its_reader_may_use_it(company: Company) -> None:
    view = company.session("bob", "s_blind").describe("deal")
    fields = {each.field.name: each.editable for each in view.fields}
    assert "cost" not in fields
    assert "margin" not in fields
    assert fields["name"]
    assert not fields["stage"]
    assert not fields["created_at"]
    assert not fields["expected"]
    assert company.session("bob", "s_blind").describe("user").actions == {Action.READ}


def test_an_option_weighs_what_it_says_whatever_digits_it_is_written_with(company: Company) -> None:
    """A probability of 100 is 1.00, also where numbers are kept as whole hundredths."""
    door = company.session()
    for stage in ("open", "won", "lost"):
        company.create(door, "deal", name=stage, stage=stage, amount="50000", reason="x")
    asked = company.query(door, "deal", "stage.probability", "expected", order=["name"])
    found = [tuple(record.values.values()) for record in door.query(asked).records]
    assert found == [(0, 0), (Decimal("0.1"), 5000), (1, 50000)]


def test_what_is_no_id_names_no_record(company: Company) -> None:
    door, target = company.session(), company.release.catalog.object("account")
    record = company.create(door, "account", name="Acme")
    assert door.get(target, record.upper()).id == record
    for wrong in ("x", "", "' OR 1=1", "018f2b7e-0000-7000-8000-00000000000g"):
        with pytest.raises(Problem) as refused:
            door.get(target, wrong)
        assert refused.value.code is NOT_FOUND
