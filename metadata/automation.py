"""What happens after a save: flows, what starts them, their steps. Types of the Catalog only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from metadata.label import Label


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordStart:
    """A flow starts when a record of `object` was created, updated or deleted and `when` is true.

    `becomes`: only if it was not true before the change.
    """

    object: ObjectType
    on: frozenset[Literal["create", "update", "delete"]]
    when: Formula | None
    becomes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """One step of a flow.

    `target` is the object whose fields `config["set"]` gives values to. In `config`, at any depth, a text
    that began with `=` is a Formula over the start record.
    """

    id: str
    kind: str
    label: Label | None
    target: ObjectType | None
    config: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """One flow: `version` is the digest of its definition, `run_as` says with whose grants it acts."""

    id: str
    name: str
    version: str
    label: Label
    start: RecordStart
    run_as: Literal["system", "starter"]
    steps: tuple[Step, ...]
