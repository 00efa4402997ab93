"""`strata config`: the settings in force and where each comes from."""

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, configuration
from runtime.cli.output import say_table


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("config")(show)


def show(config: ConfigOption = None, data: DataOption = None, database: DatabaseOption = None) -> None:
    """Print all settings, their values and sources; secrets are masked."""
    found = configuration(config, data=data, database=database)
    say_table((line.name, line.value or "-", line.source, line.help) for line in found.lines())
