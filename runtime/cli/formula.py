"""`strata formula`: check, explain and compute formulas, of a model or line by line."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, settings_of
from runtime.cli.output import counted, say, say_table, show_issues
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.release import Release
    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from runtime.formulas.ask import Ask
    from runtime.formulas.breakdown import Written
    from runtime.formulas.compute import Computer

commands = typer.Typer(help="Check, explain and compute formulas.", no_args_is_help=True)

PYTHON, SQLITE, POSTGRESQL = "python", "sqlite", "postgresql"
_LONGEST = 80

ObjectArgument = Annotated[str, typer.Argument(metavar="OBJECT", help="The object whose names it uses.")]
FormulaArgument = Annotated[
    str, typer.Argument(metavar="FORMULA", help="The formula; - reads standard input.")
]
PackageOption = Annotated[
    list[Path] | None, typer.Option("--package", help="Folder or name of a package, instead of a tenant.")
]
ContextOption = Annotated[
    str, typer.Option(help="Where it stands: formula_field, rule, default, filter, flow…")
]
ReturnsOption = Annotated[str, typer.Option(help="What it has to be: number, text, boolean, date… or any.")]
BlanksOption = Annotated[str, typer.Option(help="as_blank, or as_zero for blank numbers that count as 0.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs.")]


@commands.command()
@placed
def check(
    place: Place,
    object: ObjectArgument,  # noqa: A002 - the name that --help shows
    formula: FormulaArgument,
    package: PackageOption = None,
    context: ContextOption = "formula_field",
    returns: ReturnsOption = "any",
    blanks: BlanksOption = "as_blank",
) -> None:
    """Print the type of a formula and its warnings, or everything that is wrong with it."""
    ask = _ask(formula=_input(formula), context=context, returns=returns, blanks=blanks)
    with _model(package, place) as release:
        _, found = _checked(release, object, ask)
        show_issues(found.warnings)
        warned = counted(len(found.warnings), "warning") if found.warnings else "no problems"
        say(f"{found.type}, {warned}.")


@commands.command()
@placed
def explain(
    place: Place,
    object: ObjectArgument,  # noqa: A002 - the name that --help shows
    formula: FormulaArgument,
    package: PackageOption = None,
    context: ContextOption = "formula_field",
    returns: ReturnsOption = "any",
    blanks: BlanksOption = "as_blank",
    as_json: JsonOption = False,
) -> None:
    """Print the type of each part, what the formula depends on, and its SQL on both databases."""
    from runtime.formulas.breakdown import functions, parts, shown_type, written

    ask = _ask(formula=_input(formula), context=context, returns=returns, blanks=blanks)
    with _model(package, place) as release:
        target, found = _checked(release, object, ask)
        tree = [(part.depth, part.text, part.type) for part in parts(found.expr)]
        names = [(reference.name, shown_type(reference.type)) for reference in found.refs]
        queries = written(release, target, found)
        if as_json:
            say(_json({
                "type": str(found.type),
                "parts": [{"depth": depth, "text": text, "type": type_} for depth, text, type_ in tree],
                "references": [{"name": name, "type": type_} for name, type_ in names],
                "functions": functions(found.expr),
                "sql": [_plain(query) for query in queries],
                "warnings": [warning.message for warning in found.warnings],
            }))  # fmt: skip
            return
        show_issues(found.warnings)
        say_table((f"{'  ' * depth}{_clipped(text)}", type_) for depth, text, type_ in tree)
        say("Depends on:" if names else "Depends on no field.")
        say_table((f"  {name}", type_) for name, type_ in names)
        say(f"Functions: {', '.join(functions(found.expr)) or 'none'}.")
        for query in queries:
            _print(query)


@commands.command()
@placed
def evaluate(
    place: Place,
    object: ObjectArgument,  # noqa: A002 - the name that --help shows
    formula: FormulaArgument,
    row: Annotated[str, typer.Option(help='The record as JSON: {"amount": "12.50"}; - reads it.')] = "{}",
    package: PackageOption = None,
    context: ContextOption = "formula_field",
    returns: ReturnsOption = "any",
    blanks: BlanksOption = "as_blank",
    zone: Annotated[str, typer.Option("--tz", help="Time zone (IANA name).")] = "UTC",
    now: Annotated[str | None, typer.Option(help="The instant it is, such as 2026-01-31T12:00:00Z.")] = None,
) -> None:
    """Print the value of a formula on a record, or why it has none; linked records stand in the record."""
    from datetime import UTC, datetime

    from engine.problem import Problem
    from formula.program import Env
    from runtime.codes import FORMULA_FAILED
    from runtime.formulas.cells import write_cell
    from runtime.formulas.record import evaluate as compute

    said = {"context": context, "returns": returns, "blanks": blanks, "tz": zone, "now": now}
    ask, record = _ask(formula=_input(formula), **said), _record(row)
    with _model(package, place) as release:
        target, found = _checked(release, object, ask)
        env = Env(now=ask.now or datetime.now(UTC), zone=ask.zone)
        outcome = compute(release, target, found, record, env)
    if outcome.error:
        raise Problem(FORMULA_FAILED, f"The formula is an error: {outcome.error}.")
    value = write_cell(outcome.value)
    say(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


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
        message = f"{backend} is none of {PYTHON}, {SQLITE}, {POSTGRESQL}"
        raise typer.BadParameter(message, param_hint="--backend")
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
def _model(
    packages: list[Path] | None,
    place: Place,
) -> "Iterator[Release]":
    """The model that is asked: that of packages and what they require, else that of a tenant."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import published

    composition = compose()
    if packages:
        from engine.release import prepare
        from engine.sqlite import DIALECT
        from runtime.packages import check_folders

        yield prepare(check_folders(composition, packages), 0, DIALECT, composition.language)
        return
    with place.tenant(composition) as here:
        yield published(here)


