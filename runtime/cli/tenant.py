"""`strata tenant`: make and list the tenants of an installation."""

from typing import Annotated

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, settings_of
from runtime.cli.output import say, say_table

commands = typer.Typer(help="Make and list tenants.", no_args_is_help=True)

HostOption = Annotated[list[str] | None, typer.Option("--host", help="Host name that leads to the tenant.")]
CurrencyOption = Annotated[str, typer.Option(help="The company's currency (ISO 4217); fixed from now on.")]
CountryOption = Annotated[
    str, typer.Option(help="Where its telephone numbers are dialled (ISO 3166-1); that of the time zone.")
]
ZoneOption = Annotated[str, typer.Option(help="Time zone of background work (IANA name).")]


@commands.command()
def add(
    slug: Annotated[str, typer.Argument(help="Name in addresses: a-z, 0-9 and -.")],
    name: Annotated[str, typer.Option(help="What people call the company; the slug when left out.")] = "",
    host: HostOption = None,
    currency: CurrencyOption = "CNY",
    time_zone: ZoneOption = "UTC",
    country: CountryOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Make a tenant with the platform's objects and nothing else."""
    from runtime.bootstrap import compose
    from runtime.founding import Founding, found
    from runtime.installation import open_installation

    settings = settings_of(config, data, database)
    composition = compose()
    tenants = open_installation(settings, composition, create=True)
    founding = Founding(
        slug=slug,
        name=name,
        hosts=tuple(host or ()),
        currency=currency,
        time_zone=time_zone,
        country=country,
    )
    entry = found(settings, composition, tenants, founding)
    say(f"Tenant {entry.slug} is made; publish packages with `strata publish FOLDER --tenant {entry.slug}`.")


@commands.command("list")
def list_tenants(
    config: ConfigOption = None, data: DataOption = None, database: DatabaseOption = None
) -> None:
    """List the tenants."""
    from runtime.bootstrap import compose
    from runtime.installation import open_installation

    tenants = open_installation(settings_of(config, data, database), compose())
    say_table(
        (entry.slug, entry.state, f"release {entry.release_no}", ", ".join(entry.hosts) or "-", entry.id)
        for entry in tenants.entries()
    )
