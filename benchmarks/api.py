"""The product's API against the floor: rates, processor time and tails, in turns on one machine.

Rounds alternate (floor, product, floor, product…), so that what else the machine does hits both; a share is
the median of the shares of single rounds. `--rows 100000` gives the full figures.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks.load import Sample, drive, request
from benchmarks.operations import Deep, Field, list_query, operations
from benchmarks.sides import sides
from benchmarks.table import figure, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.operations import Operation, Requests
    from benchmarks.process import Server
    from benchmarks.sides import Sides

ROWS = 20_000
WARM_UP_SECONDS = 0.15
DATABASES = ("sqlite", "postgresql")
DURABLE = ("listen_addresses=", "timezone=UTC", "shared_buffers=256MB", "max_connections=60")
"""Settings of the measured PostgreSQL server: its defaults, so commits wait for the disk."""
HEAD = (
    "operation", "floor 1", "product 1", "share", "floor 16", "product 16", "share", "goal",
    "CPU ms floor", "product", "times", "p99 at 16, ms", "times",
)  # fmt: skip


class DifferenceError(RuntimeError):
    """Product and floor answered the same question differently, so their rates cannot be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How much to measure: deals in the table, rounds of so many seconds, operations by part of name."""

    rows: int
    rounds: int
    seconds: float
    only: str
    worker: bool


@dataclass(slots=True, kw_only=True)
class Figures:
    """What was measured of one side at one concurrency."""

    samples: list[Sample] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return sum(len(sample.latencies) for sample in self.samples)

    @property
    def cpu_ms(self) -> float:
        """The server's processor time per request, in milliseconds."""
        return self.cpu / self.requests * 1000

    @property
    def p99_ms(self) -> float:
        """The 99th percentile of all rounds together, in milliseconds."""
        together = Sample(latencies=[latency for sample in self.samples for latency in sample.latencies])
        return together.percentile(0.99) * 1000

    def rate(self) -> float:
        """The median rate, in requests per second."""
        return median(sample.rate for sample in self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One operation, measured."""

    operation: Operation
    floor: dict[int, Figures]
    product: dict[int, Figures]

    def share(self, concurrency: int) -> float:
        """The product's rate as a share of the floor's: the median over the rounds."""
        pairs = zip(self.floor[concurrency].samples, self.product[concurrency].samples, strict=True)
        return median(product.rate / floor.rate for floor, product in pairs)

    def line(self) -> tuple[str, ...]:
        """The row of the table."""
        cells = [self.operation.name]
        for concurrency in (1, self.operation.crowd):
            rates = (side[concurrency].rate() * self.operation.rows for side in (self.floor, self.product))
            cells += [*map(figure, rates), f"{self.share(concurrency):.0%}"]
        floor, product = self.floor[1].cpu_ms, self.product[1].cpu_ms
        tails = self.floor[self.operation.crowd].p99_ms, self.product[self.operation.crowd].p99_ms
        goal = f"{self.operation.goal:.0%}" if self.operation.goal else ""
        ratio = f"{product / floor:.1f}×" if floor else ""
        return (
            *cells,
            goal,
            figure(floor),
            figure(product),
            ratio,
            figure(tails[1]),
            f"{tails[1] / tails[0]:.1f}×",
        )


def measure(over: Sides, options: Options) -> Iterator[Outcome]:
    """Measure each operation, all rounds at concurrency 1 and then at 16; nothing is written before reads."""
    made = Field(company=over.company, deep=_deep(over))
    chosen = [one for one in operations() if options.only in one.name]
    dirty = False
    for operation in chosen:
        if dirty:
            over.restore()
        dirty = operation.writes
        _compare(operation, over, made)
        yield _outcome(operation, over, made, options)


def _outcome(operation: Operation, over: Sides, made: Field, options: Options) -> Outcome:
    floor: dict[int, Figures] = defaultdict(Figures)
    product: dict[int, Figures] = defaultdict(Figures)
    turns = (
        (over.floor.server, operation.floor(made), floor),
        (over.product.server, operation.product(made), product),
    )
    for server, requests, _ in turns:
        drive(server.port, requests, concurrency=2, seconds=WARM_UP_SECONDS)
    for concurrency in (1, operation.crowd):
        for _ in range(options.rounds):
            for server, requests, figures in turns:
                _round(server, requests, figures[concurrency], concurrency, options.seconds)
    return Outcome(operation=operation, floor=dict(floor), product=dict(product))


def _round(server: Server, requests: Requests, figures: Figures, concurrency: int, seconds: float) -> None:
    before = server.cpu()
    figures.samples.append(drive(server.port, requests, concurrency=concurrency, seconds=seconds))
    figures.cpu += server.cpu() - before


def _compare(operation: Operation, over: Sides, made: Field) -> None:
    """Ask both the same once. Raises DifferenceError unless what can be equal is."""
    if operation.same is None:
        return
    floor, product = (
        operation.same(_ask(server, islice(requests, 1)))
        for server, requests in (
            (over.floor.server, operation.floor(made)),
            (over.product.server, operation.product(made)),
        )
    )
    if not _same(floor, product):
        raise DifferenceError(f"{operation.name}:\n  floor   {floor!r:.600}\n  product {product!r:.600}")


def _same(floor: object, product: object) -> bool:
    """Whether the product's answer holds what the floor's does; it may hold more."""
    match floor, product:
        case dict(), dict():
            return all(_same(value, product.get(name)) for name, value in floor.items())
        case Sequence(), Sequence() if not isinstance(floor, str):
            return len(floor) == len(product) and all(map(_same, floor, product))
        case _:
            return floor == product


def _ask(server: Server, requests: Requests) -> Any:
    return msgspec.json.decode(drive(server.port, requests, concurrency=1, seconds=10).body)


def _deep(over: Sides) -> Deep | None:
    """Walk down the list by large pages to about its middle; None when it has no second page."""
    headers = {"Authorization": f"Bearer {over.company.tokens['rep']}"}
    found, cursor = None, ""
    for _ in range(max(1, len(over.company.deals) // 6 // 2 // 500)):
        query = list_query(limit="500", **({"after": cursor} if cursor else {}))
        page = _ask(over.product.server, iter([request("GET", f"/api/v1/opportunity?{query}", headers)]))
        if not page["next"]:
            break
        cursor, last = page["next"], page["records"][-1]
        found = Deep(cursor=cursor, close_date=last["close_date"], id=last["id"])
    return found


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """ "" for SQLite, else the URL of an empty database of a durable PostgreSQL server."""
    if kind == "sqlite":
        yield ""
        return
    from tests import postgres

    with postgres.server(DURABLE) as server, server.database() as url:
        yield url


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.api", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="deals in the table")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.4, help="length of a round")
    parser.add_argument("--only", default="", help="operations whose name holds this")
    parser.add_argument("--worker", action="store_true", help="run the product's worker in its server")
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    given = vars(parser.parse_args(arguments))
    databases = given.pop("database") or DATABASES
    options = Options(**given)
    for kind in databases:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="strata-bench-")))
            url = stack.enter_context(empty_database(kind))
            over = stack.enter_context(sides(folder, url, options.rows, worker=options.worker))
            lines = [outcome.line() for outcome in measure(over, options)]
        print(
            render(
                f"{kind}, {options.rows:,} deals; requests per second at concurrency 1 and 16", HEAD, lines
            )
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
