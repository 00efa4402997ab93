"""Claims about rules against duplicates: what is found, who is told what, and who wins a race."""

import threading
from typing import Any, cast

import pytest

from engine.database import Database
from engine.matching import codes
from engine.mutation import Create, Restore, Update
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.test_statements import Counted

FIRM = """
object: firm
label: Firm
plural: Firms
title: name
fields:
  name: {type: text, label: Name, normalise: company, required: true}
  legal_name: {type: text, label: Legal name, normalise: company}
  city: {type: text, label: City, normalise: region}
  code: {type: text, label: Code}
  kind: {type: text, label: Kind}
duplicates:
  same_name:
    label: Same company
    match: [{name: normalised}]
    with: {firm: {name: [name, legal_name]}, prospect: {name: company}}
    when: kind <> "branch"
  same_code:
    label: Same code
    match: [{code: exact}]
    action: block
  alike:
    label: Names alike
    match: [{name: {fuzzy: 80}, city: normalised}, {name: pinyin, city: normalised}]
    unseen: ignore
"""
PERSON = """
object: prospect
label: Prospect
plural: Prospects
title: name
fields:
  name: {type: text, label: Name, normalise: person, required: true}
  company: {type: text, label: Company, normalise: company}
  phone: {type: phone, label: Phone, region: CN}
  phones: {type: phone, label: Phones, region: CN, many: true}
  email: {type: email, label: E-mail}
duplicates:
  same_person:
    label: Same person
    match: [{phone: normalised}, {email: normalised}, {name: {fuzzy: 85}, company: normalised}]
    with: {prospect: {phone: [phone, phones]}}
  sounds_alike:
    label: Sounds alike
    match: [{name: phonetic, company: normalised}]
    action: block
"""
RIGHTS = """
permission_set: s_market
label: Market
objects:
  firm: {create: true, read: own, update: own, delete: none, fields: {"*": edit}}
  prospect: {create: true, read: own, update: own, delete: none, fields: {"*": edit, email: none}}
"""
MODEL = compiled(
    {"objects/firm.yaml": FIRM, "objects/prospect.yaml": PERSON, "permissions/s_market.yaml": RIGHTS}
)


@pytest.fixture
def market(database: Database) -> Company:
    """A firm and a prospect that the system made."""
    company = opened(database, MODEL)
    door = company.session()
    company.create(door, "firm", name="北京恒锐精密机械有限公司", city="北京", code="A1")
    company.create(
        door, "prospect", name="Wei Wang", company="Acme Ltd", phone="138 1234 5678", email="w.wang@gmail.com"
    )
    return company


def refused(market: Company, what: str, who: str = "system", **values: Any) -> Problem:
    """What a new record is told."""
    session = market.session() if who == "system" else market.session(who, "s_market")
    with pytest.raises(Problem) as problem:
        market.apply(session, what, Create(values=values))
    return problem.value


def matches(problem: Problem) -> list[dict[str, Any]]:
    """What a program is told of the records found."""
    return cast("list[dict[str, Any]]", problem.data["duplicates"])


def told(problem: Problem) -> list[tuple[str, str | None]]:
    """The codes of its details, with their fields."""
    return [(detail.code, detail.field) for detail in problem.details]


def test_the_same_name_written_otherwise_is_warned_of_once_and_saved_when_accepted(market: Company) -> None:
    twin = {"name": "恒銳精密機械（北京）股份有限公司"}
    problem = refused(market, "firm", **twin)
    assert told(problem) == [(codes.POSSIBLE_DUPLICATE.id, "name")]
    assert matches(problem) == [
        {
            "row": 0, "rule": "same_name", "action": "warn", "score": 100, "object": "firm",
            "id": market.ids["北京恒锐精密机械有限公司"], "title": "北京恒锐精密机械有限公司",
        }
    ]  # fmt: skip
    market.apply(market.session(), "firm", Create(values=twin), accept_duplicates=True)


def test_another_field_and_another_object_stand_for_the_name(market: Company) -> None:
    market.create(market.session(), "firm", name="Short", legal_name="Beta GmbH")
    assert told(refused(market, "firm", name="Beta AG")) == [(codes.POSSIBLE_DUPLICATE.id, "name")]
    (found,) = matches(refused(market, "firm", name="ACME Inc."))
    assert found["object"] == "prospect"


def test_what_is_blocked_nobody_saves(market: Company) -> None:
    with pytest.raises(Problem) as problem:
        market.apply(
            market.session(), "firm", Create(values={"name": "Other", "code": "A1"}), accept_duplicates=True
        )
    assert told(problem.value) == [(codes.DUPLICATE.id, "code")]


def test_a_rule_asks_only_about_records_for_which_its_condition_is_true(market: Company) -> None:
    market.create(market.session(), "firm", name="北京市恒锐精密机械公司", kind="branch")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("恒锐精密机诫", True),
        ("恒瑞精密机械", True),
        ("Hengrui Jingmi Jixie", True),
        ("恒锐", False),
        ("Henrui Jingmi", False),
    ],
)
def test_slips_and_words_that_are_read_alike_are_found(market: Company, name: str, *, found: bool) -> None:
    market.create(market.session(), "firm", name="恒锐精密机械", city="北京市")
    values = {"name": name, "city": "北京"}
    if found:
        assert [each["rule"] for each in matches(refused(market, "firm", **values))] == ["alike"]
    else:
        market.apply(market.session(), "firm", Create(values=values))


