"""`strata changes follow`: the change feed, a JSON object a line, for programs that copy what happens."""

import time
from typing import Annotated

import typer

from runtime.cli.output import say
from runtime.cli.place import Place, placed

commands = typer.Typer(help="Follow what changes.", no_args_is_help=True)

SinceOption = Annotated[str | None, typer.Option(help="A cursor of before, or `now`; else from the start.")]
ObjectOption = Annotated[str | None, typer.Option("--object", help="Only records of this object.")]
OnceOption = Annotated[bool, typer.Option("--once", help="End at the last change instead of waiting.")]
UserOption = Annotated[str | None, typer.Option("--as", metavar="USER", help="What this user may see.")]
EveryOption = Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds between two looks.")]


@commands.command()
@placed
def follow(
    place: Place,
    since: SinceOption = None,
    object: ObjectOption = None,  # noqa: A002  (the option's name)
    once: OnceOption = False,
    as_: UserOption = None,
    every: EveryOption = 1.0,
) -> None:
    """Print changes in their order, each page followed by the cursor that leads on."""
    from engine.changes.feed import feed
    from runtime.api.answers import encode
    from runtime.api.past import told_json
    from runtime.cli.opening import object_named, published
    from runtime.people import actor_of

    with place.tenant() as here:
        release = published(here)
        target = object_named(release, object) if object else None
        session = here.session(release, actor_of(here, release, as_)) if as_ else here.upkeep(release)
        while True:
            page = feed(session, since, target=target)
            say(*(encode(told_json(one)).decode() for one in page.changes))
            if page.cursor != since and (page.changes or since is None or not page.more):
                say(encode({"next": page.cursor}).decode())
            since = page.cursor
            if not page.more:
                if once:
                    return
                time.sleep(every)
