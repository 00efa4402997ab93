"""`strata demo`: a company with sample data, served; made on the first start and kept."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli.options import settings_of
from runtime.cli.output import say, say_table
from runtime.cli.serve import HostOption, PortOption


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(demo)


def demo(
    host: HostOption = None,
    port: PortOption = None,
    data: Annotated[Path, typer.Option(help="Folder of the demo's data.")] = Path(".data"),
    rows: Annotated[int, typer.Option(min=0, help="Accounts of a large company beside the sample.")] = 0,
    users: Annotated[int, typer.Option(min=0, help="Its users; without, as many as fit the accounts.")] = 0,
) -> None:
    """Publish the standard CRM, load the sample company, serve it, print sign-ins."""
    from runtime.bootstrap import compose
    from runtime.crew import crew_of
    from runtime.demo_crowd import Size
    from runtime.demo_data import demo_tenant, sign_ins
    from runtime.installation import open_installation
    from runtime.jobs import jobs_of
    from runtime.log import open_log
    from runtime.serve import address, listen
    from runtime.serve import serve as run
    from runtime.work import worker_of

    # A place of its own: a database that happens to be configured is left alone. The terminal is for the
    # sign-ins, so it shows no log of requests.
    settings = settings_of(None, data, "", host=host, port=port, log_level="warning")
    with listen(settings) as bound:
        composition, log = compose(), open_log(settings)
        tenants = open_installation(settings, composition, create=True, log=log)
        size = Size(rows=rows, users=users) if rows else None
        made = demo_tenant(settings, composition, tenants, say, size)

        def ready() -> None:
            say("", f"Strata serves {address(bound)}" + ("" if made else " (data of an earlier start)"), "")
            say_table(sign_ins(size))

        workers = (worker_of(composition, tenants, log), jobs_of(composition, tenants, log))
        crew = crew_of(settings, tenants, log, *workers)
        run(settings, tenants, log, bound, crew, ready)
