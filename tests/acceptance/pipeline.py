"""Makes two small files with the shape and the flaws of a real sales pipeline: blanks, misspelt accounts."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ACCOUNTS = (
    *("account", "sector", "year_established", "revenue", "employees"),
    *("office_location", "subsidiary_of"),
)
DEALS = (
    *("opportunity_id", "sales_agent", "product", "account", "deal_stage"),
    *("engage_date", "close_date", "close_value"),
)
SECTORS = ("retail", "medical", "software", "technolgy", "entertainment")
STAGES = ("Won", "Won", "Lost", "Engaging", "Prospecting")


def write_pipeline(folder: Path, *, accounts: int = 8, deals: int = 60, seed: int = 1) -> None:
    """Write `accounts.csv` and `sales_pipeline.csv`; one deal in ten has no account, some a wrong one."""
    random = Random(seed)
    names = [f"Company {number:02}" for number in range(accounts)]
    _write(folder / "accounts.csv", ACCOUNTS, (_account(random, name, names) for name in names))
    _write(folder / "sales_pipeline.csv", DEALS, (_deal(random, number, names) for number in range(deals)))


def _account(random: Random, name: str, names: Sequence[str]) -> tuple[object, ...]:
    parent = names[-1] if random.random() < 0.3 and name != names[-1] else ""
    revenue, employees = random.randrange(1, 900_000) / 100, random.randrange(10, 9000)
    return name, random.choice(SECTORS), 1980 + random.randrange(30), revenue, employees, "Kenya", parent


def _deal(random: Random, number: int, names: Sequence[str]) -> tuple[object, ...]:
    stage = random.choice(STAGES)
    account = "" if number % 10 == 3 else "Compnay 01" if number % 15 == 7 else random.choice(names)
    closed = stage in ("Won", "Lost")
    engaged = date(2016, 10, 20) + timedelta(days=random.randrange(300))
    value = {"Won": random.randrange(1, 3_000_000) / 100, "Lost": 0}.get(stage, "")
    product = random.choice(("GTX Pro", "GTXPro", "MG Special"))
    dates = "" if stage == "Prospecting" else engaged, engaged + timedelta(days=40) if closed else ""
    return f"OP{number:06}", f"Agent {number % 7}", product, account, stage, *dates, value


def _write(path: Path, head: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
