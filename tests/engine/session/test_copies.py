"""Claims about records that are created as copies of others: who says so, who may, and what learns of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine import codes
from engine.mutation import Create
from engine.problem import Problem
from tests.engine.session.company import FILES, Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Catalog

DEAL = FILES["objects/deal.yaml"].replace(
    "  reason: {type: text, label: Reason}\n",
    '  reason: {type: text, label: Reason, default: "=IF(ISCLONE(), \\"copied\\", \\"new\\")"}\n',
)
RULE = """  no_copies_of_large:
    when: ISCLONE() && amount > 100
    message: Large deals are not copied.
    at: amount
"""


@pytest.fixture(scope="module")
def copying_catalog() -> Catalog:
    """The company's metadata, where a default and a rule ask whether a record is a copy."""
    return compiled({"objects/deal.yaml": DEAL + RULE})


@pytest.fixture
def copying(database_url: str, copying_catalog: Catalog) -> Iterator[Company]:
    """A company of that metadata."""
    database = open_url(database_url)
    yield opened(database, copying_catalog)
    database.close()


def refused(company: Company, who: str, change: Create) -> Problem:
    """The Problem that a copy raises."""
    with pytest.raises(Problem) as problem:
        company.apply(company.session(who, "s_own"), "deal", change)
    return problem.value


def test_rules_and_defaults_know_a_copy_and_only_while_it_is_created(copying: Company) -> None:
    door = copying.session("bob", "s_own")
    first = copying.create(door, "deal", name="First", amount=200)
    answer = copying.apply(door, "deal", Create(values={"name": "Copy"}, copied_from=first.upper()))
    (copy,) = answer.records
    assert copy is not None
    assert copy.values["reason"] == "copied"
    assert door.get(copying.release.catalog.object("deal"), first).values["reason"] == "new"
    problem = refused(copying, "bob", Create(values={"name": "Big", "amount": 200}, copied_from=first))
    assert [(detail.field, detail.code) for detail in problem.details] == [("amount", codes.RULE_BROKEN.id)]
    assert copying.update(door, "deal", copy.id, amount=200).values["reason"] == "copied"


def test_a_preview_knows_a_copy_too(copying: Company) -> None:
    door = copying.session("bob", "s_own")
    first, deal = copying.create(door, "deal", name="First"), copying.release.catalog.object("deal")
    assert door.preview(deal, None, {"name": "Copy"}, copied_from=first)["reason"].value == "copied"
    assert door.preview(deal, None, {"name": "New"})["reason"].value == "new"


def test_a_record_that_one_may_not_see_cannot_be_named_as_the_source(copying: Company) -> None:
    hidden = copying.create(copying.session("dee", "s_own"), "deal", name="Hers")
    binned = copying.create(copying.session("bob", "s_own"), "deal", name="Gone")
    copying.delete(copying.session("bob", "s_own"), "deal", binned)
    nobody = copying.make_id()
    told = [
        [(detail.field, detail.code, detail.message) for detail in refused(copying, "bob", change).details]
        for change in (Create(values={"name": "C"}, copied_from=id_) for id_ in (hidden, binned, nobody))
    ]
    place = ("copied_from", codes.LINK_MISSING.id, "There is no such Deal that you may see.")
    assert told == [[place]] * 3


def test_what_is_no_id_is_refused_at_its_place(copying: Company) -> None:
    problem = refused(copying, "bob", Create(values={"name": "C"}, copied_from="deal 7"))
    assert [(detail.field, detail.code) for detail in problem.details] == [
        ("copied_from", codes.NOT_AN_ID.id)
    ]
