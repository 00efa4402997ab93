"""`strata serve`: the web server, with a worker inside."""

from typing import Annotated

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, settings_of
from runtime.cli.output import say


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(serve)


HostOption = Annotated[str | None, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int | None, typer.Option(min=0, max=65535, help="TCP port; 0 lets the system choose.")]


def serve(
    host: HostOption = None,
    port: PortOption = None,
    worker: Annotated[bool | None, typer.Option(help="Run a worker inside.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Serve all tenants until interrupted."""
    from runtime.bootstrap import compose
    from runtime.crew import crew_of
    from runtime.installation import open_installation
    from runtime.jobs import jobs_of
    from runtime.log import open_log
    from runtime.serve import address, listen
    from runtime.serve import serve as run
    from runtime.work import worker_of

    settings = settings_of(config, data, database, host=host, port=port, worker=worker)
    with listen(settings) as bound:
        composition, log = compose(), open_log(settings)
        tenants = open_installation(settings, composition, log=log)
        workers = (worker_of(composition, tenants, log), jobs_of(composition, tenants, log))
        crew = crew_of(settings, tenants, log, *(workers if settings.worker else (None, None)))
        run(settings, tenants, log, bound, crew, lambda: say(f"Strata serves {address(bound)}"))
