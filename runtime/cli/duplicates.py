"""`strata duplicates`: look for records that may be the same thing, for a steward to judge."""

from typing import Annotated

import typer

from runtime.cli.output import say
from runtime.cli.place import Place, placed

commands = typer.Typer(help="Look for records that may be the same thing.", no_args_is_help=True)


@commands.command()
@placed
def scan(
    place: Place,
    object: Annotated[str, typer.Option("--object", help="Only by the rules of this object.")] = "",  # noqa: A002
) -> None:
    """Compare all records that share a match key; what is alike waits in sets of suspected duplicates."""
    from engine.jobs.desk import find_job, queue
    from engine.matching.scan_job import KIND
    from runtime.bootstrap import compose
    from runtime.cli.opening import object_named, published
    from runtime.jobs import run_now
    from runtime.log import open_log

    with place.tenant() as here:
        release = published(here)
        subject = {"object": object_named(release, object).name} if object else {}
        door = here.upkeep(release)
        job = queue(door, KIND, subject, about="Scan for duplicates")
        composition, log = compose(), open_log(place.settings)
        while not find_job(door, job.id).ended:
            if not run_now(composition, here, log, job.id, lambda: None):
                break
        result = find_job(door, job.id).result or {}
    say(f"{result.get('keys', 0):,} shared keys looked at, {result.get('sets', 0):,} sets made.")
