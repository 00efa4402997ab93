"""How long a package of the size of a whole ERP takes: 1,300 objects with 19,000 fields, read and compiled.

    python -m benchmarks.metadata [objects]

Prints a line per phase: CPU seconds, the least of three runs (one thread, so an idle machine's wall time).
The bar is 6 s for reading and compiling together (metadata.md).
"""

from __future__ import annotations

import gc
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.fields import field_kinds
from formula.language import language
from metadata.compile import compile as compile_packages
from metadata.diff import diff
from metadata.identity import lock
from metadata.kinds import Kinds
from metadata.package import LOCK, from_files, read_folder
from workflow.step import step_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OBJECTS = 1300
BAR = 6
ROUNDS = 3
PLATFORM = Path(__file__).resolve().parent.parent / "apps" / "platform"
T = TypeVar("T")


def files(objects: int) -> Mapping[str, str]:
    """An ERP: objects of 14 or 15 fields of usual types, every third with formulas, with rules and views."""
    found = {"package.yaml": "package: erp\nversion: 1.0.0\nrequires: {platform: '>=0'}\n"}
    for number in range(objects):
        name = f"thing_{number}"
        found[f"objects/{name}.yaml"] = _object(name, number, objects)
        found[f"views/{name}.yaml"] = (
            f"view: all\nobject: {name}\nlabel: All\ncolumns: [name, parent.name, status, amount, owner]\n"
            "where: NOT(status.closed) && owner = $user.id\norder: [-start]\ndefault: true\n"
        )
        found[f"layouts/{name}.yaml"] = (
            f"layout: {name}\nhighlights: [amount, status]\npath: status\nsections:\n"
            "  main: {label: Main, columns: 2, fields: [name, code, parent, status, amount, start]}\n"
            "  more: {label: More, fields: [rate, active, note, email]}\n"
        )
    return found


def _object(name: str, number: int, objects: int) -> str:
    lines = [
        f"object: {name}", f"label: Thing {number}", f"plural: Things {number}", "title: name", "fields:",
        "  name: {type: text, label: Name, required: true, max: 120, searchable: true}",
        "  code: {type: text, label: Code, unique: true, max: 40, help: The code in the old system.}",
        f"  parent: {{type: lookup, label: Parent, to: thing_{(number * 7 + 1) % objects}}}",
        "  status:", "    type: picklist", "    label: Status", "    default: new",
        "    attributes: {closed: boolean}", "    options:", "      new: {label: New, color: blue}",
        "      active: {label: Active, color: green}", "      done: {label: Done, closed: true}",
        "  amount: {type: currency, label: Amount, scale: 2, min: 0}",
        "  quantity: {type: number, label: Quantity, precision: 12, scale: 3, default: 1}",
        "  rate: {type: percent, label: Rate, scale: 2, min: 0, max: 100}",
        '  start: {type: date, label: Start, default: "=TODAY()"}',
        "  ends: {type: date, label: End}",
        "  seen: {type: datetime, label: Seen at}",
        "  active: {type: boolean, label: Active, default: true}",
        "  note: {type: long_text, label: Note}",
        "  email: {type: email, label: E-mail}",
        "  person: {type: lookup, label: Person, to: user}",
    ]  # fmt: skip
    if number % 3 == 0:
        lines += [
            "  total:",
            "    {type: formula, label: Total, returns: currency,",
            "     formula: 'ROUND(amount * quantity * (1 - NULLVALUE(rate, 0)), 2)'}",
            "  days:",
            "    {type: formula, label: Days, returns: integer, formula: 'ends - start'}",
        ]
    lines += [
        "rules:",
        "  order: {when: ends < start, message: It ends before it starts., at: ends}",
        '  done: {when: status = "done" && ISBLANK(ends) && NOT(ISBLANK(parent.name)), message: Say when.}',
        "indexes: [[status, start]]",
    ]
    return "\n".join(lines) + "\n"


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The least CPU time of some runs, in seconds, and the last result."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def main(arguments: list[str]) -> None:
    """Measure and print; the first argument is the number of objects."""
    objects = int(arguments[0]) if arguments else OBJECTS
    kinds, grammar = Kinds(fields=field_kinds(), steps=step_types()), language()
    platform = read_folder(PLATFORM)
    platform = replace(platform, lock=lock(platform))
    texts = dict(files(objects))
    texts[LOCK] = lock(from_files(texts, origin="erp"), [platform]).render()
    reading, package = timed(lambda: from_files(texts, origin="erp"))
    compiling, catalog = timed(lambda: compile_packages([platform, package], kinds, grammar))
    comparing, changes = timed(lambda: diff(catalog, catalog))
    assert not changes
    fields = sum(not field.system for each in catalog.objects.values() for field in each.fields.values())
    print(f"{len(catalog.objects)} objects, {fields} fields")
    for phase, seconds in (("read", reading), ("compile", compiling), ("compare", comparing)):
        print(f"{phase:8} {seconds:6.2f} s")
    print(f"together {reading + compiling:6.2f} s to a Catalog (bar {BAR} s)")


if __name__ == "__main__":
    main(sys.argv[1:])
