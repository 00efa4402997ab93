"""`strata user`: people who may sign in, and what they leave behind."""

from typing import Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed
from runtime.cli.undo import DryOption, ReasonOption, say_conflicts

commands = typer.Typer(help="Add people, set passwords, hand over what they leave.", no_args_is_help=True)

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
@placed
def add(
    place: Place,
    email: EmailArgument,
    password: PasswordOption,
    name: Annotated[str | None, typer.Option(help="The person's name; else the e-mail.")] = None,
    permission_set: SetOption = None,
) -> None:
    """Add a person; without --permission-set an administrator."""
    from runtime.cli.opening import published
    from runtime.people import add_user

    with place.tenant() as here:
        add_user(here, published(here), email, name or email, password, permission_set or ["administrator"])
        say(f"{email} may sign in to {here.slug}.")


@commands.command("password")
@placed
def set_password(
    place: Place,
    email: EmailArgument,
    password: PasswordOption,
) -> None:
    """Set a person's password and end the sessions that are open."""
    from runtime.cli.opening import published
    from runtime.people import set_password as change

    with place.tenant() as here:
        change(here, published(here), email, password)
        say(f"The password of {email} is changed; open sessions have ended.")


@commands.command("hand-over")
@placed
def hand_over(
    place: Place,
    leaver: Annotated[str, typer.Argument(help="E-mail address of the user who leaves.")],
    to: Annotated[str, typer.Option(help="E-mail address of the new owner.")],
    portion: Annotated[
        list[str] | None, typer.Option(help="Only this portion, as the dry run names it; may be repeated.")
    ] = None,
    reason: ReasonOption = "",
    dry_run: DryOption = False,
) -> None:
    """Give a user's open records and reports to another one, in one change set; repeat it to go on."""
    from engine.handover import hand_over as give
    from runtime.cli.opening import published
    from runtime.handover import offers
    from runtime.people import any_user, user_id

    with place.tenant() as here:
        release = published(here)
        session = here.upkeep(release)
        who, heir = any_user(here, release, leaver), user_id(here, release, to)
        found = [one.holding for one in offers(here, release, session, who, {})]
        names = portion or [one.portion.name for one in found if one.portion.usual]
        say_table([(one.portion.name, str(one.count)) for one in found if one.portion.name in names])
        if dry_run:
            return
        done = give(session, who, dict.fromkeys(names, heir), reason=reason)
        say_conflicts(done.conflicts, done.refused)
        say(f"Change set {done.change_set}." if done.change_set else "Nothing was left to hand over.")
