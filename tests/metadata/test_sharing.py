"""Conditions of grants, rules of sharing and restriction, teams and pools: what the Catalog has of them."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.catalog import Catalog, Scope
from metadata.diff import diff
from metadata.explain import explanation
from metadata.identity import lock
from metadata.package import LOCK, Package, from_files
from metadata.permission import Access, Audience, Membership, MembershipKind
from metadata.uses import Use, uses
from tests.metadata.samples import BASE, base, compiled

FILES = {
    "objects/group.yaml": "object: group\nlabel: Group\nfields: {name: {type: text, label: Name}}\n",
    "objects/mate.yaml": """\
object: mate
label: Mate
fields:
  deal:  {type: lookup, label: Deal, to: deal}
  who:   {type: lookup, label: Who, to: user}
  level: {type: picklist, label: Level, options: {read: {label: Reads}, edit: {label: Edits}}}
  until: {type: date, label: Until}
  part:  {type: text, label: Part}
""",
    "objects/pool.yaml": "object: pool\nlabel: Pool\nfields: {name: {type: text, label: Name}}\n",
    "objects/fisher.yaml": """\
object: fisher
label: Fisher
fields:
  pool:  {type: lookup, label: Pool, to: pool}
  who:   {type: lookup, label: Who, to: user}
  group: {type: lookup, label: Group, to: group}
""",
    "objects/record_share.yaml": """\
object: record_share
label: Share
fields:
  record: {type: lookup, label: Record, to: account}
  user:   {type: lookup, label: User, to: user}
  until:  {type: date, label: Until}
""",
    "objects/deal.yaml": BASE["objects/deal.yaml"]
    .replace("  reason: ", "  pool:     {type: lookup, label: Pool, to: pool}\n  reason: ")
    .replace(
        "rules:\n",
        "team: {members: mate, record: deal, user: who, role: part, access: level, until: until}\n"
        "pool: {field: pool, members: fisher, record: pool, user: who, group: group}\n"
        "rules:\n",
    ),
    "objects/account.yaml": BASE["objects/account.yaml"] + "features: [sharing]\n",
    "permissions/rep.yaml": """\
permission_set: rep
label: Rep
objects:
  deal:
    read: [own, team, {where: account.size > 100}, {where: $user.manager = owner}]
    update: {where: stage = "open"}
    delete: [none]
  account: {read: all}
""",
    "permissions/desk.yaml": """\
sharing_rule: desk
label: Desk
object: deal
where: amount > 1000
to: [{group: desk}, {department: D02, below: true}]
access: edit
""",
    "permissions/north.yaml": """\
sharing_rule: north
label: North
object: account
owners: {department: N, below: true}
to: [{group: desk}]
access: read
active: false
""",
    "permissions/bounds.yaml": """\
restriction_rule: bounds
label: Bounds
object: deal
where: close_on > TODAY() - 365
for: [rep]
""",
    "translations/zh-CN.yaml": BASE["translations/zh-CN.yaml"]
    + "sharing_rules: {desk: 大客户组}\nrestriction_rules: {bounds: 一年之内}\n",
}


def package(**changed: str) -> Package:
    """The base package with the above; `desk="…"` stands for permissions/desk.yaml."""
    files = {**BASE, **FILES, **{f"permissions/{name}.yaml": text for name, text in changed.items()}}
    return from_files(files, origin="base")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The package compiled."""
    return compiled(package())


def test_a_grant_reaches_by_scopes_and_by_conditions(catalog: Catalog) -> None:
    grant = catalog.permission_sets["rep"].grants["deal"]
    assert grant.read.scopes == (Scope.OWN, Scope.TEAM)
    assert [formula.source.text for formula in grant.read.where] == [
        "account.size > 100",
        "$user.manager = owner",
    ]
    assert (grant.update.scopes, len(grant.update.where)) == ((), 1)
    assert not grant.delete


def test_a_sharing_rule_says_which_records_with_whom_and_how_far(catalog: Catalog) -> None:
    desk, north = catalog.sharing_rules.values()
    assert (desk.object, desk.access, desk.active) == (catalog.objects["deal"], Access.EDIT, True)
    assert desk.to == (Audience(group="desk"), Audience(department="D02", below=True))
    assert desk.where is not None
    assert desk.owners is None
    assert (north.owners, north.where) == (Audience(department="N", below=True), None)
    assert (north.access, north.active) == (Access.READ, False)


