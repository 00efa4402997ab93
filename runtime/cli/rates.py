"""`strata rates`: let amounts in other currencies follow the rates now, and not only at night."""

import typer

from runtime.cli.output import counted, say, say_table
from runtime.cli.place import Place, placed

commands = typer.Typer(help="Exchange rates and what amounts are worth.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """Keep `refresh` a name of its own, though it is the only command."""


@commands.command()
@placed
def refresh(place: Place) -> None:
    """Revalue all amounts whose rate is not frozen yet, in one change set; a worker does so every night."""
    from engine.revaluation import revalue
    from runtime.cli.opening import published

    with place.tenant() as here:
        done = revalue(here.upkeep(published(here)))
        say_table([(target.name, str(number)) for target, number in done.records.items()])
        if done.refused:
            say(f"{counted(done.refused, 'record')} without a rate, or too large, left as they were.")
        say(
            f"Change set {done.change_set}."
            if done.change_set
            else "Every amount is worth what it should be."
        )
