"""How soon a server answers, how much memory it holds, and what a field added to a large table costs, live.

`python -m benchmarks.start --rows 100000` gives the full figures. The field is published into a company whose
server answers all the while; the longest of those answers tells whether anybody had to wait.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.api import DATABASES, empty_database
from benchmarks.company import Company, make_company
from benchmarks.load import Sample, drive
from benchmarks.operations import Field, operations
from benchmarks.process import serving
from benchmarks.table import figure, render
from metadata.identity import lock
from metadata.package import LOCK, from_files
from runtime.bootstrap import compose
from runtime.installation import open_installation
from runtime.packages import bundled
from runtime.publish import apply, plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.process import Server
    from runtime.bootstrap import Composition
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants

STARTS = 3
FIELDS = 5
LOAD_SECONDS = 3.0
MODULE = "runtime.cli.main"
READ = "read by id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Seconds until a server answers, its memory then and after load in MiB."""

    start: float
    idle: float
    loaded: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Seconds to plan and to apply one more field, and the longest answer meanwhile and otherwise."""

    plan: float
    apply: float
    longest: float


def footprint(company: Company, log: Path) -> Footprint:
    """Start a server several times; the medians."""
    seen = [_once(company, log) for _ in range(STARTS)]
    return Footprint(
        start=median(one.start for one in seen),
        idle=median(one.idle for one in seen),
        loaded=median(one.loaded for one in seen),
    )


def _once(company: Company, log: Path) -> Footprint:
    with serving(MODULE, ["serve", *company.arguments()], log=log) as server:
        _read(company, server, concurrency=1, seconds=0.1)
        idle = server.memory()
        _read(company, server, concurrency=16, seconds=LOAD_SECONDS)
        return Footprint(start=server.started, idle=idle, loaded=server.memory())


def _read(company: Company, server: Server, *, concurrency: int, seconds: float) -> Sample:
    read = next(operation for operation in operations() if operation.name == READ)
    requests = read.product(Field(company=company, deep=None))
    return drive(server.port, requests, concurrency=concurrency, seconds=seconds)


def added(company: Company, log: Path) -> Added:
    """Publish one field after the other into a company that is at work; the medians."""
    composition = compose()
    with serving(MODULE, ["serve", "--no-worker", *company.arguments()], log=log) as server:
        tenants = open_installation(company.settings, composition)
        try:
            answers: list[Sample] = []
            reader = threading.Thread(
                target=lambda: answers.append(_read(company, server, concurrency=1, seconds=LOAD_SECONDS))
            )
            reader.start()
            with tenants.use(tenants.control.by_slug(company.slug)) as tenant:
                times = [_add(composition, tenants, tenant, number) for number in range(FIELDS)]
            reader.join()
        finally:
            tenants.close()
    return Added(
        plan=median(planned for planned, _ in times),
        apply=median(applied for _, applied in times),
        longest=max(answers[0].latencies),
    )


def _add(composition: Composition, tenants: Tenants, tenant: Tenant, number: int) -> tuple[float, float]:
    """Publish the tenant's layer with one field more than before."""
    fields = "".join(f"    x_more_{n}: {{type: text, label: More {n}}}\n" for n in range(number + 1))
    texts = {"objects/opportunity.yaml": f"extend: object opportunity\nfields:\n  add:\n{fields}"}
    texts[LOCK] = lock(from_files(texts), bundled()).render()
    start = time.perf_counter()
    planned = plan(composition, tenant, [from_files(texts)])
    middle = time.perf_counter()
    apply(planned, tenant, tenants.control, by=None, reason="benchmark")
    return middle - start, time.perf_counter() - middle


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.start", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="deals in the table")
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    given = parser.parse_args(arguments)
    lines = []
    for kind in given.database or DATABASES:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="strata-start-")))
            url = stack.enter_context(empty_database(kind))
            company = make_company(folder / "data", url, rows=given.rows)
            held, field = footprint(company, folder / "log"), added(company, folder / "log")
        lines.append(_line(kind, held, field))
    head = (
        "",
        "start, s",
        "idle, MiB",
        "after load",
        "plan a field, ms",
        "apply it, ms",
        "longest answer, ms",
    )
    goals = ("goal", "1.2", "85", "150", "", "25", "")
    print(render(f"Start, memory, a field added to {given.rows:,} rows", head, [goals, *lines]))


def _line(kind: str, held: Footprint, field: Added) -> tuple[str, ...]:
    times = (seconds * 1000 for seconds in (field.plan, field.apply, field.longest))
    return (kind, *map(figure, (held.start, held.idle, held.loaded, *times)))


if __name__ == "__main__":
    main()
