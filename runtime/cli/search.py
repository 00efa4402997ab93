"""`strata search`: make the search index again, and search as one of the users."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime.tenant import Tenant

commands = typer.Typer(help="Rebuild the search index, or search.", no_args_is_help=True)

TOLD_EVERY = 50_000


@commands.command()
@placed
def rebuild(
    place: Place,
    every: Annotated[bool, typer.Option("--all", help="Every tenant of the installation.")] = False,
    object: Annotated[list[str] | None, typer.Option("--object", help="Only this object.")] = None,  # noqa: A002
) -> None:
    """Compare the index with the records and mend what differs; the company works on, and a rerun goes on."""
    from runtime.bootstrap import compose
    from runtime.cli.opening import choose, opened

    with opened(place.settings, compose()) as tenants:
        for entry in tenants.entries() if every else (choose(tenants, place.slug),):
            with tenants.use(entry) as here:
                _rebuild(here, object or [])


@commands.command()
@placed
def find(
    place: Place,
    words: Annotated[str, typer.Argument(help="Words, characters, pinyin, initials, parts of numbers.")],
    as_: Annotated[str, typer.Option("--as", metavar="USER", help="E-mail of the user who searches.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="Records of each object.")] = 5,
) -> None:
    """Show what a user finds, the best of each object first."""
    from engine.search.reach import search
    from runtime.cli.opening import published
    from runtime.people import actor_of

    with place.tenant() as here:
        release = published(here)
        session = here.session(release, actor_of(here, release, as_))
        alive = [target for target in release.catalog.objects.values() if not target.retired]
        answer = search(session, words, alive, limit)
    if answer.meant is not None:
        say(f"Nothing is found for “{words}”; this is for “{answer.meant}”.")
    say_table(
        (target.name, each.record.title() or "-", each.rank.name.lower(), each.record.id)
        for target, found in answer.groups
        for each in found
    )


def _rebuild(here: "Tenant", names: list[str]) -> None:
    from engine.search.rebuild import MakeDocuments
    from runtime.cli.opening import object_named, published

    release = published(here)
    wanted = [object_named(release, name).id for name in names]
    for identity in wanted or release.tables:
        table = release.tables.get(identity)
        if table is None:  # it shows a query, and keeps no records
            continue
        written = MakeDocuments(target=table).run(here.database, _telling(table.object.name))
        say(f"{here.slug}: {table.object.name}: {written:,} documents written.")


def _telling(name: str) -> "Callable[[int], None]":
    """Says every so many records how far it is."""
    seen = 0

    def told(more: int) -> None:
        nonlocal seen
        if (seen + more) // TOLD_EVERY > seen // TOLD_EVERY:
            say(f"{name}: {seen + more:,} records looked at …")
        seen += more

    return told
