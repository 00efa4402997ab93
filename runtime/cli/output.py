"""What commands print: plain lines on standard output, refusals on standard error.

Issues keep their place, source line and caret; a Problem is one sentence with its code and, if there is one,
a hint. No colours: the texts are read by pipes as often as by people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.database import DatabaseError
    from engine.problem import Problem
    from formula.issue import Issue, Rejected


MOST_DETAILS = 20


def say(*lines: str) -> None:
    """Print lines on standard output."""
    for line in lines:
        typer.echo(line)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 object`, `2 objects`, `2 identities`."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def say_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows with aligned columns; the last column is not padded."""
    listed = [tuple(row) for row in rows]
    if not listed:
        return
    widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]))]
    for row in listed:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        say("  ".join([*cells, row[-1]]).rstrip())


def show_issues(issues: Iterable[Issue]) -> None:
    """Print each Issue with its source line and caret, an empty line between them."""
    for issue in issues:
        typer.echo(issue.render() + "\n", err=True)


def show_rejected(rejected: Rejected) -> None:
    """Print all Issues and how many there are."""
    show_issues(rejected.issues)
    errors = sum(issue.severity == "error" for issue in rejected.issues)
    typer.echo(f"{counted(errors, 'problem')}; nothing was changed.", err=True)


def locked(error: DatabaseError) -> Problem:
    """What a database that does not let us in amounts to."""
    from engine.problem import Problem
    from runtime.codes import LOCKED

    hint = "Stop the other program, or wait until it has finished."
    reason = str(error).partition("\n")[0]  # what follows is the statement, which says nothing to its reader
    return Problem(LOCKED, f"The database is in use or out of reach: {reason}.", status=503, hint=hint)


def show_placed(problem: Problem, texts: Mapping[str, str]) -> None:
    """Print a Problem; a detail with a column stands under its text, `texts` by the names of the details."""
    typer.echo(f"error {problem.code.id}: {problem.message}", err=True)
    for detail in problem.details:
        text = texts.get(detail.field or "")
        if text is not None and detail.column is not None:
            start = f"  {detail.field}: "
            line = " ".join(text.splitlines()) if "\n" in text else text
            typer.echo(f"{start}{line}", err=True)
            typer.echo(" " * (len(start) + detail.column - 1) + f"^ {detail.message}", err=True)
        else:
            typer.echo(f"  {detail.message}", err=True)
        if detail.hint:
            typer.echo(f"    {detail.hint}", err=True)
    if problem.hint and not problem.details:
        typer.echo(f"  {problem.hint}", err=True)


def show_problem(problem: Problem) -> None:
    """Print the sentence, its details, and the hint."""
    typer.echo(f"error {problem.code.id}: {problem.message}", err=True)
    for detail in problem.details[:MOST_DETAILS]:
        place = f"{detail.field}: " if detail.field else ""
        typer.echo(f"  {place}{detail.message}", err=True)
    if len(problem.details) > MOST_DETAILS:
        typer.echo(f"  … and {len(problem.details) - MOST_DETAILS} more", err=True)
    if problem.hint:
        typer.echo(f"  {problem.hint}", err=True)
