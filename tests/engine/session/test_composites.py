"""Claims about values of several parts – addresses, names, places – from the save to list and journal."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from formula.issue import Rejected
from metadata.catalog import FieldPath
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

SITE = """
object: site
label: Site
plural: Sites
title: person
fields:
  person: {type: person_name, label: Person, required: true}
  billing: {type: address, label: Billing, searchable: true}
  spot: {type: geo, label: Spot, unique: true}
  hidden: {type: address, label: Hidden}
  was: {type: text, label: Was}
  greeting:
    {type: formula, label: Greeting, returns: text, formula: '"Dear " & person.family & ", " & billing.city'}
  north: {type: formula, label: North, returns: boolean, formula: spot.latitude > 50}
  line: {type: formula, label: Line, returns: text, formula: billing}
  at: {type: lookup, label: At, to: site}
  far: {type: formula, label: Far, returns: text, formula: at.billing.city & at.person}
rules:
  moved:
    when: ISCHANGED(billing) && NOT(ISNEW()) && was <> $old.billing.city & "/" & PRIORVALUE(billing)
    message: Say where from.
    at: was
  linked:
    when: at.billing.city = "Nowhere" || at.person = "Nobody"
    message: Not there.
    at: at
"""
BLIND = """
permission_set: s_half
label: Half
objects:
  site: {create: true, read: all, update: all, delete: all, fields: {"*": edit, hidden: none, spot: read}}
