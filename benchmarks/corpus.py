"""A real sales pipeline through the batch API: `python -m benchmarks.corpus FOLDER`, on both databases.

FOLDER holds `accounts.csv` (account, sector, year_established, revenue, employees, office_location,
subsidiary_of) and `sales_pipeline.csv` (opportunity_id, sales_agent, product, account, deal_stage,
engage_date, close_date, close_value) as they are: with blanks and misspelt accounts. Every row must be stored
or refused with a reason, and the API's figures by stage must equal plain sums over the stored rows.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from benchmarks.api import DATABASES, empty_database
from benchmarks.company import make_company
from benchmarks.process import serving
from benchmarks.table import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Values = Mapping[str, object]
Totals = Mapping[str, tuple[int, Decimal | None]]
"""By stage: how many, and the sum of the amounts (None where all are blank)."""

CHUNK = 1000
STAGES = {"Prospecting": "prospecting", "Engaging": "needs", "Won": "won", "Lost": "lost"}
SECTORS = {"retail": "retail", "software": "software", "finance": "finance", "medical": "healthcare"}
SIZES = ((50, "s"), (250, "m"), (1000, "l"))


class LostRowError(RuntimeError):
    """A row was neither stored nor refused with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of the rows of one object: ids of the stored (None: refused), and the reasons."""

    ids: tuple[str | None, ...]
    reasons: Counter[str]

    @property
    def stored(self) -> int:
        """How many rows are in the database."""
        return sum(id_ is not None for id_ in self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The whole run; `wanted` are plain sums over the file, `found` is what the API says."""

    accounts: Sent
    deals: Sent
    wanted: Totals
    found: Totals


def run(client: httpx.Client, folder: Path) -> Run:
    """Send both files and ask for the figures.

    Args:
        client: speaks to a tenant with the standard CRM, as somebody who sees everything there.
        folder: where the two files are.

    Raises:
        LostRowError: a row has no outcome, or was refused without a reason.
    """
    companies, deals = _rows(folder / "accounts.csv"), _rows(folder / "sales_pipeline.csv")
    before = _totals(client)
    sent = _send(client, "account", [_account(row) for row in companies])
    known = {row["account"]: id_ for row, id_ in zip(companies, sent.ids, strict=True) if id_}
    _link_parents(client, companies, known)
    pipeline = _send(client, "opportunity", [_deal(row, known) for row in deals])
    stored = (row for row, id_ in zip(deals, pipeline.ids, strict=True) if id_)
    return Run(accounts=sent, deals=pipeline, wanted=_plain_sums(stored, before), found=_totals(client))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _account(row: Mapping[str, str]) -> Values:
    return {
        "name": row["account"],
        "type": "customer",
        "industry": SECTORS.get(row["sector"]),
        "size": _size(row["employees"]),
        "city": row["office_location"],
        "annual_revenue": row["revenue"] and Decimal(row["revenue"]) * 1_000_000,
        "description": f"Sector {row['sector']}, founded {row['year_established']}",
    }


def _size(employees: str) -> str | None:
    if not employees:
        return None
    return next((code for limit, code in SIZES if int(employees) < limit), "xl")


def _deal(row: Mapping[str, str], known: Mapping[str, str]) -> Values:
    """A deal; an account nobody knows goes as it is written, so that the refusal names it."""
    values: dict[str, object] = {
        "name": f"{row['product']} {row['opportunity_id']}",
        "account": known.get(row["account"], row["account"]),
        "stage": STAGES.get(row["deal_stage"], row["deal_stage"]),
        "amount": row["close_value"] and Decimal(row["close_value"]),
        "description": f"Sales agent {row['sales_agent']}, engaged {row['engage_date'] or 'never'}",
    }
    if row["close_date"]:
        values["close_date"] = row["close_date"]
    if row["deal_stage"] == "Lost":
        values["lost_reason"] = "no_decision"  # the file does not say why
    return values


def _link_parents(client: httpx.Client, rows: Iterable[Mapping[str, str]], known: Mapping[str, str]) -> None:
    """Parents may stand below their subsidiaries in the file, so they are linked when all are there."""
    changes = [
        {"action": "update", "id": known[row["account"]], "version": "*", "values": {"parent": parent}}
        for row in rows
        if row["account"] in known and (parent := known.get(row["subsidiary_of"]))
    ]
    if changes:
        _results(client, "account", changes)


