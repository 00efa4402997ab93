"""`strata lock`: give everything new in a package its lasting identity."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.output import say


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(lock)


def lock(folders: Annotated[list[Path], typer.Argument(help="Package folders.")]) -> None:
    """Write identity.lock of each package: new names get ids, renames (`was:`) keep theirs."""
    from runtime.packages import lock_folder

    for folder in folders:
        added = lock_folder(folder)
        say(f"{folder}: {added} new {'identity' if added == 1 else 'identities'}.")
