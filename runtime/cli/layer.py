"""`strata layer`: the tenant's own layer, out to a folder and back."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, TenantOption, settings_of
from runtime.cli.output import counted, say
from runtime.cli.publish import publish_packages

commands = typer.Typer(help="The tenant's own layer as a folder.", no_args_is_help=True)

FolderArgument = Annotated[Path, typer.Argument(help="Folder of the layer.")]


@commands.command("export")
def export(
    folder: FolderArgument,
    tenant: TenantOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write the layer that is published; files of it that are no more go."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import opened_tenant
    from runtime.layer import export_layer

    with opened_tenant(settings_of(config, data, database), compose(), tenant) as (_, here):
        number = export_layer(here, folder)
        say(f"The layer of {here.slug} is in {folder}: {counted(number, 'file')}.")


@commands.command("import")
def import_layer(
    folder: FolderArgument,
    reason: Annotated[str, typer.Option(help="Why; kept with the release.")] = "",
    tenant: TenantOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Put the layer in a folder in the place of the one that is published; the plan is shown first."""
    from runtime.layer import layer_at

    package = layer_at(folder)
    settings = settings_of(config, data, database)
    publish_packages(settings, tenant, [package], reason or f"layer of {folder.name}")
