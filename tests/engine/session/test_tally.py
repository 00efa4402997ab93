"""Claims about how many records point at one: the numbers on the tabs of its page."""

import pytest

from engine.mutation import Create, Delete
from engine.problem import Problem
from tests.engine.session.company import Company


def test_each_link_is_counted_as_its_reader_may_see_it(company: Company) -> None:
    boss = company.session()
    account = company.create(boss, "account", name="a")
    link = company.release.catalog.object("deal").fields["account"]
    rows = (("bob", "1"), ("cy", "2"), ("cy", "3"))
    made = company.apply(
        boss, "deal",
        *(Create(values={"name": n, "account": account, "owner": company.ids[who]}) for who, n in rows),
    )  # fmt: skip
    assert boss.tally((link, link), account) == (3, 3)
    gone = made.records[2]
    assert gone is not None
    company.apply(boss, "deal", Delete(id=gone.id))
    assert boss.tally((link,), account) == (2,)
    assert company.session("bob", "s_own").tally((link,), account) == (1,)
    assert boss.tally((), account) == ()


def test_a_link_that_the_reader_may_not_see_is_not_counted(company: Company) -> None:
    link = company.release.catalog.object("deal").fields["account"]
    with pytest.raises(Problem):
        company.session("bob").tally((link,), company.ids["bob"])
