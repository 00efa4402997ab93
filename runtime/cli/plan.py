"""`strata plan`: what publishing would change, without changing it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, show_issues
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from runtime.publish import Plan
    from runtime.tenant import Tenant

FoldersArgument = Annotated[
    list[Path], typer.Argument(help="Folders of packages, or names of those that come along.")
]


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("plan")(show_plan)


@placed
def show_plan(
    place: Place,
    folders: FoldersArgument,
) -> None:
    """Print the changes of the model and the steps on the data that `strata publish` would perform."""
    from runtime.bootstrap import compose
    from runtime.packages import package_at
    from runtime.publish import plan

    packages = [package_at(folder) for folder in folders]
    composition = compose()
    with place.tenant(composition) as here:
        print_plan(plan(composition, here, packages), here)


def print_plan(planned: "Plan", tenant: "Tenant") -> None:
    """Print a plan: model first, then data, then who gains or loses access."""
    from runtime.shift import lines, shifts_between

    show_issues(planned.new.catalog.warnings)
    if planned.advice:
        say("Advice:", *(f"  {line}" for line in planned.advice))
    if planned.empty:
        say("Nothing to do: this is published already.")
        return
    say(f"Release {planned.new.number}", "Model:")
    say(*(f"  {change.describe()}" for change in planned.changes))
    say("Data:")
    say(*[f"  {impact.describe()}" for impact in planned.impacts] or ["  nothing"])
    if planned.old is not None:
        altered = lines(shifts_between(tenant, planned.old, planned.new))
        say("Access:", *[f"  {line}" for line in altered] or ["  nothing"])
