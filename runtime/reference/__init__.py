"""The reference pages of the documentation, made from what the code declares.

`pages` is pure: path below `docs/` → Markdown text. `python -m runtime.reference` writes them, and a test
fails when the pages there are not what the code says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.reference import codes, commands, documents, fields, functions, routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runtime.bootstrap import Composition

FOLDER = "reference"
"""Holds nothing but what is made here; the pages of the formula language stand among others."""
_TITLES = {
    "formula/functions.md": "Functions of the formula language",
    "formula/operators.md": "Operators of the formula language",
    "reference/documents.md": "Documents of a package",
    "reference/fields.md": "Field types",
    "reference/steps.md": "Flow steps",
    "reference/codes.md": "Issues and problems by code",
    "reference/api.md": "REST API",
    "reference/commands.md": "Commands",
}


def pages(composition: Composition) -> Mapping[str, str]:
    """All pages by path, each with its title, ready to be written."""
    bodies = {
        "formula/functions.md": functions.functions(composition.language),
        "formula/operators.md": functions.operators(composition.language),
        "reference/documents.md": documents.documents(),
        "reference/fields.md": fields.fields(composition.kinds.fields),
        "reference/steps.md": fields.steps(composition.kinds.steps),
        "reference/codes.md": codes.codes(),
        "reference/api.md": routes.routes(),
        "reference/commands.md": commands.commands(),
    }
    made = {path: f"# {_TITLES[path]}\n\n{body.rstrip()}\n" for path, body in bodies.items()}
    return {f"{FOLDER}/index.md": _index(), **made}


def _index() -> str:
    lines = [f"- [{title}]({_from_here(path)})" for path, title in _TITLES.items()]
    about = "These pages are made from the code by `python -m runtime.reference`; a test keeps them true."
    return "\n".join(["# Reference", "", about, "", *lines, ""])


def _from_here(path: str) -> str:
    return path.removeprefix(f"{FOLDER}/") if path.startswith(FOLDER) else f"../{path}"
