"""Options that many commands share, and the settings they amount to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from runtime.config import Configuration, Settings

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Configuration file (strata.toml).")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of the embedded databases.")]
DatabaseOption = Annotated[str | None, typer.Option("--database", help="PostgreSQL URL instead of files.")]
TenantOption = Annotated[
    str | None, typer.Option("--tenant", help="Name of the tenant; not needed if only one.")
]


def configuration(file: Path | None, **flags: object) -> "Configuration":
    """The settings in force, flags on top."""
    from runtime.config import read_settings

    return read_settings(flags, file=file)


def settings_of(config: Path | None, data: Path | None, database: str | None, **flags: object) -> "Settings":
    """The settings of a command that opens databases."""
    return configuration(config, data=data, database=database, **flags).settings
