"""`strata token`: bearer tokens of programs."""

from datetime import timedelta
from typing import Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed

commands = typer.Typer(help="Make, list and revoke API tokens.", no_args_is_help=True)

LONGEST = 3650


@commands.command()
@placed
def add(
    place: Place,
    email: Annotated[str, typer.Argument(help="The user whose grants the token has.")],
    name: Annotated[str, typer.Option(help="What the token is for.")] = "token",
    scope: Annotated[
        list[str] | None, typer.Option(help="read, write, or object:read; default write.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=LONGEST, help="Days until it expires.")] = 90,
) -> None:
    """Make a token and print it; it cannot be shown again."""
    from runtime.cli.opening import published
    from runtime.people import user_id
    from runtime.token import Token, make_token

    with place.tenant() as here:
        now = here.gate.clock()
        token = Token(
            id=here.gate.ids(),
            user_id=user_id(here, published(here), email),
            name=name,
            scopes=frozenset(scope or ["write"]),
            created_at=now,
            expires_at=now + timedelta(days=days),
            revoked=False,
        )
        with here.database.write() as connection:
            say(make_token(connection, here.id, token))


@commands.command("list")
@placed
def list_tokens(
    place: Place,
) -> None:
    """List the tokens of a tenant; their texts are not kept."""
    from runtime.token import tokens

    with place.tenant() as here:
        with here.database.read() as connection:
            found = tokens(connection)
        say_table(
            (
                item.id,
                item.name,
                " ".join(sorted(item.scopes)),
                "revoked" if item.revoked else f"until {item.expires_at:%Y-%m-%d}",
            )
            for item in found
        )


@commands.command()
@placed
def revoke(
    place: Place,
    id: Annotated[str, typer.Argument(help="Id of the token, as `strata token list` shows it.")],  # noqa: A002
) -> None:
    """End a token now."""
    from engine.problem import Problem
    from runtime.codes import BAD_OPTION
    from runtime.token import revoke_token

    with place.tenant() as here:
        with here.database.write() as connection:
            if not revoke_token(connection, id, here.gate.clock()):
                raise Problem(BAD_OPTION, f"There is no living token {id}.")
        say(f"Token {id} is revoked.")
