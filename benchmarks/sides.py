"""Product and floor side by side: two servers, each on its own copy of the same database.

The copy is made after loading and before either server starts, so both find the same rows, indexes and
statistics. The floor reads the product's tables and nothing else of it.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from benchmarks.company import Company, make_company
from benchmarks.ground import Ground, PostgresGround, SqliteGround
from benchmarks.process import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLOOR_DATABASE = "bare_floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: its server, and the database under it."""

    server: Server
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both, over the same company."""

    company: Company
    product: Side
    floor: Side

    def restore(self) -> None:
        """Put the measured tables of both back to what was loaded."""
        self.product.ground.restore()
        self.floor.ground.restore()


@contextmanager
def sides(folder: Path, database: str, rows: int, *, worker: bool = False) -> Iterator[Sides]:
    """Load a company of `rows` deals and serve it twice until the block ends.

    `database` is a PostgreSQL URL of an empty database, or "" for a file. `worker` runs the product's worker
    inside its server, which the floor has no match for.
    """
    company = make_company(folder / "data", database, rows=rows)
    ground, copy, place = _copied(company, folder)
    actor = ["--actor", company.people["rep"], "--schema", company.place]
    work = "--worker" if worker else "--no-worker"
    log = folder / "servers.log"
    with ExitStack() as stack:
        floor = stack.enter_context(serving("benchmarks.floor", [place, *actor], log=log))
        product = stack.enter_context(
            serving("runtime.cli.main", ["serve", work, *company.arguments()], log=log)
        )
        yield Sides(
            company=company,
            product=Side(server=product, ground=ground),
            floor=Side(server=floor, ground=copy),
        )


def _copied(company: Company, folder: Path) -> tuple[Ground, Ground, str]:
    """Keep the tables aside and copy the database; return both grounds and where the copy is."""
    url = company.settings.database
    if not url:
        target = folder / "floor.db"
        ground, copy = SqliteGround(path=company.file), SqliteGround(path=target)
        ground.keep()
        connection = sqlite3.connect(company.file)
        connection.execute("VACUUM INTO ?", (str(target),))
        connection.close()
        copy.path.with_suffix(".kept").write_bytes(company.file.with_suffix(".kept").read_bytes())
        return ground, copy, str(target)
    PostgresGround(url=url, schema=company.place).keep()
    place = make_conninfo(url, dbname=FLOOR_DATABASE)
    names = sql.Identifier(FLOOR_DATABASE), sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(names[0]))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(names[0], names[1]))
    schema = company.place
    return PostgresGround(url=url, schema=schema), PostgresGround(url=place, schema=schema), place
