"""`strata secrets`: keys of secret fields – make one, change them, and see what needs them."""

from typing import TYPE_CHECKING

import typer

from runtime.cli.output import counted, say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from runtime.tenant import Tenant

commands = typer.Typer(help="Make and change the keys of secret fields.", no_args_is_help=True)


@commands.command()
def key() -> None:
    """Print a new key for the setting `secret_keys`; it is kept nowhere."""
    from runtime.vault import new_key

    say(new_key())


@commands.command()
@placed
def rotate(place: Place) -> None:
    """Make a new data key of the tenant and seal all secret values with it."""
    from engine.secrets.rotation import rotate
    from runtime.cli.opening import published

    with place.tenant() as here:
        sealed = rotate(here.upkeep(published(here)))
        say(f"{counted(sealed, 'value')} of {here.slug} are sealed with a new key.")


@commands.command()
@placed
def rewrap(place: Place) -> None:
    """Encrypt the tenant's data keys with the first of `secret_keys`; then the former one may go."""
    from engine.secrets.keyring import wrap_again

    with place.tenant() as here, here.database.write() as connection:
        wrapped = wrap_again(connection, here.gate.vault)
        say(f"{counted(wrapped, 'key')} of {here.slug} encrypted again.")


@commands.command()
@placed
def check(place: Place) -> None:
    """List secret fields with how many values they hold, and try the keys."""
    from engine.secrets.keyring import read_keyring

    with place.tenant() as here:
        with here.database.read() as connection:
            ring = read_keyring(connection, here.gate.vault)
        say(
            "No key was needed yet."
            if ring is None
            else f"{counted(len(ring.keys), 'key')}, all of them open."
        )
        say_table(_fields(here))


def _fields(here: "Tenant") -> "list[tuple[str, str]]":
    from engine.query import Aggregate, Function, Measure
    from engine.secrets.seal import secrets
    from runtime.cli.opening import published

    release = published(here)
    session = here.upkeep(release)
    told = []
    for target in release.catalog.objects.values():
        for field in () if target.retired or target.query else secrets(release, target):
            where = session.condition(target, f"NOT(ISBLANK({field.name}))")
            ((count,),) = session.aggregate(
                Aggregate(object=target, measures=(Measure(function=Function.COUNT),), where=where)
            )
            told.append((f"{target.name}.{field.name}", counted(int(str(count)), "value")))
    return told
