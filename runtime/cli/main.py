"""The program `strata`: joins the commands and turns every refusal into a sentence and an exit code.

Commands import what they need when they run, so that `strata --help` answers at once. Exit codes: 0 done,
1 refused (the reason is on standard error), 2 wrong use of the command line, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys

import typer

from runtime.cli import (
    access,
    audit,
    changes,
    check,
    config,
    demo,
    derived,
    duplicates,
    explain,
    files,
    formula,
    jobs,
    layer,
    lock,
    merge,
    migrate,
    plan,
    publish,
    query,
    rates,
    recycled,
    releases,
    search,
    secrets,
    serve,
    tenant,
    token,
    transfer,
    translations,
    undo,
    user,
    worker,
)

COLLECT_AFTER = 20_000

commands = typer.Typer(
    name="strata",
    help="A metadata-driven, low-code CRM platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    check,
    explain,
    translations,
    lock,
    plan,
    publish,
    query,
    serve,
    worker,
    demo,
    migrate,
    config,
    merge,
    undo,
    transfer,
):
    module.register(commands)
commands.add_typer(formula.commands, name="formula")
commands.add_typer(rates.commands, name="rates")
commands.add_typer(jobs.commands, name="jobs")
commands.add_typer(files.commands, name="files")
commands.add_typer(releases.commands, name="releases")
commands.add_typer(search.commands, name="search")
commands.add_typer(duplicates.commands, name="duplicates")
commands.add_typer(changes.commands, name="changes")
commands.add_typer(derived.commands, name="derived")
commands.add_typer(audit.commands, name="audit")
commands.add_typer(recycled.commands, name="bin")
commands.add_typer(secrets.commands, name="secrets")
commands.add_typer(layer.commands, name="layer")
commands.add_typer(tenant.commands, name="tenant")
commands.add_typer(user.commands, name="user")
commands.add_typer(access.commands, name="access")
commands.add_typer(token.commands, name="token")


def app() -> None:
    """Run the command line; leaves by SystemExit."""
    # Some 300,000 objects are made at a start, nearly all to stay: look through them less often.
    gc.set_threshold(COLLECT_AFTER)
    from engine.database import Conflict, Unavailable
    from engine.problem import Problem
    from formula.issue import Rejected
    from runtime.cli.output import locked, show_problem, show_rejected

    try:
        commands()
    except Rejected as rejected:
        show_rejected(rejected)
    except Problem as problem:
        show_problem(problem)
    except (Conflict, Unavailable) as error:
        show_problem(locked(error))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(1)


if __name__ == "__main__":
    app()
