"""`strata files`: what nothing refers to is taken away, blobs are read again, waiting files are scanned."""

import typer

from runtime.cli.output import counted, say
from runtime.cli.place import Place, placed

commands = typer.Typer(help="Files of records and their bytes.", no_args_is_help=True)


@commands.command()
@placed
def gc(place: Place) -> None:
    """Take away uploads that no record held, and bytes that no file names; a worker does so every night."""
    from engine.files.cleanup import tidy
    from runtime.cli.opening import published

    with place.tenant() as here:
        done = tidy(here.upkeep(published(here)), here.store, here.gate.depot.unused)
        say(
            f"{counted(done.files, 'file')}, {counted(done.blobs, 'blob')} and "
            f"{counted(done.leftovers, 'leftover')} taken away."
        )


@commands.command()
@placed
def verify(place: Place) -> None:
    """Read all bytes again and compare them with their digests; ends with 1 where some are wrong."""
    from engine.files.cleanup import verify
    from runtime.cli.opening import published

    with place.tenant() as here:
        found = verify(here.upkeep(published(here)), here.store)
        say(*(f"missing {digest}" for digest in found.missing))
        say(*(f"damaged {digest}" for digest in found.damaged))
        wrong = len(found.missing) + len(found.damaged)
        say(f"{counted(found.checked, 'blob')} read, {wrong} wrong.")
    if wrong:
        raise typer.Exit(1)


@commands.command()
@placed
def scan(place: Place) -> None:
    """Ask the virus scanner about files that still wait for its word; a worker does so all the time."""
    from engine.files.checking import check_pending
    from runtime.cli.opening import published

    with place.tenant() as here:
        done = check_pending(here.upkeep(published(here)), here.store, here.gate.depot.scanner)
        say(f"{counted(done, 'file')} scanned.")
