"""All 8,800 deals of the sales files go in by command; the second time nothing changes."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from benchmarks.company import make_company
from benchmarks.process import ROOT
from tests.acceptance.dirty_files import write_files
from tests.acceptance.sales_files import sales_files

if TYPE_CHECKING:
    from benchmarks.company import Company
    from tests.acceptance.conftest import Place

STAGES = {"Won": "won", "Lost": "lost", "Engaging": "needs", "Prospecting": "prospecting"}
REASONS = {"Lost": "no_decision", "Won": "", "Engaging": "", "Prospecting": ""}
ACCOUNTS = {
    "account": "name",
    "office_location": "city",
    "revenue": "annual_revenue",
    "subsidiary_of": "parent",
}
DEALS = {"opportunity_id": "name", "account": "account", "close_date": "close_date", "close_value": "amount"}
COUNT = re.compile(r"^(created|updated|unchanged|failed)\s+([\d,]+)$", re.MULTILINE)


def mapping(target: str, columns: dict[str, str], *more: dict[str, Any]) -> str:
    named = [{"column": column, "field": field} for column, field in columns.items()]
    return yaml.safe_dump({"objects": [{"object": target, "key": ["name"], "columns": [*named, *more]}]})


def imported(company: Company, *arguments: str) -> dict[str, int]:
    """What `strata import` counted; it also ends so where it refused rows."""
    command = [sys.executable, "-m", "runtime.cli.main", "import", *arguments, *company.arguments()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    counts = {name: int(count.replace(",", "")) for name, count in COUNT.findall(done.stdout)}
    assert counts, done.stdout + done.stderr
    return counts


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_whole_pipeline_goes_in_by_command_and_only_once(place: Place) -> None:
    files, company = sales_files(), make_company(place.data, place.database)
    write_files(files, place.folder)
    said = place.folder / "accounts.yaml"
    said.write_text(mapping("account", ACCOUNTS))
    accounts = imported(company, str(place.folder / "accounts.csv"), "--mapping", str(said))
    assert (accounts["created"], accounts["failed"]) == (85, 0)
    stage = {"column": "deal_stage", "field": "stage", "values": STAGES}
    reason = {"column": "deal_stage", "field": "lost_reason", "values": REASONS}
    said.write_text(mapping("opportunity", DEALS, stage, reason))
    names = {row[0] for row in files.accounts.rows}
    sound = sum(row[3] in names for row in files.pipeline.rows)
    deals = str(place.folder / "sales_pipeline.csv")
    first = imported(company, deals, "--mapping", str(said))
    assert first == {"created": sound, "updated": 0, "unchanged": 0, "failed": 8800 - sound}
    again = imported(company, deals, "--mapping", str(said))
    assert again == {"created": 0, "updated": 0, "unchanged": sound, "failed": 8800 - sound}
