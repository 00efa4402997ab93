"""Claims about links to records of several objects: what an activity is about."""

from collections.abc import Iterator
from typing import cast

import pytest

from engine.fields import FieldType, field_kinds
from engine.mutation import Create
from engine.pointing import pointed, whereabouts
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from formula.issue import Rejected
from metadata.catalog import FieldPath
from metadata.compile import compile as compile_packages
from metadata.diff import diff
from metadata.identity import lock
from metadata.kinds import Kinds
from metadata.package import from_files
from tests.engine.session.company import FILES, LANGUAGE, Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

ACTIVITY = """
object: activity
label: Activity
plural: Activities
title: name
fields:
  name: {type: text, label: Name}
  about: {type: any_lookup, label: About, to: [account, deal]}
  anything: {type: any_lookup, label: Anything, to: any, on_delete: restrict}
  of_account: {type: formula, label: Of an account, returns: boolean, formula: 'about.object = "account"'}
  spelled: {type: formula, label: Spelled, returns: text, formula: '"<" & about & ">"'}
rules:
  no_deals_twice:
    when: about.object = "deal" && anything = about
    message: The same deal twice.
    at: anything
"""
REMARK = """
object: remark
label: Remark
plural: Remarks
title: name
fields:
  name: {type: text, label: Name}
  record: {type: any_lookup, label: Record, to: any, required: true, on_delete: cascade}
"""
OPEN = """
object: open_deal
label: Open deal
plural: Open deals
title: name
query: {from: deal}
fields: {name: {type: text, label: Name, value: name}}
"""
OLD = """
object: old
label: Old
plural: Olds
title: name
retired: true
fields: {name: {type: text, label: Name}}
"""
BOSS = """
permission_set: s_boss
label: Boss
objects:
  activity: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
  deal: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
  account: {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
rights: [history]
"""
NAMELESS = """
permission_set: s_nameless
label: Sees no names
objects:
  activity: {create: true, read: all, update: all, delete: all, fields: {"*": edit, anything: none}}
  deal: {create: false, read: all, update: none, delete: none, fields: {"*": read, name: none}}
rights: []
"""


@pytest.fixture
def office(database_url: str) -> Iterator[Company]:
    """A company with activities, an account of ann's and a deal."""
    files = {
        "objects/activity.yaml": ACTIVITY,
        "objects/remark.yaml": REMARK,
        "permissions/boss.yaml": BOSS,
        "permissions/nameless.yaml": NAMELESS,
    }
    database = open_url(database_url)
    company = opened(database, compiled(files))
    company.create(company.session(), "account", name="Acme", owner=company.ids["ann"])
    company.create(company.session(), "deal", name="Big", amount=5)
    yield company
    database.close()


def about(company: Company, word: str, target: str) -> str:
    return f"{target}/{company.ids[word]}"


def codes(refused: pytest.ExceptionInfo[Problem]) -> list[tuple[str | None, str]]:
    return [(detail.field, detail.code) for detail in refused.value.details]


def test_an_activity_is_about_a_record_of_one_of_its_objects_and_shows_its_title(office: Company) -> None:
    door = office.session()
    acme, big = about(office, "Acme", "account"), about(office, "Big", "deal")
    for name, value in (("a", acme), ("b", {"object": "deal", "id": office.ids["Big"]}), ("c", None)):
        office.create(door, "activity", name=name, about=value)
    paths = ("about", "about.object", "about.id", "of_account", "spelled")
    found = door.query(office.query(door, "activity", *paths, order=["name"])).records
    assert [[each.json()[path] for path in (*paths, "about.title")] for each in found] == [
        [acme, "account", office.ids["Acme"], True, f"<{acme}>", "Acme"],
        [big, "deal", office.ids["Big"], False, f"<{big}>", "Big"],
        [None, None, None, False, "<>", None],
    ]


def test_a_list_with_titles_of_several_objects_is_one_statement(office: Company) -> None:
    door = office.session()
    office.create(door, "activity", name="a", about=about(office, "Acme", "account"))
    query = office.query(door, "activity", "about", "anything", order=["about", "anything"])
    counted = Counted(office)
    office.session().query(query)
    assert counted.sent() == 1


