"""`strata import` and `strata export`: files into a tenant and out of it, with their progress."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runtime.cli.output import counted, say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.jobs.job import Job
    from engine.session import Session
    from engine.transfer.mapping import ImportMapping
    from runtime.bootstrap import Composition
    from runtime.tenant import Tenant

MOST_SHOWN = 20
AsOption = Annotated[
    str | None, typer.Option("--as", metavar="USER", help="E-mail of who imports; the system.")
]


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("import")(import_file)
    commands.command("export")(export_file)


@placed
def import_file(
    place: Place,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")],
    mapping: Annotated[
        str | None, typer.Option(help="Name of a saved mapping, or a file with one (YAML, JSON).")
    ] = None,
    object: Annotated[  # noqa: A002
        str | None,
        typer.Option(help="Without a mapping: the object whose fields the columns are called after."),
    ] = None,
    key: Annotated[str, typer.Option(help="With --object: the fields that say which record a row is.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Where to write the rows that failed, and why.")] = None,
    save_as: Annotated[str | None, typer.Option(help="Also keep the mapping under this name.")] = None,
    as_: AsOption = None,
) -> None:
    """Import a file; what is wrong with single rows is told, and the others go in."""
    from engine.transfer.importing import start_import
    from engine.transfer.saved import save_mapping
    from runtime.bootstrap import compose
    from runtime.cli.opening import published

    composition = compose()
    with place.tenant(composition) as here:
        session = _session(here, as_)
        found = _mapping(session, file, mapping, object, key)
        with file.open("rb") as content:
            job = start_import(session, found, file.name, content, dry_run=dry_run)
        if save_as:
            import msgspec

            save_mapping(session, msgspec.structs.replace(found, mapping=save_as))
        done = _worked(composition, here, place, session, job)
        _report(here.upkeep(published(here)), done, errors)
    if done.state != "done" or done.result["failed"]:
        raise typer.Exit(1)


@placed
def export_file(
    place: Place,
    object: Annotated[str, typer.Argument(metavar="OBJECT", help="The object whose records leave.")],  # noqa: A002
    out: Annotated[Path, typer.Option("--out", help="The file; its end says how: csv, xlsx or ndjson.")],
    fields: Annotated[str | None, typer.Option(help="name,account.name; default all.")] = None,
    where: Annotated[str | None, typer.Option(help='A condition: amount > 1000 && stage = "won".')] = None,
    order: Annotated[str | None, typer.Option(help="-close_date,name.")] = None,
    find: Annotated[str | None, typer.Option(help="Words to find.")] = None,
    names: Annotated[str, typer.Option(help="label, for people, or api, for programs.")] = "label",
    language: Annotated[str | None, typer.Option(help="Of the labels; that of the user.")] = None,
    as_: AsOption = None,
) -> None:
    """Write all records of a list to a file."""
    from runtime.bootstrap import compose
    from runtime.export.job import start_export

    asked = {"fields": fields, "where": where, "order": order, "find": find}
    given = {name: text for name, text in asked.items() if text}
    composition = compose()
    with place.tenant(composition) as here:
        session = _session(here, as_)
        form = out.suffix.removeprefix(".").lower()
        job = start_export(session, object, given, form, names, language or session.actor.language)
        done = _worked(composition, here, place, session, job)
        _save(here.upkeep(session.release), done, out)
    if done.state != "done":
        raise typer.Exit(1)


def _save(session: "Session", job: "Job", out: Path) -> None:
    from engine.jobs.pieces import read_file

    if job.problem:
        typer.echo(f"error {job.problem.get('code')}: {job.problem.get('detail')}", err=True)
        return
    with out.open("wb") as file:
        file.writelines(read_file(session, job.id, job.result["file"]))
    say(f"{counted(job.result['records'], 'record')} in {out}.")


def _session(here: "Tenant", email: str | None) -> "Session":
    from engine.actor import load_actor
    from runtime.cli.opening import published
    from runtime.people import user_id

    release = published(here)
    if email is None:
        return here.upkeep(release)
    with here.database.read() as connection:
        actor = load_actor(connection, release, user_id(here, release, email))
    assert actor is not None, "the user is active"
    return here.session(release, actor)


def _mapping(
    session: "Session", file: Path, named: str | None, object_: str | None, key: str
) -> "ImportMapping":
    """The mapping: of a file, a saved one, or the plain one of columns called as fields are."""
    import yaml

    from engine.transfer.mapping import read_mapping
    from engine.transfer.saved import find_mapping

    if named is None and object_ is None:
        raise typer.BadParameter("say --mapping, or --object", param_hint="--mapping")
    if named is None:
        return read_mapping(_plain(session, file, object_ or "", key))
    path = Path(named)
    if path.suffix in (".yaml", ".yml", ".json") and path.is_file():
        try:
            return read_mapping(yaml.safe_load(path.read_text("utf-8")))
        except yaml.YAMLError as error:
            raise typer.BadParameter(f"{path} is not YAML: {error}", param_hint="--mapping") from error
    return find_mapping(session, named).mapping


def _plain(session: "Session", file: Path, object_: str, key: str) -> dict[str, Any]:
    """Columns that are called as fields are, by name or by label in any language."""
    from engine.transfer.mapping import Form
    from engine.transfer.table import open_table

    target = session.describe(object_).object
    names = {
        text.casefold(): field.name
        for field in target.fields.values()
        for text in (*field.label.texts.values(), field.name)
    }
    with file.open("rb") as content:
        heads = open_table(content, Form()).heads
    columns = [{"column": h, "field": names[h.casefold()]} for h in heads if h.casefold() in names]
    keys = [each.strip() for each in key.split(",") if each.strip()]
    return {"objects": [{"object": object_, "columns": columns, "key": keys}]}


def _worked(
    composition: "Composition", here: "Tenant", place: Place, session: "Session", job: "Job"
) -> "Job":
    """The job when it has ended, with a bar meanwhile."""
    from engine.jobs.desk import find_job
    from runtime.jobs import run_now
    from runtime.log import open_log

    with _bar(lambda: find_job(session, job.id)) as seen:
        while not find_job(here.upkeep(session.release), job.id).ended:
            if not run_now(composition, here, open_log(place.settings), job.id, seen):
                break
    return find_job(here.upkeep(session.release), job.id)


@contextmanager
def _bar(ask: "Callable[[], Job]") -> "Iterator[Callable[[], None]]":
    """A bar on a terminal, nothing elsewhere; what is yielded moves it."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=None)

        def seen() -> None:
            job = ask()
            bar.update(task, completed=job.done, total=job.total)

        yield seen


