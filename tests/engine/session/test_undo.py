"""A change set is taken back: what nobody touched since is as before, the rest is told."""

from datetime import datetime

import pytest

from engine.changes.ledger import change_set, recent
from engine.changes.undo import preview_undo, undo
from engine.database import Database
from engine.mutation import Create, Delete, Mutation, Update
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened

TAGGED = {
    "objects/topic.yaml": """
object: topic
label: Topic
plural: Topics
title: name
fields:
  name: {type: text, label: Name, required: true}
  colors: {type: multi_picklist, label: Colors, options: {red: {label: Red}, blue: {label: Blue}}}
  amount: {type: currency, label: Amount, scale: 2}
  share: {type: percent, label: Share, scale: 1}
  when: {type: datetime, label: When}
  day: {type: date, label: Day}
  phone: {type: phone, label: Phone}
  where: {type: address, label: Where}
  deals: {type: many_to_many, label: Deals, to: deal}
""",
}


def counted(done: object) -> dict[tuple[str, str], int]:
    """`Undone.records` by names."""
    return {(target.name, str(kind)): number for (target, kind), number in done.records.items()}  # type: ignore[attr-defined]


def told(done: object) -> list[tuple[str, str | None, str]]:
    """`Undone.conflicts` as record, field and sentence."""
    return [(c.record, c.field and c.field.name, str(c.message)) for c in done.conflicts]  # type: ignore[attr-defined]


def test_an_update_is_taken_back_where_nobody_touched_it_since(company: Company) -> None:
    admin = company.session()
    ids = [company.create(admin, "account", name=f"A{n}", code=f"c{n}") for n in range(3)]
    made = company.apply(
        admin,
        "account",
        *(Update(id=id_, values={"name": f"B{n}", "secret": "x"}) for n, id_ in enumerate(ids)),
    )
    company.update(admin, "account", ids[1], name="Mine")
    company.delete(admin, "account", ids[2])

    shown = preview_undo(admin, made.change_set)
    done = undo(admin, made.change_set, reason="was wrong")

    assert counted(shown) == counted(done) == {("account", "updated"): 2}
    assert company.names(admin, "account") == ["A0", "Mine"]
    assert admin.get(company.release.catalog.object("account"), ids[1]).values["secret"] is None
    assert [(record, field) for record, field, _ in told(done)] == [(ids[1], "name"), (ids[2], None)]
    assert told(done)[0][2] == "It was changed since."
    assert done.change_set is not None
    kept = change_set(admin, done.change_set).change_set
    assert (kept.entry, kept.reason, kept.subject, kept.open, kept.automation) == (
        "undo", "was wrong", made.change_set, False, False,
    )  # fmt: skip


def test_an_undo_is_taken_back_like_any_change_set(company: Company) -> None:
    admin = company.session()
    one = company.create(admin, "account", name="Old")
    made = company.apply(admin, "account", Update(id=one, values={"name": "New"}))
    first = undo(admin, made.change_set)
    assert company.names(admin, "account") == ["Old"]
    assert first.change_set is not None
    second = undo(admin, first.change_set)
    assert company.names(admin, "account") == ["New"]
    assert second.change_set is not None
    undo(admin, second.change_set)
    assert company.names(admin, "account") == ["Old"]


def test_undone_twice_it_does_nothing_and_leaves_no_change_set(company: Company) -> None:
    admin = company.session()
    made = company.apply(admin, "account", Create(values={"name": "A"}))
    undo(admin, made.change_set)
    before = len(recent(admin))
    again = undo(admin, made.change_set)
    assert (again.change_set, again.refused, dict(again.records)) == (None, 0, {})
    assert len(recent(admin)) == before


