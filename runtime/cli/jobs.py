"""`strata jobs`: long work that waits, runs or has ended; cancelling it, or doing it here and now."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.jobs.job import Job

commands = typer.Typer(help="Imports, exports and other long work.")

JobArgument = Annotated[str, typer.Argument(help="Id of the job.")]


@commands.command("list")
@placed
def list_jobs(
    place: Place, limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20
) -> None:
    """List the newest jobs: id, kind, state, progress, when, what about."""
    from engine.jobs.desk import newest_jobs
    from runtime.cli.opening import published

    with place.tenant() as here:
        found = newest_jobs(here.upkeep(published(here)), limit=limit)
        say_table(
            (one.id, one.kind, str(one.state), _progress(one), f"{one.made_at:%Y-%m-%d %H:%M:%S}", one.about)
            for one in found
        )


@commands.command()
@placed
def show(place: Place, job: JobArgument) -> None:
    """Print how a job stands, its result or its problem, and its files."""
    from engine.jobs.desk import find_job
    from engine.jobs.pieces import files_of
    from runtime.cli.opening import published

    with place.tenant() as here:
        session = here.upkeep(published(here))
        found = find_job(session, job)
        say_job(found)
        say(*(f"file {name}: {size} bytes" for name, size in files_of(session, found.id).items()))


@commands.command()
@placed
def cancel(place: Place, job: JobArgument) -> None:
    """Let a job stop: at once if nobody has begun it, else after the piece in hand."""
    from engine.jobs.desk import cancel_job
    from runtime.cli.opening import published

    with place.tenant() as here:
        found = cancel_job(here.upkeep(published(here)), job)
        say(f"{found.state}, to be cancelled" if found.cancelling and not found.ended else str(found.state))


@commands.command()
@placed
def run(
    place: Place,
    job: Annotated[str | None, typer.Argument(help="Id of the job; all that wait, without.")] = None,
) -> None:
    """Do in this process what waits, as a worker would, and return when nothing waits any more."""
    from engine.jobs.desk import find_job
    from runtime.bootstrap import compose
    from runtime.cli.opening import published
    from runtime.jobs import JobWorker
    from runtime.lease import process_name
    from runtime.log import open_log

    composition = compose()
    with place.tenant(composition) as here:
        log = open_log(place.settings)
        worker = JobWorker(kinds=composition.jobs, worker=process_name(), log=log)
        while (taken := worker.turn(here, lambda: False, job)) is not None:
            say_job(find_job(here.upkeep(published(here)), taken.id))


def say_job(job: "Job") -> None:
    """Print how a job stands."""
    say(f"{job.kind} {job.id}: {job.state}, {_progress(job)}{f' ({job.about})' if job.about else ''}")
    say_table((name, str(value)) for name, value in job.result.items() if not isinstance(value, list | dict))
    if job.problem:
        say(f"{job.problem.get('code')}: {job.problem.get('detail')}")


def _progress(job: "Job") -> str:
    return f"{job.done:,}" if job.total is None else f"{job.done:,} of {job.total:,}"