rights: [history]
"""
HANGZHOU = {
    "country": "CN",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "文三路 477 号",
}


@pytest.fixture
def town(database_url: str) -> Iterator[Company]:
    """A company with sites."""
    database = open_url(database_url)
    yield opened(database, compiled({"objects/site.yaml": SITE, "permissions/half.yaml": BLIND}))
    database.close()


def site(company: Company, person: Any, **values: Any) -> str:
    return company.create(company.session(), "site", person=person, **values)


def one(company: Company, record: str, *paths: str) -> Mapping[str, Any]:
    target = company.release.catalog.object("site")
    fields = tuple(company.release.catalog.path(target, path) for path in paths)
    return company.session().get(target, record, fields).json()


def people(company: Company, **more: Any) -> list[str]:
    door = company.session()
    query = company.query(door, "site", "person", **({"order": ["person"]} | more))
    return [str(record.title()) for record in door.query(query).records]


def test_a_record_shows_the_value_whole_and_its_parts_by_name(town: Company) -> None:
    made = site(town, "王伟", billing=HANGZHOU, spot="30.274085, 120.15507")
    paths = ("person", "billing", "billing.city", "billing.postal_code", "spot.latitude")
    assert one(town, made, *paths) == {
        "person": {"family": "王", "given": "伟"},
        "billing": HANGZHOU,
        "billing.city": "杭州市",
        "billing.postal_code": None,
        "spot.latitude": Decimal("30.274085"),
    }
    assert one(town, made, "greeting", "line", "north") == {
        "greeting": "Dear 王, 杭州市",
        "line": "浙江省杭州市西湖区文三路 477 号",
        "north": False,
    }


def test_what_a_record_shows_is_taken_again_and_changes_nothing(town: Company) -> None:
    made = site(town, {"given": "Wei", "family": "Wang"}, billing=HANGZHOU, spot="-0.5 179.999999")
    shown = one(town, made, "person", "billing", "spot")
    record = town.update(town.session(), "site", made, **shown)
    assert record.version == 1


def test_lists_filter_by_parts_by_the_text_and_by_blank(town: Company) -> None:
    site(town, "王伟", billing=HANGZHOU, spot="30.274085, 120.15507")
    site(town, "Wei Wang", billing={"city": "Hangzhou", "country": "cn"}, spot="60, 10")
    site(town, "Ann Lee")
    for where, wanted in (
        ('billing.city = "Hangzhou"', ["Wei Wang"]),
        ('billing.country = "CN"', ["王伟", "Wei Wang"]),
        ('CONTAINS(billing, "西湖区文三路")', ["王伟"]),
        ('BEGINS(person, "Wei")', ["Wei Wang"]),
        ('person = "王伟"', ["王伟"]),
        ("ISBLANK(billing)", ["Ann Lee"]),
        ("ISBLANK(billing.district)", ["Ann Lee", "Wei Wang"]),
        ("spot.latitude > 59.999999", ["Wei Wang"]),
        ("north", ["Wei Wang"]),
    ):
        assert sorted(people(town, where=where)) == sorted(wanted), where


def test_lists_sort_by_the_text_as_people_expect_and_by_parts(town: Company) -> None:
    for person, place in (("Zoë Abel", "9, 0"), ("安 徽", "-5, 0"), ("ann Lee", "10, 0"), ("Éva", None)):
        site(town, person, spot=place)
    assert people(town) == ["安徽", "ann Lee", "Éva", "Zoë Abel"]
    assert people(town, order=["-spot.latitude"]) == ["ann Lee", "Zoë Abel", "安徽", "Éva"]
    assert people(town, order=["person.family", "person"]) == ["Zoë Abel", "ann Lee", "Éva", "安徽"]


def test_pages_lead_on_by_the_text(town: Company) -> None:
    for n in range(5):
        site(town, f"Ann {n}")
    door, seen, after = town.session(), [], None
    for _ in range(3):
        page = door.query(town.query(door, "site", "person", order=["person"], limit=2, after=after))
        seen += [record.title() for record in page.records]
        after = page.next
    assert seen == [f"Ann {n}" for n in range(5)]


def test_records_group_by_a_part_and_by_the_text(town: Company) -> None:
    for city in ("Hangzhou", "Hangzhou", None):
        site(town, "Wei Wang", billing={"city": city, "country": "CN"})
    target, door = town.release.catalog.object("site"), town.session()
    count = (Measure(function=Function.COUNT),)

    def grouped(path: str) -> list[tuple[object, ...]]:
        group = (town.release.catalog.path(target, path),)
        return list(door.aggregate(Aggregate(object=target, group=group, measures=count)))

    assert grouped("billing.city") == [("Hangzhou", 2), (None, 1)]
    assert grouped("billing") == [("CN", 1), ("Hangzhou, CN", 2)]
    mean = (Measure(function=Function.COUNT, path=town.release.catalog.path(target, "billing")),)
    assert door.aggregate(Aggregate(object=target, measures=mean)) == ((3,),)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("杭州", ["王伟"]),
        ("wáng", ["王伟", "Wei Wang"]),
        ("文三路 477", ["王伟"]),
        ("WEI hangzh", ["Wei Wang"]),
    ],
)
def test_people_find_by_words_of_the_text(town: Company, words: str, wanted: list[str]) -> None:
    site(town, "王伟", billing=HANGZHOU)
    site(town, "Wei Wang", billing={"street": "x" * 200, "city": "Hangzhou"})
    site(town, "Nobody")
    assert people(town, find=words) == wanted


def test_a_long_address_is_found_by_its_end(town: Company) -> None:
    site(town, "Ann", billing={"street": "路" * 200, "city": "b", "postal_code": "ENDE"})
    assert people(town, find="ende") == ["Ann"]


def test_the_journal_and_the_history_hold_the_value_as_json(town: Company) -> None:
    made = site(town, "Ann", spot="1.5, 2")
    town.update(town.session(), "site", made, billing=HANGZHOU, was="/")
    target = town.release.catalog.object("site")
    changed, created = town.session().history(target, made)
    assert {each.field.name: (each.old, each.new) for each in changed.fields}["billing"] == (None, HANGZHOU)
    news = {each.field.name: each.new for each in created.fields}
    assert (news["person"], news["spot"]) == ({"family": "Ann"}, {"latitude": Decimal("1.5"), "longitude": 2})


def test_a_rule_sees_the_value_before_the_change_and_its_parts(town: Company) -> None:
    made, door = site(town, "Ann", billing={"city": "Ulm"}), town.session()
    town.update(door, "site", made, billing={"city": "Ulm"})
    with pytest.raises(Problem):
        town.update(door, "site", made, billing={"city": "Bonn"})
    town.update(door, "site", made, billing={"city": "Bonn"}, was="Ulm/Ulm")
    town.update(door, "site", made, billing=None, was="Bonn/Bonn")
    assert one(town, made, "billing", "billing.city") == {"billing": None, "billing.city": None}


def test_what_lies_behind_a_lookup_is_seen_the_same_way(town: Company) -> None:
    there = site(town, "欧阳娜娜", billing={"city": "Ulm"})
    here = site(town, "Ann", at=there)
    assert one(town, here, "far", "at", "at.person", "at.billing", "at.billing.city") == {
        "far": "Ulm欧阳娜娜",
        "at": there,
        "at.title": "欧阳娜娜",
        "at.person": {"family": "欧阳", "given": "娜娜"},
        "at.billing": {"city": "Ulm"},
        "at.billing.city": "Ulm",
    }
    nobody = site(town, "Nobody")
    with pytest.raises(Problem) as refused:
        town.update(town.session(), "site", here, at=nobody)
    assert [detail.field for detail in refused.value.details] == ["at"]
    assert people(town, where='at.person = "欧阳娜娜"', order=["at"]) == ["Ann"]


def test_a_value_is_replaced_as_a_whole(town: Company) -> None:
    made = site(town, "Ann", billing=HANGZHOU)
    town.update(
        town.session(), "site", made, billing={"city": "Ulm"}, was="杭州市/浙江省杭州市西湖区文三路 477 号"
    )
    assert one(town, made, "billing", "billing.street") == {
        "billing": {"city": "Ulm"},
        "billing.street": None,
    }


def test_one_place_is_taken_once(town: Company) -> None:
    site(town, "Ann", spot="1, 2")
    with pytest.raises(Problem) as refused:
        site(town, "Bob", spot={"longitude": "2.0", "latitude": 1})
    assert [(detail.field, detail.code) for detail in refused.value.details] == [("spot", "P120")]


def test_a_blank_name_is_no_name_where_one_is_required(town: Company) -> None:
    with pytest.raises(Problem) as refused:
        site(town, {"given": " "})
    assert [detail.code for detail in refused.value.details] == ["P101"]


def test_a_hidden_value_is_refused_with_its_parts_at_every_door(town: Company) -> None:
    made = site(town, "Ann", hidden=HANGZHOU)
    door, target = town.session("bob", "s_half"), town.release.catalog.object("site")
    for where in ('hidden.city = "杭州市"', 'CONTAINS(hidden, "杭")', "ISBLANK(hidden)"):
        with pytest.raises(Problem):
            door.condition(target, where)
    count = (Measure(function=Function.COUNT),)
    for name in ("hidden", "hidden.city"):
        path = town.release.catalog.path(target, name)
        with pytest.raises(Problem):
            door.get(target, made, (path,))
        with pytest.raises(Problem):
            door.query(town.query(door, "site", "person", order=[name]))
        with pytest.raises(Problem):
            door.aggregate(Aggregate(object=target, group=(path,), measures=count))
    assert not [name for name in door.get(target, made, None).values if name.startswith("hidden")]
    assert "hidden" not in str([change.fields for change in door.history(target, made)])
    assert people_seen(town, door, "杭州") == []
    with pytest.raises(Problem) as refused:
        town.update(door, "site", made, hidden={"city": "x"}, spot="1, 1")
    assert [(each.field, each.code) for each in refused.value.details] == [
        ("hidden", "P118"),
        ("spot", "P119"),
    ]


def people_seen(town: Company, door: Any, words: str) -> list[object]:
    return [record.title() for record in door.query(town.query(door, "site", "person", find=words)).records]


def test_a_stale_change_shows_both_values_as_json(town: Company) -> None:
    made = site(town, "Ann", billing={"city": "Ulm"})
    town.update(town.session(), "site", made, billing={"city": "Bonn"}, was="Ulm/Ulm")
    with pytest.raises(Problem) as refused:
        town.update(town.session(), "site", made, version=1, billing=HANGZHOU)
    data: Any = refused.value.data
    assert data["yours"]["values"]["billing"] == HANGZHOU
    assert data["theirs"]["values"]["billing"] == {"city": "Bonn"}


def test_a_title_of_several_parts_is_its_text(town: Company) -> None:
    made = site(town, {"family": "Wang", "given": "Wei", "salutation": "Dr.", "suffix": "PhD"})
    target = town.release.catalog.object("site")
    record = town.session().get(target, made, (FieldPath(field=target.fields["person"]),))
    assert record.title() == "Wei Wang PhD"


DEFAULTS = """
object: visit
label: Visit
plural: Visits
title: who
fields:
  who: {type: person_name, label: Who, default: "=$user.name"}
  place: {type: address, label: Place, default: {country: CN, city: Hangzhou}}
  about: {type: any_lookup, label: About, to: [user, account], default: '="user/" & $user.id'}
"""


def test_a_default_is_parts_or_a_formula_of_text(database_url: str) -> None:
    database = open_url(database_url)
    company = opened(database, compiled({"objects/visit.yaml": DEFAULTS}))
    made = company.create(company.session("ann", "s_all"), "visit")
    shown = company.session().get(company.release.catalog.object("visit"), made).json()
    database.close()
    assert shown["who"] == {"family": "ann"}
    assert shown["place"] == {"country": "CN", "city": "Hangzhou"}
    assert (shown["about"], shown["about.title"]) == (f"user/{company.ids['ann']}", "ann")


@pytest.mark.parametrize(
    ("default", "wanted"),
    [
        ("{town: x}", "has no part `town`"),
        ("{city: '=$user.name'}", "the parts of a default are constants"),
        ("[1]", "does not fit for `place`"),
    ],
)
def test_a_default_that_does_not_fit_is_told_at_its_place(default: str, wanted: str) -> None:
    text = DEFAULTS.replace("{country: CN, city: Hangzhou}", default)
    with pytest.raises(Rejected, match=wanted):
        compiled({"objects/visit.yaml": text})
