"""What a check for duplicates costs: saves of accounts by the rules of the standard CRM, and without rules.

    python -m benchmarks.duplicates [--rows 100000] [--rounds 40]

Both companies are embedded and hold equal accounts. Told are medians in milliseconds of one save and of a
batch of 200, and what the one is of the other; beside them how long it took to fill the company.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.table import figure, render
from engine import sqlite
from engine.mutation import Create, Mutation
from tests.engine.session.company import compiled, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.session import Session

ROWS, ROUNDS, BATCH, CHUNK, SEED = 100_000, 40, 200, 500, 5
ACCOUNT = """
object: account
label: Account
plural: Accounts
title: name
fields:
  name: {type: text, label: Name, required: true, searchable: true, max: 160, normalise: company}
  phone: {type: phone, label: Phone, region: CN}
  city: {type: text, label: City, normalise: region}
  code: {type: text, label: Code}
  secret: {type: text, label: Secret}
  active: {type: boolean, label: Active}
"""
RULES = """
duplicates:
  same_company: {label: Same company, match: [{name: normalised}]}
  similar_company: {label: Similar name, match: [{name: {fuzzy: 90}}, {name: pinyin}]}
  same_phone: {label: Same number, match: [{phone: normalised}]}
"""
CITIES = ("上海", "北京", "深圳", "杭州", "苏州", "重庆", "青岛", "西安")
SIGNS = "恒锐云帆青禾嘉利华信远航天工博瑞丰金石同创海纳明德广润新星河正泰邦蓝湾启安迅中汇百川盛鼎宏达佳美健"
TRADES = ("精密机械", "电子科技", "国际贸易", "信息技术", "生物医药", "新能源", "物流", "建筑工程")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Medians in milliseconds, and seconds of filling."""

    one: float
    batch: float
    filling: float


def measured(folder: Path, rules: str, rows: int, rounds: int) -> Measured:
    """What saves cost in a company with so many accounts, with the rules given."""
    database = sqlite.open_database(folder / "company.db")
    company = opened(database, compiled({"objects/account.yaml": ACCOUNT + rules}))
    door, left = company.session(), accounts(rows + rounds * (BATCH + 1))
    started = perf_counter()
    for _ in range(rows // CHUNK):
        _saved(door, left, CHUNK)
    filling = perf_counter() - started
    one = median(_saved(door, left, 1) for _ in range(rounds))
    batch = median(_saved(door, left, BATCH) for _ in range(rounds // 4))
    database.close()
    return Measured(one=one, batch=batch, filling=filling)


def accounts(count: int) -> Iterator[dict[str, object]]:
    """Companies as they are called in China, one in fifty of them twice."""
    random, said = Random(SEED), ""
    for number in range(count):
        if number % 50 or not said:
            sign = "".join(random.choice(SIGNS) for _ in range(4))
            said = f"{random.choice(CITIES)}{sign}{random.choice(TRADES)}有限公司"
        yield {"name": said, "phone": f"1{random.randrange(3 * 10**9, 10**10)}", "city": "上海市"}


def _saved(door: Session, rows: Iterator[dict[str, object]], count: int) -> float:
    target = door.release.catalog.objects["account"]
    changes = tuple(Create(values=values) for values in islice(rows, count))
    mutation = Mutation(
        object=target, changes=changes, entry="benchmark", answer=False, accept_duplicates=True
    )
    started = perf_counter()
    door.apply(mutation)
    return (perf_counter() - started) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as plain, tempfile.TemporaryDirectory() as ruled:
        without = measured(Path(plain), "", asked.rows, asked.rounds)
        held = measured(Path(ruled), RULES, asked.rows, asked.rounds)
    rows = [
        [name, figure(was), figure(now), f"{now / was:.2f}"]
        for name, was, now in (
            ("one save, ms", without.one, held.one),
            (f"a batch of {BATCH}, ms", without.batch, held.batch),
            ("filling, s", without.filling, held.filling),
        )
    ]
    print(render("Saves of accounts", ["", "without rules", "with rules", "ratio"], rows))


if __name__ == "__main__":
    main()
