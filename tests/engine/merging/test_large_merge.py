"""A merge with thousands of records hanging on it: in steps, gone on with after a kill, parted exactly."""

import pytest

from engine.changes.ledger import change_set, recent
from engine.changes.undo import undo
from engine.merging.merge import Merge, merge
from engine.merging.redirect import survivor_of
from engine.mutation import Create
from engine.problem import Problem
from tests.engine.merging.hanging import content, links, merged
from tests.engine.session.company import Company

NAMES = "ABCDE"


class Killed(Exception):  # noqa: N818  (nothing is wrong with what was asked)
    """The process is gone."""


def _hung(company: Company, children: int) -> None:
    """Five accounts, and as many records as said that hang on them, of three kinds."""
    admin, ids = company.session(), company.ids
    for number, name in enumerate(NAMES):
        company.create(admin, "account", name=name, code=f"c{number}", secret=f"s{number}")
    third = children // 3
    _made(company, "deal", third, lambda n: {"account": ids[NAMES[n % 5]], "partner": ids[NAMES[n % 3]]})
    _made(company, "site", third, lambda n: {"account": ids[NAMES[n % 5]], "position": n})
    _made(company, "note", children - 2 * third, lambda n: {"about": f"account/{ids[NAMES[n % 5]]}"})


def _made(company: Company, name: str, count: int, values: object) -> None:
    admin = company.session()
    rows = [{"name": f"{name} {n}", **values(n)} for n in range(count)]  # type: ignore[operator]
    company.apply(admin, name, *(Create(values=row) for row in rows), answer=False)


def _asked(company: Company) -> Merge:
    survivor, *losers = (company.ids[name] for name in NAMES)
    target = company.release.catalog.object("account")
    return Merge(object=target, survivor=survivor, losers=tuple(losers))


def test_five_accounts_with_two_thousand_children_split_back_exactly(merging: Company) -> None:
    _hung(merging, 2000)
    before, admin = content(merging), merging.session()
    told: list[int] = []
    done = merge(admin, _asked(merging), told.append)
    assert set(links(merging, "deal", "account").values()) == {merging.ids["A"]}
    assert (told == sorted(told), len(told) > 5) == (True, True)
    assert change_set(admin, done.change_set).change_set.open is False
    back = undo(admin, done.change_set)
    assert (back.refused, back.hidden) == (0, 0)
    assert content(merging) == before


def test_a_merge_that_was_killed_shows_no_loser_gone_and_is_gone_on_with(merging: Company) -> None:
    _hung(merging, 450)
    before, admin, asked = content(merging), merging.session(), _asked(merging)

    def kill(moved: int) -> None:
        if moved >= 200:
            raise Killed

    with pytest.raises(Killed):
        merge(admin, asked, kill)
    assert merging.names(admin, "account") == list(NAMES)
    assert survivor_of(admin, asked.object, asked.losers[0]) is None
    (begun,) = [each for each in recent(admin, limit=3) if each.change_set.entry == "merge"]
    assert begun.change_set.open
    with pytest.raises(Problem) as refused:
        merged(merging, admin, "B", "C")
    assert refused.value.code.id == "P208"

    done = merge(admin, asked)
    assert done.change_set == begun.change_set.id
    assert merging.names(admin, "account") == ["A"]
    assert undo(admin, done.change_set).refused == 0
    assert content(merging) == before


def test_a_merge_that_nobody_goes_on_with_is_taken_back(merging: Company) -> None:
    _hung(merging, 450)
    before, admin = content(merging), merging.session()

    def kill(moved: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        merge(admin, _asked(merging), kill)
    begun = next(each for each in recent(admin) if each.change_set.entry == "merge")
    assert undo(admin, begun.change_set.id).refused == 0
    assert content(merging) == before
    merged(merging, admin, "B", "C")
    assert merging.names(admin, "account") == ["A", "B", "D", "E"]
