"""`strata worker`: background work apart from the web server."""

import signal
import threading

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, settings_of
from runtime.cli.output import say


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(worker)


def worker(config: ConfigOption = None, data: DataOption = None, database: DatabaseOption = None) -> None:
    """Run flows and jobs of all tenants until interrupted; any number of workers may run."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import opened
    from runtime.crew import crew_of
    from runtime.jobs import jobs_of
    from runtime.log import open_log
    from runtime.work import worker_of

    settings, composition = settings_of(config, data, database), compose()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    log = open_log(settings)
    with opened(settings, composition, log) as tenants:
        workers = (worker_of(composition, tenants, log), jobs_of(composition, tenants, log))
        crew = crew_of(settings, tenants, log, *workers)
        crew.start()
        try:
            say("The worker runs.")
            threading.Event().wait()
        finally:
            crew.stop()


def _leave(*_: object) -> None:
    """Leave by the way that closes everything."""
    raise SystemExit(0)
