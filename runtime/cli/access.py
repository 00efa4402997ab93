"""`strata access`: why somebody may do something or not, who can see a record, what a change would alter."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from engine.release import Release
    from metadata.catalog import ObjectType

commands = typer.Typer(
    help="Explain access: why, why not, who, and what would change it.", no_args_is_help=True
)

UserArgument = Annotated[str, typer.Argument(help="E-mail address of the user.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs.")]


@commands.command("explain")
@placed
def show_why(
    place: Place,
    user: UserArgument,
    action: Annotated[str, typer.Argument(help="create, read, update or delete.")],
    thing: Annotated[str, typer.Argument(help="OBJECT/RECORD, such as account/0198…; or OBJECT alone.")],
    field: Annotated[str | None, typer.Option(help="A field that is read or written.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print why a user may do something with a record, or why not, and what single grant would change it."""
    from engine.access import Action
    from engine.explanation.explain import explain
    from runtime.api.access import explanation_json
    from runtime.cli.opening import published
    from runtime.people import user_id

    with place.tenant() as here:
        release = published(here)
        target, record = _thing(release, thing)
        asked = _field(target, field) if field else None
        if action not in list(Action):
            raise _wrong(f"{action!r} is none of {', '.join(Action)}.")
        her = user_id(here, release, user)
        found = explain(here.upkeep(release), her, Action(action), target, record, asked)
        told = explanation_json(found, release.catalog)
        say(*([_plain(told)] if as_json else _lines(told)))


@commands.command("who")
@placed
def show_who(
    place: Place,
    thing: Annotated[str, typer.Argument(help="OBJECT/RECORD, such as account/0198….")],
    as_json: JsonOption = False,
) -> None:
    """Print who can see a record, how far, and thanks to what."""
    from engine.explanation.viewers import viewers
    from runtime.api.access import viewer_json
    from runtime.cli.opening import published

    with place.tenant() as here:
        release = published(here)
        target, record = _thing(release, thing)
        if record is None:
            raise _wrong("Name a record: OBJECT/RECORD.")
        found = viewers(here.upkeep(release), target, record, limit=1_000_000)
        if as_json:
            say(_plain([viewer_json(each) for each in found.viewers]))
            return
        say(f"{found.total} people can see it.")
        say_table(
            (each.name, each.level, "; ".join(dict.fromkeys(str(one.reason) for one in each.sources)))
            for each in found.viewers
        )


@commands.command()
@placed
def preview(
    place: Place,
    user: UserArgument,
    assign: Annotated[list[str] | None, typer.Option(help="A permission set to be assigned.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A permission set to be taken away.")] = None,
) -> None:
    """Print what a user would gain and lose with other permission sets; `strata plan` does it for a model."""
    from runtime.cli.opening import published
    from runtime.people import user_id
    from runtime.shift import lines, shifts_of_sets

    with place.tenant() as here:
        release = published(here)
        more, fewer = frozenset(assign or ()), frozenset(remove or ())
        if unknown := sorted((more | fewer) - release.catalog.permission_sets.keys()):
            raise _wrong(f"There is no permission set {unknown[0]!r}.")
        found = shifts_of_sets(here, release, user_id(here, release, user), more, fewer)
        say(*(lines(found)))
        if not any(lines(found)):
            say("Nothing would change.")


def _lines(told: "dict[str, Any]") -> "Iterator[str]":
    """An explanation as lines: the verdict, what it rests on, what would change it."""
    yield f"{told['name']} {'may' if told['allowed'] else 'may not'} {told['action']} it."
    yield from (f"  {each['text']}" for each in told["obstacles"])
    for title, grounds in (("Grounds:", told["grounds"]), ("Restrictions:", told["restrictions"])):
        if grounds:
            yield title
            for each in grounds:
                mark = {True: "yes", False: "no ", None: "-  "}[each["holds"]]
                yield f"  {mark} to {each['for']}: {each['records']} – {each['text']}"
    if field := told["field"]:
        yield f"Field {field['name']}: {field['right']}"
        yield from (f"  {each['right']} by permission set {each['name']}" for each in field["sets"])
        yield from (f"  closed by {name}" for name in field["hidden"])
    titles = "It rests on:" if told["allowed"] else "One of these would change it:"
    for title, levers in ((titles, told["would_change"]), ("It rests on each of:", told["together"])):
        if levers:
            yield title
            yield from (f"  {each['text']}" for each in levers)


def _thing(release: "Release", text: str) -> "tuple[ObjectType, str | None]":
    from runtime.cli.opening import object_named

    name, _, record = text.partition("/")
    return object_named(release, name), record or None


def _field(target: "ObjectType", name: str) -> "Any":
    found = target.fields.get(name)
    if found is None or found.retired:
        raise _wrong(f"{target.name} has no field {name!r}.")
    return found


def _wrong(message: str) -> Exception:
    from engine.problem import Problem
    from runtime.codes import BAD_OPTION

    return Problem(BAD_OPTION, message, hint=BAD_OPTION.mend)


def _plain(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)
