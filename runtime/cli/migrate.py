"""`strata migrate`: bring system tables to what this program knows."""

from typing import Annotated

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, TenantOption, settings_of
from runtime.cli.output import counted, say


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(migrate)


def migrate(
    every: Annotated[bool, typer.Option("--all", help="Every tenant of the installation.")] = False,
    tenant: TenantOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Upgrade the system tables of one tenant, or of all; servers do it too when they open one."""
    from engine.system import upgrade
    from runtime.bootstrap import compose
    from runtime.cli.opening import choose, opened
    from runtime.installation import open_place

    settings, composition = settings_of(config, data, database), compose()
    with opened(settings, composition) as tenants:
        for entry in tenants.entries() if every else (choose(tenants, tenant),):
            place = open_place(settings, entry, create=False)
            try:
                steps = upgrade(place, composition.system)
            finally:
                place.close()
            say(f"{entry.slug}: {counted(steps, 'step')} performed.")
