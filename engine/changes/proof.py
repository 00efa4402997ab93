"""The rules of the audit chain, and the check of a file that follows them: all that a verifier needs.

Pure, and made of the standard library alone, so that it can be read in a minute and written again in another
language: see `docs/developers/audit.md`. Nothing here knows a database; `chain.py` builds the chain and
writes the files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

START = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the journal as the file has it.

    `head` is the text that says which entry it is and `parts` are those that say what changed; a part is
    None when it was erased. `salt` is hexadecimal, None where a part was erased: `leaves` then give for each
    part its own salt (of one that is there) or its leaf (of one that was erased), also hexadecimal.
    """

    head: str
    parts: tuple[str | None, ...]
    salt: str | None
    leaves: tuple[str, ...]
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a file stops being what was written: the number of the line, from 1, its entry, and why."""

    line: int
    seq: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found: how many entries, how many erased parts, where it ends, and the breaks in order."""

    entries: int
    erased: int
    seq: int
    chain: str
    breaks: tuple[Break, ...]


def part_salt(salt: str, place: int) -> str:
    """The salt of the part at `place`, from 0: SHA-256 over the entry's salt and the place in four bytes."""
    return sha256(bytes.fromhex(salt) + place.to_bytes(4, "big")).hexdigest()


def leaf(salt: str, part: str) -> str:
    """The commitment to one part: SHA-256 over its salt and its text in UTF-8."""
    return sha256(bytes.fromhex(salt) + part.encode()).hexdigest()


def leaves_of(line: Line) -> tuple[str, ...]:
    """The leaves of an entry, in the order of its parts. Raises `ValueError` where it cannot have them."""
    if line.salt is not None:
        if any(part is None for part in line.parts):
            raise ValueError("a part is missing, though the entry has its salt")
        return tuple(leaf(part_salt(line.salt, n), part or "") for n, part in enumerate(line.parts))
    if len(line.leaves) != len(line.parts):
        raise ValueError("there is not one leaf for each part")
    pairs = zip(line.leaves, line.parts, strict=True)
    return tuple(held if part is None else leaf(held, part) for held, part in pairs)


def link(before: str, head: str, leaves: Sequence[str]) -> str:
    """The chain after an entry: SHA-256 over the chain before it, the hash of its head, and its leaves."""
    held = bytes.fromhex(before) + sha256(head.encode()).digest()
    return sha256(held + b"".join(map(bytes.fromhex, leaves))).hexdigest()


def check(lines: Iterable[Line], *, before: str = START) -> Verdict:
    """Follow the chain over entries; what comes after a break is held against what the file says there."""
    breaks: list[Break] = []
    entries = erased = last = 0
    chain = before
    for line in lines:
        entries += 1
        erased += sum(part is None for part in line.parts)
        seq, why = _judged(line, chain, last)
        if why:
            breaks.append(Break(line=entries, seq=seq, why=why))
        last, chain = seq or last, line.chain
    return Verdict(entries=entries, erased=erased, seq=last, chain=chain, breaks=tuple(breaks))


def check_file(rows: Iterable[str], *, head: str | None = None) -> Verdict:
    """Check the lines of an exported file.

    Args:
        rows: the file's lines: entries, then one that says how many there are and how the chain ends.
        head: the chain after the last entry, if it was noted elsewhere; a file that was cut off and given a
            new last line cannot be told from a whole one without it.
    """
    ends: list[dict[str, Any]] = []
    broken: list[Break] = []
    verdict = check(_lines(rows, ends, broken))
    breaks = sorted((*verdict.breaks, *broken), key=lambda one: one.line)
    breaks += _ending(verdict, ends[0] if ends else None, head)
    return Verdict(
        entries=verdict.entries, erased=verdict.erased, seq=verdict.seq, chain=verdict.chain,
        breaks=tuple(breaks),
    )  # fmt: skip


def line_of(row: Any) -> Line:
    """An entry from the object of a line. Raises `ValueError` for what is none."""
    match row:
        case {"head": str() as head, "parts": list() as parts, "chain": str() as chain}:
            salt, leaves = row.get("salt"), row.get("leaves") or []
        case _:
            raise ValueError("this is no entry")
    texts = [*leaves, *(part for part in parts if part is not None), *([] if salt is None else [salt])]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("this is no entry")
    return Line(head=head, parts=tuple(parts), salt=salt, leaves=tuple(leaves), chain=chain)


def _judged(line: Line, before: str, last: int) -> tuple[int | None, str]:
    """The entry's number, and what is wrong with it; "" for nothing."""
    try:
        seq = int(json.loads(line.head)[0])
        chain = link(before, line.head, leaves_of(line))
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        return None, f"It cannot be read: {error}."
    if seq <= last:
        return seq, "It stands behind an entry with a higher number."
    if chain != line.chain:
        return seq, "It was changed, or what stood before it was taken away, added or moved."
    return seq, ""


def _lines(rows: Iterable[str], ends: list[dict[str, Any]], broken: list[Break]) -> Iterator[Line]:
    for number, row in enumerate((row for row in rows if row.strip()), 1):
        try:
            held = json.loads(row)
            if ends:
                raise ValueError("it stands behind the end")
            if isinstance(held, dict) and "entries" in held:
                ends.append(held)
                continue
            yield line_of(held)
        except (ValueError, RecursionError) as error:
            broken.append(Break(line=number, seq=None, why=f"It cannot be read: {error}."))


def _ending(verdict: Verdict, end: dict[str, Any] | None, head: str | None) -> Iterator[Break]:
    line = verdict.entries + 1
    if end is None:
        yield Break(line=line, seq=None, why="The last line is missing: the file was cut off.")
    elif (end.get("entries"), end.get("chain")) != (verdict.entries, verdict.chain):
        yield Break(line=line, seq=None, why="The last line does not belong to the entries before it.")
    if head is not None and head != verdict.chain:
        yield Break(line=line, seq=None, why="The chain does not end as it was noted elsewhere.")
