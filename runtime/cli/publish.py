"""`strata publish`: bring packages, or the tenant's own layer, into a tenant."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say
from runtime.cli.place import Place, placed
from runtime.cli.plan import FoldersArgument, print_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metadata.package import Package


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(publish)


@placed
def publish(
    place: Place,
    folders: FoldersArgument,
    reason: Annotated[str, typer.Option(help="Why; kept with the release.")] = "",
) -> None:
    """Plan and apply; servers that are running serve the new release within a second."""
    from runtime.packages import package_at

    packages = [package_at(folder) for folder in folders]
    publish_packages(place, packages, reason or "strata publish")


def publish_packages(place: Place, packages: "Sequence[Package]", reason: str) -> None:
    """Print the plan of publishing these packages, and apply it."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import opened_tenant
    from runtime.publish import apply, plan

    composition = compose()
    with opened_tenant(place.settings, composition, place.slug) as (tenants, here):
        planned = plan(composition, here, packages)
        print_plan(planned, here)
        if planned.old is not None and planned.empty:
            tenants.control.published(here.id, planned.old.number)
            return
        release = apply(planned, here, tenants.control, by=None, reason=reason)
        say(f"Release {release.number} of {here.slug} is published.")
