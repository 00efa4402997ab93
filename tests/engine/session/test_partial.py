"""Claims about partial batches: a row answers for itself, and the sound ones are stored as if alone."""

import pytest

from engine import codes
from engine.mutation import Delete, Update
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url


def _codes(problems: tuple[Problem | None, ...]) -> list[str | None]:
    return [problem.details[0].code if problem else None for problem in problems]


HELD, RING = codes.STILL_REFERENCED.id, codes.RING.id


def test_what_restricts_one_deletion_leaves_the_others_standing(company: Company) -> None:
    door = company.session()
    held, free, partner = (company.create(door, "account", name=name) for name in ("held", "free", "partner"))
    company.create(door, "deal", name="d", account=held, partner=partner)
    result = company.apply(door, "account", *(Delete(id=i) for i in (held, free, partner)), partial=True)
    assert _codes(result.problems) == [HELD, None, None]
    assert company.names(door, "account") == ["held"]
    page = door.query(company.query(door, "deal", "partner", "version"))
    assert [(r.values["partner"], r.version) for r in page.records] == [(None, 2)]


def test_a_batch_that_is_all_or_nothing_deletes_nothing(company: Company) -> None:
    door = company.session()
    held, free = (company.create(door, "account", name=name) for name in ("held", "free"))
    company.create(door, "deal", name="d", account=held)
    with pytest.raises(Problem):
        company.apply(door, "account", Delete(id=free), Delete(id=held))
    assert company.names(door, "account") == ["free", "held"]


FOLDERS = """
object: folder
label: Folder
plural: Folders
title: name
fields:
  name: {type: text, label: Name}
  inside: {type: lookup, label: Inside, to: folder, on_delete: cascade}
  needs: {type: lookup, label: Needs, to: folder, on_delete: restrict}
"""


def test_deletions_are_refused_for_what_hangs_deep_below_and_in_chains(database_url: str) -> None:
    """b is needed by a record below d, d by one that stays; so only the deletion of e goes through."""
    database = open_url(database_url)
    company = opened(database, compiled({"objects/folder.yaml": FOLDERS}))
    door = company.session()

    def make(name: str, inside: str | None = None, needs: str | None = None) -> str:
        return company.create(
            door,
            "folder",
            name=name,
            inside=company.ids.get(inside or ""),
            needs=company.ids.get(needs or ""),
        )

    roots = [make(name) for name in ("b", "d", "e")]
    make("b1", inside="b")
    make("b2", inside="b1")
    make("d1", inside="d", needs="b2")
    make("e1", inside="e")
    make("stays", needs="d1")
    result = company.apply(door, "folder", *(Delete(id=i) for i in roots), partial=True)
    assert _codes(result.problems) == [HELD, HELD, None]
    assert company.names(door, "folder") == ["b", "b1", "b2", "d", "d1", "stays"]
    company.delete(door, "folder", company.ids["stays"])
    company.later(minutes=1)
    company.apply(door, "folder", *(Delete(id=i) for i in roots[:2]))
    assert company.names(door, "folder") == []
    company.restore(door, "folder", roots[0])
    assert company.names(door, "folder") == ["b", "b1", "b2"]
    database.close()


def test_a_ring_refuses_the_row_that_closes_it(company: Company) -> None:
    door, ids = company.session(), company.ids
    result = company.apply(
        door,
        "user",
        Update(id=ids["dee"], values={"manager": ids["cy"]}),
        Update(id=ids["ann"], values={"manager": ids["cy"]}),
        Update(id=ids["bob"], values={"manager": ids["bob"]}),
        partial=True,
    )
    assert _codes(result.problems) == [None, RING, RING]
    assert result.problems[1] is not None
    assert result.problems[1].details[0].field == "manager"
    deal = company.create(door, "deal", name="d", owner=ids["dee"])
    ann = company.session("ann", "s_below")
    assert ann.get(company.release.catalog.object("deal"), deal).id == deal


def test_two_rows_that_make_a_ring_together_are_not_both_stored(company: Company) -> None:
    door, ids = company.session(), company.ids
    swap = (
        Update(id=ids["dee"], values={"manager": ids["ann"]}),
        Update(id=ids["ann"], values={"manager": ids["dee"]}),
    )
    assert _codes(company.apply(door, "user", *swap, partial=True).problems) == [None, RING]
    with pytest.raises(Problem) as refused:
        company.apply(door, "user", swap[1])
    assert refused.value.details[0].code == RING


def test_a_whole_tree_can_be_turned_around_in_one_batch(company: Company) -> None:
    """What is a ring halfway is none in the end: rows are judged by what the batch leaves behind."""
    door, ids = company.session(), company.ids
    company.apply(
        door,
        "user",
        Update(id=ids["ann"], values={"manager": ids["bob"]}),
        Update(id=ids["bob"], values={"manager": None}),
    )
    deal = company.create(door, "deal", name="d", owner=ids["ann"])
    assert company.session("bob", "s_below").get(company.release.catalog.object("deal"), deal).id == deal


def test_a_refused_row_keeps_its_link_and_what_that_closes_is_refused_too(company: Company) -> None:
    """cy stays below bob, because a ring is no place for her; so bob cannot go below cy either."""
    door, ids = company.session(), company.ids
    company.create(door, "user", name="eve", manager=ids["cy"])
    result = company.apply(
        door,
        "user",
        Update(id=ids["bob"], values={"manager": ids["eve"]}),
        Update(id=ids["cy"], values={"manager": ids["cy"]}),
        partial=True,
    )
    assert _codes(result.problems) == [RING, RING]
