"""Importing 50,000 rows of 20 fields: rows a second, seconds in all, memory at 10,000 and at 50,000 rows.

    python -m benchmarks.transfer [--rows 50000] [--database sqlite] [--profile]

The file has two look-ups (by title and by a unique code), a key, numbers, days and labels; half of it is
imported again, which must change nothing. Beside it stands the floor: the bare driver, which writes rows of
the same width into a plain table, 500 a transaction. The bar is one minute for 50,000 rows, embedded.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from benchmarks.table import figure, render
from engine import postgres, sqlite
from engine.jobs.desk import find_job, store_of
from engine.jobs.turn import Shop, take_turn
from engine.transfer.importing import ImportKind, start_import
from engine.transfer.mapping import read_mapping
from tests import postgres as server
from tests.engine.session.company import compiled, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.database import Database
    from engine.jobs.job import Job
    from engine.transfer.mapping import ImportMapping
    from tests.engine.session.company import Company

ROWS, ACCOUNTS, SEED, BAR = 50_000, 2_000, 5, 60.0
ORDER = """
object: order
label: Order
plural: Orders
title: name
fields:
  name: {type: text, label: Name, required: true, searchable: true}
  number: {type: text, label: Order number, unique: true}
  client: {type: lookup, label: Client, to: account}
  payer: {type: lookup, label: Payer, to: account}
  stage:
    type: picklist
    label: Stage
    options: {open: {label: Open}, won: {label: Won}, lost: {label: Lost}}
  amount: {type: currency, label: Amount}
  cost: {type: currency, label: Cost}
  share: {type: percent, label: Share}
  pieces: {type: integer, label: Pieces}
  weight: {type: number, label: Weight, scale: 3}
  day: {type: date, label: Day}
  due: {type: date, label: Due}
  seen: {type: datetime, label: Seen}
  active: {type: boolean, label: Active}
  phone: {type: phone, label: Phone}
  mail: {type: email, label: Mail}
  city: {type: text, label: City}
  street: {type: text, label: Street}
  note: {type: long_text, label: Note}
  site: {type: url, label: Site}
duplicates:
  same_order:
    label: Same order
    match: [{phone: exact}]
indexes:
  - {fields: [name, day], unique: true}
"""
FIELDS = (
    "name", "number", "client", "payer", "stage", "amount", "cost", "share", "pieces", "weight", "day", "due",
    "seen", "active", "phone", "mail", "city", "street", "note", "site",
)  # fmt: skip


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Rows as a spreadsheet has them."""
    chance = Random(SEED)
    for n in range(count):
        account, payer = chance.randrange(ACCOUNTS), chance.randrange(ACCOUNTS)
        month, day = n % 12 + 1, n % 28 + 1
        yield (
            f"Order {n}", f"N{n:06}", f"Company {account}", f"c{payer}",
            chance.choice(("Open", "Won", "lost")), f"{chance.randrange(10**7) / 100:,.2f}",
            str(chance.randrange(10**5)), f"{chance.randrange(100)}%", str(chance.randrange(500)),
            f"{chance.random() * 90:.3f}", f"2026-{month:02}-{day:02}", f"{day}.{month}.2027",
            f"2026-{month:02}-01 08:30:00", chance.choice(("yes", "no")),
            f"+86 138{chance.randrange(10**8):08}", f"p{n}@example.com", chance.choice(("北京", "上海")),
            f"Street {chance.randrange(900)}", "as agreed, by phone", f"https://example.com/{n}",
        )  # fmt: skip


