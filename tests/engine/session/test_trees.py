"""Claims about trees: no ring, whoever moves what when; not too deep; ancestors as one sees them."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

import pytest

from engine import codes
from engine.database import Database
from engine.ids import seeded_ids
from engine.mutation import Create, Mutation, Update
from engine.problem import Problem
from engine.session import Session
from engine.tree import DEEPEST
from formula.issue import Rejected
from metadata.codes import NOT_A_TREE
from tests.engine.session.company import START, Company, compiled, opened
from tests.engine.session.test_statements import Counted

PLACE = """
object: place
label: Place
plural: Places
title: name
tree: parent
fields:
  name: {type: text, label: Name}
  parent: {type: lookup, label: Parent, to: place}
  near: {type: lookup, label: Near, to: account}
"""
PLACES = compiled({"objects/place.yaml": PLACE})


@pytest.fixture
def atlas(database: Database) -> Company:
    """world > asia > china > zhejiang, and europe below the world."""
    company = opened(database, PLACES)
    door, above = company.session(), None
    for name in ("world", "asia", "china", "zhejiang"):
        above = company.create(door, "place", name=name, parent=above)
    company.create(door, "place", name="europe", parent=company.ids["world"])
    return company


def codes_of(problem: Problem) -> list[tuple[int | None, str]]:
    """Rows and codes of the details."""
    return [(detail.row, detail.code) for detail in problem.details]


def moves(company: Company, *pairs: tuple[str, str]) -> list[Update]:
    """Changes that put the first of each pair below the second."""
    return [Update(id=company.ids[low], values={"parent": company.ids[high]}) for low, high in pairs]


@pytest.mark.parametrize("below", ["world", "asia", "zhejiang"])
def test_nothing_stands_below_itself(atlas: Company, below: str) -> None:
    with pytest.raises(Problem) as ring:
        atlas.apply(atlas.session(), "place", *moves(atlas, ("world", below)))
    assert codes_of(ring.value) == [(0, codes.RING.id)]


def test_two_moves_of_a_batch_do_not_close_a_ring_together_but_may_swap_levels(atlas: Company) -> None:
    door = atlas.session()
    with pytest.raises(Problem) as ring:
        atlas.apply(door, "place", *moves(atlas, ("europe", "zhejiang"), ("asia", "europe")))
    assert [code for _, code in codes_of(ring.value)] == [codes.RING.id]
    atlas.apply(door, "place", *moves(atlas, ("china", "world"), ("asia", "china")))
    chain = door.ancestors(atlas.release.catalog.object("place"), atlas.ids["asia"])
    assert [record.values["name"] for record in chain] == ["world", "china"]


def test_a_partial_batch_moves_what_closes_no_ring(atlas: Company) -> None:
    result = atlas.apply(
        atlas.session(), "place", *moves(atlas, ("zhejiang", "europe"), ("world", "europe")), partial=True
    )
    assert [problem is None for problem in result.problems] == [True, False]


def test_a_tree_has_fifty_levels_wherever_they_are_added(atlas: Company) -> None:
    door, deepest = atlas.session(), atlas.ids["zhejiang"]
    chain = [atlas.make_id() for _ in range(DEEPEST - 4)]
    for above, low in pairwise([deepest, *chain]):
        atlas.apply(door, "place", Create(id=low, values={"parent": above}))
    with pytest.raises(Problem) as deep:
        atlas.apply(door, "place", Create(values={"parent": chain[-1]}))
    assert codes_of(deep.value) == [(0, codes.TOO_DEEP.id)]
    with pytest.raises(Problem) as deep:
        atlas.apply(door, "place", *moves(atlas, ("asia", "europe")))
    assert codes_of(deep.value) == [(0, codes.TOO_DEEP.id)]
    assert len(door.ancestors(atlas.release.catalog.object("place"), chain[-1], ())) == DEEPEST - 1


def test_moves_at_the_same_time_never_close_a_ring_together(atlas: Company) -> None:
    names = ["a", "b", "c", "d"]
    for name in names:
        atlas.create(atlas.session(), "place", name=name)
    target, actor = atlas.release.catalog.object("place"), atlas.session().actor

    def move(worker: int) -> None:
        session = Session(
            database=atlas.database, release=atlas.release, actor=actor, clock=atlas.clock,
            ids=seeded_ids(lambda: START, 200 + worker),
        )  # fmt: skip
        for step in range(8):
            low, high = names[worker], names[(worker + step % 3 + 1) % 4]
            change = Update(id=atlas.ids[low], values={"parent": atlas.ids[high]})
            with suppress(Problem):
                session.apply(Mutation(object=target, changes=(change,), entry="test"))

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(move, range(4)))
    found = atlas.session().query(atlas.query(atlas.session(), "place", "parent", limit=100)).records
    up = {record.id: record.values["parent"] for record in found}
    for start in up:
        here, steps = up[start], 0
        while here is not None:
            here, steps = up[here], steps + 1
            assert steps < len(up)


def test_ancestors_end_where_one_may_not_see_further(atlas: Company) -> None:
    place, door = atlas.release.catalog.object("place"), atlas.session()
    for name in ("china", "zhejiang", "world"):
        atlas.update(door, "place", atlas.ids[name], owner=atlas.ids["bob"])
    bob = atlas.session("bob", "s_own")
    chain = bob.ancestors(place, atlas.ids["zhejiang"], (atlas.release.catalog.path(place, "name"),))
    assert [record.values for record in chain] == [{"name": "china"}]
    assert bob.ancestors(place, atlas.ids["asia"]) == ()
    assert bob.ancestors(place, "no id") == ()
    assert bob.tally((place.fields["parent"],), atlas.ids["china"]) == (1,)


def test_a_tree_costs_one_statement_more_whatever_the_batch(atlas: Company) -> None:
    near = atlas.create(atlas.session(), "account", name="a")
    counted, sent = Counted(atlas), []
    door, world = atlas.session(), atlas.ids["world"]
    for size in (1, 40):
        atlas.apply(door, "place", *(Create(values={"near": near}) for _ in range(size)))
        plain = counted.sent()
        atlas.apply(door, "place", *(Create(values={"parent": world}) for _ in range(size)))
        sent.append(counted.sent() - plain)
    assert sent == [1, 1]


@pytest.mark.parametrize("link", ["near", "name", "gone"])
def test_a_tree_hangs_on_a_lookup_to_its_own_object(link: str) -> None:
    with pytest.raises(Rejected) as rejected:
        compiled({"objects/place.yaml": PLACE.replace("tree: parent", f"tree: {link}")})
    assert [issue.code.id for issue in rejected.value.issues] == ["M502" if link == "gone" else NOT_A_TREE.id]
