"""What roll-ups cost a save: creating and changing a child, with none on its parent and with three; SQLite.

The floor is the same save of the same object without roll-ups; the parent has `--children` children already.
Run it with `python -m benchmarks.derived`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from engine import sqlite
from engine.actor import system_actor
from engine.ids import seeded_ids
from engine.migration import perform, steps
from engine.mutation import Create, Mutation, Update
from engine.release import prepare
from engine.session import Session
from engine.system import set_meta, upgrade
from engine.system_steps import ENGINE
from metadata.compile import compile as compile_packages
from metadata.identity import lock
from metadata.package import from_files
from runtime.bootstrap import compose
from runtime.packages import bundled_package

if TYPE_CHECKING:
    from engine.database import Database
    from metadata.package import Package

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ROLLUPS = """
  count: {type: rollup, label: Count, from: child.parent, function: count}
  total: {type: rollup, label: Total, from: child.parent, function: sum, field: amount}
  open:  {type: rollup, label: Open, from: child.parent, function: sum, field: amount, where: flag}
"""


def package(rollups: str) -> Package:
    """A parent and its children."""
    files = {
        "package.yaml": "package: costs\nversion: 1.0.0\nlabel: Costs\nrequires: {platform: '>=0.1'}\n",
        "parent.yaml": "object: parent\nlabel: Parent\nplural: Parents\ntitle: name\nfields:\n"
        "  name: {type: text, label: Name}\n" + rollups.strip("\n"),
        "child.yaml": "object: child\nlabel: Child\nplural: Children\nfields:\n"
        "  parent: {type: lookup, label: Parent, to: parent}\n"
        "  amount: {type: number, label: Amount}\n  flag: {type: boolean, label: Flag}\n",
    }
    files["identity.lock"] = lock(from_files(files), [platform()]).render()
    return from_files(files)


def platform() -> Package:
    """What every application stands on."""
    found = bundled_package("platform")
    assert found is not None
    return found


def session(database: Database, rollups: str) -> Session:
    """A door to an empty company with or without roll-ups."""
    composition = compose()
    packages = [platform(), package(rollups)]
    upgrade(database, (ENGINE,))
    release = prepare(
        compile_packages(packages, composition.kinds, composition.language), 1, database.dialect,
        composition.language,
    )  # fmt: skip
    perform(steps({}, release.tables), database)
    with database.write() as connection:
        set_meta(connection, "release_no", "1")
    ids = seeded_ids(lambda: NOW, 1)
    return Session(database=database, release=release, actor=system_actor(), clock=lambda: NOW, ids=ids)


def milliseconds(door: Session, children: int, times: int) -> tuple[float, float]:
    """The median of creating a child, and of changing its amount."""
    objects, parent = door.release.catalog.objects, door.ids()

    def save(name: str, *changes: Create | Update) -> float:
        start = time.perf_counter()
        door.apply(Mutation(object=objects[name], changes=changes, entry="bench", answer=False))
        return (time.perf_counter() - start) * 1000

    save("parent", Create(id=parent, values={"name": "P"}))
    made = [door.ids() for _ in range(children)]
    for start in range(0, children, 500):
        chunk = made[start : start + 500]
        save("child", *(Create(id=id_, values={"parent": parent, "amount": 1}) for id_ in chunk))
    created = [save("child", Create(values={"parent": parent, "amount": 2})) for _ in range(times)]
    changed = [
        save("child", Update(id=made[n], values={"amount": 3 + n})) for n in range(min(times, children))
    ]
    return median(created), median(changed)


def main() -> None:
    """Print a line for each number of children."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, nargs="*", default=[10, 1000, 10000])
    parser.add_argument("--times", type=int, default=200)
    asked = parser.parse_args()
    for children in asked.children:
        with tempfile.TemporaryDirectory() as folder:
            figures = []
            for name, rollups in (("bare", ""), ("rolled", ROLLUPS)):
                database = sqlite.open_database(Path(folder) / f"{name}.db")
                figures.append(milliseconds(session(database, rollups), children, asked.times))
                database.close()
        (bare, bare_change), (rolled, rolled_change) = figures
        print(
            f"{children:>6} children: create {bare:.2f} → {rolled:.2f} ms ({rolled / bare:.2f}×), "
            f"change {bare_change:.2f} → {rolled_change:.2f} ms ({rolled_change / bare_change:.2f}×)"
        )


if __name__ == "__main__":
    main()