def test_what_was_made_goes_unless_somebody_worked_on_it(company: Company) -> None:
    admin, ann = company.session(), company.session("ann", "s_all")
    made = company.apply(admin, "deal", *(Create(values={"name": f"D{n}", "amount": n}) for n in range(3)))
    first, second, _ = (record.id for record in made.records if record)
    company.update(admin, "deal", first, amount=9)
    company.create(ann, "line", deal=second, name="a line of Ann's")

    shown = preview_undo(admin, made.change_set)
    done = undo(admin, made.change_set)

    assert counted(shown) == counted(done) == {("deal", "deleted"): 1}
    assert company.names(admin, "deal") == ["D0", "D1"]
    assert told(done) == [
        (first, None, "It was changed since."),
        (second, None, "Other records point to it now."),
    ]


def test_what_belongs_together_comes_and_goes_together(company: Company) -> None:
    """A deal with lines, made in one change set: the lines go first; taken back again, all are there."""
    ann = company.session("ann", "s_all")
    catalog, deal, line = company.release.catalog, company.make_id(), company.make_id()
    changes = (
        ("deal", Create(id=deal, values={"name": "Big"})),
        ("line", Create(id=line, values={"name": "one", "deal": deal})),
    )
    made = ann.apply_all(
        [Mutation(object=catalog.object(name), changes=(each,), entry="test") for name, each in changes]
    )
    done = undo(ann, made[0].change_set)
    assert counted(done) == {("deal", "deleted"): 1, ("line", "deleted"): 1}
    assert done.refused == 0
    assert company.names(ann, "deal") == company.names(ann, "line") == []
    assert done.change_set is not None
    back = undo(ann, done.change_set)
    assert back.refused == 0
    assert company.names(ann, "deal") == ["Big"]
    assert company.names(ann, "line") == ["one"]


def test_links_blanked_by_a_deletion_come_back_in_lists_too(database: Database) -> None:
    company = opened(database, compiled(TAGGED))
    admin, target = company.session(), company.release.catalog.object("topic")
    one, two = (company.create(admin, "deal", name=name) for name in ("one", "two"))
    topic = company.create(admin, "topic", name="T", deals=[one, two])
    gone = company.apply(admin, "deal", Delete(id=one), Delete(id=two))
    assert admin.get(target, topic).values["deals"] is None
    assert undo(admin, gone.change_set).refused == 0
    assert list(admin.get(target, topic).values["deals"]) == [one, two]


def test_a_deletion_comes_back_with_what_fell_and_what_was_blanked(company: Company) -> None:
    admin = company.session()
    partner = company.create(admin, "account", name="Partner")
    deal = company.create(admin, "deal", name="Deal", partner=partner)
    company.create(admin, "line", name="Line", deal=deal)
    gone = company.apply(admin, "account", Delete(id=partner))
    fallen = company.apply(admin, "deal", Delete(id=deal))
    undo(admin, fallen.change_set)
    undo(admin, gone.change_set)
    assert company.names(admin, "line") == ["Line"]
    found = admin.get(company.release.catalog.object("deal"), deal)
    assert found.values["partner"] == partner


def test_a_record_deleted_twice_stays_where_the_second_one_put_it(company: Company) -> None:
    admin = company.session()
    one = company.create(admin, "account", name="One")
    made = company.delete(admin, "account", one)
    company.restore(admin, "account", one)
    company.delete(admin, "account", one)
    assert told(undo(admin, made.change_set)) == [(one, None, "It was changed since.")]


def test_rules_hold_for_an_undo_too(company: Company) -> None:
    """A unique value that somebody took meanwhile is not taken back from her."""
    admin = company.session()
    one = company.create(admin, "account", name="One", code="x")
    made = company.apply(admin, "account", Update(id=one, values={"code": "y"}))
    company.create(admin, "account", name="Two", code="x")
    done = undo(admin, made.change_set)
    assert (done.change_set, dict(done.records)) == (None, {})
    assert told(done) == [(one, "code", "Code is taken.")]


def test_an_undo_has_the_rights_of_who_asks(company: Company) -> None:
    admin, bob = company.session(), company.session("bob", "s_own", "s_reader")
    mine = company.create(admin, "account", name="Mine", owner=company.ids["bob"])
    hers = company.create(admin, "account", name="Hers", owner=company.ids["dee"])
    made = company.apply(
        admin, "account", *(Update(id=each, values={"name": "New"}) for each in (mine, hers))
    )
    done = undo(bob, made.change_set)
    assert counted(done) == {("account", "updated"): 1}
    assert [record for record, _, _ in told(done)] == [hers]
    assert company.names(admin, "account") == ["Mine", "New"]