@pytest.mark.parametrize(
    "values",
    [
        {"name": "X", "phone": "+86-138-1234-5678"},
        {"name": "X", "phones": ["110", "0086 13812345678"]},
        {"name": "X", "email": "wwang+crm@googlemail.com"},
        {"name": "Mr. Wang Wie", "company": "ACME, Inc."},
    ],
)
def test_a_person_is_found_by_number_address_or_a_name_alike_at_the_same_company(
    market: Company, values: dict[str, Any]
) -> None:
    assert "same_person" in {each["rule"] for each in matches(refused(market, "prospect", **values))}


def test_names_that_sound_alike_are_found(market: Company) -> None:
    market.create(market.session(), "prospect", name="Catherine Smith", company="Gamma")
    problem = refused(market, "prospect", name="Kathryn Smyth", company="Gamma LLC")
    assert (codes.DUPLICATE.id, "name") in told(problem)


def test_of_what_the_writer_may_not_see_she_learns_that_it_exists_or_nothing(market: Company) -> None:
    problem = refused(market, "firm", who="bob", name="北京恒锐精密机械", city="北京")
    assert matches(problem) == [{"row": 0, "rule": "same_name", "action": "warn"}]
    (detail,) = problem.details
    assert "恒锐" not in str(detail.message)
    bob = market.session("bob", "s_market")
    market.apply(bob, "firm", Create(values={"name": "北京恒锐精密机诫", "city": "北京", "kind": "branch"}))


def test_a_match_in_a_hidden_field_tells_no_more_than_one_in_a_hidden_record(market: Company) -> None:
    bob = market.session("bob", "s_market")
    mine = market.create(bob, "prospect", name="Mine", phone="021-55550101")
    market.update(market.session(), "prospect", mine, email="x@acme.com")
    (shown,) = matches(refused(market, "prospect", who="bob", name="Y", phone="+862155550101"))
    assert shown["id"] == mine
    company = market.release.catalog.object("prospect")
    assert not bob.policy.readable(company.fields["email"])


def test_within_a_batch_the_later_row_is_like_the_earlier(market: Company) -> None:
    with pytest.raises(Problem) as problem:
        market.apply(
            market.session(),
            "firm",
            *(Create(values={"name": name}) for name in ("Delta Ltd", "Echo", "DELTA Inc")),
        )
    assert [(detail.row, detail.code) for detail in problem.value.details] == [
        (2, codes.POSSIBLE_DUPLICATE.id)
    ]
    assert matches(problem.value)[0]["like_row"] == 0


def test_of_a_partial_batch_the_others_are_saved(market: Company) -> None:
    rows = [Create(values={"name": name}) for name in ("Delta Ltd", "DELTA Inc", "Echo")]
    result = market.apply(market.session(), "firm", *rows, partial=True)
    assert [problem is None for problem in result.problems] == [True, False, True]


def test_a_change_is_checked_where_it_touches_what_is_compared(market: Company) -> None:
    door = market.session()
    other = market.create(door, "firm", name="Foxtrot")
    with pytest.raises(Problem):
        market.update(door, "firm", other, name="北京恒锐精密机械")
    market.apply(door, "firm", Update(id=other, values={"name": "北京恒锐精密机械"}), accept_duplicates=True)
    market.update(door, "firm", other, kind="old")
    market.update(door, "firm", market.ids["北京恒锐精密机械有限公司"], name="Golf")
    market.update(door, "firm", other, name="北京恒锐精密机械股份公司")


def test_what_is_in_the_bin_is_no_duplicate_and_what_comes_back_is_checked(market: Company) -> None:
    door, old = market.session(), market.ids["北京恒锐精密机械有限公司"]
    market.delete(door, "firm", old)
    market.create(door, "firm", name="New", code="A1")
    with pytest.raises(Problem) as problem:
        market.apply(door, "firm", Restore(id=old))
    assert (codes.DUPLICATE.id, "code") in told(problem.value)


def test_a_form_that_is_not_saved_yet_hears_the_same(market: Company) -> None:
    target = market.release.catalog.object("firm")
    seen = market.session().preview(target, None, {"name": "北京市恒锐精密机械有限公司"})
    assert [detail.code for detail in seen["name"].refused] == [codes.POSSIBLE_DUPLICATE.id]


def test_it_costs_three_statements_whatever_the_batch_and_none_where_nothing_is_compared(
    market: Company,
) -> None:
    counted, door = Counted(market), market.session()
    sent = []
    for size in (1, 40):
        market.apply(door, "deal", *(Create(values={"name": "d"}) for _ in range(size)))
        plain = counted.sent()
        market.apply(door, "firm", *(Create(values={"name": f"Firm {size} {n}"}) for n in range(size)))
        sent.append(counted.sent() - plain)
    assert sent[0] == sent[1]
    assert sent[0] <= 3


@pytest.mark.parametrize("code", ["B7"])
def test_of_two_writers_at_once_one_is_refused(market: Company, code: str) -> None:
    """Each has a transaction and a connection of its own, and asks before the other has committed."""
    start, results = threading.Barrier(2), []

    def write(name: str) -> None:
        start.wait()
        try:
            market.apply(market.session(), "firm", Create(values={"name": name, "code": code}))
            results.append("saved")
        except Problem as problem:
            results.append(problem.details[0].code)

    for _ in range(4):
        results.clear()
        threads = [threading.Thread(target=write, args=(f"{name} {code}",)) for name in ("One", "Two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [codes.DUPLICATE.id, "saved"]
        code += "x"
