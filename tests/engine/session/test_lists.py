"""Lists: kept in tables of their own, read with the record, written with it, and nothing that leaks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.fields import field_kinds
from engine.ids import seeded_ids
from engine.mutation import Create, Mutation, Restore, Update
from engine.pointing import whereabouts
from engine.problem import Problem
from engine.query import Aggregate, Bucket, Function, Measure, Unit
from engine.session import Session
from tests.engine.data.test_fields import cases
from tests.engine.session.company import START, Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.fields import FieldType
    from metadata.catalog import Catalog

MORE = {
    "objects/contact.yaml": """
object: contact
label: Contact
plural: Contacts
title: name
fields:
  name: {type: text, label: Name, required: true}
""",
    "objects/project.yaml": """
object: project
label: Project
plural: Projects
title: name
fields:
  name: {type: text, label: Name, required: true}
  tags: {type: tags, label: Tags, searchable: true}
  industries:
    type: multi_picklist
    label: Industries
    options: {energy: {label: Energy}, health: {label: Health}, retail: {label: Retail}}
  phones: {type: phone, label: Phones, many: true, searchable: true}
  marks: {type: number, label: Marks, many: true, scale: 1}
  days: {type: date, label: Days, many: true}
  people: {type: many_to_many, label: People, to: contact}
  sponsors: {type: many_to_many, label: Sponsors, to: account, on_delete: restrict}
  needs: {type: tags, label: Needs, required: true, default: [plan]}
  vip: {type: formula, label: VIP, returns: boolean, formula: 'INCLUDES(tags, "vip")'}
rules:
  no_spam:
    when: INCLUDES(tags, "spam") && ISCHANGED(tags)
    message: Not here.
    at: tags
""",
    "objects/task.yaml": """
object: task
label: Task
plural: Tasks
title: name
fields:
  name: {type: text, label: Name}
  project: {type: lookup, label: Project, to: project, on_delete: cascade}
""",
    "permissions/no_tags.yaml": """