def test_a_restriction_rule_binds_some_sets_or_everybody(catalog: Catalog) -> None:
    bounds = catalog.restriction_rules["bounds"]
    assert (bounds.sets, bounds.exempt, bounds.active) == (frozenset({"rep"}), frozenset(), True)
    everybody = compiled(package(bounds=FILES["permissions/bounds.yaml"].replace("for:", "except:")))
    assert everybody.restriction_rules["bounds"].sets == frozenset()
    assert everybody.restriction_rules["bounds"].exempt == {"rep"}


def test_rules_have_labels_in_the_readers_language(catalog: Catalog) -> None:
    assert str(catalog.sharing_rules["desk"].label.texts["zh-CN"]) == "大客户组"
    assert str(catalog.restriction_rules["bounds"].label.texts["zh-CN"]) == "一年之内"


def fields(membership: Membership) -> dict[str, str]:
    """The names of the fields that a membership uses."""
    names = ("record", "user", "group", "department", "role", "access", "until", "through")
    found = {name: getattr(membership, name) for name in names}
    return {name: field.name for name, field in found.items() if field is not None}


def test_a_team_a_pool_and_shares_are_memberships(catalog: Catalog) -> None:
    team, pool = catalog.objects["deal"].memberships
    assert (team.kind, team.members.name) == (MembershipKind.TEAM, "mate")
    assert fields(team) == {
        "record": "deal", "user": "who", "role": "part", "access": "level", "until": "until",
    }  # fmt: skip
    assert (pool.kind, pool.members.name) == (MembershipKind.POOL, "fisher")
    assert fields(pool) == {"record": "pool", "user": "who", "group": "group", "through": "pool"}
    (share,) = catalog.objects["account"].memberships
    assert (share.kind, share.members.name) == (MembershipKind.SHARE, "record_share")
    assert fields(share) == {"record": "record", "user": "user", "until": "until"}


def test_without_the_platforms_shares_the_feature_opens_nothing() -> None:
    alone = compiled(base(account=BASE["objects/account.yaml"] + "features: [sharing]\n"))
    assert alone.objects["account"].memberships == ()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("amount", ("sharing rule", "desk")),
        ("close_on", ("restriction rule", "bounds")),
        ("account", ("permission set", "rep")),
        ("stage", ("permission set", "rep")),
        ("pool", ("pool", "deal")),
    ],
)
def test_what_decides_about_access_is_a_use(catalog: Catalog, name: str, wanted: tuple[str, str]) -> None:
    kind, place = wanted
    assert Use(kind=kind, name=place) in uses(catalog, catalog.objects["deal"].fields[name])


def test_the_objects_of_members_are_used_by_what_they_open(catalog: Catalog) -> None:
    for name, kind, place in (("mate", "team", "deal"), ("record_share", "share", "account")):
        assert Use(kind=kind, name=place) in uses(catalog, catalog.objects[name])
    assert Use(kind="sharing rule", name="desk") in uses(catalog, catalog.objects["deal"])


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "permissions/desk.yaml", "access: edit", "access: read",
            "~ sharing rule desk: access edit → read",
        ),
        (
            "permissions/desk.yaml", "where: amount > 1000", "owners: {group: desk}",
            "~ sharing rule desk: where amount > 1000 → none",
        ),
        ("permissions/bounds.yaml", "for: [rep]\n", "", "~ restriction rule bounds: sets: - rep"),
        (
            "permissions/bounds.yaml", "for: [rep]", "for: [rep]\nactive: false",
            "~ restriction rule bounds: active yes → no",
        ),
        (
            "permissions/rep.yaml", '{where: stage = "open"}', '[own, {where: stage = "won"}]',
            '~ permission set rep: grants: deal: update where stage = "open" → own, where stage = "won"',
        ),
        ("objects/deal.yaml", ", until: until}", "}", "~ object deal: team: until mate.until → none"),
        ("objects/account.yaml", "features: [sharing]\n", "", "~ object account: features: - sharing"),
    ],
)  # fmt: skip
def test_a_plan_names_what_gives_or_takes_access(file: str, old: str, new: str, line: str) -> None:
    before = package()
    before = replace(before, lock=lock(before))
    assert old in FILES[file]
    files = {**before.files, file: FILES[file].replace(old, new), LOCK: before.lock.render()}
    changes = diff(compiled(before), compiled(from_files(files, origin="base")))
    assert changes[0].describe() == line


