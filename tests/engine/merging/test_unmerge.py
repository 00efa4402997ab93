"""What happened since a merge stays, and is told; nothing is told of what the asker may not read."""

from collections.abc import Iterator

import pytest

from engine.changes.undo import preview_undo, undo
from engine.mutation import Create, Update
from engine.problem import Problem
from metadata.catalog import Catalog
from tests.engine.merging.hanging import MODEL, links, merged
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

SETS = {
    "permissions/merger.yaml": """
permission_set: s_merger
label: Merger
objects:
  account: {create: true, read: all, update: all, delete: all, fields: {"*": edit, secret: none}}
  deal: {create: true, read: own, update: own, delete: own, fields: {"*": edit, cost: none}}
  user: {create: false, read: all, update: none, delete: none, fields: {"*": read}}
rights: [history]
""",
}


@pytest.fixture(scope="session")
def guarded_catalog() -> Catalog:
    """The company of merges with somebody who may merge accounts and sees little else."""
    return compiled(MODEL | SETS)


@pytest.fixture
def guarded(database_url: str, guarded_catalog: Catalog) -> Iterator[Company]:
    """It, and nothing else."""
    database = open_url(database_url)
    yield opened(database, guarded_catalog)
    database.close()


def test_later_edits_stay_and_are_conflicts(merging: Company) -> None:
    admin, ids = merging.session(), merging.ids
    for name in "AB":
        merging.create(admin, "account", name=name, secret=name)
    for name in ("left", "moved", "gone"):
        merging.create(admin, "deal", name=name, account=ids["B"])
    done = merged(merging, admin, "A", "B", take={"name": ids["B"], "secret": ids["B"]})
    merging.create(admin, "account", name="else")
    merging.update(admin, "deal", ids["moved"], account=ids["else"])
    merging.delete(admin, "deal", ids["gone"])
    merging.update(admin, "account", ids["A"], secret="mine")
    merging.create(admin, "deal", name="later", account=ids["A"])

    back = undo(admin, done.change_set)

    told = {(c.record, c.field and c.field.name, str(c.message)) for c in back.conflicts}
    assert told == {
        (ids["moved"], "account", "It was changed since."),
        (ids["gone"], None, f"There is no deal {ids['gone']} that you may see."),
        (ids["A"], "secret", "It was changed since."),
    }
    wanted = {"left": ids["B"], "moved": ids["else"], "later": ids["A"]}
    assert links(merging, "deal", "account") == wanted
    assert links(merging, "account", "secret") == {"A": "mine", "B": "B", "else": None}


def test_what_hangs_on_records_moves_unseen_there_and_back(guarded: Company) -> None:
    admin, ann, ids = guarded.session(), guarded.session("ann", "s_merger"), guarded.ids
    for name in "AB":
        guarded.create(admin, "account", name=name, secret=name)
    guarded.create(admin, "deal", name="hidden", account=ids["B"])
    guarded.create(admin, "note", name="closed", about=f"account/{ids['B']}")
    done = merged(guarded, ann, "A", "B")
    assert links(guarded, "deal", "account") == {"hidden": ids["A"]}
    assert links(guarded, "account", "secret") == {"A": "A"}, "the survivor keeps what she may not see"
    back = undo(ann, done.change_set)
    assert (back.refused, back.hidden) == (0, 0)
    assert links(guarded, "deal", "account") == {"hidden": ids["B"]}
    assert links(guarded, "note", "about") == {"closed": f"account/{ids['B']}"}


def test_conflicts_name_no_record_and_no_field_that_the_asker_may_not_read(guarded: Company) -> None:
    admin, ann, ids = guarded.session(), guarded.session("ann", "s_merger"), guarded.ids
    for name in "AB":
        guarded.create(admin, "account", name=name, secret=name)
    for name in ("hidden", "binned"):
        guarded.create(admin, "deal", name=name, account=ids["B"])
    done = merged(guarded, ann, "A", "B")
    guarded.update(admin, "deal", ids["hidden"], account=None)
    guarded.delete(admin, "deal", ids["binned"])
    for asked in (preview_undo, undo):
        back = asked(ann, done.change_set)
        assert (back.conflicts, back.refused, back.hidden) == ((), 2, 2)


def test_who_may_not_delete_the_losers_or_change_the_survivor_merges_nothing(guarded: Company) -> None:
    admin, bob = guarded.session(), guarded.session("bob", "s_own")
    guarded.create(bob, "account", name="mine")
    guarded.create(admin, "account", name="theirs")
    with pytest.raises(Problem) as refused:
        merged(guarded, bob, "mine", "theirs")
    assert refused.value.status == 404


def test_a_field_that_is_hidden_from_the_asker_is_not_named(guarded: Company) -> None:
    admin, ids = guarded.session(), guarded.ids
    ann = guarded.session("ann", "s_merger")
    guarded.create(admin, "account", name="A", secret="old")
    made = guarded.apply(admin, "account", Update(id=ids["A"], values={"secret": "new", "name": "B"}))
    back = undo(ann, made.change_set)
    assert [(c.field, str(c.message)) for c in back.conflicts] == [
        (None, "A field that is hidden from you stays as it is.")
    ]
    assert links(guarded, "account", "secret") == {"A": "new"}


def test_an_undo_after_500_later_edits_restores_the_rest_and_lists_500(merging: Company) -> None:
    edits = 500
    admin, target = merging.session(), merging.release.catalog.object("account")
    rows = [{"name": f"A{n}", "code": f"c{n}"} for n in range(edits + 100)]
    made = merging.apply(admin, "account", *(Create(values=row) for row in rows))
    ids = [record.id for record in made.records if record]
    mass = merging.apply(
        admin, "account", *(Update(id=id_, values={"secret": "all", "active": True}) for id_ in ids),
        answer=False,
    )  # fmt: skip
    merging.apply(admin, "account", *(Update(id=id_, values={"secret": "x"}) for id_ in ids[:edits]))
    back = undo(admin, mass.change_set)
    assert (back.refused, back.hidden, len(back.conflicts)) == (edits, 0, 200)
    assert {(c.record, c.field and c.field.name) for c in back.conflicts} <= {(id_, "secret") for id_ in ids}
    with merging.database.read() as connection:
        rows_now = connection.rows(f"SELECT secret, active FROM {target.table}")
    assert {(secret, bool(active)) for secret, active in rows_now} == {("x", False), (None, False)}