permission_set: s_no_tags
label: Without tags
objects:
  project: {create: true, read: all, update: all, delete: all, fields: {"*": edit, tags: none}}
  task: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
  contact: {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
  account: {create: false, read: all, update: none, delete: none, fields: {"*": read, name: none}}
rights: [history]
""",
}


KINDS = field_kinds()
LISTABLE = {
    name: next(case for case in cases(name) if "many" not in case["options"])
    for name, kind in KINDS.items()
    if "many" in kind.schema["properties"]  # type: ignore[operator]
    and "max_size" not in kind.schema["properties"]  # type: ignore[operator]
}
"""The types with the option `many`, each with the options and values of its own cases; files, which have to
be uploaded first, are in `test_files.py`.
"""

MORE["objects/sampler.yaml"] = json.dumps(
    {
        "object": "sampler",
        "label": "Sampler",
        "fields": {
            f"many_{name}": {"type": name, "label": name, "many": True, **case["options"]}
            for name, case in LISTABLE.items()
        },
    }
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The company's model with projects, whose fields are lists."""
    return compiled(MORE)


@pytest.fixture
def company(database_url: str, catalog: Catalog) -> Iterator[Company]:
    """A company that runs projects."""
    database = open_url(database_url)
    yield opened(database, catalog)
    database.close()


def project(company: Company, record: str, session: Session | None = None) -> dict[str, Any]:
    """All that a session reads of a project."""
    target = company.release.catalog.object("project")
    return dict((session or company.session()).get(target, record).values)


def refusals(company: Company, session: Session, **values: Any) -> list[tuple[str | None, str]]:
    """Where a project with these values is refused, and by which code."""
    with pytest.raises(Problem) as refused:
        company.create(session, "project", **{"name": "p", **values})
    return [(detail.field, detail.code) for detail in refused.value.details]


def test_a_list_is_read_as_it_was_given_without_repeats(company: Company) -> None:
    door = company.session()
    people = [company.create(door, "contact", name=name) for name in ("Zoe", "Ada")]
    record = company.create(
        door, "project", name="p", tags="vip, 大客户；vip", industries=["retail", "energy"],
        phones="021 5555 0101\n021 5555 0102", marks=[1, "2.5", 1], days=["2026-03-01"], people=people,
    )  # fmt: skip
    read = project(company, record)
    assert read["tags"] == ("vip", "大客户")
    assert read["industries"] == ("retail", "energy")
    assert read["phones"] == ("021 5555 0101", "021 5555 0102")
    assert read["marks"] == (Decimal("1.0"), Decimal("2.5"))
    assert read["days"] == (date(2026, 3, 1),)
    assert (read["people"], read["people.titles"]) == (tuple(people), ("Zoe", "Ada"))
    assert (read["sponsors"], read["needs"], read["vip"]) == (None, ("plan",), True)


def test_every_type_that_may_be_listed_comes_back_as_it_went_in(company: Company) -> None:
    door, target = company.session(), company.release.catalog.object("sampler")
    sorts = {name: cast("FieldType", target.fields[f"many_{name}"].sort) for name in LISTABLE}
    values = {
        name: sort.convert(
            [raw for raw, _ in LISTABLE[name]["good"]], ZoneInfo(LISTABLE[name].get("zone", "UTC"))
        )
        for name, sort in sorts.items()
    }
    given = {f"many_{name}": sort.json(values[name]) for name, sort in sorts.items()}
    record = company.create(door, "sampler", **given)
    read = door.get(target, record).values
    assert {name: read[f"many_{name}"] for name in sorts} == values
    assert all(len(value) > 1 for value in values.values())


VALUES = st.fixed_dictionaries(
    {
        "tags": st.lists(st.text("abc 中é'\"\\%[]{}", max_size=6), max_size=8),
        "industries": st.lists(st.sampled_from(["energy", "health", "retail"]), max_size=4),
        "marks": st.lists(st.decimals(-(10**16), 10**16, places=1), max_size=5),
        "days": st.lists(st.dates(), max_size=5),
    }
)


@given(first=VALUES, second=VALUES)
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_written_is_what_is_read(
    company: Company, first: dict[str, Any], second: dict[str, Any]
) -> None:
    door, fields = company.session(), company.release.catalog.object("project").fields
    record = company.make_id()
    for change in (
        Create(id=record, values={"name": "p", **first}), Update(id=record, values={"name": "q", **second})
    ):  # fmt: skip
        company.apply(door, "project", change)
        read = project(company, record)
        for name in first:
            assert read[name] == fields[name].sort.convert(change.values[name])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"industries": ["energy", "coal"]}, [("industries", "P112")]),
        ({"tags": [f"t{n}" for n in range(51)]}, [("tags", "P150")]),
        ({"phones": [f"+86 21 {n:04}" for n in range(201)]}, [("phones", "P150")]),
        ({"people": ["0190a0b0-0000-7000-8000-000000000001"]}, [("people", "P121")]),
        ({"needs": []}, [("needs", "P101")]),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    company: Company, values: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    assert refusals(company, company.session(), **values) == wanted


def test_a_list_is_changed_only_where_it_differs_and_the_journal_tells_both(company: Company) -> None:
    door, target = company.session(), company.release.catalog.object("project")
    record = company.create(door, "project", name="p", tags=["a", "b"])
    assert company.update(door, "project", record, tags=["a", "b"]).version == 1
    assert company.update(door, "project", record, tags="b,a").version == 2
    assert company.update(door, "project", record, tags=None).version == 3
    with pytest.raises(Problem, match="refused"):
        company.update(door, "project", record, tags="spam")
    told = [
        (change.old, change.new)
        for past in door.history(target, record)
        for change in past.fields
        if change.field.name == "tags"
    ]
    assert told == [(["b", "a"], None), (["a", "b"], ["b", "a"]), (None, ["a", "b"])]


def test_formulas_ask_for_values_on_the_record_and_behind_links(company: Company) -> None:
    door = company.session()
    one = company.create(door, "contact", name="Ada")
    first = company.create(door, "project", name="one", tags=["vip"], marks=[1], people=[one])
    company.create(door, "project", name="two", tags=["new"], industries=["energy"])
    company.create(door, "task", name="call", project=first)

    def found(what: str, where: str) -> list[object]:
        return company.names(door, what, where=where)

    assert found("project", 'INCLUDES(tags, "vip")') == ["one"]
    assert found("project", 'NOT(INCLUDES(tags, "vip"))') == ["two"]
    assert found("project", f'INCLUDES(people, "{one}")') == ["one"]
    assert found("project", "INCLUDES(marks, 1)") == ["one"]
    assert found("project", "ISBLANK(industries)") == ["one"]
    assert found("project", "vip") == ["one"]
    assert found("task", 'INCLUDES(project.tags, "vip")') == ["call"]
    assert found("task", 'INCLUDES(project.tags, "new")') == []
    query = company.query(door, "task", "name", "project.tags", "project.people")
    values = door.query(query).records[0].values
    assert (values["project.tags"], values["project.people.titles"]) == (("vip",), ("Ada",))


