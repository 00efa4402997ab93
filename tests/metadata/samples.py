"""Packages from a few lines: a platform with users and deals below, the package under test above it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from formula.language import Language, language
from metadata.catalog import Catalog
from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.package import LOCK, Package, from_files
from tests.metadata.fake_kinds import KINDS

BASE = {
    "package.yaml": "package: base\nversion: 1.2.0\nlanguage: en\nlanguages: [en, zh-CN]\n",
    "objects/user.yaml": """\
object: user
label: User
plural: Users
title: name
fields:
  name:       {type: text, label: Name, required: true}
  department: {type: lookup, label: Department, to: department}
  manager:    {type: lookup, label: Manager, to: user}
""",
    "objects/department.yaml": """\
object: department
label: Department
plural: Departments
title: name
fields:
  name: {type: text, label: Name, required: true}
""",
    "objects/account.yaml": """\
object: account
label: Account
plural: Accounts
title: name
fields:
  name:   {type: text, label: Name, required: true}
  parent: {type: lookup, label: Parent, to: account}
  size:   {type: integer, label: Size}
""",
    "objects/deal.yaml": """\
object: deal
label: Deal
plural: Deals
icon: target
title: name
locked: [icon]
fields:
  name:    {type: text, label: Name, required: true}
  account: {type: lookup, label: Account, to: account, required: true}
  stage:
    type: picklist
    label: Stage
    default: open
    attributes: {probability: percent, closed: boolean}
    options:
      open: {label: Open, probability: 10}
      won:  {label: Won, color: green, probability: 100, closed: true}
      lost: {label: Lost, probability: 0, closed: true}
  reason:   {type: text, label: Reason}
  amount:   {type: currency, label: Amount, scale: 2, min: 0}
  close_on: {type: date, label: Close on, required: true, default: "=TODAY() + 30"}
  expected: {type: formula, label: Expected, returns: currency, formula: amount * stage.probability}
rules:
  lost_needs_reason:
    when: stage = "lost" && ISBLANK(reason)
    message: Say why the deal was lost.
    at: reason
process:
  stage:
    moves:
      won: {from: [open], require: [amount]}
indexes: [[stage, close_on]]
""",
    "layouts/deal.yaml": """\
layout: deal
highlights: [amount, stage]
path: stage
sections:
  main:  {label: Deal, columns: 2, fields: [name, account, stage, amount, close_on]}
  after: {label: Outcome, fields: [reason, expected]}
""",
    "layouts/account.yaml": """\
layout: account
sections:
  main: {label: Account, fields: [name, parent, size]}
related:
  deals: {from: deal.account, label: Deals, columns: [name, stage, account.parent.name]}
""",
    "views/deal/mine.yaml": """\
view: mine
object: deal
label: My open deals
columns: [name, account.name, stage, amount]
where: owner = $user.id && NOT(stage.closed)
order: [-close_on]
default: true
""",
    "permissions/rep.yaml": """\
permission_set: rep
label: Rep
objects:
  deal:    {create: true, read: below, update: own, fields: {"*": edit, expected: read, reason: none}}
  account: {read: all}
rights: [export]
""",
    "flows/remind.yaml": """\
flow: remind
label: Remind
start: {record: deal, on: [create], when: 'stage = "open"'}
steps:
  - create: {object: account, label: Copy, set: {name: '="Copy of " & name', owner: =owner}}
  - notify: {to: =owner, message: Look here}
""",
    "apps/sales.yaml": "app: sales\nlabel: Sales\nobjects: [deal, account]\n",
    "translations/zh-CN.yaml": """\
language: zh-CN
objects:
  deal:
    label: 商机
    fields: {amount: 金额, stage: {label: 阶段, options: {won: 赢单}}}
    rules: {lost_needs_reason: 请说明输单原因。}
    views: {mine: 我的商机}
    sections: {main: 基本信息}
permission_sets: {rep: 销售}
apps: {sales: 销售}
flows: {remind: 提醒}
""",
}
MANIFEST = "package: mod\nversion: 1.0.0\nrequires: {base: '>=1,<2'}\n"


@cache
def formulas() -> Language:
    """The formula language, built once."""
    return language()


def locked(packages: Sequence[Package]) -> tuple[Package, ...]:
    """Each package with the lock that fits it."""
    done: list[Package] = []
    for package in packages:
        done.append(package if LOCK in package.files else replace(package, lock=lock(package, done)))
    return tuple(done)


def base(**changed: str) -> Package:
    """The package below, with some files replaced; `deal="…"` stands for objects/deal.yaml."""
    return from_files(
        {**BASE, **{f"objects/{name}.yaml": text for name, text in changed.items()}}, origin="base"
    )


def above(files: Mapping[str, str], origin: str = "mod") -> Package:
    """A package above it."""
    return from_files({"package.yaml": MANIFEST, **files}, origin=origin)


def compiled(*packages: Package) -> Catalog:
    """The Catalog of these layers, locked first."""
    return compile_packages(locked(packages), KINDS, formulas())
