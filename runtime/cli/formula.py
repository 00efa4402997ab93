"""`strata formula`: check, explain and compute formulas."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.formulas.compute import Computer

commands = typer.Typer(help="Check, explain and compute formulas.", no_args_is_help=True)

PYTHON, SQLITE, POSTGRESQL = "python", "sqlite", "postgresql"


@commands.command()
def batch(
    backend: Annotated[
        str, typer.Option(help="What computes: python, sqlite (in memory) or postgresql.")
    ] = PYTHON,
    url: Annotated[
        str | None, typer.Option(help="PostgreSQL URL; else --database, STRATA_DATABASE or strata.toml.")
    ] = None,
    rounds: Annotated[
        bool, typer.Option("--round", help="Round numbers to the scale of their line.")
    ] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Answer JSON lines from standard input, a line each, in order, until it ends."""
    from datetime import UTC, datetime

    from formula.language import language
    from runtime.formulas.batch import Batch

    if backend not in {PYTHON, SQLITE, POSTGRESQL}:
        raise typer.BadParameter(
            f"{backend} is none of {PYTHON}, {SQLITE}, {POSTGRESQL}", param_hint="--backend"
        )
    address = "" if backend != POSTGRESQL else url or settings_of(config, None, database).database
    with _computer(backend, address) as computer:
        answering = Batch(
            language=language(), computer=computer, clock=lambda: datetime.now(UTC), rounds=rounds
        )
        try:
            answering.run(sys.stdin.buffer, sys.stdout.buffer)
        except BrokenPipeError:
            _leave_quietly()


@contextmanager
def _computer(backend: str, address: str) -> "Iterator[Computer]":
    """What computes, closed at the end. Raises Problem where there is no PostgreSQL."""
    from contextlib import closing

    from formula.sql import Backend
    from runtime.formulas.compute import PythonComputer
    from runtime.formulas.database import DatabaseComputer, postgresql_connection, sqlite_connection

    if backend == PYTHON:
        yield PythonComputer()
        return
    made = sqlite_connection() if backend == SQLITE else postgresql_connection(address)
    with closing(made) as connection:
        yield DatabaseComputer(Backend(backend), connection)


def _leave_quietly() -> None:
    """Nobody reads any more: end without a complaint when Python flushes what is left."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
