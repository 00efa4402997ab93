"""`strata check`: read packages, check them together, list every problem."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.output import counted, say, show_issues


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(check)


def check(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of packages, or names of those that come along.")
    ],
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Only warn of references that lead nowhere, as foreign ones do.")
    ] = False,
) -> None:
    """Check packages and the packages they require, without a database."""
    from runtime.bootstrap import compose
    from runtime.packages import TENANT, check_folders

    catalog = check_folders(compose(), folders, lenient=lenient)
    show_issues(catalog.warnings)
    names = ", ".join(
        "the tenant's own layer" if layer.name == TENANT else f"{layer.name} {layer.version}"
        for layer in catalog.layers
    )
    found = counted(len(catalog.warnings), "warning") if catalog.warnings else "no problems"
    say(f"{names}: {counted(len(catalog.objects), 'object')}, {found}.")
