"""`strata bin`: what was deleted, bringing it back, removing it for good, and for how long it is kept."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import counted, say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.changes.bin import Binned

commands = typer.Typer(help="The recycle bin.", no_args_is_help=True)

ObjectArgument = Annotated[str, typer.Argument(metavar="OBJECT", help="Name of the object.")]
RecordArgument = Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of records.")]
ReasonOption = Annotated[str, typer.Option(help="Why; kept with the change set.")]


@commands.command("list")
@placed
def list_records(
    place: Place,
    object: Annotated[str | None, typer.Option("--object", help="Only this object.")] = None,  # noqa: A002
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 50,
) -> None:
    """List what is in the bin, the last deleted first; what went along is counted."""
    from engine.changes.bin import recycled
    from runtime.cli.opening import object_named, published

    with place.tenant() as here:
        release = published(here)
        target = object_named(release, object) if object else None
        page = recycled(here.upkeep(release), target, limit=limit)
        say_table(_row(one) for one in page.records)
        if page.next:
            say("There are more.")


@commands.command()
@placed
def restore(place: Place, object: ObjectArgument, records: RecordArgument, reason: ReasonOption = "") -> None:  # noqa: A002
    """Bring records back, with all that went into the bin together with them; all or none."""
    from engine.mutation import Mutation, Restore
    from runtime.cli.opening import object_named, published

    with place.tenant() as here:
        release = published(here)
        changes = tuple(Restore(id=each) for each in records)
        target = object_named(release, object)
        batch = Mutation(object=target, changes=changes, entry="cli", reason=reason, answer=False)
        here.upkeep(release).apply(batch)
    say(f"{counted(len(records), 'record')} back.")


@commands.command()
@placed
def purge(place: Place, object: ObjectArgument, records: RecordArgument, reason: ReasonOption = "") -> None:  # noqa: A002
    """Remove records from the bin for good, with all that went in together with them."""
    from engine.changes.purge import purge as remove
    from runtime.cli.opening import object_named, published

    with place.tenant() as here:
        release = published(here)
        done = remove(here.upkeep(release), object_named(release, object), records, reason=reason)
    say_table((target.name, str(number)) for target, number in done.records.items())
    for each in done.missing:
        say(f"{each}: it is not in the bin.")
    for each in done.held:
        say(f"{each}: other records need it.")
    if done.missing or done.held:
        raise typer.Exit(1)


@commands.command()
@placed
def keep(
    place: Place,
    days: Annotated[
        int | None, typer.Argument(help="Days; 0 keeps records for ever. Shown without it.")
    ] = None,
) -> None:
    """Show or set for how many days records stay in the bin; a worker removes older ones every night."""
    from engine.changes.retention import kept_days, settle_days
    from runtime.cli.opening import published

    with place.tenant() as here:
        if days is not None:
            settle_days(here.upkeep(published(here)), days)
        with here.database.read() as connection:
            kept = kept_days(connection)
    say(
        f"Records stay in the bin for {counted(kept, 'day')}."
        if kept
        else "Records stay in the bin for ever."
    )


def _row(one: "Binned") -> tuple[str, ...]:
    along = ", ".join(f"{number} {target.name}" for target, number in one.along.items())
    at = f"{one.at:%Y-%m-%d %H:%M}"
    return (
        at,
        one.object.name,
        one.record,
        one.title or "-",
        f"with {along}" if along else "",
        one.change_set.reason,
    )
