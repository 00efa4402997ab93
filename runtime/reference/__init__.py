"""The reference pages of the documentation, made from what the code declares.

`pages` is pure: file name → Markdown text. `python -m runtime.reference` writes them below `docs/reference/`,
and a test fails when the pages there are not what the code says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.reference import codes, commands, documents, fields, functions, routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runtime.bootstrap import Composition

_TITLES = {
    "functions.md": "Functions of the formula language",
    "operators.md": "Operators of the formula language",
    "documents.md": "Documents of a package",
    "fields.md": "Field types",
    "steps.md": "Flow steps",
    "codes.md": "Issues and problems by code",
    "api.md": "REST API",
    "commands.md": "Commands",
}


def pages(composition: Composition) -> Mapping[str, str]:
    """All pages by file name, each with its title, ready to be written."""
    bodies = {
        "functions.md": functions.functions(composition.language),
        "operators.md": functions.operators(composition.language),
        "documents.md": documents.documents(),
        "fields.md": fields.fields(composition.kinds.fields),
        "steps.md": fields.steps(composition.kinds.steps),
        "codes.md": codes.codes(),
        "api.md": routes.routes(),
        "commands.md": commands.commands(),
    }
    made = {name: f"# {_TITLES[name]}\n\n{body.rstrip()}\n" for name, body in bodies.items()}
    return {"index.md": _index(), **made}


def _index() -> str:
    lines = [f"- [{title}]({name})" for name, title in _TITLES.items()]
    about = "These pages are made from the code by `python -m runtime.reference`; a test keeps them true."
    return "\n".join(["# Reference", "", about, "", *lines, ""])