def test_a_new_rule_is_a_line_and_one_that_goes_too(catalog: Catalog) -> None:
    lines = {change.describe() for change in diff(None, catalog)}
    assert {"+ sharing rule desk", "+ restriction rule bounds"} <= lines
    without = {name: text for name, text in FILES.items() if "desk" not in name}
    manifest = BASE["package.yaml"] + 'retired: ["sharing_rule:desk"]\n'
    old = replace(package(), lock=lock(package()))
    files = {**BASE, **without, "package.yaml": manifest, LOCK: old.lock.render()}
    text = files["translations/zh-CN.yaml"].replace("sharing_rules: {desk: 大客户组}\n", "")
    now = compiled(from_files({**files, "translations/zh-CN.yaml": text}, origin="base"))
    assert [change.describe() for change in diff(compiled(old), now)] == ["- sharing rule desk"]


def test_a_renamed_rule_and_a_renamed_set_are_the_same_ones() -> None:
    old = replace(package(), lock=lock(package()))
    desk = FILES["permissions/desk.yaml"].replace("sharing_rule: desk", "sharing_rule: board\nwas: desk")
    rep = FILES["permissions/rep.yaml"].replace("permission_set: rep", "permission_set: seller\nwas: rep")
    new = package(desk=desk, rep=rep)
    chinese = FILES["translations/zh-CN.yaml"].replace("{desk:", "{board:").replace("{rep:", "{seller:")
    files = {**new.files, "translations/zh-CN.yaml": chinese, LOCK: old.lock.render()}
    now = compiled(replace(new := from_files(files, origin="base"), lock=lock(new)))
    assert now.sharing_rules["board"].id == "sharing_rule:desk"
    assert now.restriction_rules["bounds"].sets == {"seller"}
    lines = [change.describe() for change in diff(compiled(old), now)]
    assert lines[:1] == ["~ permission set rep is now seller"]
    assert "~ sharing rule desk is now board" in lines


def test_a_rule_is_explained_with_the_layer_of_each_property() -> None:
    own = {"a.yaml": "extend: sharing_rule desk\nactive: false\nto: {add: [{group: x}]}\n"}
    layers = explanation([package(), from_files(own, origin="tenant")])
    for name in ("desk", "sharing_rule:desk"):
        subject = layers.find(name)
        found = {origin.property: origin.layer for origin in layers.origins(subject)}
        assert (subject.kind, found["active"], found["where"]) == ("sharing_rule", "tenant", "base")
        assert found["to.group x"] == "tenant"


def test_a_tenants_own_rule_carries_its_prefix_and_names_what_lies_below() -> None:
    rule = 'sharing_rule: x_lost\nlabel: Lost\nobject: deal\nwhere: stage = "lost"\n'
    own = {"a.yaml": rule + "to: [{group: desk}]\naccess: read\n"}
    found = compiled(package(), from_files(own, origin="tenant"))
    assert list(found.sharing_rules) == ["desk", "north", "x_lost"]


scopes = st.lists(st.sampled_from([scope for scope in Scope if scope is not Scope.NONE]), unique=True)
conditions = st.lists(st.sampled_from(["ISBLANK(owner)", "amount > 5", 'stage = "won"']), unique=True)


@settings(max_examples=30, deadline=None)
@given(scopes, conditions, st.randoms(use_true_random=False))
def test_a_list_reaches_what_each_of_its_entries_reaches(
    named: list[Scope], texts: list[str], chance: Random
) -> None:
    entries = [scope.value for scope in named] + [f"{{where: '{text}'}}" for text in texts]
    chance.shuffle(entries)
    listed = ", ".join(entries or ["none"])
    text = f"permission_set: rep\nlabel: Rep\nobjects: {{deal: {{read: [{listed}]}}}}\n"
    reach = compiled(package(rep=text)).permission_sets["rep"].grants["deal"].read
    assert set(reach.scopes) == set(named)
    assert {formula.source.text for formula in reach.where} == set(texts)
    assert bool(reach) == bool(entries)
