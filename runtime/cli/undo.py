"""`strata undo`: take a change set back."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import counted, say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.changes.remedy import Conflict

ReasonOption = Annotated[str, typer.Option(help="Why; kept with the change set.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("undo")(undo_changes)


@placed
def undo_changes(
    place: Place,
    change_set: Annotated[str, typer.Argument(help="Id of the change set.")],
    reason: ReasonOption = "",
    dry_run: DryOption = False,
) -> None:
    """Take a change set back: what nobody touched since is as before, the rest is listed."""
    from engine.changes.ledger import change_set as find
    from engine.changes.undo import preview_undo, undo
    from runtime.cli.opening import published

    with place.tenant() as here:
        session = here.upkeep(published(here))
        known = find(session, change_set).change_set.id
        done = preview_undo(session, known) if dry_run else undo(session, known, reason=reason)
        say_table([(target.name, kind.value, str(number)) for (target, kind), number in done.records.items()])
        say_conflicts(done.conflicts, done.refused)
        if not dry_run:
            say(f"Change set {done.change_set}." if done.change_set else "Nothing was left to take back.")


def say_conflicts(conflicts: "tuple[Conflict, ...]", refused: int) -> None:
    """Print what stays as it is, and why."""
    for one in conflicts:
        name = one.object.name if one.object else "?"
        at = f".{one.field.name}" if one.field else ""
        say(f"{name}{at} {one.record}: {one.message}")
    if refused:
        say(f"{counted(refused, 'conflict')}.")