def content(count: int) -> bytes:
    """The file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    writer.writerows(rows(count))
    return out.getvalue().encode()


def mapping() -> ImportMapping:
    """What its columns mean."""
    columns = [
        {"column": name, "field": name, **({"by": "code"} if name == "payer" else {})} for name in FIELDS
    ]
    return read_mapping({"objects": [{"object": "order", "key": ["number"], "columns": columns}]})


def imported(company: Company, count: int) -> tuple[Job, float, float]:
    """The job of an import, how many seconds it took, and how many of the processor."""
    session, kind = company.session(), ImportKind()

    def fail(error: Exception) -> Any:
        raise error

    shop = Shop(
        database=company.database, store=store_of(company.release), kinds={kind.name: kind},
        clock=company.clock, session=lambda _: session, pause=lambda: False, problem_of=fail,
    )  # fmt: skip
    job = start_import(session, mapping(), "orders.csv", content(count))
    start, busy = perf_counter(), process_time()
    take_turn(shop, "bench", job.id)
    return find_job(session, job.id), perf_counter() - start, process_time() - busy


def accounts(company: Company) -> None:
    """The companies that the rows name."""
    from engine.mutation import Create

    changes = [Create(values={"name": f"Company {n}", "code": f"c{n}"}) for n in range(ACCOUNTS)]
    for start in range(0, ACCOUNTS, 500):
        company.apply(company.session(), "account", *changes[start : start + 500], answer=False)


def floor(database: Database, count: int) -> float:
    """Seconds in which the bare driver writes as many rows of the same width, 500 a transaction."""
    names = ", ".join(FIELDS)
    with database.write() as connection:
        connection.run(
            f"CREATE TABLE bare (id TEXT PRIMARY KEY, {', '.join(f'{name} TEXT' for name in FIELDS)})"
        )
    text = f"INSERT INTO bare (id, {names}) VALUES ({', '.join(['?'] * 21)})"
    if not database.dialect.sqlite:
        text = text.replace("?", "%s")
    start = perf_counter()
    chunk: list[Any] = []
    for n, row in enumerate(rows(count), 1):
        chunk.append((str(n), *row))
        if len(chunk) == 500 or n == count:
            with database.write() as connection:
                connection.run_many(text, chunk)
            chunk = []
    return perf_counter() - start


@contextmanager
def opened_database(kind: str) -> Iterator[Database]:
    """An empty database."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            database: Database = sqlite.open_database(Path(folder) / "t.db")
            yield database
            database.close()
        return
    with server.server() as running, running.database() as url:
        other = postgres.open_database(url, "t_bench")
        yield other
        other.close()


def measure(kind: str, count: int) -> None:
    """Import into a new company, again, and beside it the floor; print."""
    with opened_database(kind) as database:
        company = opened(database, compiled({"objects/order.yaml": ORDER}))
        accounts(company)
        job, took, busy = imported(company, count)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert job.result["created"] == count, (
            job.problem,
            dict(job.result, issues=job.result["issues"][:3]),
        )
        again, repeated, busy_again = imported(company, count // 2)
        assert again.result["unchanged"] == count // 2, again.result
        bare = floor(database, count)
    print(
        render(
            f"{count:,} rows of {len(FIELDS)} fields",
            ("what", "rows/s", "seconds", "of the processor"),
            [
                ("import", figure(count / took), figure(took), figure(busy)),
                ("the same again", figure(count / 2 / repeated), figure(repeated), figure(busy_again)),
                ("bare driver", figure(count / bare), figure(bare), ""),
            ],
        )
    )
    bar = BAR * count / ROWS
    print(f"{took / bare:.1f} times the floor; memory {memory:.0f} MB; bar {bar:.0f} s: {took < bar}")


def main() -> None:
    """Read the arguments; memory is measured in a process for each size."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=ROWS)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--profile", action="store_true")
    asked.add_argument("--single", action="store_true", help="Only this size, in this process.")
    given = asked.parse_args()
    if given.profile:
        import cProfile

        cProfile.runctx(
            "measure(given.database, given.rows)",
            globals(),
            {"given": given, "measure": measure},
            None,
            "cumtime",
        )
        return
    if given.single:
        measure(given.database, given.rows)
        return
    for count in (given.rows // 5, given.rows):
        again = [sys.executable, "-m", "benchmarks.transfer", "--single", "--rows", str(count)]
        print(f"{count:,} rows")
        subprocess.run([*again, "--database", given.database], check=True)


if __name__ == "__main__":
    main()
