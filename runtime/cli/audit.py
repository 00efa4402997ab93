"""`strata audit`: the journal as a file that proves itself, and the check of such a file or of a tenant."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import counted, say
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from engine.changes.chain import Link
    from engine.changes.proof import Verdict

commands = typer.Typer(help="Export and verify the audit chain.", no_args_is_help=True)

FileArgument = Annotated[Path | None, typer.Argument(help="The file; `-` or none is standard output.")]
HeadOption = Annotated[
    str | None, typer.Option(metavar="HASH", help="The end of the chain, as it was noted elsewhere.")
]
SHOWN = 20


@commands.command()
@placed
def export(place: Place, file: FileArgument = None) -> None:
    """Write all entries of the journal that are in the chain, one JSON object a line."""
    from engine.changes.audit_file import written
    from engine.changes.chain import carry_on

    with place.tenant() as here:
        while carry_on(here.database):
            pass
        out = (
            sys.stdout if file is None or str(file) == "-" else file.open("w", encoding="utf-8", newline="\n")
        )
        try:
            with here.database.read() as connection:
                for line in written(connection):
                    out.write(f"{line}\n")
        finally:
            if out is not sys.stdout:
                out.close()


@commands.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A file that `strata audit export` wrote.")],
    head: HeadOption = None,
) -> None:
    """Check a file: nothing else is needed, neither the database nor a secret."""
    from engine.changes.proof import check_file

    with file.open(encoding="utf-8", errors="replace", newline="\n") as rows:
        _tell(check_file(rows, head=head))


@commands.command()
@placed
def check(
    place: Place,
    file: Annotated[
        Path | None, typer.Option(help="An exported file: the chain must go through its end.")
    ] = None,
) -> None:
    """Check the journal of a tenant against its chain."""
    from engine.changes.chain import carry_on, verify

    known = _end_of(file) if file else None
    with place.tenant() as here:
        while carry_on(here.database):
            pass
        with here.database.read() as connection:
            _tell(verify(connection, known))


def _end_of(file: Path) -> "Link":
    from engine.changes.chain import Link
    from engine.changes.proof import check_file

    with file.open(encoding="utf-8", errors="replace", newline="\n") as rows:
        verdict = check_file(rows)
    if verdict.breaks:
        _tell(verdict)
    return Link(seq=verdict.seq, chain=verdict.chain)


def _tell(verdict: "Verdict") -> None:
    """Print what was found; ends with exit code 1 where something is not as it was written."""
    for one in verdict.breaks[:SHOWN]:
        entry = "" if one.seq is None else f" (entry {one.seq})"
        typer.echo(f"line {one.line}{entry}: {one.why}", err=True)
    if len(verdict.breaks) > SHOWN:
        typer.echo(f"… and {len(verdict.breaks) - SHOWN} more", err=True)
    say(f"{counted(verdict.entries, 'entry', 'entries')}, {verdict.erased} values erased.")
    say(f"The chain ends with {verdict.chain}.")
    if verdict.breaks:
        raise typer.Exit(1)
    say("Nothing was changed.")
