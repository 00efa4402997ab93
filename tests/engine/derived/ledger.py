"""A small business whose figures stand on each other: regions, clients, contracts, items, hours.

client.total → contract.share and item.weight → contract.weighed → client.best: four levels over four objects.
"""

from __future__ import annotations

from tests.engine.session.company import compiled

FILES = {
    "objects/region.yaml": """
object: region
label: Region
plural: Regions
title: name
fields:
  name: {type: text, label: Name, required: true}
  factor: {type: number, label: Factor, scale: 2}
  clients: {type: rollup, label: Clients, from: client.region, function: count}
  worth: {type: rollup, label: Worth, from: client.region, function: sum, field: total}
""",
    "objects/client.yaml": """
object: client
label: Client
plural: Clients
title: name
fields:
  name: {type: text, label: Name, required: true}
  region: {type: lookup, label: Region, to: region, on_delete: set_null}
  parent: {type: lookup, label: Parent, to: client, on_delete: set_null}
  currency: {type: text, label: Currency}
  branches: {type: rollup, label: Branches, from: client.parent, function: count}
  contracts: {type: rollup, label: Contracts, from: contract.client, function: count}
  open: {type: rollup, label: Open, from: contract.client, function: count, where: stage = "open"}
  total: {type: rollup, label: Total, from: contract.client, function: sum, field: amount}
  mean: {type: rollup, label: Mean, from: contract.client, function: avg, field: amount}
  least: {type: rollup, label: Least, from: contract.client, function: min, field: signed}
  most: {type: rollup, label: Most, from: contract.client, function: max, field: amount}
  first: {type: rollup, label: First, from: contract.client, function: first, field: name, order: signed}
  last: {type: rollup, label: Last, from: contract.client, function: last, field: stage, order: signed}
  names: {type: rollup, label: Names, from: contract.client, function: list, field: name, order: name,
    distinct: true}
  weighed: {type: rollup, label: Weighed, from: contract.client, function: sum, field: weighed}
  best: {type: rollup, label: Best, from: contract.client, function: max, field: share}
  near: {type: rollup, label: Near, from: contract.client, function: count, where: client.region.factor > 1}
  notes: {type: rollup, label: Notes, from: note.about, function: count}
""",
    "objects/contract.yaml": """
object: contract
label: Contract
plural: Contracts
title: name
fields:
  name: {type: text, label: Name, required: true, searchable: true}
  client: {type: lookup, label: Client, to: client, on_delete: cascade}
  signed: {type: date, label: Signed}
  stage: {type: picklist, label: Stage, default: open, attributes: {weight: percent},
    options: {open: {label: Open, weight: 50}, done: {label: Done, weight: 100}}}
  amount: {type: number, label: Amount, scale: 2}
  adjusted: {type: formula, label: Adjusted, returns: number, formula: amount * client.region.factor}
  share: {type: formula, label: Share, returns: percent, stored: true,
    formula: 'IF(client.total > 0, amount / client.total, 0)'}
  title_of: {type: formula, label: Title, returns: text, stored: true, searchable: true,
    formula: 'name & " / " & BLANKVALUE(client.region.name, "-")'}
  weight: {type: formula, label: Weight, returns: number, scale: 4, stored: true,
    formula: 'BLANKVALUE(adjusted, 0) * stage.weight'}
  pieces: {type: rollup, label: Pieces, from: item.contract, function: sum, field: pieces}
  weighed: {type: rollup, label: Weighed, from: item.contract, function: sum, field: weighed}
""",
    "objects/item.yaml": """
object: item
label: Item
plural: Items
fields:
  name: {type: text, label: Name}
  contract: {type: master_detail, label: Contract, to: contract}
  pieces: {type: integer, label: Pieces}
  weighed: {type: formula, label: Weighed, returns: number, scale: 4, stored: true,
    formula: 'BLANKVALUE(pieces, 0) * contract.weight'}
""",
    "objects/order.yaml": """
object: order
label: Order
plural: Orders
title: name
fields:
  name: {type: text, label: Name, required: true}
  amount: {type: number, label: Amount, scale: 2}
  billed: {type: rollup, label: Billed, from: bill.order, function: sum, field: amount, where: NOT(draft)}
  parts: {type: rollup, label: Parts, from: split.order, function: count}
  divided: {type: rollup, label: Divided, from: split.order, function: sum, field: percent}
invariants:
  billed_within: {holds: billed <= amount, message: More is billed than was ordered., at: amount}
  divided_wholly: {holds: divided = 1, when: parts > 0, message: The parts must come to 100 %.}
""",
    "objects/bill.yaml": """
object: bill
label: Bill
plural: Bills
fields:
  name: {type: text, label: Name}
  order: {type: lookup, label: Order, to: order}
  amount: {type: number, label: Amount, scale: 2}
  draft: {type: boolean, label: Draft}
""",
    "objects/split.yaml": """
object: split
label: Part
plural: Parts
fields:
  name: {type: text, label: Name}
  order: {type: master_detail, label: Order, to: order}
  percent: {type: percent, label: Per cent}
""",
    "objects/note.yaml": """
object: note
label: Note
plural: Notes
fields:
  name: {type: text, label: Name}
  about: {type: any_lookup, label: About, to: [client, contract]}
""",
}
LEDGER = compiled(FILES)
