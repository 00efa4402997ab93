"""`strata merge`: several records become one."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.merging.merge import Merged, Proposal

TakeOption = Annotated[
    list[str] | None,
    typer.Option(help="Whose value a field takes: field=id, or field=union for a list. May be repeated."),
]


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("merge")(merge_records)


@placed
def merge_records(
    place: Place,
    name: Annotated[str, typer.Argument(metavar="OBJECT", help="Object of the records.")],
    survivor: Annotated[str, typer.Argument(help="Id of the record that stays.")],
    losers: Annotated[list[str], typer.Argument(help="Ids of the records that become part of it.")],
    take: TakeOption = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would happen.")] = False,
    reason: Annotated[str, typer.Option(help="Why; kept with the change set.")] = "",
) -> None:
    """Merge records: what hangs on them hangs on one, their ids lead there; `strata undo` parts them."""
    from engine.merging.merge import Merge, merge, propose
    from runtime.cli.opening import published

    with place.tenant() as here:
        session = here.upkeep(published(here))
        asked = Merge(
            object=session.describe(name).object, survivor=survivor, losers=tuple(losers),
            take=dict(_pair(one) for one in take or ()), reason=reason,
        )  # fmt: skip
        if preview:
            _say_proposal(propose(session, asked))
        else:
            _say_merged(merge(session, asked))


def _pair(given: str) -> tuple[str, str]:
    name, sign, taken = given.partition("=")
    if not (name and sign and taken):
        raise typer.BadParameter(f"{given!r} is not field=id.", param_hint="--take")
    return name, taken


def _say_proposal(found: "Proposal") -> None:
    say_table([(one.field.name, str(one.value), one.taken) for one in found.choices])
    say_table([(link.object.name, link.name, str(number)) for link, number in found.moving.items()])


def _say_merged(done: "Merged") -> None:
    say_table([(link.object.name, link.name, str(number)) for link, number in done.moved.items()])
    for one in done.gave_way:
        say(f"{one.object.name} {one.record}: {one.message}")
    say(f"Change set {done.change_set}.")
