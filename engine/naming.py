"""Which names of an object a reader may use, and the answer to one that she may not.

A name that does not exist and a name that is hidden from her are answered alike; the hint knows only what
she may read. Asked by the planner, the save and the conditions of the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.problem import Problem
from formula.suggest import nearest

if TYPE_CHECKING:
    from engine.policy import Policy
    from metadata.catalog import ObjectType


def readable_names(policy: Policy, root: ObjectType, prefix: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names that may follow `prefix`, a path over links that the reader may follow; at its end may also
    stand a field with parts, such as the attributes of its options.
    """
    here: ObjectType | None = root
    parts: tuple[str, ...] = ()
    for part in prefix:
        field = here.field(part) if here else None
        seen = field if field and policy.readable(field) else None
        here, parts = (seen.target, tuple(seen.parts)) if seen else (None, ())
    fields = here.fields.values() if here else ()
    return (*parts, *(field.name for field in fields if not field.retired and policy.readable(field)))


def unknown_hint(policy: Policy, root: ObjectType, name: str) -> str:
    """The readable name that may be meant by `name`, a path; else a general word."""
    *prefix, last = name.lower().split(".")
    near = nearest(last, readable_names(policy, root, tuple(prefix)))
    return f"Did you mean {'.'.join((*prefix, near))}?" if near else codes.UNKNOWN_FIELD.mend


def unknown_message(root: ObjectType, name: str) -> str:
    """What is said of a name that does not exist and of one that is hidden."""
    return f"{root.name} has no field {name!r} that you may use."


def unknown_field(policy: Policy, root: ObjectType, name: str) -> Problem:
    """The one Problem for names that do not exist and names that are hidden from the reader."""
    return Problem(codes.UNKNOWN_FIELD, unknown_message(root, name), hint=unknown_hint(policy, root, name))
