"""The difference of two Catalogs: nothing for equal ones, renames by id, each property by itself."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from metadata.diff import Added, Change, Changed, Renamed, Retired, diff
from metadata.identity import lock
from metadata.package import LOCK, Package, from_files
from metadata.wording import told
from tests.metadata.samples import BASE, base, compiled

if TYPE_CHECKING:
    from metadata.catalog import Catalog


def next_version(old: Package, **changed: str) -> Package:
    """The package after an edit, locked on top of its present lock."""
    files = {**old.files, **{f"objects/{name}.yaml": text for name, text in changed.items()}}
    files["package.yaml"] = BASE["package.yaml"] + "retired: [account.size]\n"
    package = from_files({**files, LOCK: lock(old).render()}, origin="base")
    return from_files({**files, LOCK: lock(package).render()}, origin="base")


def after(text: str, **changed: str) -> tuple[Change, ...]:
    """The changes when objects/account.yaml (and other objects) become these texts."""
    old = replace(base(), lock=lock(base()))
    new = next_version(old, account=text, **changed)
    return diff(compiled(old), compiled(new))


ACCOUNT = BASE["objects/account.yaml"]


def test_equal_catalogs_do_not_differ() -> None:
    assert diff(compiled(base()), compiled(base())) == ()


def test_from_nothing_everything_is_added() -> None:
    catalog: Catalog = compiled(base())
    changes = diff(None, catalog)
    assert all(isinstance(change, Added) for change in changes)
    assert {change.name for change in changes if change.kind == "object"} == set(catalog.objects)


def test_a_field_and_its_option_are_added() -> None:
    text = (
        ACCOUNT + "  kind: {type: picklist, label: Kind, options: {big: {label: Big}}}\nindexes: [[kind]]\n"
    )
    found = [(change.kind, change.name) for change in after(text) if isinstance(change, Added)]
    assert found == [("field", "account.kind"), ("option", "account.kind.big"), ("index", "account(kind)")]


def test_a_rename_is_one_change_and_its_users_do_not_change() -> None:
    text = ACCOUNT.replace("name:   {type: text, label: Name,", "title: {type: text, label: Name, was: name,")
    text = text.replace("title: name", "title: title")
    changes = after(text)
    assert changes == (Renamed(kind="field", id="account.name", old="account.name", name="account.title"),)


def test_renaming_an_object_renames_nothing_else() -> None:
    text = ACCOUNT.replace("object: account", "object: client\nwas: account").replace(
        "to: account", "to: client"
    )
    deal = BASE["objects/deal.yaml"].replace("to: account", "to: client")
    changes = after(text, deal=deal)
    assert [change for change in changes if change.kind in ("object", "field", "view")] == [
        Renamed(kind="object", id="account", old="account", name="client")
    ]


def test_a_changed_property_is_told_with_both_values() -> None:
    changes = after(ACCOUNT.replace("label: Size}", "label: Staff, required: true}"))
    assert [(c.property, c.name) for c in changes if isinstance(c, Changed)] == [
        ("label", "account.size"),
        ("required", "account.size"),
    ]
    assert [change.describe() for change in changes] == [
        "~ field account.size: label (en) “Size” → “Staff”",
        "~ field account.size: required no → yes",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "permissions/rep.yaml",
            "  account: {read: all}",
            '  account: {read: own}\n  user: {read: all, fields: {"*": read}}',
            "~ permission set rep: grants: + user; account: read all → own",
        ),
        (
            "permissions/rep.yaml",
            "expected: read, reason: none",
            "reason: read",
            "~ permission set rep: grants: deal: fields: - expected; reason none → read",
        ),
        (
            "permissions/rep.yaml",
            "rights: [export]",
            "rights: [history]",
            "~ permission set rep: rights: + history, - export",
        ),
        (
            "layouts/deal.yaml",
            "fields: [reason, expected]",
            "fields: [reason]",
            "~ object deal: layout sections: after: fields: - deal.expected",
        ),
        (
            "layouts/deal.yaml",
            "  after: {label: Outcome, fields: [reason, expected]}\n",
            "",
            "~ object deal: layout sections: - after",
        ),
        (
            "views/deal/mine.yaml",
            "[name, account.name, stage",
            "[name, account.name, owner, stage",
            "~ view deal.mine: columns: + owner",
        ),
        (
            "views/deal/mine.yaml",
            "[name, account.name,",
            "[account.name, name,",
            "~ view deal.mine: columns: another order",
        ),
        ("apps/sales.yaml", "[deal, account]", "[deal, user]", "~ app sales: objects: + user, - account"),
        (
            "flows/remind.yaml",
            "message: Look here",
            "message: Look",
            "~ flow remind: steps: 2: message Look here → Look",
        ),
        (
            "translations/zh-CN.yaml",
            "label: 商机",
            "label: 机会",
            "~ object deal: label (zh-CN) “商机” → “机会”",
        ),
        (
            "objects/deal.yaml",
            "from: [open], require: [amount]",
            "from: [open], require: []",
            "~ object deal: process stage: moves: won: require: - deal.amount",
        ),
        (
            "objects/deal.yaml",
            "reason:   {type: text, label: Reason}",
            'reason:   {type: text, label: Reason, required_when: stage = "lost"}',
            '~ field deal.reason: required_when none → stage = "lost"',
        ),
        (
            "objects/deal.yaml",
            "formula: amount * stage.probability}",
            "formula: amount * stage.probability, blanks: as_zero}",
            (
                "~ field deal.expected: formula amount * stage.probability → "
                "amount * stage.probability (blanks as zero)"
            ),
        ),
        (
            "layouts/deal.yaml",
            "  after: {label: Outcome,",
            "  after: {label: Outcome, visible_when: stage.closed, collapsed: true,",
            "~ object deal: layout sections: after: visible none → stage.closed; collapsed no → yes",
        ),
        (
            "layouts/account.yaml",
            "related:\n",
            "sidebar: [timeline, deals]\nrelated:\n",
            "~ object account: layout sidebar: + timeline, + deals",
        ),
        (
            "layouts/account.yaml",
            "related:\n",
            "tabs:\n  one: {label: One, show: [main, deals]}\nrelated:\n",
            "~ object account: layout tabs: + one",
        ),
        (
            "apps/sales.yaml",
            "[deal, account]",
            "[deal, account]\nhome: account",
            "~ app sales: home deal → account",
        ),
    ],
)
def test_a_change_says_what_came_and_what_went(file: str, old: str, new: str, line: str) -> None:
    before = replace(base(), lock=lock(base()))
    assert old in BASE[file]
    files = {**before.files, file: BASE[file].replace(old, new), LOCK: before.lock.render()}
    changes = diff(compiled(before), compiled(from_files(files, origin="base")))
    assert [change.describe() for change in changes] == [line]


def test_the_settings_of_a_field_are_told_one_by_one() -> None:
    @dataclass(frozen=True)
    class Sort:
        longest: int
        shortest: int = 0

    assert told(Sort(longest=40), Sort(longest=80)) == ": longest 40 → 80"


def test_a_new_object_is_one_line_with_its_own_fields() -> None:
    visit = (
        "object: visit\nlabel: Visit\nplural: Visits\ntitle: name\nfields:\n"
        "  name: {type: text, label: Name}\n  kind: {type: picklist, label: Kind, options: {a: {label: A}}}\n"
    )
    lines = [change.describe() for change in after(ACCOUNT, visit=visit)]
    assert "+ object visit: name, kind" in lines
    assert [line for line in lines if "visit." in line] == []


def test_record_types_come_and_change_by_themselves() -> None:
    types = "record_types:\n  big: {label: Big}\n  small: {label: Small}\n"
    assert [change.describe() for change in after(ACCOUNT + types)] == [
        "+ field account.record_type",
        "+ record type account.big",
        "+ record type account.small",
    ]
    before = replace(base(account=ACCOUNT + types), lock=lock(base(account=ACCOUNT + types)))
    text = ACCOUNT + types.replace("{label: Small}", "{label: Small, default: true, icon: leaf}")
    changes = diff(compiled(before), compiled(next_version(before, account=text)))
    assert [change.describe() for change in changes] == [
        "~ field account.record_type: default big → small",
        "~ record type account.big: default yes → no",
        "~ record type account.small: icon none → leaf",
        "~ record type account.small: default no → yes",
    ]


def test_a_removal_on_purpose_retires_the_field() -> None:
    text = "".join(line for line in ACCOUNT.splitlines(keepends=True) if "size:" not in line)
    old = replace(base(), lock=lock(base()))
    new = next_version(old, account=text)
    files = {**new.files, "layouts/account.yaml": BASE["layouts/account.yaml"].replace(", size", "")}
    changes = diff(compiled(old), compiled(from_files(files, origin="base")))
    assert Retired(kind="field", id="account.size", name="account.size") in changes
