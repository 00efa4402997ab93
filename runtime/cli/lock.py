"""`strata lock`: give everything new in a package its lasting identity."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.output import counted, say


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(lock)


def lock(folders: Annotated[list[Path], typer.Argument(help="Package folders.")]) -> None:
    """Write the locks of each package: new names get ids, renames (`was:`) keep theirs; translations note
    the text that they translate.
    """
    from runtime.bootstrap import compose
    from runtime.packages import lock_folder

    composition = compose()
    for folder in folders:
        done = lock_folder(composition, folder)
        parts = [counted(done.added, "new identity", "new identities")]
        parts += [f"{done.renamed} renamed"] if done.renamed else []
        parts += [f"{done.retired} retired"] if done.retired else []
        parts += [counted(done.translations, "translation")] if done.translations else []
        say(f"{folder}: {', '.join(parts)}.")
        if done.translations is None:
            say("  translations.lock stays as it was until the package has no problems.")