def _send(client: httpx.Client, name: str, rows: Sequence[Values]) -> Sent:
    ids: list[str | None] = []
    reasons: Counter[str] = Counter()
    left = iter(rows)
    while chunk := [{"action": "create", "values": values} for values in islice(left, CHUNK)]:
        for result in _results(client, name, chunk):
            ids.append(result["record"]["id"] if "record" in result else None)
            if "record" not in result:
                reasons.update(_reasons(result["problem"]))
    return Sent(ids=tuple(ids), reasons=reasons)


def _results(client: httpx.Client, name: str, changes: Sequence[object]) -> list[dict[str, Any]]:
    body = msgspec.json.Encoder(decimal_format="number").encode({"changes": changes, "automation": False})
    answer = client.post(f"/api/v1/{name}/batch", content=body, headers={"Content-Type": "application/json"})
    answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    if len(results) != len(changes):
        raise LostRowError(f"{len(changes)} rows of {name} were sent, {len(results)} have an outcome")
    return results


def _reasons(problem: Mapping[str, Any]) -> Iterator[str]:
    details = problem.get("errors") or [problem]
    for detail in details:
        if not detail.get("message"):
            raise LostRowError(f"refused without a reason: {problem}")
        yield f"{detail.get('field', 'the row')}: {detail['message']}"


def _totals(client: httpx.Client) -> Totals:
    answer = client.get("/api/v1/opportunity/aggregate?group=stage&measures=count,sum:amount")
    answer.raise_for_status()
    rows = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(answer.content)["rows"]
    return {stage: (count, None if total is None else Decimal(total)) for stage, count, total in rows}


def _plain_sums(rows: Iterable[Mapping[str, str]], before: Totals) -> Totals:
    counts = Counter({stage: count for stage, (count, _) in before.items()})
    sums: defaultdict[str, list[Decimal]] = defaultdict(list)
    for stage, (_, total) in before.items():
        sums[stage] += [] if total is None else [total]
    for row in rows:
        stage = STAGES[row["deal_stage"]]
        counts[stage] += 1
        if row["close_value"]:
            sums[stage].append(Decimal(row["close_value"]))
    totals = {stage: sum(sums[stage], Decimal()) if sums[stage] else None for stage in counts}
    return {stage: (count, totals[stage]) for stage, count in counts.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run on each database and print what became of the rows; 1 when the figures differ."""
    parser = argparse.ArgumentParser(prog="benchmarks.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    given = parser.parse_args(arguments)
    equal = True
    for kind in given.database or DATABASES:
        with ExitStack() as stack:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="strata-corpus-")))
            company = make_company(home / "data", stack.enter_context(empty_database(kind)))
            serve = ["serve", "--no-worker", *company.arguments()]
            server = stack.enter_context(serving("runtime.cli.main", serve, log=home / "log"))
            bearer = {"Authorization": f"Bearer {company.tokens['admin']}"}
            address = f"http://127.0.0.1:{server.port}"
            client = stack.enter_context(httpx.Client(base_url=address, headers=bearer, timeout=60))
            done = run(client, given.folder)
        print(render(f"{kind}: rows", ("object", "sent", "stored", "refused"), list(_counts(done))))
        print(render(f"{kind}: figures by stage", ("stage", "file", "API", "equal"), list(_figures(done))))
        equal &= done.wanted == done.found
    return 0 if equal else 1


def _counts(done: Run) -> Iterator[tuple[str, ...]]:
    for name, sent in (("account", done.accounts), ("opportunity", done.deals)):
        yield name, str(len(sent.ids)), str(sent.stored), str(len(sent.ids) - sent.stored)
        for reason, count in sorted(sent.reasons.items()):
            yield f"  refused for {reason}", "", "", str(count)


def _figures(done: Run) -> Iterator[tuple[str, ...]]:
    for stage in sorted(done.wanted.keys() | done.found.keys()):
        wanted, found = done.wanted.get(stage), done.found.get(stage)
        yield stage, _pair(wanted), _pair(found), "yes" if wanted == found else "NO"


def _pair(figures: tuple[int, Decimal | None] | None) -> str:
    return "-" if figures is None else f"{figures[0]} / {figures[1] or 0:,}"


if __name__ == "__main__":
    sys.exit(main())
