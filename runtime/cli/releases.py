"""`strata releases`: what was published when, by whom and why; and what two releases differ in."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import counted, say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.published import Published
    from runtime.tenant import Tenant

commands = typer.Typer(help="The releases that a tenant has had.")

_FEW = 3
"""Changes that the list shows of each release."""


@commands.callback(invoke_without_command=True)
@placed
def list_releases(
    place: Place,
    context: typer.Context,
) -> None:
    """List all releases, the latest first: number, when, who, why, and the first of the changes."""
    if context.invoked_subcommand is not None:
        return
    from runtime.releases import releases

    with place.tenant() as here:
        for published in releases(here):
            say(_headline(here, published))
            say(*(f"    {line}" for line in published.changes[:_FEW]))
            if len(published.changes) > _FEW:
                say(f"    … and {len(published.changes) - _FEW} more")


@commands.command()
@placed
def show(
    place: Place,
    number: Annotated[int, typer.Argument(help="Number of the release.")],
    against: Annotated[int | None, typer.Option(help="Compare with this release instead.")] = None,
) -> None:
    """Print what a release changed, its packages, and what the tenant's own layer does to them."""
    from runtime.bootstrap import compose
    from runtime.releases import compared, release

    composition = compose()
    with place.tenant(composition) as here:
        published = release(here, number)
        changes = () if against is None else compared(composition, here, against, number)
        say(_headline(here, published))
        if against is None:
            _print(published)
            return
        say(f"Against release {against}: {counted(len(changes), 'change')}.")
        say(*(f"  {change.describe()}" for change in changes))


def _headline(tenant: "Tenant", published: "Published") -> str:
    from runtime.releases import publisher

    when = published.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    who = publisher(tenant, published) or "the program"
    return f"Release {published.number}  {when}  {who}  {published.reason}".rstrip()


def _print(published: "Published") -> None:
    say("Packages:")
    say_table((f"  {name}", version) for name, version in sorted(published.packages.items()))
    say("Changes:", *[f"  {line}" for line in published.changes] or ["  none"])
    if not published.seen:
        return
    say("The tenant's own layer, and what it saw below:")
    say_table(
        (
            f"  {each['verb']}",
            f"{each['document']}: {each['path']}",
            "" if each["base"] is None else _short(each["base"]),
            f"{each['package']} {each['version']}",
        )
        for each in published.seen
    )


def _short(value: object, most: int = 40) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
