"""Pass: seal the secret values that were given, so that nothing after it meets them in clear.

It stands behind the pass that converts. A value that stays what it was stays sealed as it was, so that saving
a form again changes nothing; dots mean that, too. What is sealed already – an undo brings back what the
journal holds – is taken where it opens at its own place, and is a text like any other elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.fields.secret import DOTS
from engine.problem import Problem, Refusal
from engine.save.work import Kind
from engine.secrets.keyring import add_key, passing_keyring, read_keyring

if TYPE_CHECKING:
    from engine.fields.secret import Secret
    from engine.release import Release
    from engine.save.work import Row, Work
    from engine.secrets.keyring import Keyring
    from metadata.catalog import Field, ObjectType


def secrets(release: Release, target: ObjectType) -> tuple[Field, ...]:
    """The secret fields of an object, from the Release."""
    return release.statements.get(
        ("secrets", target.id),
        lambda: tuple(f for f in target.fields.values() if f.sort.sealed and not f.retired),
    )


def place(field: Field, record: str) -> str:
    """Where a value belongs: moved to another field or record, it does not open."""
    return f"{field.id}:{record}"


def seal(work: Work) -> None:
    """Seal the values that rows were given; refuse them, at the field, where there is no key."""
    fields = secrets(work.release, work.object)
    given = [
        (row, field)
        for row in (work.standing(Kind.CREATED, Kind.UPDATED) if fields else ())
        for field in fields
        if field.name in row.given and row.after.get(field.name) is not None
    ]
    changed = [(row, field) for row, field in given if not _kept(row, field)]
    if not changed:
        return
    try:
        ring = _keyring(work)
    except Problem as problem:
        for row, field in changed:
            row.refuse(problem.code, problem.message, at=field.name, hint=problem.hint)
            row.after[field.name] = row.before.get(field.name)
        return
    for row, field in changed:
        try:
            row.after[field.name] = _sealed(ring, row, field)
        except Refusal as refusal:
            row.details.append(refusal.detail(field.name, row.place))
            row.after[field.name] = row.before.get(field.name)


def _kept(row: Row, field: Field) -> bool:
    """Whether the writer sent back what she was shown, or what is there already."""
    value, before = row.after[field.name], row.before.get(field.name)
    if value == DOTS:
        row.after[field.name] = before
    return value in (DOTS, before)


def _sealed(ring: Keyring, row: Row, field: Field) -> str:
    value, before, at = row.after[field.name], row.before.get(field.name), place(field, row.id)
    if before is not None and ring.opened(before, at) == value:
        return str(before)
    if ring.opened(value, at) is not None:
        return str(value)
    cast("Secret", field.sort).check(value)
    return ring.seal(value, at)


def _keyring(work: Work) -> Keyring:
    found = read_keyring(work.connection, work.vault)
    if found is not None:
        return found
    if not work.locking:  # a preview writes nothing: what it seals with goes with it
        return passing_keyring(work.vault)
    return add_key(work.connection, work.vault, work.ids(), work.now)
