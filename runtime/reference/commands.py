"""The page of the command line, read from the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from typer.core import TyperArgument, TyperOption

from runtime.cli import main
from runtime.reference.markdown import code, sections, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.core import TyperGroup

_ABOUT = """
Exit codes: 0 done, 1 refused (the reason is on standard error), 2 wrong use of the command line, 130
interrupted.
Options that have a [setting](../admins/operating.md#settings) may be given there instead.
"""


def commands() -> str:
    """Every command with its arguments and options."""
    return sections(_ABOUT, *_group("strata", typer.main.get_group(main.commands)))


def _group(above: str, group: TyperGroup) -> Iterator[str]:
    for name, command in group.commands.items():
        spelled = f"{above} {name}"
        if isinstance(command, type(group)):
            yield from _group(spelled, command)
            continue
        arguments = [_argument(p) for p in command.params if isinstance(p, TyperArgument)]
        title = " ".join([spelled, *arguments])
        rows = [_row(p) for p in command.params if isinstance(p, TyperArgument | TyperOption)]
        yield sections(f"## {code(title)}", command.help or "", table(("argument or option", ""), rows))


def _argument(argument: TyperArgument) -> str:
    name = (argument.name or "").upper()
    return f"{name}…" if argument.nargs == -1 else name


def _row(parameter: TyperArgument | TyperOption) -> tuple[str, str]:
    if isinstance(parameter, TyperArgument):
        return code(_argument(parameter)), parameter.help or ""
    names = ", ".join(code(name) for name in (*parameter.opts, *parameter.secondary_opts))
    default = "" if parameter.default in (None, "", False) else f" Default: {code(str(parameter.default))}."
    variable = f" Variable: {code(str(parameter.envvar))}." if parameter.envvar else ""
    repeat = " May be repeated." if parameter.multiple else ""
    return names, f"{parameter.help or ''}{repeat}{default}{variable}"