def test_lists_sort_by_their_first_value_group_by_each_and_are_found_by_any(company: Company) -> None:
    door, target = company.session(), company.release.catalog.object("project")
    path = company.release.catalog.path
    ada, zoe = (company.create(door, "contact", name=name) for name in ("Ada", "Zoe"))
    company.create(door, "project", name="1", tags="b,c", industries="retail", people=[zoe, ada])
    company.create(door, "project", name="2", tags="A", industries="health,energy", people=[ada])
    company.create(door, "project", name="3")
    for order in ("tags", "industries", "people"):
        assert company.names(door, "project", order=[order]) == ["2", "1", "3"], order
        assert company.names(door, "project", order=[f"-{order}"]) == ["1", "2", "3"], order
    pages, after = [], None
    while True:
        page = door.query(company.query(door, "project", "name", order=["tags"], limit=1, after=after))
        pages += [record.values["name"] for record in page.records]
        if (after := page.next) is None:
            break
    assert pages == ["2", "1", "3"]
    grouped = door.aggregate(
        Aggregate(
            object=target,
            group=(path(target, "industries"),),
            measures=(
                Measure(function=Function.COUNT),
                Measure(function=Function.COUNT, path=path(target, "tags")),
            ),
        )
    )
    assert sorted(grouped, key=str) == [("energy", 1, 1), ("health", 1, 1), ("retail", 1, 1), (None, 1, 0)]
    by_person = door.aggregate(
        Aggregate(
            object=target, group=(path(target, "people"),), measures=(Measure(function=Function.COUNT),)
        )
    )
    assert {row[0]: row[1] for row in by_person} == {ada: 2, zoe: 1, None: 1}
    crossed = (path(target, "tags"), path(target, "industries"))
    counted = door.aggregate(
        Aggregate(object=target, group=crossed, measures=(Measure(function=Function.COUNT),))
    )
    assert sorted(counted, key=str) == [
        ("A", "energy", 1), ("A", "health", 1), ("b", "retail", 1), ("c", "retail", 1), (None, None, 1),
    ]  # fmt: skip
    least = Measure(function=Function.MIN, path=path(target, "tags"))
    by_month = Bucket(path=path(target, "days"), unit=Unit.MONTH)
    for refused in (Aggregate(object=target, measures=(least,)), Aggregate(object=target, group=(by_month,))):
        with pytest.raises(Problem):
            door.aggregate(refused)
    assert company.names(door, "project", find="C") == ["1"]


def test_deleting_a_record_takes_it_off_the_lists_and_restoring_a_project_brings_its_lists_back(
    company: Company,
) -> None:
    door, target = company.session(), company.release.catalog.object("project")
    ada, zoe = (company.create(door, "contact", name=name) for name in ("Ada", "Zoe"))
    both = company.create(door, "project", name="both", tags="a", people=[ada, zoe])
    only = company.create(door, "project", name="only", people=[ada])
    company.delete(door, "contact", ada)
    assert project(company, both)["people"] == (zoe,)
    assert project(company, only)["people"] is None
    assert door.history(target, both)[0].fields[0].new == [zoe]
    company.delete(door, "project", both)
    company.apply(door, "project", Restore(id=both))
    read = project(company, both)
    assert (read["tags"], read["people"]) == (("a",), (zoe,))


def test_a_list_may_refuse_that_what_it_links_to_is_deleted(company: Company) -> None:
    door = company.session()
    account = company.create(door, "account", name="Acme")
    record = company.create(door, "project", name="p", sponsors=[account])
    with pytest.raises(Problem):
        company.delete(door, "account", account)
    company.update(door, "project", record, sponsors=[])
    company.delete(door, "account", account)


def test_a_writer_adds_only_what_she_may_see_and_keeps_what_she_cannot(company: Company) -> None:
    door = company.session()
    hidden = company.create(door, "contact", name="Hidden")
    record = company.create(door, "project", name="p", people=[hidden])
    bob = company.session("bob", "s_no_tags")
    mine = company.create(bob, "contact", name="Mine")
    assert [field for field, _ in refusals(company, bob, people=[hidden])] == ["people"]
    company.update(bob, "project", record, people=[mine, hidden])
    read = project(company, record, bob)
    assert (read["people"], read["people.titles"]) == ((mine, hidden), ("Mine", None))
    assert project(company, record)["people.titles"] == ("Mine", "Hidden")