def test_lists_filter_by_the_record_by_its_object_and_by_blank(office: Company) -> None:
    door = office.session()
    acme, big = about(office, "Acme", "account"), about(office, "Big", "deal")
    for name, value in (("a", acme), ("b", big), ("c", None)):
        office.create(door, "activity", name=name, about=value)
    for where, wanted in (
        (f'about = "{acme}"', ["a"]),
        (f'about.id = "{office.ids["Big"]}" && about.object = "deal"', ["b"]),
        ('about.object = "account"', ["a"]),
        ("ISBLANK(about)", ["c"]),
        (f'about <> "{acme}"', ["b", "c"]),
        ("ISBLANK(about.id)", ["c"]),
    ):
        assert office.names(door, "activity", where=where) == wanted, where


def test_lists_sort_by_what_people_see_of_the_record_in_pages_both_ways(office: Company) -> None:
    door = office.session()
    for name, what in (("zhang", "account"), ("Éclair", "deal"), ("安徽", "account"), ("mid", "deal")):
        values = {"name": name} | ({"amount": 1} if what == "deal" else {})
        office.create(door, what, **values)
        office.create(door, "activity", name=name, about=about(office, name, what))
    office.create(door, "activity", name="none")
    wanted = ["安徽", "Éclair", "mid", "zhang", "none"]
    assert office.names(door, "activity", order=["about"]) == wanted
    query = office.query(door, "activity", "name", order=["about"], limit=2)
    seen, page = [], door.query(query)
    while True:
        seen += [record.values["name"] for record in page.records]
        if page.next is None:
            break
        page = door.query(office.query(door, "activity", "name", order=["about"], limit=2, after=page.next))
    assert seen == wanted


def test_records_group_by_the_object_and_by_the_record(office: Company) -> None:
    door, target = office.session(), office.release.catalog.object("activity")
    big = about(office, "Big", "deal")
    for value in (about(office, "Acme", "account"), big, big, None):
        office.create(door, "activity", about=value)
    count = (Measure(function=Function.COUNT),)

    def grouped(name: str) -> list[tuple[object, ...]]:
        path = office.release.catalog.path(target, name)
        return list(door.aggregate(Aggregate(object=target, group=(path,), measures=count)))

    assert grouped("about.object") == [("account", 1), ("deal", 2), (None, 1)]
    assert (big, 2) in grouped("about")


def test_a_record_that_the_writer_may_not_read_is_missing_to_her(office: Company) -> None:
    bob = office.session("bob", "s_boss")
    for value in (
        about(office, "Acme", "account"),
        "deal/018f2d3a-0000-7000-8000-000000000001",
        f"deal/{office.ids['Acme']}",
    ):
        with pytest.raises(Problem) as refused:
            office.create(bob, "activity", about=value)
        assert codes(refused) == [("about", "P121")]
    office.create(bob, "activity", about=about(office, "Big", "deal"))
    ann = office.session("ann", "s_boss")
    office.create(ann, "activity", about=about(office, "Acme", "account"))


def test_an_object_outside_the_list_is_refused_with_a_hint(office: Company) -> None:
    with pytest.raises(Problem) as refused:
        office.create(office.session(), "activity", about=f"acount/{office.ids['Acme']}")
    assert codes(refused) == [("about", "P134")]
    assert refused.value.details[0].hint == "Did you mean account?"
    office.create(office.session(), "activity", anything=f"user/{office.ids['ann']}")


def test_a_title_is_shown_only_to_whom_may_read_the_record_and_the_title(office: Company) -> None:
    door = office.session()
    office.create(door, "activity", name="a", about=about(office, "Acme", "account"))
    office.create(door, "activity", name="b", about=about(office, "Big", "deal"))

    def titles(who: str, sets: str) -> list[object]:
        session = office.session(who, sets)
        query = office.query(session, "activity", "about", order=["name"])
        return [record.values.get("about.title", "absent") for record in session.query(query).records]

    assert titles("ann", "s_boss") == ["Acme", "Big"]
    assert titles("bob", "s_boss") == [None, "Big"]
    assert titles("bob", "s_nameless") == ["absent", "absent"]


