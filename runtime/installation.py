"""An installation opened by one process: the control database, the tenants, and what they share.

Chooses between the two kinds of databases, nothing more: files in the data folder, or schemas of a PostgreSQL
database when `database` is set. Called by the command line and by tests.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from engine import sqlite
from engine.clock import system_clock
from engine.codes import NO_DATABASE
from engine.ids import Ids
from engine.problem import Problem
from engine.system import upgrade
from runtime.codes import BAD_SETTING, NOT_INSTALLED, UNWRITABLE
from runtime.control import Control, Entry
from runtime.depot import depot_of
from runtime.limit import RateLimit
from runtime.password import Passwords
from runtime.publish import loader
from runtime.slow import timed
from runtime.tenant import Gate
from runtime.tenants import Tenants
from runtime.vault import vault_of

if TYPE_CHECKING:
    from pathlib import Path

    from engine.clock import Clock
    from engine.database import Database
    from runtime.bootstrap import Composition
    from runtime.config import Settings
    from runtime.log import Log

CONTROL_FILE = "control.db"
CONTROL_SCHEMA = "strata_control"
TENANT_FOLDER = "tenants"


def open_installation(
    settings: Settings,
    composition: Composition,
    *,
    create: bool = False,
    clock: Clock = system_clock,
    passwords: Passwords | None = None,
    log: Log | None = None,
) -> Tenants:
    """Open the installation that `settings` name; `create` makes one where there is none.

    With a `log`, statements that take long are written to it.

    Raises Problem: there is none, its folder cannot be written, the database is locked or unreachable.
    """
    control = Control(_open_control(settings, create=create))
    ids = Ids(clock)
    gate = Gate(
        clock=clock,
        seconds=time.monotonic,
        ids=ids,
        passwords=passwords or Passwords(),
        sign_in_limit=RateLimit(settings.sign_in_limit, time.monotonic),
        idle=timedelta(hours=settings.session_hours),
        session_days=settings.session_days,
        depot=depot_of(settings, ids),
        vault=vault_of(settings),
    )
    return Tenants(
        control,
        lambda entry: _watched(_open_upgraded(settings, composition, entry), settings, entry, log),
        gate,
        loader(composition),
        settings.open_tenants,
    )


def _watched(database: Database, settings: Settings, entry: Entry, log: Log | None) -> Database:
    return database if log is None else timed(database, settings.slow_statement_ms, log, entry.slug)


def open_place(settings: Settings, entry: Entry, *, create: bool) -> Database:
    """Open the database of one tenant; `create` makes it, empty, where there is none."""
    if settings.database:
        return _open_schema(settings, entry.place, create=create)
    path = settings.data / entry.place
    if create:
        _writable(path.parent)
    return sqlite.open_database(path, create=create)


def _open_upgraded(settings: Settings, composition: Composition, entry: Entry) -> Database:
    """Open a tenant's database and bring its system tables to what this program knows."""
    database = open_place(settings, entry, create=False)
    try:
        upgrade(database, composition.system)
    except BaseException:
        database.close()
        raise
    return database


def new_entry(settings: Settings, tenant_id: str, slug: str, hosts: tuple[str, ...] = ()) -> Entry:
    """The directory entry of a tenant yet to be made, with the place where its data will lie."""
    if settings.database:
        place = f"t_{slug.replace('-', '_')}_{tenant_id.replace('-', '')[-8:]}"
    else:
        place = f"{TENANT_FOLDER}/{slug}-{tenant_id[-8:]}.db"
    return Entry(id=tenant_id, slug=slug, place=place, hosts=hosts)


def _open_control(settings: Settings, *, create: bool) -> Database:
    if settings.database:
        try:
            return _open_schema(settings, CONTROL_SCHEMA, create=create)
        except Problem as problem:
            raise (_nothing("this database") if problem.code is NO_DATABASE else problem) from problem
    path = settings.data / CONTROL_FILE
    if not create and not path.exists():
        raise _nothing(str(settings.data))
    _writable(settings.data)
    return sqlite.open_database(path, create=create)


def _nothing(place: str) -> Problem:
    hint = "`strata demo` makes one with sample data in a folder, `strata tenant add` an empty one."
    return Problem(NOT_INSTALLED, f"There is no installation in {place}.", hint=hint)


def _open_schema(settings: Settings, schema: str, *, create: bool) -> Database:
    # The driver takes a tenth of a second and ten megabytes, which an embedded installation need not spend.
    from engine import postgres

    scheme, found, _ = settings.database.partition("://")
    if found and scheme not in ("postgresql", "postgres"):
        # Not left to the driver, which would repeat the address, and the password in it.
        raise Problem(
            BAD_SETTING,
            f"{scheme}:// is no address of a PostgreSQL database.",
            hint="It begins with postgresql://; without one, the data are SQLite files.",
        )
    return postgres.open_database(settings.database, schema, create=create)


def _writable(folder: Path) -> None:
    """Make the folder if need be. Raises Problem when it cannot be made or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(UNWRITABLE, f"The folder {folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Problem(UNWRITABLE, f"The folder {folder} cannot be written.")
