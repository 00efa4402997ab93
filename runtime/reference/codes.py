"""The page of codes: everything that the rooms refuse or warn about, with its cause and its mend."""

from __future__ import annotations

import engine.codes
import engine.files.codes
import engine.jobs.codes
import engine.matching.codes
import engine.merging.codes
import engine.secrets.codes
import engine.transfer.codes
import formula.codes
import metadata.codes
import runtime.codes
from runtime.reference.markdown import sections, table

_ROOMS = (
    ("Issues of formulas", formula.codes.CODES),
    ("Issues of packages", metadata.codes.CODES),
    ("Problems with data and requests", engine.codes.CODES),
    ("Problems of files", engine.files.codes.CODES),
    ("Problems of jobs", engine.jobs.codes.CODES),
    ("Problems of duplicates", engine.matching.codes.CODES),
    ("Problems of merging", engine.merging.codes.CODES),
    ("Problems of secret fields", engine.secrets.codes.CODES),
    ("Problems of files that are imported", engine.transfer.codes.CODES),
    ("Problems of the running product", runtime.codes.CODES),
)

_ABOUT = """
An Issue (F, M) is found while documents are checked and names its file, line and column. A Problem (P) is a
refusal while the product runs; the API sends it as `application/problem+json` (RFC 9457) with its code in
`code`. A code never gets another meaning.
"""


def codes() -> str:
    """One table a room; each code is an anchor."""
    parts = [_ABOUT]
    for title, known in _ROOMS:
        rows = ((f'<a id="{c.id}"></a>{c.id}', c.title, c.cause, c.mend) for c in known)
        parts += [f"## {title}", table(("code", "what", "cause", "mend"), rows)]
    return sections(*parts)
