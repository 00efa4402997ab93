"""What the test company is given when records are shared: teams, pools, shares, deputies, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import load_actor
from engine.session import Session
from tests.engine.session.company import FILES, compiled

if TYPE_CHECKING:
    from engine.actor import Actor
    from metadata.catalog import Catalog
    from tests.engine.session.company import Company

_LEVELS = "{read: {label: Read}, edit: {label: Edit}}"
_ACCESS = f"  access: {{type: picklist, label: Access, default: read, options: {_LEVELS}}}\n"

MORE = {
    "objects/department.yaml": FILES["objects/department.yaml"]
    + "  code: {type: text, label: Code, unique: true}\n",
    "objects/group.yaml": FILES["objects/group.yaml"] + "  code: {type: text, label: Code, unique: true}\n",
    "objects/group_member.yaml": FILES["objects/group_member.yaml"].replace(
        "to: user, required: true", "to: user"
    )
    + "  member_group: {type: lookup, label: Inner, to: group, on_delete: cascade}\n",
    "objects/record_share.yaml": """
object: record_share
label: Share
plural: Shares
fields:
  record: {type: any_lookup, label: Record, to: any, required: true}
  user: {type: lookup, label: User, to: user, on_delete: cascade}
  group: {type: lookup, label: Group, to: group, on_delete: cascade}
  department: {type: lookup, label: Department, to: department, on_delete: cascade}
  until: {type: date, label: Until}
""".replace("  until", _ACCESS + "  until"),
    "objects/delegation.yaml": """
object: delegation
label: Delegation
plural: Delegations
fields:
  absent: {type: lookup, label: Absent, to: user}
  deputy: {type: lookup, label: Deputy, to: user}
  first_day: {type: date, label: First day}
  last_day: {type: date, label: Last day}
  active: {type: boolean, label: Active, default: true}
"""
    + _ACCESS,
    "objects/pool.yaml": "object: pool\nlabel: Pool\nplural: Pools\ntitle: name\nfields:\n"
    "  name: {type: text, label: Name}\n",
    "objects/pool_member.yaml": """
object: pool_member
label: Pool member
plural: Pool members
fields:
  pool: {type: lookup, label: Pool, to: pool, required: true, on_delete: cascade}
  user: {type: lookup, label: User, to: user, on_delete: cascade}
""",
    "objects/teammate.yaml": """
object: teammate
label: Teammate
plural: Teammates
fields:
  account: {type: lookup, label: Account, to: account, required: true, on_delete: cascade}
  user: {type: lookup, label: User, to: user, required: true, on_delete: cascade}
"""
    + _ACCESS,
    "objects/account.yaml": FILES["objects/account.yaml"].replace(
        "title: name\n",
        "title: name\nfeatures: [sharing]\n"
        "team: {members: teammate, record: account, user: user, access: access}\n"
        "pool: {field: pool, members: pool_member, record: pool, user: user}\n",
    )
    + "  pool: {type: lookup, label: Pool, to: pool}\n  parent: {type: lookup, label: Parent, to: account}\n",
    "objects/part.yaml": """
object: part
label: Part
plural: Parts
title: name
fields:
  name: {type: text, label: Name}
  account: {type: master_detail, label: Account, to: account}
""",
    "permissions/team.yaml": """
permission_set: s_team
label: Team
objects:
  "*": {create: true, read: [own, team], update: [own, team], delete: own, fields: {"*": edit}}
""",
    "permissions/coded.yaml": """
permission_set: s_coded
label: Coded
objects:
  account:
    create: true
    read: {where: 'code = "key" || parent.code = "key"'}
    update: {where: 'code = "key"'}
    fields: {"*": edit}
""",
    "permissions/rules.yaml": """
sharing_rule: friends
label: Friends
object: account
where: code = "friend"
to: [{group: crew}]
access: edit
""",
    "permissions/owned.yaml": """
sharing_rule: north_to_finance
label: North to finance
object: account
owners: {department: north, below: true}
to: [{department: finance, below: true}]
access: read
""",
    "permissions/crewed.yaml": """
sharing_rule: crew_to_sales
label: Crew to sales
object: account
owners: {group: crew}
to: [{department: sales}]
access: read
""",
    "permissions/kept.yaml": """
restriction_rule: no_secrets
label: No secrets
object: account
where: ISBLANK(secret) || secret != "top"
for: [s_own, s_all]
except: [s_below]
""",
}


def sharing_catalog() -> Catalog:
    """The model of a company whose records are shared."""
    return compiled(MORE)


def person(company: Company, who: str, *sets: str) -> Session:
    """A Session of one of the people, standing where her records say, with these sets and no others."""
    door = company.session()
    for name in sets:
        company.create(door, "permission_assignment", permission_set=name, user=company.ids[who])
    return Session(
        database=company.database, release=company.release, actor=standing(company, who), clock=company.clock,
        ids=company.make_id,
    )  # fmt: skip


def standing(company: Company, who: str) -> Actor:
    """One of the people as she signs in."""
    with company.database.read() as connection:
        actor = load_actor(connection, company.release, company.ids[who])
    assert actor is not None
    return actor
