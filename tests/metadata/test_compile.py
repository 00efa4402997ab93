"""What a Catalog holds after layers are compiled: everything resolved, nothing by string path."""

from dataclasses import replace
from decimal import Decimal

import pytest

from formula.expr import Formula, references
from formula.printer import show
from formula.types import Kind
from metadata import codes
from metadata.catalog import Catalog, FieldPath, FieldRight, Global, Scope, UnknownNameError
from metadata.identity import lock
from metadata.package import LOCK, from_files
from tests.metadata.samples import above, base, compiled

SAMPLE = """\
object: opportunity
label: Opportunity
plural: Opportunities
icon: target
title: name                       # what people see as the record's name
number: "OPP-{YYYY}-{00000}"
features: [activities, comments, files, history, tags, team]
fields:
  name:        {type: text, label: Name, required: true, max: 120, searchable: true}
  account:     {type: lookup, label: Account, to: account, required: true, on_delete: restrict}
  stage:
    type: picklist
    label: Stage
    default: prospecting
    attributes: {probability: percent}
    options:
      prospecting: {label: Prospecting, probability: 10}
      proposal:    {label: Proposal, probability: 12.5}
      needs:       {label: Needs}
      lost:        {label: Lost, closed: true}
      won:         {label: Won, color: green, closed: true, won: true}
  amount:      {type: currency, label: Amount, scale: 2, min: 0}
  discount:    {type: percent, label: Discount}
  next_step:   {type: text, label: Next step}
  lost_reason: {type: text, label: Reason}
  close_date:  {type: date, label: Close date, required: true, default: "=TODAY() + 30"}
  expected:    {type: formula, label: Expected, returns: currency, formula: amount * stage.probability}
  line_total:  {type: rollup, label: Lines, from: opportunity_line.opportunity, function: sum, field: total}
rules:
  lost_needs_reason:
    when: stage = "lost" && ISBLANK(lost_reason)
    message: Say why the deal was lost.
    at: lost_reason
process:                          # allowed moves of a picklist, per record type if wanted
  stage:
    moves:
      proposal: {from: [needs], require: [amount, close_date]}
indexes: [[stage, close_date]]
"""
TENANT = {
    "objects/deal.yaml": """\
extend: object deal
label: Project
fields:
  add:
    x_region_head: {type: lookup, label: Region head, to: user}
  set:
    amount: {help: "Above 10 % your manager decides."}
    stage:
      options:
        set: {won: {label: Signed}}
        add: {x_legal: {label: Legal review, probability: 90}}
rules:
  add:
    x_head: {when: ISBLANK(x_region_head), message: Who is the head?, at: x_region_head}
  set:
    lost_needs_reason: {active: false}
views:
  add:
    x_all: {label: All projects, columns: [name, x_region_head.manager.name], default: true}
""",
    "layouts/deal.yaml": """\
extend: layout deal
sections:
  set:
    main: {fields: {add: [x_region_head]}}
""",
    "permissions/rep.yaml": """\
extend: permission_set rep
objects:
  set:
    deal: {fields: {add: {x_region_head: read}}}
""",
    "translations/zh-CN.yaml": """\
language: zh-CN
objects: {deal: {label: 项目, fields: {x_region_head: 区域负责人}}}
""",
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The base package alone."""
    return compiled(base())


@pytest.fixture(scope="module")
def layered() -> Catalog:
    """The base package below a tenant's layer."""
    return compiled(from_files(TENANT, origin="tenant"), base())


def test_the_object_of_the_design_compiles() -> None:
    line = """\
object: opportunity_line
label: Line
fields:
  opportunity: {type: lookup, label: Opportunity, to: opportunity, required: true, on_delete: cascade}
  total:       {type: currency, label: Total}
"""
    files = {"objects/opportunity.yaml": SAMPLE, "objects/opportunity_line.yaml": line}
    opportunity = compiled(base(), above(files)).object("opportunity")
    assert opportunity.number == "OPP-{YYYY}-{00000}"
    assert opportunity.title is opportunity.fields["name"]
    assert opportunity.fields["stage"].attributes.keys() == {"closed", "won", "probability"}
    moves = opportunity.processes["stage"].moves
    assert [field.name for field in moves["proposal"].require] == ["amount", "close_date"]


def test_every_record_has_the_system_fields(catalog: Catalog) -> None:
    fields = catalog.object("account").fields
    system = [name for name, field in fields.items() if field.system]
    assert system == [
        "id", "owner", "department", "created_at", "created_by", "modified_at", "modified_by", "version",
        "deleted_at",
    ]  # fmt: skip
    assert fields["owner"].target is catalog.object("user")


def test_an_object_may_have_a_department_of_its_own(catalog: Catalog) -> None:
    assert not catalog.object("user").fields["department"].system
    assert catalog.object("deal").fields["department"].system


def test_references_are_joined_not_named(catalog: Catalog) -> None:
    deal = catalog.object("deal")
    account = deal.fields["account"]
    assert account.target is catalog.object("account")
    assert account.object is deal
    assert deal.rules[0].at is deal.fields["reason"]
    assert catalog.object("account").layout.related[0].link is account
    assert catalog.flows["remind"].start.object is deal
    assert catalog.flows["remind"].steps[0].target is catalog.object("account")


def test_formula_references_carry_their_paths(catalog: Catalog) -> None:
    deal = catalog.object("deal")
    formula = deal.fields["expected"].formula
    assert formula is not None
    assert [(r.name, r.key) for r in references(formula.expr)] == [
        ("amount", FieldPath(field=deal.fields["amount"])),
        ("stage.probability", FieldPath(field=deal.fields["stage"], part="probability")),
    ]
    where = deal.views["mine"].where
    assert where is not None
    keys = {reference.name: reference.key for reference in references(where.expr)}
    user = catalog.object("user")
    assert keys["$user.id"] == Global(root="$user", path=FieldPath(field=user.fields["id"]))


def test_a_condition_of_rows_is_the_formula_that_a_person_would_write() -> None:
    rows = """\
view: due
object: deal
label: Due
columns: [name]
criteria:
  - {field: owner, operator: equal, value: me}
  - {field: close_on, operator: at_most, value: in_30_days}
  - {field: stage, operator: equal, values: [won, lost]}
  - {field: amount, operator: more, value: 1000.5}
logic: 1 AND (2 OR NOT 3) AND 4
"""
    text = 'AND(owner = $user.id, OR(close_on <= TODAY() + 30, NOT(OR(stage = "won", stage = "lost"))), '
    text = f"{rows[: rows.index('criteria')]}where: {text}amount > 1000.5)\n"
    of_rows = compiled(base(**{"views/deal/due.yaml": rows})).object("deal").views["due"].where
    of_text = compiled(base(**{"views/deal/due.yaml": text})).object("deal").views["due"].where
    assert of_rows is not None
    assert of_text is not None
    assert show(of_rows.expr) == show(of_text.expr)
    assert of_rows.source.place(0).line == rows[: rows.index("  - {field")].count("\n") + 1


def test_a_condition_that_cannot_be_meant_so_is_a_warning_at_its_place_in_the_document() -> None:
    bid = """\
object: bid
label: Bid
title: name
fields:
  name: {type: text, label: Name}
  size: {type: number, label: Size, scale: 0}
rules:
  never:
    message: Never.
    when: >
      size > 5 &&

      size < 3
"""
    found = compiled(base(), above({"objects/bid.yaml": bid})).warnings
    assert [(each.code.id, each.severity) for each in found] == [("F402", "warning")]
    assert str(found[0].place) == "mod/objects/bid.yaml:13:7"


def test_option_attributes_are_values_that_formulas_read(catalog: Catalog) -> None:
    stage = catalog.object("deal").fields["stage"]
    won = stage.option("won")
    assert won is not None
    assert won.attributes == {"probability": Decimal(1), "closed": True}
    probability = stage.attributes["probability"]
    assert (probability.kind, probability.precision, probability.scale) == (Kind.NUMBER, 3, 2)


def test_paths_follow_links_attributes_and_companions(catalog: Catalog) -> None:
    deal = catalog.object("deal")
    path = catalog.path(deal, "account.parent.name")
    assert [link.name for link in path.links] == ["account", "parent"]
    assert path.name == "account.parent.name"
    assert path.root is deal
    assert catalog.path(deal, "amount.company").part == "company"
    for wrong in ("acount.name", "name.first", "account.parent.nam", "stage.rank"):
        with pytest.raises(UnknownNameError):
            catalog.path(deal, wrong)


def test_defaults_are_formulas_or_plain_values(catalog: Catalog) -> None:
    deal = catalog.object("deal")
    assert deal.fields["stage"].default == "open"
    assert isinstance(deal.fields["close_on"].default, Formula)
    assert deal.fields["name"].default is None


def test_flow_options_hold_formulas_where_the_text_began_with_an_equals_sign(catalog: Catalog) -> None:
    create, notify = catalog.flows["remind"].steps
    values = create.config["set"]
    assert isinstance(values, dict)
    assert isinstance(values["name"], Formula)
    assert values["name"].source.text == '"Copy of " & name'
    assert notify.config["message"] == "Look here"
    assert create.label is not None
    assert create.label.text("en") == "Copy"


def test_grants_say_what_is_allowed_and_nothing_else(catalog: Catalog) -> None:
    grants = catalog.permission_sets["rep"].grants
    deal = grants["deal"]
    scopes = [reach.scopes for reach in (deal.read, deal.update, deal.delete)]
    assert deal.create
    assert scopes == [(Scope.BELOW,), (Scope.OWN,), ()]
    assert [deal.right(name) for name in ("name", "expected", "reason")] == [
        FieldRight.EDIT,
        FieldRight.READ,
        FieldRight.NONE,
    ]
    assert "user" not in grants


def test_a_star_grants_every_object_of_every_layer() -> None:
    files = {
        "objects/extra.yaml": "object: extra\nlabel: E\nfields: {}\n",
        "permissions/all.yaml": (
            'permission_set: all\nlabel: A\nobjects: {"*": {read: all}, deal: {read: own}}\n'
        ),
    }
    found = compiled(base(), above(files))
    grants = found.permission_sets["all"].grants
    assert grants.keys() == found.objects.keys()
    assert (grants["extra"].read.scopes, grants["deal"].read.scopes) == ((Scope.ALL,), (Scope.OWN,))


def test_an_object_without_a_layout_shows_its_own_fields(catalog: Catalog) -> None:
    (section,) = catalog.object("department").layout.sections
    assert [field.name for field in section.fields] == ["name"]


def test_labels_speak_the_readers_language(catalog: Catalog) -> None:
    deal = catalog.object("deal")
    assert [deal.label.text(language) for language in ("en", "zh-CN", "zh-TW", "de")] == [
        "Deal", "商机", "商机", "Deal",
    ]  # fmt: skip
    won = deal.fields["stage"].option("won")
    assert won is not None
    assert won.label.text("zh-CN") == "赢单"
    assert deal.fields["owner"].label.text("zh-TW") == "負責人"
    assert catalog.languages == ("en", "zh-CN")


def test_a_translation_of_nothing_is_a_warning() -> None:
    files = {"translations/zh-CN.yaml": "language: zh-CN\nobjects: {deal: {fields: {amuont: 金额}}}\n"}
    (warning,) = compiled(base(), above(files)).warnings
    assert (warning.code.id, warning.severity) == ("M601", "warning")
    assert str(warning.place) == "mod/translations/zh-CN.yaml:2:27"


def test_a_layer_adds_and_sets_and_keeps_the_rest(layered: Catalog) -> None:
    deal = layered.object("deal")
    assert deal.label.text("en") == "Project"
    assert deal.fields["x_region_head"].target is layered.object("user")
    assert deal.fields["amount"].help is not None
    assert deal.fields["amount"].label.text("zh-CN") == "金额"
    assert [(o.code, o.label.text("en")) for o in deal.fields["stage"].options] == [
        ("open", "Open"), ("won", "Signed"), ("lost", "Lost"), ("x_legal", "Legal review"),
    ]  # fmt: skip
    assert [(rule.name, rule.active) for rule in deal.rules] == [
        ("lost_needs_reason", False),
        ("x_head", True),
    ]
    assert [field.name for field in deal.layout.sections[0].fields][-1] == "x_region_head"
    assert deal.views["x_all"].default
    assert layered.permission_sets["rep"].grants["deal"].right("x_region_head") is FieldRight.READ


def test_the_highest_layer_wins_per_language(layered: Catalog) -> None:
    deal = layered.object("deal")
    assert deal.label.text("zh-CN") == "项目"
    assert deal.plural.text("zh-CN") == "Deals"
    assert deal.fields["x_region_head"].label.text("zh-CN") == "区域负责人"


def test_equal_packages_have_equal_digests_and_comments_do_not_count() -> None:
    changed = base(department="# a comment\n" + base().files["objects/department.yaml"])
    other = base(department=base().files["objects/department.yaml"].replace("Department", "Division"))
    digests = [compiled(package).digest for package in (base(), base(), changed, other)]
    assert len(set(digests[:3])) == 1
    assert digests[3] != digests[0]


def test_the_order_in_which_packages_are_given_does_not_matter() -> None:
    tenant, module = from_files(TENANT, origin="tenant"), above({})
    one, two = compiled(base(), module, tenant), compiled(tenant, module, base())
    assert one.digest == two.digest
    assert [layer.name for layer in one.layers] == ["base", "mod", "tenant"]


def test_everything_written_above_follows_a_rename() -> None:
    """The object and a field are renamed below; layouts, texts and the tenant still use the old names."""
    old = replace(base(), lock=lock(base()))
    renamed = old.files["objects/deal.yaml"].replace("object: deal", "object: project\nwas: deal")
    renamed = renamed.replace("  reason:   {type: text,", "  why: {type: text, was: reason,")
    edited = from_files({**old.files, "objects/deal.yaml": renamed, LOCK: old.lock.render()}, origin="base")
    above_it = {
        **TENANT,
        "objects/reason.yaml": "extend: object deal\nfields: {set: {reason: {help: Why?}}}\n",
    }
    catalog = compiled(replace(edited, lock=lock(edited)), from_files(above_it, origin="tenant"))
    project = catalog.object("project")
    assert project.table == "deal"
    assert project.fields["why"].column == "reason"
    assert project.fields["why"].help is not None
    assert project.field("reason") is project.fields["why"]
    assert project.rules[0].at is project.fields["why"]
    assert project.label.text("zh-CN") == "项目"
    assert project.fields["amount"].label.text("zh-CN") == "金额"
    assert [section.id for section in project.layout.sections] == ["main", "after"]
    assert project.fields["x_region_head"].id == "deal.x_region_head"
    assert {warning.code for warning in catalog.warnings} == {codes.STALE}, "`Signed` is not translated yet"


def test_what_is_printed_of_the_model_is_a_name_and_not_the_model(catalog: Catalog) -> None:
    account = catalog.object("account")
    owner = account.fields["owner"]
    assert (repr(account), repr(owner)) == ("<ObjectType account>", "<Field account.owner>")
    assert len(repr(catalog.path(account, "owner.name"))) < 200