def _ask(**said: object) -> "Ask":
    """The options as a line would say them. Raises Problem for one that cannot be."""
    from engine.problem import Problem
    from runtime.codes import BAD_OPTION
    from runtime.formulas.ask import read_ask
    from runtime.formulas.refusal import Refused

    try:
        return read_ask(said)
    except Refused as refused:
        raise Problem(BAD_OPTION, f"{refused.message}.", hint=refused.hint) from refused


def _checked(release: "Release", name: str, ask: "Ask") -> "tuple[ObjectType, Formula]":
    """The object, and the formula in it. Raises Rejected with all that is wrong; Problem: no object."""
    from engine.actor import SYSTEM_SET
    from engine.policy import policy_of
    from runtime.cli.opening import object_named
    from runtime.formulas.checking import checked

    target = object_named(release, name)
    return target, checked(release, policy_of(release, (SYSTEM_SET,)), target, ask)


def _input(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _record(text: str) -> dict[str, Any]:
    from engine.problem import Problem
    from runtime.codes import BAD_OPTION
    from runtime.formulas.ask import read_line
    from runtime.formulas.refusal import Refused

    try:
        return dict(read_line(_input(text).encode("utf-8", "surrogateescape")))
    except Refused as refused:
        hint = 'Write an object such as {"amount": "12.50"}.'
        raise Problem(BAD_OPTION, f"--row: {refused.message}.", hint=hint) from refused


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)


def _plain(query: "Written") -> dict[str, object]:
    if query.gap:
        return {"database": query.database, "gap": query.gap}
    return {"database": query.database, "statement": query.text, "constants": dict(query.constants)}


def _print(query: "Written") -> None:
    say(f"On {query.database}:" if query.text else f"On {query.database} it cannot be computed: {query.gap}")
    if query.text:
        say(*(f"  {line}" for line in query.text.splitlines()))
    if query.constants:
        say(f"  with {', '.join(f'{name} = {value!r}' for name, value in query.constants.items())}")


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


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