def test_a_list_hidden_from_the_reader_cannot_be_asked_for_at_any_door(company: Company) -> None:
    door, target = company.session(), company.release.catalog.object("project")
    account = company.create(door, "account", name="Acme")
    record = company.create(door, "project", name="p", tags="vip", sponsors=[account])
    company.create(door, "task", name="t", project=record)
    bob, path = company.session("bob", "s_no_tags"), company.release.catalog.path
    read = project(company, record, bob)
    assert not {"tags", "vip", "sponsors.titles"} & read.keys()
    for where in ('INCLUDES(tags, "vip")', "ISBLANK(tags)", "vip"):
        with pytest.raises(Problem):
            bob.condition(target, where)
    with pytest.raises(Problem):
        bob.condition(company.release.catalog.object("task"), 'INCLUDES(project.tags, "vip")')
    for query in (company.query(door, "project", "tags"), company.query(door, "project", order=["tags"])):
        with pytest.raises(Problem):
            bob.query(query)
    with pytest.raises(Problem):
        bob.aggregate(Aggregate(object=target, group=(path(target, "tags"),)))
    assert company.names(bob, "project", find="vip") == []
    assert all(change.field.name != "tags" for past in bob.history(target, record) for change in past.fields)
    with pytest.raises(Problem):
        company.update(bob, "project", record, tags="x")


def test_lists_cost_no_statement_to_read_and_the_same_for_one_record_and_fifty(company: Company) -> None:
    door, counted = company.session(), Counted(company)
    door = company.session()
    person = company.create(door, "contact", name="Ada")
    values = {"name": "p", "tags": "a,b", "marks": [1, 2], "people": [person]}

    def sent(size: int) -> tuple[int, int]:
        counted.sent()
        made = company.apply(door, "project", *(Create(values=values) for _ in range(size)))
        created = counted.sent()
        ids = [record.id for record in made.records if record]
        company.apply(door, "project", *(Update(id=i, values={"tags": "c", "marks": None}) for i in ids))
        return created, counted.sent()

    assert sent(1) == sent(50)
    record = company.create(door, "project", **values)
    counted.sent()
    door.get(company.release.catalog.object("project"), record)
    assert counted.sent() == 1
    paths = ("name", "tags", "people", "marks")
    door.query(company.query(door, "project", *paths, order=["tags"], where='INCLUDES(tags, "c")', limit=200))
    assert counted.sent() == 1


def test_records_that_list_a_record_are_found_and_counted_from_its_side(company: Company) -> None:
    door, target = company.session(), company.release.catalog.object("project")
    ada, zoe = (company.create(door, "contact", name=name) for name in ("Ada", "Zoe"))
    company.create(door, "project", name="one", people=[ada, zoe])
    company.create(door, "project", name="two", people=[ada])
    link = target.fields["people"]
    where = whereabouts(link, company.release.catalog.object("contact"), ada)
    assert company.names(door, "project", where=where) == ["one", "two"]
    assert [door.tally((link,), record) for record in (ada, zoe)] == [(2,), (1,)]
    assert company.session("bob", "s_own").tally((link,), ada) == (0,)


def test_two_who_delete_at_once_take_both_records_off_the_same_list(company: Company) -> None:
    door = company.session()
    people = [company.create(door, "contact", name=f"c{n}") for n in range(9)]
    record = company.create(door, "project", name="p", people=people)

    def delete(number: int) -> None:
        session = Session(
            database=company.database, release=company.release, actor=door.actor, clock=company.clock,
            ids=seeded_ids(lambda: START, 60 + number),
        )  # fmt: skip
        for person in people[number:8:2]:
            company.delete(session, "contact", person)

    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(delete, (0, 1)))
    assert project(company, record)["people"] == (people[8],)


def test_a_list_may_hold_records_that_are_made_in_the_same_transaction(company: Company) -> None:
    door, objects = company.session(), company.release.catalog.objects
    person, record = company.make_id(), company.make_id()
    batches = (
        Mutation(
            object=objects["contact"], changes=(Create(id=person, values={"name": "Ada"}),), entry="test"
        ),
        Mutation(
            object=objects["project"],
            changes=(Create(id=record, values={"name": "p", "people": [person]}),),
            entry="test",
        ),
    )
    door.apply_all(batches)
    assert project(company, record)["people.titles"] == ("Ada",)
