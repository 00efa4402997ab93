"""`strata derived`: prove that roll-ups and stored formulas are right, and put right those that are not."""

from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import counted, say
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.derived.repair import Difference
    from engine.session import Session
    from metadata.catalog import ObjectType

ObjectOption = Annotated[str, typer.Option("--object", help="Only the records of this object.")]
ReasonOption = Annotated[str, typer.Option(help="Why; kept with the change set.")]
LISTED = 100
"""Differences that are printed one by one."""


commands = typer.Typer(no_args_is_help=True, help="Roll-ups and stored formulas.")


@commands.command("check")
@placed
def check_derived(place: Place, name: ObjectOption = "") -> None:
    """Compute every roll-up and stored formula anew and list those that differ; exit code 1 if any does."""
    from engine.derived.repair import check
    from runtime.cli.opening import published

    with place.tenant() as here:
        session = here.upkeep(published(here))
        wrong = 0
        for wrong, each in enumerate(check(session, _target(session, name)), 1):
            if wrong <= LISTED:
                say(_told(each))
    say(f"{counted(wrong, 'value')} differ from what they follow from." if wrong else "All values are right.")
    if wrong:
        raise typer.Exit(1)


@commands.command("repair")
@placed
def repair_derived(place: Place, name: ObjectOption = "", reason: ReasonOption = "") -> None:
    """Put right what differs, in one change set."""
    from engine.derived.repair import repair
    from runtime.cli.opening import published

    with place.tenant() as here:
        session = here.upkeep(published(here))
        done = repair(session, _target(session, name), reason=reason)
    changed = f"{counted(done.records, 'record')} put right. Change set {done.change_set}."
    say(changed if done.change_set else "All values are right.")


def _target(session: "Session", name: str) -> "ObjectType | None":
    """The object named, or None for all. Raises `Problem` for an unknown one."""
    from runtime.cli.opening import object_named

    return object_named(session.release, name) if name else None


def _told(each: "Difference") -> str:
    place = f"{each.field.object.name}.{each.field.name} {each.record}"
    return f"{place}: {each.stored} is stored, {each.right} is right"