def test_a_hidden_link_is_refused_with_its_parts_at_every_door(office: Company) -> None:
    blind, target = office.session("bob", "s_nameless"), office.release.catalog.object("activity")
    office.create(office.session(), "activity", name="a", anything=about(office, "Big", "deal"))
    for where in ('anything.object = "deal"', "ISBLANK(anything.id)", "ISBLANK(anything)"):
        with pytest.raises(Problem):
            blind.condition(target, where)
    for path in ("anything", "anything.object", "anything.id"):
        with pytest.raises(Problem):
            blind.query(office.query(blind, "activity", path))
        with pytest.raises(Problem):
            blind.query(office.query(blind, "activity", "name", order=[path]))
        group = (office.release.catalog.path(target, path),)
        with pytest.raises(Problem):
            blind.aggregate(
                Aggregate(object=target, group=group, measures=(Measure(function=Function.COUNT),))
            )
    (shown,) = blind.query(office.query(blind, "activity", "name")).records
    assert not [name for name in blind.get(target, shown.id, None).values if name.startswith("anything")]


def test_deleting_the_record_blanks_the_link_and_the_journal_says_so(office: Company) -> None:
    door, target = office.session(), office.release.catalog.object("activity")
    big = about(office, "Big", "deal")
    made = office.create(door, "activity", name="a", about=big)
    office.delete(door, "deal", office.ids["Big"])
    assert door.get(target, made, (FieldPath(field=target.fields["about"]),)).values["about"] is None
    (change, _) = door.history(target, made)
    assert [(each.field.name, each.old, each.new) for each in change.fields] == [("about", big, None)]
    assert office.names(door, "activity", where="ISBLANK(about.id) && ISBLANK(about.object)") == ["a"]


def test_a_link_that_restricts_keeps_the_record(office: Company) -> None:
    door = office.session()
    office.create(door, "activity", name="a", anything=about(office, "Big", "deal"))
    with pytest.raises(Problem) as refused:
        office.delete(door, "deal", office.ids["Big"])
    assert codes(refused) == [(None, "P206")]
    office.delete(door, "account", office.ids["Acme"])


def test_what_cascades_goes_with_its_record_and_comes_back_with_it(office: Company) -> None:
    door = office.session()
    for number, (word, target) in enumerate((("Big", "deal"), ("Acme", "account"), ("Big", "deal"))):
        office.create(door, "remark", name=str(number), record=about(office, word, target))
    office.delete(door, "deal", office.ids["Big"])
    assert office.names(door, "remark") == ["1"]
    office.restore(door, "deal", office.ids["Big"])
    assert sorted(map(str, office.names(door, "remark"))) == ["0", "1", "2"]


def test_a_deleted_record_has_no_title_and_cannot_be_linked(office: Company) -> None:
    door = office.session()
    office.create(door, "activity", name="a", about=about(office, "Acme", "account"))
    office.delete(door, "account", office.ids["Acme"])
    with pytest.raises(Problem) as refused:
        office.create(door, "activity", about=about(office, "Acme", "account"))
    assert codes(refused) == [("about", "P121")]


def test_rules_see_the_parts_as_they_will_be(office: Company) -> None:
    big = about(office, "Big", "deal")
    with pytest.raises(Problem) as refused:
        office.create(office.session(), "activity", about=big, anything=big)
    assert [field for field, _ in codes(refused)] == ["anything"]


def test_checking_a_batch_takes_no_more_statements_than_checking_two(office: Company) -> None:
    counted = Counted(office)
    door = office.session()
    pair = [about(office, "Acme", "account"), about(office, "Big", "deal")]

    def sent(size: int) -> int:
        counted.sent()
        rows = [Create(values={"about": pair[n % 2]}) for n in range(size)]
        office.apply(door, "activity", *rows)
        return counted.sent()

    assert sent(2) == sent(30)


def test_what_points_at_a_record_is_counted_and_found_by_its_whereabouts(office: Company) -> None:
    door, activity = office.session(), office.release.catalog.object("activity")
    deal, account = (office.release.catalog.object(name) for name in ("deal", "account"))
    for name, value in (("a", about(office, "Big", "deal")), ("b", about(office, "Acme", "account"))):
        office.create(door, "activity", name=name, about=value)
    link, word = activity.fields["about"], office.ids["Big"]
    assert door.tally((link,), word) == (1,)
    assert office.names(door, "activity", where=whereabouts(link, deal, word)) == ["a"]
    assert office.names(door, "activity", where=whereabouts(link, account, word)) == []


