"""`strata explain`: where each property of a thing comes from, and where the thing is used."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import say, say_table
from runtime.cli.place import Place, placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metadata.explain import Origin
    from metadata.package import Package
    from runtime.bootstrap import Composition
    from runtime.explain import Answer

_LONGEST = 60


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command("explain")(show)


@placed
def show(
    place: Place,
    name: Annotated[str, typer.Argument(help="deal, deal.amount, deal.stage.won, layout:deal, flow:remind…")],
    package: Annotated[
        list[Path] | None, typer.Option(help="Folder or name of a package, instead of what a tenant has.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print the layer, the line and the value below of each property, and every use.

    Without an installation it is the packages that come with the program that are asked.
    """
    from runtime.bootstrap import compose
    from runtime.explain import explain
    from runtime.packages import package_at, with_below

    composition = compose()
    if package:
        answer = explain(composition, with_below([package_at(path) for path in package]), name)
    else:
        layers = _installed(place, composition)
        answer = explain(composition, layers, name)
    if as_json:
        say(json.dumps(_plain(answer), ensure_ascii=False, indent=2, default=str))
    else:
        _print(answer)


def _installed(place: Place, composition: "Composition") -> "Sequence[Package]":
    """What the tenant has; without an installation, the packages that come with the program."""
    from engine.problem import Problem
    from runtime.codes import NOT_INSTALLED
    from runtime.packages import bundled
    from runtime.sources import read_sources

    try:
        with place.tenant(composition) as here, here.database.read() as connection:
            return read_sources(connection).all()
    except Problem as problem:
        if problem.code is not NOT_INSTALLED or place.slug is not None:
            raise
        return bundled()


def _print(answer: "Answer") -> None:
    say(f"{answer.subject.kind.replace('_', ' ')} {answer.subject.name}")
    say_table(row for origin in answer.origins for row in _rows(origin))
    say("Used by:" if answer.uses else "Used nowhere.")
    say(*(f"  {use.kind} {use.name}" for use in answer.uses))


def _rows(origin: "Origin") -> "Iterator[tuple[str, ...]]":
    yield f"  {origin.property}", _shown(origin.value), origin.layer, str(origin.place)
    below = origin.below
    while below is not None:
        yield "    instead of", _shown(below.value), below.layer, str(below.place)
        below = below.below


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            text = ", ".join(map(_shown, value)) or "nothing"
        case dict():
            text = ", ".join(f"{name}: {_shown(item)}" for name, item in value.items())
        case _:
            text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _plain(answer: "Answer") -> dict[str, object]:
    return {
        "kind": answer.subject.kind,
        "name": answer.subject.name,
        "properties": [_plain_origin(origin) for origin in answer.origins],
        "uses": [{"kind": use.kind, "name": use.name} for use in answer.uses],
    }


def _plain_origin(origin: "Origin") -> dict[str, object]:
    made: dict[str, object] = {
        "property": origin.property,
        "value": origin.value,
        "layer": origin.layer,
        "place": str(origin.place),
    }
    return made if origin.below is None else {**made, "below": _plain_origin(origin.below)}
