"""`strata layer`: the tenant's own layer, out to a folder and back."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.output import counted, say
from runtime.cli.place import Place, placed
from runtime.cli.publish import publish_packages

commands = typer.Typer(help="The tenant's own layer as a folder.", no_args_is_help=True)

FolderArgument = Annotated[Path, typer.Argument(help="Folder of the layer.")]


@commands.command("export")
@placed
def export(
    place: Place,
    folder: FolderArgument,
) -> None:
    """Write the layer that is published; files of it that are no more go."""
    from runtime.layer import export_layer

    with place.tenant() as here:
        number = export_layer(here, folder)
        say(f"The layer of {here.slug} is in {folder}: {counted(number, 'file')}.")


@commands.command("import")
@placed
def import_layer(
    place: Place,
    folder: FolderArgument,
    reason: Annotated[str, typer.Option(help="Why; kept with the release.")] = "",
) -> None:
    """Put the layer in a folder in the place of the one that is published; the plan is shown first."""
    from runtime.layer import layer_at

    package = layer_at(folder)
    publish_packages(place, [package], reason or f"layer of {folder.name}")