def test_hidden_and_read_only_fields_stay_and_are_not_named(company: Company) -> None:
    admin, bob = company.session(), company.session("bob", "s_blind")
    deal = company.create(admin, "deal", name="Deal", owner=company.ids["bob"], cost=1, amount=1)
    made = company.apply(admin, "deal", Update(id=deal, values={"cost": 2, "amount": 2, "stage": "won"}))
    done = undo(bob, made.change_set)
    assert sorted(told(done), key=str) == sorted(
        [
            (deal, None, "A field that is hidden from you stays as it is."),
            (deal, "stage", "You may not change this field."),
        ],
        key=str,
    )
    found = admin.get(company.release.catalog.object("deal"), deal).values
    assert (found["cost"], found["amount"], found["stage"]) == (2, 1, "won")


def test_only_who_may_sees_a_change_set(company: Company) -> None:
    admin, bob, blind = company.session(), company.session("bob", "s_all"), company.session("cy", "s_reader")
    made = company.apply(bob, "account", Create(values={"name": "A"}))
    other = company.apply(admin, "account", Create(values={"name": "B"}))
    assert [one.change_set.id for one in recent(bob)] == [made.change_set]
    assert [one.change_set.id for one in recent(admin, limit=2)] == [other.change_set, made.change_set]
    assert [one.change_set.id for one in recent(admin, limit=1, before=other.change_set)] == [made.change_set]
    assert change_set(bob, made.change_set).changes == 1
    with pytest.raises(Problem) as missing:
        change_set(bob, other.change_set)
    assert missing.value.status == 404
    with pytest.raises(Problem) as refused:
        recent(blind)
    assert refused.value.status == 403


def test_every_kind_of_value_comes_back_as_it_was(database: Database) -> None:
    company = opened(database, compiled(TAGGED))
    admin, target = company.session(), company.release.catalog.object("topic")
    deals = [company.create(admin, "deal", name=name) for name in ("one", "two")]
    old = {
        "colors": ["red", "blue"], "amount": "12.30", "share": "12.5", "when": "2026-03-04T05:06:07Z",
        "day": "2026-03-04", "phone": "+49 89 123456", "deals": [deals[1], deals[0]],
        "where": {"country": "DE", "city": "Bonn"},
    }  # fmt: skip
    topic = company.create(admin, "topic", name="T", **old)
    before = admin.get(target, topic).values
    made = company.apply(admin, "topic", Update(id=topic, values=dict.fromkeys(old) | {"colors": ["blue"]}))
    done = undo(admin, made.change_set)
    after = admin.get(target, topic).values
    assert done.refused == 0
    assert {name: after[name] for name in old} == {name: before[name] for name in old}


class KilledError(Exception):
    """The process ended."""


def test_broken_off_and_repeated_it_goes_on_in_the_same_change_set(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.changes.undertaking.CHUNK", 2)
    admin = company.session()
    made = company.apply(admin, "account", *(Create(values={"name": f"A{n}"}) for n in range(7)))
    dying = company.session()
    ticks = iter(range(5))

    def clock() -> datetime:
        if next(ticks, None) is None:
            raise KilledError
        return company.now

    dying.clock = clock
    with pytest.raises(KilledError):
        undo(dying, made.change_set)
    left = company.names(admin, "account")
    assert 0 < len(left) < 7
    (broken,) = recent(admin, limit=1)
    assert broken.change_set.open

    rest = undo(admin, made.change_set)
    assert company.names(admin, "account") == []
    assert counted(rest) == {("account", "deleted"): len(left)}
    assert rest.change_set == broken.change_set.id
    assert not change_set(admin, broken.change_set.id).change_set.open
    undo(admin, broken.change_set.id)
    assert len(company.names(admin, "account")) == 7
