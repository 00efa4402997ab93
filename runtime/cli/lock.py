"""`strata lock`: give everything new in a package its lasting identity."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.output import counted, say


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(lock)


def lock(folders: Annotated[list[Path], typer.Argument(help="Package folders.")]) -> None:
    """Write identity.lock of each package: new names get ids, renames (`was:`) keep theirs."""
    from runtime.packages import lock_folder

    for folder in folders:
        done = lock_folder(folder)
        parts = [counted(done.added, "new identity", "new identities")]
        parts += [f"{done.renamed} renamed"] if done.renamed else []
        parts += [f"{done.retired} retired"] if done.retired else []
        say(f"{folder}: {', '.join(parts)}.")
