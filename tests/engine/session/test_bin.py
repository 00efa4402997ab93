"""Claims about the recycle bin: who finds what in it, and that all that went in together comes back."""

import pytest

from engine.changes.bin import recycled
from engine.mutation import Delete, Restore
from engine.problem import Problem
from engine.session import Session
from tests.engine.session.company import Company


def listed(company: Company, session: Session, **more: object) -> list[str | None]:
    return [one.title for one in recycled(session, **more).records]  # type: ignore[arg-type]


def tree(company: Company, door: Session) -> str:
    """A deal with two lines; returns its id."""
    deal = company.create(door, "deal", name="d", amount="10")
    for name in ("l1", "l2"):
        company.create(door, "line", name=name, deal=deal)
    return deal


def test_the_bin_tells_who_deleted_what_when_and_why_and_what_went_along(company: Company) -> None:
    bob = company.session("bob", "s_all")
    deal = tree(company, bob)
    account = company.create(bob, "account", name="a")
    company.later(hours=1)
    company.apply(bob, "deal", Delete(id=deal), reason="a mistake")
    company.later(hours=1)
    company.apply(bob, "account", Delete(id=account))
    newest, older = recycled(bob).records
    assert (newest.object.name, newest.title, newest.along) == ("account", "a", {})
    assert (older.object.name, older.record, older.title) == ("deal", deal, "d")
    assert (older.change_set.actor, older.change_set.reason) == (company.ids["bob"], "a mistake")
    assert {target.name: number for target, number in older.along.items()} == {"line": 2}
    assert older.at < newest.at == company.now


def test_what_went_in_before_is_listed_for_itself(company: Company) -> None:
    door = company.session()
    deal = tree(company, door)
    company.delete(door, "line", company.ids["l1"])
    company.later(hours=1)
    company.delete(door, "deal", deal)
    assert listed(company, door) == ["d", "l1"]
    assert [sum(one.along.values()) for one in recycled(door).records] == [1, 0]


def test_of_several_records_deleted_at_once_each_tells_its_own(company: Company) -> None:
    door = company.session()
    one = tree(company, door)
    other = company.create(door, "deal", name="e")
    company.create(door, "line", name="l3", deal=other)
    company.apply(door, "deal", Delete(id=one), Delete(id=other))
    assert {each.title: sum(each.along.values()) for each in recycled(door).records} == {"d": 2, "e": 1}


def test_the_bin_shows_only_what_one_may_read(company: Company) -> None:
    bob, cy = company.session("bob", "s_own"), company.session("cy", "s_own")
    mine = company.create(bob, "account", name="bob's")
    company.delete(bob, "account", mine)
    assert listed(company, bob) == ["bob's"]
    assert listed(company, cy) == []
    assert listed(company, bob, target=company.release.catalog.object("deal")) == []


def test_the_bin_is_paged_and_restored_records_leave_it(company: Company) -> None:
    door = company.session()
    ids = []
    for number in range(5):
        ids.append(company.create(door, "account", name=f"a{number}"))
        company.later(minutes=1)
        company.delete(door, "account", ids[-1])
    company.restore(door, "account", ids[3])
    first = recycled(door, limit=3)
    assert [one.title for one in first.records] == ["a4", "a2", "a1"]
    second = recycled(door, limit=3, before=first.next)
    assert ([one.title for one in second.records], second.next) == (["a0"], None)


def test_a_record_deleted_twice_is_listed_once(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="a")
    for _ in range(2):
        company.delete(door, "account", account)
        company.later(minutes=1)
        if _ == 0:
            company.restore(door, "account", account)
    assert listed(company, door) == ["a"]


def test_all_that_went_along_comes_back(company: Company) -> None:
    door = company.session()
    deal = tree(company, door)
    before = (company.names(door, "deal"), company.names(door, "line"))
    company.delete(door, "deal", deal)
    assert (company.names(door, "deal"), company.names(door, "line")) == ([], [])
    company.restore(door, "deal", deal)
    assert (company.names(door, "deal"), company.names(door, "line")) == before
    assert listed(company, door) == []


def test_restoring_tells_which_unique_value_somebody_else_has_by_now(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="a", code="X")
    company.delete(door, "account", account)
    company.create(door, "account", name="b", code="X")
    with pytest.raises(Problem) as refused:
        company.restore(door, "account", account)
    assert [detail.field for detail in refused.value.details] == ["code"]


def test_a_page_of_nonsense_is_refused(company: Company) -> None:
    for more in ({"before": "x"}, {"limit": 0}):
        with pytest.raises(Problem) as refused:
            recycled(company.session(), **more)
        assert refused.value.status == 400


def test_restoring_what_is_not_in_the_bin_is_refused(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="a")
    with pytest.raises(Problem) as refused:
        company.apply(door, "account", Restore(id=account))
    assert refused.value.status == 404
