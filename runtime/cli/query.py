"""`strata query`: a list, figures or different values of an object, as one of its users sees them."""

import csv
import io
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, say_table, show_placed
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.actor import Actor
    from engine.release import Release
    from runtime.answer import Answer
    from runtime.tenant import Tenant

TABLE, JSON, CSV = "table", "json", "csv"


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("query")(query)


@placed
def query(
    place: Place,
    object: Annotated[str, typer.Argument(metavar="OBJECT", help="The object to ask about.")],  # noqa: A002
    as_: Annotated[str, typer.Option("--as", metavar="USER", help="E-mail of the user whose view it is.")],
    fields: Annotated[str | None, typer.Option(help="name,account.name; default all.")] = None,
    where: Annotated[str | None, typer.Option(help='A condition: amount > 1000 && stage = "won".')] = None,
    order: Annotated[str | None, typer.Option(help="-close_date,name; of groups also -sum(amount).")] = None,
    group: Annotated[str | None, typer.Option(help="stage,close_date:month.")] = None,
    measures: Annotated[str | None, typer.Option(help="count,sum(amount).")] = None,
    having: Annotated[str | None, typer.Option(help="A condition over measures: sum(amount) > 1000.")] = None,
    find: Annotated[str | None, typer.Option(help="Words to find.")] = None,
    distinct: Annotated[bool, typer.Option(help="The different values of the fields.")] = False,
    count: Annotated[bool, typer.Option(help="Also how many match.")] = False,
    limit: Annotated[str | None, typer.Option(help="Rows to answer.")] = None,
    after: Annotated[str | None, typer.Option(help="Where another page ended.")] = None,
    before: Annotated[str | None, typer.Option(help="Where another page began.")] = None,
    format: Annotated[str, typer.Option(help="table, json or csv.")] = TABLE,  # noqa: A002
) -> None:
    """Ask for records, or with --group, --measures or --having for figures."""
    from engine.problem import Problem
    from runtime.cli.opening import published

    given = _given(
        fields=fields, where=where, order=order, group=group, measures=measures, having=having, find=find,
        limit=limit, after=after, before=before, count="true" if count else None,
    )  # fmt: skip
    if format not in (TABLE, JSON, CSV):
        raise typer.BadParameter(f"{format!r} is none of table, json and csv", param_hint="--format")
    with place.tenant() as here:
        release = published(here)
        try:
            answer = _answer(here, release, object, _actor(here, release, as_), given, distinct=distinct)
        except Problem as problem:
            show_placed(problem, given)
            raise typer.Exit(1) from problem
    _print(answer, format)


def _given(**options: str | None) -> "Mapping[str, str]":
    return {name: text for name, text in options.items() if text is not None}


def _actor(here: "Tenant", release: "Release", email: str) -> "Actor":
    from engine.actor import load_actor
    from runtime.people import user_id

    id_ = user_id(here, release, email)
    with here.database.read() as connection:
        found = load_actor(connection, release, id_)
    assert found is not None, "the user is active"
    return found


def _answer(
    here: "Tenant",
    release: "Release",
    name: str,
    actor: "Actor",
    given: "Mapping[str, str]",
    *,
    distinct: bool,
) -> "Answer":
    from runtime.answer import different, figures, page

    session = here.session(release, actor)
    target = session.describe(name).object
    if distinct:
        return different(session, target, given)
    if given.keys() & {"group", "measures", "having"}:
        return figures(session, target, given)
    return page(session, target, given)


def _print(answer: "Answer", form: str) -> None:
    from runtime.api.answers import encode

    if form == JSON:
        say(encode(answer.json()).decode())
        return
    rows = [answer.columns, *([_cell(value) for value in row] for row in answer.rows)]
    if form == CSV:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        sys.stdout.write(text.getvalue())
        return
    say_table(rows)
    say(*_notes(answer))


def _notes(answer: "Answer") -> "Sequence[str]":
    """How many there are, and where the next page starts; beside the table, on standard output too."""
    counted = answer.counted
    said = [] if counted is None else [f"{counted.number:,}{'' if counted.exact else '+'} in all."]
    return [*said, *([f"More with --after {answer.next}"] if answer.next else [])]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ", ".join(map(_cell, value))
        case dict():
            return ", ".join(_cell(part) for part in value.values() if part is not None)
        case _:
            return " ".join(str(value).split())
