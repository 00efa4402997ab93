"""What a Catalog says about forms: conditions, dependent picklists, record types, tabs and child tables."""

import pytest

from formula.expr import references
from metadata import codes
from metadata.catalog import Catalog, processes_for
from metadata.identity import lock
from metadata.package import LOCK, Package, from_files
from metadata.presentation import TIMELINE
from tests.metadata.samples import above, base, compiled

ACTIVITY = """\
object: activity
label: Activity
title: name
fields:
  name:   {type: text, label: Name, required: true}
  deal:   {type: lookup, label: Deal, to: deal}
  user:   {type: lookup, label: For, to: user}
  status:
    type: picklist
    label: Status
    options: {planned: {label: Planned}, done: {label: Done}, held: {label: Held}}
  result:
    type: text
    label: Result
    visible_when: status <> "planned"
    required_when: status = "done" && $old.status <> "done"
    read_only_when: deal.stage.closed
  where:  {type: picklist, label: Where, options: {zj: {label: Zhejiang}, gd: {label: Guangdong}}}
  city:
    type: picklist
    label: City
    depends_on: where
    options: {hz: {label: Hangzhou, when: [zj]}, other: {label: Other}}
  hours:  {type: number, label: Hours}
process: {status: {moves: {done: {from: [planned]}}}}
record_types:
  call:  {label: Call, icon: phone, options: {status: [planned, done]}}
  visit: {label: Visit, default: true, process: {status: {moves: {held: {from: [planned]}}}}}
  fax:   {label: Fax, retired: true}
"""
GENERAL = """\
layout: activity
sections:
  main: {label: Activity, fields: [name, status, result, record_type]}
"""
CALL = """\
layout: activity
record_type: call
sections:
  main: {label: Call, fields: [name, status]}
"""
DEAL = """\
extend: layout deal
tabs:
  add:
    x_details: {label: Details, show: [main, x_work]}
    x_rest:    {label: Rest, show: [after]}
sections:
  set:
    after: {visible_when: stage.closed, collapsed: true}
children:
  add:
    x_work: {from: activity.deal, label: Work, columns: [name, status], sum: [hours]}
related:
  add:
    x_all: {from: activity.deal, label: Activities, columns: [name, user.name]}
sidebar: [timeline, x_all]
"""
CHINESE = """\
language: zh-CN
objects:
  activity:
    record_types: {call: 通话, visit: {label: 拜访}}
    sections: {main: 活动}
  deal:
    tabs: {x_details: 详情}
    children: {x_work: 工作}
"""
FILES = {
    "objects/activity.yaml": ACTIVITY,
    "layouts/activity.yaml": GENERAL,
    "layouts/activity_call.yaml": CALL,
}
TENANT = {"layouts/deal.yaml": DEAL, "translations/zh-CN.yaml": CHINESE}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Activities above deals, and a tenant that rearranges the form of a deal."""
    return compiled(base(), above(FILES), from_files(TENANT, origin="tenant"))


def test_conditions_are_formulas_over_the_record(catalog: Catalog) -> None:
    result = catalog.object("activity").fields["result"].conditions
    assert result.visible is not None
    assert result.required is not None
    assert result.read_only is not None
    assert {each.name for each in references(result.required.expr)} == {"status", "$old.status"}
    assert catalog.object("activity").fields["name"].conditions.visible is None


def test_a_dependent_picklist_knows_its_controller_and_each_option_who_allows_it(catalog: Catalog) -> None:
    activity = catalog.object("activity")
    city = activity.fields["city"]
    assert city.depends_on is activity.fields["where"]
    assert [(option.code, option.when) for option in city.options] == [
        ("hz", frozenset({"zj"})), ("other", None),
    ]  # fmt: skip
    assert activity.fields["where"].depends_on is None


def test_record_types_are_the_options_of_a_field_that_the_platform_adds(catalog: Catalog) -> None:
    activity = catalog.object("activity")
    field = activity.fields["record_type"]
    assert (field.system, field.required, field.default) == (True, True, "visit")
    assert [(option.code, option.retired) for option in field.options] == [
        ("call", False), ("visit", False), ("fax", True),
    ]  # fmt: skip
    assert [name for name, each in activity.record_types.items() if each.default] == ["visit"]
    assert not activity.record_types["fax"].active
    assert "record_type" not in catalog.object("deal").fields


def test_a_record_type_chooses_options_layout_and_process(catalog: Catalog) -> None:
    activity = catalog.object("activity")
    call, visit = activity.record_types["call"], activity.record_types["visit"]
    assert call.options == {"status": frozenset({"planned", "done"})}
    assert visit.options == {}
    assert activity.layout_of("call").sections[0].label.text("en") == "Call"
    assert activity.layout_of("visit") is activity.layout is activity.layout_of(None)
    assert list(processes_for(activity, "visit")["status"].moves) == ["held"]
    assert processes_for(activity, "call") is activity.processes


def test_without_a_layout_the_form_has_the_record_type_and_all_fields_of_the_objects_own() -> None:
    bare = compiled(base(), above({"objects/activity.yaml": ACTIVITY})).object("activity")
    shown = [field.name for field in bare.layout.sections[0].fields]
    assert shown == ["record_type", "name", "deal", "user", "status", "result", "where", "city", "hours"]


def test_a_layout_has_tabs_child_tables_and_a_sidebar(catalog: Catalog) -> None:
    layout = catalog.object("deal").layout
    assert [(tab.id, tab.show) for tab in layout.tabs] == [
        ("x_details", ("main", "x_work")), ("x_rest", ("after",)),
    ]  # fmt: skip
    (work,) = layout.children
    assert work.link is catalog.object("activity").fields["deal"]
    assert [field.name for field in (*work.columns, *work.sum)] == ["name", "status", "hours"]
    assert layout.sidebar == (TIMELINE, "x_all")
    after = layout.sections[1]
    assert after.collapsed
    assert after.visible is not None


def test_an_app_opens_with_its_first_object_unless_it_names_another(catalog: Catalog) -> None:
    assert catalog.apps["sales"].home is catalog.object("deal")
    app = {"apps/b.yaml": "app: b\nlabel: B\nobjects: [deal, account]\nhome: account\n"}
    other = compiled(base(), above(app))
    assert other.apps["b"].home is other.object("account")


def test_record_types_tabs_and_child_tables_are_translated(catalog: Catalog) -> None:
    activity, deal = catalog.object("activity"), catalog.object("deal").layout
    types = {name: each.label.text("zh-CN") for name, each in activity.record_types.items()}
    assert types == {"call": "通话", "visit": "拜访", "fax": "Fax"}
    options = {each.code: each.label.text("zh-CN") for each in activity.fields["record_type"].options}
    assert options == types
    assert [tab.label.text("zh-CN") for tab in deal.tabs] == ["详情", "Rest"]
    assert deal.children[0].label.text("zh-CN") == "工作"


def test_a_record_types_layout_shares_translations_unless_it_has_its_own() -> None:
    chinese = (
        "language: zh-CN\nobjects:\n  activity:\n    sections: {main: 活动}\n"
        "    record_types: {call: {sections: {main: 通话}}}\n"
    )
    activity = compiled(base(), above({**FILES, "translations/zh-CN.yaml": chinese})).object("activity")
    assert activity.layout.sections[0].label.text("zh-CN") == "活动"
    assert activity.layout_of("call").sections[0].label.text("zh-CN") == "通话"
    shared = "language: zh-CN\nobjects: {activity: {sections: {main: 活动}}}\n"
    activity = compiled(base(), above({**FILES, "translations/zh-CN.yaml": shared})).object("activity")
    assert activity.layout_of("call").sections[0].label.text("zh-CN") == "活动"


def test_the_code_of_a_record_type_outlives_its_name() -> None:
    first = above(FILES)
    first = from_files({**first.files, LOCK: lock(first).render()}, origin="mod")
    text = ACTIVITY.replace("  visit: {label", "  meeting: {was: visit, label")
    renamed = from_files({**first.files, "objects/activity.yaml": text}, origin="mod")
    renamed = from_files({**renamed.files, LOCK: lock(renamed).render()}, origin="mod")
    activity = compiled(base(), renamed).object("activity")
    assert list(activity.record_types) == ["call", "visit", "fax"]
    assert activity.record_types["visit"].id == "record_type:activity.visit"


def warnings(*packages: Package) -> list[str]:
    """Code and message of what a compile warns about."""
    return [f"{each.code.id} {each.message}" for each in compiled(base(), *packages).warnings]


def test_what_a_form_cannot_show_is_a_warning() -> None:
    hidden = "extend: layout deal\nsections: {set: {main: {fields: {hide: [account, amount]}}}}\n"
    assert warnings(above({"layouts/deal.yaml": hidden})) == [
        f"{codes.NOT_SHOWN.id} `account` is required and in no section"
    ]
    untabbed = "extend: layout deal\ntabs: {add: {mod__one: {label: One, show: [main]}}}\n"
    manifest = "package: mod\nversion: 1.0.0\nnamespace: mod\nrequires: {base: '>=1,<2'}\n"
    package = from_files({"package.yaml": manifest, "layouts/deal.yaml": untabbed}, origin="mod")
    assert warnings(package) == [f"{codes.NOT_SHOWN.id} `after` stands in no tab"]


def test_a_retired_field_may_stay_title_or_index_with_a_warning() -> None:
    """A layer above may retire what a layer below names; the engine leaves the column out."""
    retired = "extend: object account\nfields: {set: {name: {retired: true}}}\n"
    index = "extend: object deal\nfields: {set: {close_on: {retired: true}}}\n"
    assert warnings(above({"objects/account.yaml": retired, "objects/deal.yaml": index})) == [
        f"{codes.RETIRED.id} `name` is retired",
        f"{codes.RETIRED.id} `close_on` is retired",
    ]


def test_a_layer_adds_record_types_and_conditions_to_what_lies_below() -> None:
    text = """\
extend: object activity
record_types:
  add:
    x_chat: {label: Chat, default: true, options: {status: [done]}}
  set:
    call: {label: Phone call}
fields:
  set:
    hours: {read_only_when: ISBLANK(deal)}
    result: {visible_when: status = "held"}
"""
    files = {"objects/activity.yaml": text}
    catalog = compiled(base(), above(FILES), from_files(files, origin="tenant"))
    activity = catalog.object("activity")
    assert list(activity.record_types) == ["call", "visit", "fax", "x_chat"]
    assert activity.fields["record_type"].default == "x_chat"
    assert activity.record_types["call"].label.text("en") == "Phone call"
    assert activity.record_types["x_chat"].id == "record_type:activity.x_chat"
    assert activity.fields["hours"].conditions.read_only is not None
    visible = activity.fields["result"].conditions.visible
    assert visible is not None
    assert visible.source.text == 'status = "held"'
    assert catalog.digest != compiled(base(), above(FILES)).digest
