"""What may hang on an account: look-ups, parts, a tree, a team, shares, notes on any record, lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.merging.merge import Merge, Merged, merge

if TYPE_CHECKING:
    from engine.database import Database
    from engine.session import Session
    from tests.engine.session.company import Company

MODEL = {
    "objects/account.yaml": """
object: account
label: Account
plural: Accounts
title: name
tree: parent
features: [sharing]
team: {members: colleague, record: account, user: user, role: role, access: access}
fields:
  name: {type: text, label: Name, required: true, searchable: true}
  code: {type: text, label: Code, unique: true}
  secret: {type: text, label: Secret}
  active: {type: boolean, label: Active}
  parent: {type: lookup, label: Parent, to: account, on_delete: set_null}
  phones: {type: phone, label: Phones, many: true}
  friends: {type: many_to_many, label: Friends, to: account}
  revenue: {type: currency, label: Revenue, scale: 2}
  share: {type: percent, label: Share, scale: 1}
  where: {type: address, label: Where}
  deals: {type: rollup, label: Deals, from: deal.account, function: count}
  worth: {type: rollup, label: Worth, from: deal.account, function: sum, field: amount}
""",
    "objects/colleague.yaml": """
object: colleague
label: Colleague
plural: Colleagues
fields:
  account: {type: master_detail, label: Account, to: account}
  user: {type: lookup, label: User, to: user, required: true}
  role: {type: text, label: Role}
  access: {type: picklist, label: Access, default: read, options: {read: {label: Read}, edit: {label: Edit}}}
""",
    "objects/site.yaml": """
object: site
label: Site
plural: Sites
title: name
fields:
  name: {type: text, label: Name}
  account: {type: master_detail, label: Account, to: account}
  position: {type: integer, label: Position}
indexes:
  - {fields: [account, position], unique: true}
""",
    "objects/badge.yaml": """
object: badge
label: Badge
plural: Badges
title: name
fields:
  name: {type: text, label: Name}
  account: {type: lookup, label: Account, to: account, on_delete: cascade, unique: true}
""",
    "objects/pair.yaml": """
object: pair
label: Pair
plural: Pairs
fields:
  account: {type: lookup, label: Account, to: account, on_delete: cascade}
  deal: {type: lookup, label: Deal, to: deal, on_delete: cascade}
""",
    "objects/record_share.yaml": """
object: record_share
label: Share
plural: Shares
fields:
  record: {type: any_lookup, label: Record, to: any, required: true, on_delete: cascade}
  user: {type: lookup, label: User, to: user, on_delete: cascade}
  group: {type: lookup, label: Group, to: group, on_delete: cascade}
  department: {type: lookup, label: Department, to: department, on_delete: cascade}
  access: {type: picklist, label: Access, default: read, options: {read: {label: Read}, edit: {label: Edit}}}
  until: {type: date, label: Until}
""",
    "objects/note.yaml": """
object: note
label: Note
plural: Notes
title: name
fields:
  name: {type: text, label: Name, searchable: true}
  about: {type: any_lookup, label: About, to: [account, deal], on_delete: set_null}
  others: {type: many_to_many, label: Others, to: account}
""",
}


def merged(company: Company, session: Session, survivor: str, *losers: str, **more: Any) -> Merged:
    """Merge accounts by name."""
    target = company.release.catalog.object("account")
    ids = [company.ids.get(name, name) for name in (survivor, *losers)]
    return merge(session, Merge(object=target, survivor=ids[0], losers=tuple(ids[1:]), **more))


def content(company: Company) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all business tables and of the search, without what every save counts up."""
    booked = ("version", "modified_at", "modified_by")
    tables = {}
    for each in company.release.tables.values():
        names = [column.name for column in each.table.c if column.name not in booked]
        tables[each.table.name] = ", ".join(f'"{name}"' for name in names)
        for listed in each.lists.values():
            tables[listed.table.name] = "*"
    tables["s_search"] = "object, record, tokens"
    return {name: _rows(company.database, f'SELECT {what} FROM "{name}"') for name, what in tables.items()}


def links(company: Company, name: str, field: str) -> dict[object, object]:
    """What each record of an object holds in a field, by its name."""
    session = company.session()
    query = company.query(session, name, "name", field, limit=1000)
    return {each.values["name"]: each.values[field] for each in session.query(query).records}


def _rows(database: Database, text: str) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return sorted((tuple(row) for row in connection.rows(text)), key=repr)
