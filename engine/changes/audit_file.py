"""The audit file: the journal with its chain, a JSON object a line, and a last line that says where it ends.

What the lines mean is told in `docs/developers/audit.md`, and checked by `engine/changes/proof.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.changes.chain import lines
from engine.changes.proof import START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.changes.proof import Line
    from engine.database import Connection

_ENCODER = msgspec.json.Encoder()


def written(connection: Connection) -> Iterator[str]:
    """The lines of the file, each without its end; entries that wait for the chain are not in it."""
    entries, chain = 0, START
    for line in lines(connection):
        entries, chain = entries + 1, line.chain
        yield _ENCODER.encode(_row(line)).decode()
    yield _ENCODER.encode({"entries": entries, "chain": chain}).decode()


def _row(line: Line) -> dict[str, Any]:
    row = {"head": line.head, "parts": line.parts, "salt": line.salt, "chain": line.chain}
    return {**row, "leaves": line.leaves} if line.salt is None else row