def _report(session: "Session", job: "Job", errors: Path | None) -> None:
    from engine.jobs.pieces import files_of, read_file
    from engine.transfer.importing import ERRORS

    if job.problem:
        typer.echo(f"error {job.problem.get('code')}: {job.problem.get('detail')}", err=True)
        for detail in job.problem.get("errors", ()):
            typer.echo(f"  {detail.get('field')}: {detail['message']} {detail.get('hint', '')}", err=True)
        return
    told = job.result
    names = ("rows", "created", "updated", "unchanged", "failed")
    say_table((name, f"{told[name]:,}") for name in names if name in told)
    for issue in told.get("issues", ())[:MOST_SHOWN]:
        at = f", {issue['column']}" if issue["column"] else ""
        typer.echo(f"row {issue['row']}{at}: {issue['message']} {issue['hint']}", err=True)
    if told.get("failed", 0) > MOST_SHOWN:
        typer.echo(f"… {counted(told['failed'], 'row')} in all", err=True)
    if errors is not None and ERRORS in files_of(session, job.id):
        with errors.open("wb") as out:
            out.writelines(read_file(session, job.id, ERRORS))
        say(f"The rows that failed are in {errors}.")
    say("Nothing was written." if told.get("dry_run") else f"Change set {told.get('change_set')}.")