def test_a_renamed_object_keeps_its_code_in_values() -> None:
    """Like an option of a picklist: what is stored stays, whatever the object is called."""
    files = {**FILES, "objects/activity.yaml": ACTIVITY}
    locked = lock(from_files(files)).render()
    files = {path: text.replace("to: account", "to: company") for path, text in files.items()}
    files["objects/account.yaml"] = files["objects/account.yaml"].replace(
        "object: account", "object: company\nwas: account"
    )
    files["objects/activity.yaml"] = ACTIVITY.replace("[account,", "[company,")
    files["identity.lock"] = lock(from_files({**files, "identity.lock": locked})).render()
    kinds = Kinds(fields=field_kinds(), steps={})
    catalog = compile_packages([from_files(files)], kinds, LANGUAGE)
    sort = cast("FieldType", catalog.object("activity").fields["about"].sort)
    word = "018f2d3a-0000-7000-8000-000000000001"
    assert sort.convert(f"company/{word}") == sort.convert(f"account/{word}") == f"account/{word}"
    assert catalog.object("activity").fields["about"].other("account") is catalog.object("company")


def test_a_plan_names_the_objects_that_come_and_go() -> None:
    old = compiled({"objects/activity.yaml": ACTIVITY})
    new = compiled({"objects/activity.yaml": ACTIVITY.replace("[account, deal]", "[account, deal, user]")})
    lines = [change.describe() for change in diff(old, new)]
    assert [line for line in lines if "about" in line] == ["~ field activity.about: targets: + user"]


def test_a_link_to_an_object_that_is_not_there_is_told_at_its_name() -> None:
    with pytest.raises(Rejected) as rejected:
        compiled({"objects/activity.yaml": ACTIVITY.replace("[account, deal]", "[account, dael]")})
    (issue,) = rejected.value.issues
    assert issue.message == "there is no object `dael`"
    assert "deal" in issue.hint


def test_no_link_leads_to_the_answer_to_a_query() -> None:
    with pytest.raises(Rejected, match="cannot link to open_deal"):
        compiled(
            {
                "objects/open_deal.yaml": OPEN,
                "objects/activity.yaml": ACTIVITY.replace("[account, deal]", "[account, deal, open_deal]"),
            }
        )
    catalog = compiled({"objects/open_deal.yaml": OPEN, "objects/activity.yaml": ACTIVITY})
    names = {target.name for target in catalog.object("activity").fields["anything"].others}
    assert names == {name for name, target in catalog.objects.items() if not target.query}


def test_a_retired_object_takes_no_links_and_breaks_none() -> None:
    activity = ACTIVITY.replace(
        "about: {type: any_lookup, label: About, to: [account, deal]}",
        "about: {type: any_lookup, label: About, to: [account, deal, old]}",
    )
    catalog = compiled({"objects/old.yaml": OLD, "objects/activity.yaml": activity})
    about_ = catalog.object("activity").fields["about"]
    assert [target.name for target in about_.others] == ["account", "deal"]
    assert pointed(about_, "old/018f2d3a-0000-7000-8000-000000000001")[0] is None


def test_what_points_to_a_record_is_a_related_list_of_its_page() -> None:
    layout = """
layout: account
sections: {all: {label: All, fields: [name]}}
related:
  talks: {from: activity.about, label: Talks, columns: [name, about]}
  things: {from: activity.anything, label: Things, columns: [name]}
"""
    catalog = compiled({"objects/activity.yaml": ACTIVITY, "layouts/account.yaml": layout})
    activity = catalog.object("activity")
    assert [each.link for each in catalog.object("account").layout.related] == [
        activity.fields["about"],
        activity.fields["anything"],
    ]
    with pytest.raises(Rejected, match="does not point to user"):
        compiled(
            {
                "objects/activity.yaml": ACTIVITY,
                "layouts/user.yaml": layout.replace("layout: account", "layout: user").replace(
                    "  things: {from: activity.anything, label: Things, columns: [name]}\n", ""
                ),
            }
        )
