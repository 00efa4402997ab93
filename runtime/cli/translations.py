"""`strata translations`: which texts of a package a language lacks, and which were left behind."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli.output import counted, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metadata.translations import Gap

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""As the schema of translation documents has it."""


def register(commands: typer.Typer) -> None:
    """Add the command."""
    commands.command()(translations)


def translations(
    folder: Annotated[Path, typer.Argument(help="Folder of a package, or the name of one that comes along.")],
    language: Annotated[
        list[str] | None, typer.Option(help="Only this language; else all that the package names.")
    ] = None,
    confirm: Annotated[
        list[str] | None, typer.Option(help="Path whose translations are right as they are; writes the lock.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the texts of a package that are not translated, or whose source has changed since."""
    from runtime.bootstrap import compose
    from runtime.packages import confirm_translations, texts_of

    _check_languages(language or ())
    composition = compose()
    if confirm:
        confirm_translations(composition, folder, confirm)
    package, texts = texts_of(composition, folder)
    wanted = language or [name for name in package.languages if name != package.language]
    gaps = [gap for name in wanted for gap in texts.gaps(name)]
    if as_json:
        say(json.dumps([_plain(gap) for gap in gaps], ensure_ascii=False, indent=2))
        return
    for gap in gaps:
        _print(gap)
    for name in wanted:
        here = [gap.kind for gap in gaps if gap.language == name]
        missing, stale = here.count("missing"), here.count("stale")
        say(f"{name}: {counted(len(texts.sources), 'text')}, {missing} missing, {stale} stale.")


def _check_languages(given: "Iterable[str]") -> None:
    """Raise Problem for what is no BCP 47 language tag (RFC 5646, as far as documents take them)."""
    from engine.problem import Problem
    from runtime.codes import BAD_OPTION

    for name in given:
        if not _TAG.fullmatch(name):
            raise Problem(BAD_OPTION, f"“{name}” is no language.", hint="Write it as zh-CN, pt-BR or fr.")


def _print(gap: "Gap") -> None:
    place = gap.node.source.place((gap.node.key or gap.node.span).start)
    say(f"{gap.language} {gap.kind} {gap.path}: {gap.source!r}" + (f" is {gap.text!r}" if gap.text else ""))
    say(f"  {place}")


def _plain(gap: "Gap") -> dict[str, str]:
    return {
        "language": gap.language,
        "kind": gap.kind,
        "path": gap.path,
        "source": gap.source,
        "text": gap.text,
        "place": str(gap.node.source.place(gap.node.span.start)),
    }
