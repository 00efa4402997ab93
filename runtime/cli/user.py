"""`strata user`: people who may sign in."""

from typing import Annotated

import typer

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, TenantOption, settings_of
from runtime.cli.output import say

commands = typer.Typer(help="Add people, set passwords.", no_args_is_help=True)

EmailArgument = Annotated[str, typer.Argument(help="E-mail address to sign in with.")]
PasswordOption = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar="STRATA_USER_PASSWORD",
        help="At least ten characters; asked for when not given.",
    ),
]
SetOption = Annotated[
    list[str] | None, typer.Option("--permission-set", "-p", help="Permission set to assign.")
]


@commands.command()
def add(
    email: EmailArgument,
    password: PasswordOption,
    name: Annotated[str | None, typer.Option(help="The person's name; else the e-mail.")] = None,
    permission_set: SetOption = None,
    tenant: TenantOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Add a person; without --permission-set an administrator."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import opened_tenant, published
    from runtime.people import add_user

    with opened_tenant(settings_of(config, data, database), compose(), tenant) as (_, here):
        add_user(here, published(here), email, name or email, password, permission_set or ["administrator"])
        say(f"{email} may sign in to {here.slug}.")


@commands.command("password")
def set_password(
    email: EmailArgument,
    password: PasswordOption,
    tenant: TenantOption = None,
    config: ConfigOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Set a person's password and end the sessions that are open."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import opened_tenant, published
    from runtime.people import set_password as change

    with opened_tenant(settings_of(config, data, database), compose(), tenant) as (_, here):
        change(here, published(here), email, password)
        say(f"The password of {email} is changed; open sessions have ended.")
